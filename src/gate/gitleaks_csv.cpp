// SPDX-License-Identifier: Apache-2.0
// Gitleaks 8, CSV. Without findings the file has no bytes at all, not even a header: only a record
// of the run can tell that from a scan of nothing.
#include "base/csv.hpp"
#include "base/text.hpp"
#include "gate/formats.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace sluice::gate {
namespace {

using Row = text::Csv::Row;

/// The columns that are read; a report has each of them once, among others.
struct Columns {
  std::size_t rule = 0, file = 0, secret = 0, line = 0;
};

Result<Columns> columns_of(const Row& header) {
  Columns columns;
  const std::array<std::pair<std::string_view, std::size_t*>, 4> wanted = {{
      {"RuleID", &columns.rule},
      {"File", &columns.file},
      {"Secret", &columns.secret},
      {"StartLine", &columns.line},
  }};
  for (const auto& [name, place] : wanted) {
    if (std::ranges::count(header, name) != 1) {
      return refused(
          "wrong file: no Gitleaks report, whose header names RuleID, File, Secret and "
          "StartLine");
    }
    *place = static_cast<std::size_t>(std::ranges::find(header, name) - header.begin());
  }
  return columns;
}

}  // namespace

Result<Report> read_gitleaks_csv(std::string_view bytes) {
  Report report{.tool = "Gitleaks", .schema = "8"};
  report.looked_for.insert(Class::secret);
  if (bytes.empty()) {
    return report;
  }
  if (!bytes.ends_with('\n')) {
    return refused("cut short: the last line has no end");
  }
  if (!is_utf8(bytes)) {
    return refused("wrong file: no CSV: it is not UTF-8");
  }
  text::Csv csv(bytes, "the report");
  const auto header = csv.next();
  Columns columns;
  SLUICE_TRY_ASSIGN(columns, columns_of(header ? *header : Row()));
  while (!csv.at_end()) {
    auto row = csv.next();
    if (!row || row->size() != header->size()) {
      return refused("no CSV: " +
                     (row ? csv.error("the header has another number of fields").message
                          : row.error().message));
    }
    std::string& secret = (*row)[columns.secret];
    Finding finding{.id = (*row)[columns.rule],
                    .what = Class::secret,
                    .severity = Severity::critical,
                    .highest = Severity::critical,
                    .path = plain_path((*row)[columns.file])};
    const std::string& line = (*row)[columns.line];
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), finding.line);
    if (finding.id.empty() || error != std::errc{} || end != line.data() + line.size()) {
      return refused("changed schema: " + csv.error("RuleID or StartLine is none").message);
    }
    if (!secret.empty() && secret.find("REDACTED") == std::string::npos) {
      finding.digest = secret_digest(finding.id, secret);
    }
    std::ranges::fill(secret, '\0');
    report.findings.push_back(std::move(finding));
  }
  return report;
}

}  // namespace sluice::gate

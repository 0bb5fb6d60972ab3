// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "diag/write.hpp"

#include <algorithm>
#include <array>

namespace sluice::diag {

namespace {

constexpr std::string_view header = "env\tunit\tobject\tdigest\tstatus";
constexpr std::string_view digits = "0123456789ABCDEF";

/// '%' and everything but printable ASCII as %XX: a cell never holds a tab or a line end.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte > 0x7E || c == '%') {
      out += {'%', digits[byte >> 4U], digits[byte & 15U]};
    } else {
      out += c;
    }
  }
  return out;
}

bool is_digest(std::string_view text) {
  return text.size() == 64 && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

/// What is wrong with a row, or nothing.
std::string_view fault_of(const LedgerRow& row) {
  const bool skipped = row.status.starts_with("skipped: ");
  if (row.status != "checked" && !skipped) {
    return "the status is neither \"checked\" nor \"skipped: REASON\"";
  }
  if (!is_digest(row.digest) && !(skipped && row.digest.empty())) {
    return "the digest is not 64 hexadecimal digits";
  }
  return row.object.empty() && !skipped ? "there is no object" : std::string_view();
}

Error bad_row(std::size_t line, std::string_view why) {
  return {Error::Kind::parse, "ledger line " + std::to_string(line) + ": " + std::string(why)};
}

}  // namespace

std::string to_ledger(const Report& report) {
  std::string out(header);
  out += '\n';
  for (const LedgerRow& row : report.ledger) {
    out += cell(row.env) + '\t' + cell(row.unit) + '\t' + cell(row.object) + '\t' +
           cell(row.digest) + '\t' + cell(row.status) + '\n';
  }
  return out;
}

Result<std::vector<LedgerRow>> read_ledger(std::string_view text) {
  if (!text.ends_with('\n')) {
    return Error{Error::Kind::parse, "the ledger is cut off: its last line has no end"};
  }
  std::vector<std::string_view> lines = text::split(text, '\n');
  lines.pop_back();
  if (lines.empty() || lines.front() != header) {
    return Error{Error::Kind::parse, "not a ledger: the first line is not its header"};
  }
  std::vector<LedgerRow> rows;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const std::vector<std::string_view> cells = text::split(lines[i], '\t');
    if (cells.size() != 5) {
      return bad_row(i + 1, std::to_string(cells.size()) + " cells in place of 5");
    }
    rows.push_back({.env = text::percent_decode(cells[0]),
                    .unit = text::percent_decode(cells[1]),
                    .object = text::percent_decode(cells[2]),
                    .digest = text::percent_decode(cells[3]),
                    .status = text::percent_decode(cells[4])});
    if (const std::string_view fault = fault_of(rows.back()); !fault.empty()) {
      return bad_row(i + 1, fault);
    }
  }
  return rows;
}

}  // namespace sluice::diag

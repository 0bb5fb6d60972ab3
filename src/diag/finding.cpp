// SPDX-License-Identifier: Apache-2.0
#include "diag/finding.hpp"

#include "base/sha256.hpp"

#include <algorithm>

namespace sluice::diag {

namespace {

template <class T>
void sort_unique(std::vector<T>& items) {
  std::ranges::sort(items);
  items.erase(std::unique(items.begin(), items.end()), items.end());
}

}  // namespace

std::string_view name(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "error";
    case Severity::warning:
      return "warning";
    case Severity::note:
      return "note";
  }
  return "error";
}

std::string to_string(const ObjectRef& object) {
  if (object.kind.empty()) {
    return {};
  }
  std::string text = object.kind;
  if (!object.name.empty() || !object.name_space.empty()) {
    text += ' ';
  }
  if (!object.name_space.empty()) {
    text += object.name_space + '/';
  }
  return text + object.name;
}

std::string fingerprint(const Finding& finding) {
  // Each part with its length in front, so that no two lists of parts make the same bytes.
  std::string bytes = "sluice/v1";
  for (const std::string* part :
       {&finding.code, &finding.location.file, &finding.object.api_version, &finding.object.kind,
        &finding.object.name_space, &finding.object.name, &finding.path, &finding.unit,
        &finding.env, &finding.message}) {
    bytes += '\n' + std::to_string(part->size()) + ':' + *part;
  }
  return hex(sha256(bytes)).substr(0, 16);
}

void normalise(Report& report) {
  sort_unique(report.findings);
  sort_unique(report.ledger);
  sort_unique(report.no_verdict);
  sort_unique(report.skipped);
}

}  // namespace sluice::diag

// SPDX-License-Identifier: Apache-2.0
#include "validate/duplicates.hpp"

#include "base/text.hpp"

#include <string_view>
#include <unordered_map>

namespace sluice::validate {
namespace {

struct First {
  const File* file = nullptr;
  const Seen* seen = nullptr;
  bool said = false;  ///< that other files have it too
};

std::string place_text(const diag::Finding& at) {
  const diag::Location& place = at.location;
  return text::printable(place.file) + (place.line == 0 ? "" : ":" + std::to_string(place.line));
}

diag::Finding twice(const Seen& seen, const First& first, diag::Severity severity) {
  diag::Finding finding = seen.at;
  finding.code = "meta/duplicate-object";
  finding.severity = severity;
  finding.message =
      text::printable(diag::to_string(seen.ref)) + " is already at " + place_text(first.seen->at);
  finding.hint = severity == diag::Severity::error
                     ? "the last one applied wins: remove or rename one of them"
                     : "if both files reach the same cluster, the last one applied wins";
  return finding;
}

}  // namespace

std::vector<diag::Finding> duplicates(const std::vector<File>& files) {
  std::vector<diag::Finding> out;
  std::unordered_map<std::string_view, First> firsts;
  for (const File& file : files) {
    for (const Slice& slice : file.slices) {
      for (const Seen& seen : slice.seen) {
        if (seen.ref.name.ends_with('*')) {
          continue;  // generateName: each is an object of its own
        }
        auto [found, added] = firsts.try_emplace(seen.key, First{&file, &seen, false});
        First& first = found->second;
        if (added) {
          continue;
        }
        if (first.file == &file) {
          out.push_back(twice(seen, first, diag::Severity::error));
        } else if (!first.said) {
          out.push_back(twice(seen, first, diag::Severity::warning));
          first.said = true;
        }
      }
    }
  }
  return out;
}

}  // namespace sluice::validate

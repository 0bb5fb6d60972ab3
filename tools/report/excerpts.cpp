// SPDX-License-Identifier: Apache-2.0
#include "report/excerpts.hpp"

#include "base/text.hpp"
#include "io/files.hpp"

#include <algorithm>

namespace sluice::report {

namespace {

constexpr std::uint64_t largest_file = std::uint64_t{64} << 20U;
constexpr std::size_t most_files = 500;
constexpr std::size_t longest_line = 160;
constexpr std::uint32_t before = 2;
constexpr std::uint32_t after = 1;

bool may_be_secret(const diag::Finding& finding) {
  return finding.object.kind.ends_with("Secret") || finding.code.starts_with("scan/") ||
         finding.code.find("secret") != std::string::npos;
}

}  // namespace

const std::vector<std::string>& Excerpts::lines_of(const std::string& root,
                                                   const std::string& file) {
  const std::string key = root + '\n' + file;
  if (const auto known = files_.find(key); known != files_.end()) {
    return known->second;
  }
  static const std::vector<std::string> none;
  if (files_.size() == most_files) {
    return none;
  }
  std::vector<std::string>& lines = files_[key];
  const auto path = io::resolve_inside(root, file);
  const auto text = path ? io::read_file(*path, largest_file) : Result<std::string>(path.error());
  if (text) {
    for (const std::string_view line : text::split(*text, '\n')) {
      lines.emplace_back(line);
    }
  }
  return lines;
}

std::vector<Excerpts::Line> Excerpts::around(const diag::Finding& finding) {
  const bool is_rendered = finding.location.line == 0;
  const diag::Location& place = is_rendered ? finding.rendered : finding.location;
  const std::string& root = is_rendered ? run_ : repository_;
  if (place.line == 0 || root.empty() || may_be_secret(finding)) {
    return {};
  }
  const std::vector<std::string>& lines = lines_of(root, place.file);
  std::vector<Line> excerpt;
  const std::uint32_t first = place.line > before ? place.line - before : 1;
  for (std::uint32_t number = first; number <= place.line + after && number <= lines.size();
       ++number) {
    excerpt.push_back({number, text::printable(lines[number - 1], longest_line)});
  }
  return excerpt;
}

}  // namespace sluice::report

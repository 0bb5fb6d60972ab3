// SPDX-License-Identifier: Apache-2.0
// flake8's default lines, "path:1:2: E501 line too long". It has no severities: what breaks a
// program (E9, F63, F7, F82) is high, the rest low. A clean file and an unread folder both give an
// empty file.
#include "base/text.hpp"
#include "gate/formats.hpp"

#include <charconv>

namespace sluice::gate {
namespace {

/// Takes ":number" off the end.
bool take_number(std::string_view& text, std::uint32_t& number) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) {
    return false;
  }
  const auto [stop, error] =
      std::from_chars(text.data() + colon + 1, text.data() + text.size(), number);
  const bool good = error == std::errc{} && stop == text.data() + text.size();
  text = text.substr(0, colon);
  return good;
}

bool is_fatal(std::string_view code) {
  return code.starts_with("E9") || code.starts_with("F63") || code.starts_with("F7") ||
         code.starts_with("F82");
}

bool is_code(std::string_view word) {
  return word.size() >= 2 && word.size() <= 12 && word.front() >= 'A' && word.front() <= 'Z' &&
         word.back() >= '0' && word.back() <= '9';
}

}  // namespace

Result<Report> read_flake8(std::string_view bytes) {
  if (!is_utf8(bytes)) {
    return refused("wrong file: no lines of flake8: it is not UTF-8");
  }
  Report report{.tool = "flake8"};
  report.looked_for.insert(Class::code);
  std::size_t number = 0;
  for (const std::string_view whole_line : text::split(bytes, '\n')) {
    ++number;
    const std::string_view line = text::trim(whole_line);
    if (line.empty()) {
      continue;
    }
    const std::size_t gap = line.find(": ");
    const std::string_view rest =
        gap == std::string_view::npos ? std::string_view() : line.substr(gap + 2);
    const std::string_view code = rest.substr(0, rest.find(' '));
    std::string_view place = line.substr(0, gap);
    std::uint32_t column = 0;
    Finding finding{.id = std::string(code), .what = Class::code};
    if (!is_code(code) || !take_number(place, column) || !take_number(place, finding.line)) {
      return refused("wrong file: line " + std::to_string(number) + " is no line of flake8");
    }
    finding.severity = is_fatal(code) ? Severity::high : Severity::low;
    finding.highest = finding.severity;
    finding.path = plain_path(place);
    finding.title = text::printable(text::trim(rest.substr(code.size())), 120);
    if (code == "E902") {
      report.doubts.push_back("scanner failed: " + text::printable(line, 160));
    } else if (code == "E999") {
      report.doubts.push_back("partly scanned: " + text::printable(line, 160));
    }
    report.findings.push_back(std::move(finding));
  }
  return report;
}

}  // namespace sluice::gate

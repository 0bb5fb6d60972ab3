// SPDX-License-Identifier: Apache-2.0
#include "support/edit_cases.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace sluice::test {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string replace(std::string text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

/// The text with the left or the right side of each «before→after».
enum class Side { before, after };
std::string side(const std::string& text, Side wanted) {
  static const std::string open = "«";
  static const std::string middle = "→";
  static const std::string close = "»";
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto begin = text.find(open, at);
    if (begin == std::string::npos) {
      return out + text.substr(at);
    }
    const auto arrow = text.find(middle, begin);
    const auto end = text.find(close, begin);
    if (arrow == std::string::npos || end == std::string::npos || arrow > end) {
      throw std::runtime_error("a mark without its arrow or end: " + text.substr(begin, 60));
    }
    out += text.substr(at, begin - at);
    const auto left = begin + open.size();
    const auto right = arrow + middle.size();
    out +=
        wanted == Side::before ? text.substr(left, arrow - left) : text.substr(right, end - right);
    at = end + close.size();
  }
  return out;
}

void finish(EditCase& made) {
  if (made.files.empty()) {
    throw std::runtime_error(made.table + ": no file in \"" + made.name + '"');
  }
  for (auto& file : made.files) {
    file.after = side(file.before, Side::after);
    file.before = side(file.before, Side::before);
  }
  for (auto* text : {&made.files[0].before, &made.files[0].after}) {
    if (made.has("no-final-newline") && text->ends_with('\n')) {
      text->pop_back();
    }
    if (made.one("eol") == "crlf") {
      *text = replace(*text, "\n", "\r\n");
    }
    if (made.has("bom")) {
      text->insert(0, "\xEF\xBB\xBF");
    }
  }
}

}  // namespace

std::vector<std::string> EditCase::all(const std::string& directive) const {
  std::vector<std::string> values;
  for (const auto& [word, value] : directives) {
    if (word == directive) {
      values.push_back(value);
    }
  }
  return values;
}

std::string EditCase::one(const std::string& directive) const {
  const auto values = all(directive);
  return values.empty() ? "" : values.front();
}

bool EditCase::has(const std::string& directive) const {
  return !all(directive).empty();
}

std::vector<EditCase> edit_cases(const std::string& prefix) {
  std::vector<fs::path> tables;
  for (const auto& entry : fs::directory_iterator(fs::path(SLUICE_SOURCE_DIR) / "fixtures/edit")) {
    if (entry.path().filename().string().starts_with(prefix)) {
      tables.push_back(entry.path());
    }
  }
  std::ranges::sort(tables);
  std::vector<EditCase> cases;
  for (const auto& table : tables) {
    bool in_case = false;
    std::istringstream lines(read(table));
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with("== ")) {
        if (in_case) {
          finish(cases.back());
        }
        in_case = true;
        cases.push_back({table.filename().string(), line.substr(3), {}, {}});
      } else if (!in_case) {
        continue;
      } else if (line.starts_with(">>> ")) {
        cases.back().files.push_back({line.substr(4), "", ""});
      } else if (!cases.back().files.empty()) {
        cases.back().files.back().before += line + '\n';
      } else if (!line.empty() && !line.starts_with('#')) {
        const auto space = line.find(' ');
        cases.back().directives.emplace_back(
            line.substr(0, space), space == std::string::npos ? "" : line.substr(space + 1));
      }
    }
    if (in_case) {
      finish(cases.back());
    }
  }
  return cases;
}

}  // namespace sluice::test

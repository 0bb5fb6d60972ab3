// SPDX-License-Identifier: Apache-2.0
#include "promote/hold.hpp"

#include "base/text.hpp"
#include "image/reference.hpp"

namespace sluice::promote {

namespace {

bool same(std::string_view a, std::string_view b) {
  if (a == b) {
    return true;
  }
  const auto left = image::normalised_name(a);
  const auto right = image::normalised_name(b);
  return left && right && *left == *right;
}

/// The colon that ends the name: one before a blank or the end, as names hold colons themselves.
std::size_t end_of_name(std::string_view line) {
  for (std::size_t at = line.find(':'); at != std::string_view::npos; at = line.find(':', at + 1)) {
    if (at + 1 == line.size() || line[at + 1] == ' ' || line[at + 1] == '\t') {
      return at;
    }
  }
  return line.size();
}

Hold read_line(std::string_view line, unsigned number) {
  const std::size_t end = end_of_name(line);
  return {.name = std::string(text::trim(line.substr(0, end))),
          .reason = std::string(text::trim(line.substr(std::min(end + 1, line.size())))),
          .line = number};
}

bool says_something(std::string_view line) {
  return !line.empty() && !line.starts_with('#');
}

}  // namespace

std::vector<Hold> read_holds(std::string_view bytes) {
  std::vector<Hold> holds;
  unsigned number = 0;
  bool any = false;
  for (const std::string_view raw : text::split(bytes, '\n')) {
    ++number;
    const std::string_view line = text::trim(raw);
    any = any || !line.empty();
    if (says_something(line)) {
      holds.push_back(read_line(line, number));
    }
  }
  if (!any) {  // an empty file means what its name says
    holds.push_back({.name = "*", .reason = {}, .line = 1});
  }
  return holds;
}

std::optional<Hold> find_hold(std::string_view bytes, std::string_view name) {
  for (Hold& hold : read_holds(bytes)) {
    if (hold.name == "*" || same(hold.name, name)) {
      return std::move(hold);
    }
  }
  return std::nullopt;
}

std::string with_hold(std::string_view bytes, std::string_view name, std::string_view reason) {
  std::string out = without_hold(bytes, name).value_or(std::string(bytes));
  if (text::trim(out).empty()) {
    out = "# What promotions must not change, and why. `sluice-promote release` removes a line.\n";
  }
  out += out.ends_with('\n') ? "" : "\n";
  return out + std::string(name) + ": " + text::printable(reason, 500) + '\n';
}

std::optional<std::string> without_hold(std::string_view bytes, std::string_view name) {
  std::string out;
  bool found = false;
  while (!bytes.empty()) {
    const std::size_t end = std::min(bytes.find('\n'), bytes.size() - 1) + 1;
    const std::string_view raw = bytes.substr(0, end);
    const std::string_view line = text::trim(raw);
    if (says_something(line) && same(read_line(line, 0).name, name)) {
      found = true;
    } else {
      out += raw;
    }
    bytes.remove_prefix(end);
  }
  if (!found) {
    return std::nullopt;
  }
  // Without any byte it would hold everything.
  return text::trim(out).empty() ? std::string("# nothing is held\n") : out;
}

std::vector<std::string> hold_files_above(std::string_view path) {
  std::vector<std::string> files;
  for (std::size_t slash = path.rfind('/'); slash != std::string_view::npos;
       slash = slash == 0 ? std::string_view::npos : path.rfind('/', slash - 1)) {
    files.push_back(std::string(path.substr(0, slash + 1)) + std::string(hold_file));
  }
  files.emplace_back(hold_file);
  return files;
}

}  // namespace sluice::promote

// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "forge/comment.hpp"

#include <algorithm>
#include <charconv>
#include <tuple>

namespace sluice::forge {

namespace {

constexpr std::size_t longest_word = 64;

/// A word that can neither end an HTML comment nor begin another word.
std::string word(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, longest_word)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '.' || c == '_' || (c == '-' && !out.ends_with('-'));
    out += plain ? std::string(1, c) : "";
  }
  return out;
}

/// "<!-- sluice:cost-proxy key=default ", which no other tool's or key's marker begins with.
std::string prefix(std::string_view tool, std::string_view key) {
  return "<!-- sluice:" + word(tool) + " key=" + word(key) + ' ';
}

std::uint64_t number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? value : 0;
}

}  // namespace

bool is_newer(const Stamp& a, const Stamp& b) {
  return a.run != 0 && b.run != 0 && std::tie(a.run, a.attempt) > std::tie(b.run, b.attempt);
}

std::string marker(std::string_view tool, std::string_view key, const Stamp& stamp) {
  std::string out = prefix(tool, key) + "v=1";
  if (!stamp.commit.empty()) {
    out += " sha=" + word(stamp.commit);
  }
  if (stamp.run != 0) {
    out += " run=" + std::to_string(stamp.run) + '.' + std::to_string(stamp.attempt);
  }
  return out + " -->";
}

std::optional<Stamp> read_marker(std::string_view body,
                                 std::string_view tool,
                                 std::string_view key) {
  const std::string_view line = body.substr(0, body.find_first_of("\r\n"));
  const std::string begin = prefix(tool, key);
  if (!line.starts_with(begin) || !line.ends_with("-->")) {
    return std::nullopt;
  }
  Stamp stamp;
  for (const std::string_view part : text::split(line.substr(begin.size()), ' ')) {
    if (part.starts_with("sha=")) {
      stamp.commit = part.substr(4);
    } else if (part.starts_with("run=")) {
      const std::size_t dot = std::min(part.find('.'), part.size());
      stamp.run = number(part.substr(4, dot - 4));
      stamp.attempt = number(part.substr(std::min(dot + 1, part.size())));
    }
  }
  return stamp;
}

}  // namespace sluice::forge

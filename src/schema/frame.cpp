// SPDX-License-Identifier: Apache-2.0
#include "schema/frame.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace sluice::schema {

void append_step(std::string& pointer, std::string_view key) {
  pointer += '/';
  if (key.find_first_of("~/") == std::string_view::npos) {
    pointer += key;
    return;
  }
  for (const char c : key) {
    if (c == '~' || c == '/') {
      pointer += c == '~' ? "~0" : "~1";
    } else {
      pointer += c;
    }
  }
}

Deeper::Deeper(std::string& pointer, std::string_view step)
    : pointer_(pointer), size_(pointer.size()) {
  append_step(pointer, step);
}

Deeper::Deeper(std::string& pointer, std::string_view step, std::string_view next)
    : Deeper(pointer, step) {
  append_step(pointer, next);
}

std::string pointer(const Frame& frame, std::string_view last) {
  std::vector<const Frame*> steps;
  for (const Frame* at = &frame; at->up != nullptr; at = at->up) {
    steps.push_back(at);
  }
  std::string out;
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
    append_step(out, (*step)->key != nullptr ? std::string((*step)->key->text)
                                             : std::to_string((*step)->index));
  }
  if (!last.empty()) {
    append_step(out, last);
  }
  return out;
}

std::string name_of(const Frame& frame) {
  std::string items;
  const Frame* at = &frame;
  while (at->up != nullptr && at->key == nullptr) {
    items.insert(0, "[" + std::to_string(at->index) + "]");
    at = at->up;
  }
  return (at->key == nullptr ? std::string{} : text::printable(at->key->text)) + items;
}

std::string shown(const yaml::Node& node) {
  switch (node.kind) {
    case yaml::Kind::null:
      return "null";
    case yaml::Kind::sequence:
      return "a list";
    case yaml::Kind::mapping:
      return "a mapping";
    case yaml::Kind::boolean:
    case yaml::Kind::integer:
    case yaml::Kind::real:
      return text::printable(node.text, 60);
    case yaml::Kind::string:
      break;
  }
  return '"' + text::printable(node.text, 60) + '"';
}

std::string_view kind_name(yaml::Kind kind) {
  constexpr std::array<std::string_view, 7> names{"null",     "a boolean", "an integer", "a number",
                                                  "a string", "a list",    "a mapping"};
  return names.at(static_cast<std::size_t>(kind));
}

std::string kinds_text(std::uint32_t accepts) {
  constexpr std::uint32_t whole = 1U << static_cast<unsigned>(yaml::Kind::integer);
  constexpr std::uint32_t real = 1U << static_cast<unsigned>(yaml::Kind::real);
  std::vector<std::string> words;
  for (std::uint32_t i = 1; i < 7; ++i) {
    const std::uint32_t bit = 1U << i;
    if ((accepts & bit) != 0 && !(bit == whole && (accepts & real) != 0)) {
      words.emplace_back(kind_name(static_cast<yaml::Kind>(i)));
    }
  }
  return words.empty() ? "nothing" : text::join(words, " or ");
}

}  // namespace sluice::schema

// SPDX-License-Identifier: Apache-2.0
#include "config/reader.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace sluice::config {

namespace {

/// What a reader of YAML 1.1 makes of an unquoted word, when it is no text.
bool reads_as_text(const YAML::Node& node) {
  if (node.Tag() != "?") {
    return true;  // quoted, or tagged
  }
  constexpr std::array others = {"",   "~",  "null", "true", "false", "yes",
                                 "no", "on", "off",  "y",    "n"};
  const std::string& word = node.Scalar();
  if (std::ranges::find(others, text::to_lower(word)) != others.end()) {
    return false;
  }
  char* end = nullptr;
  std::strtod(word.c_str(), &end);
  return *end != '\0';
}

}  // namespace

std::string suggestion(std::string_view word, std::span<const std::string_view> candidates) {
  const auto near = text::nearest(word, candidates);
  return near ? "; did you mean \"" + std::string(*near) + "\"?" : std::string();
}

diag::Location Reader::at(const YAML::Node& node) const {
  const YAML::Mark mark = node.Mark();
  if (mark.is_null()) {
    return {.file = file_, .line = 1, .column = 1};
  }
  return {.file = file_,
          .line = static_cast<std::uint32_t>(mark.line + 1),
          .column = static_cast<std::uint32_t>(mark.column + 1)};
}

void Reader::problem(const YAML::Node& node, const std::string& message) {
  const diag::Location place = at(node);
  problems_.push_back(text::printable(place.file) + ':' + std::to_string(place.line) + ':' +
                      std::to_string(place.column) + ": " + message);
}

void Reader::mapping(const YAML::Node& node, std::string_view what, std::span<const Field> fields) {
  if (!node.IsMap()) {
    problem(node, std::string(what) + " must be a mapping");
    return;
  }
  for (const auto& entry : node) {
    if (!entry.first.IsScalar()) {
      problem(entry.first, "a key of " + std::string(what) + " is no text");
      continue;
    }
    const std::string& key = entry.first.Scalar();
    const auto field = std::ranges::find(fields, key, &Field::key);
    if (field != fields.end()) {
      if (entry.second.IsNull()) {
        // A value that is not there has no place of its own.
        problem(entry.first, key + " is empty; give it a value or leave it out");
      } else {
        field->read(entry.second);
      }
      continue;
    }
    std::vector<std::string_view> known;
    for (const Field& candidate : fields) {
      known.push_back(candidate.key);
    }
    problem(entry.first, "unknown key " + text::quoted(key) + " in " + std::string(what) +
                             suggestion(key, known));
  }
}

void Reader::sequence(const YAML::Node& node,
                      std::string_view what,
                      const std::function<void(const YAML::Node&)>& read) {
  if (!node.IsSequence()) {
    problem(node, std::string(what) + " must be a list");
    return;
  }
  for (const auto& item : node) {
    read(item);
  }
}

std::string Reader::scalar(const YAML::Node& node, std::string_view what) {
  if (!node.IsScalar() || node.Scalar().empty()) {
    problem(node, std::string(what) + (node.IsScalar() ? " is empty" : " must be a single value"));
    return {};
  }
  return node.Scalar();
}

std::string Reader::text(const YAML::Node& node, std::string_view what) {
  if (node.IsNull()) {
    problem(node, std::string(what) + " is empty");
    return {};
  }
  const std::string value = scalar(node, what);
  if (!value.empty() && !reads_as_text(node)) {
    problem(node, std::string(what) + " must be text; quote it: \"" + text::printable(value) + '"');
    return {};
  }
  return value;
}

std::vector<std::string> Reader::texts(const YAML::Node& node, std::string_view what) {
  std::vector<std::string> items;
  sequence(node, what, [&](const YAML::Node& item) {
    if (std::string value = text(item, std::string(what) + "[]"); !value.empty()) {
      items.push_back(std::move(value));
    }
  });
  return items;
}

std::string Reader::choice(const YAML::Node& node,
                           std::string_view what,
                           std::span<const std::string_view> choices) {
  const std::string value = text(node, what);
  if (value.empty() || std::ranges::find(choices, value) != choices.end()) {
    return value;
  }
  const std::vector<std::string> words(choices.begin(), choices.end());
  problem(node, std::string(what) + " is " + text::quoted(value) + ", not one of " +
                    text::join(words, ", ") + suggestion(value, choices));
  return {};
}

void Reader::require(const YAML::Node& mapping,
                     std::string_view what,
                     std::initializer_list<const char*> keys) {
  if (!mapping.IsMap()) {
    return;  // said already
  }
  for (const char* key : keys) {
    if (!mapping[key]) {
      problem(mapping, std::string(what) + " has no " + key);
    }
  }
}

}  // namespace sluice::config

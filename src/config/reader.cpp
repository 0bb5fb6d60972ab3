// SPDX-License-Identifier: Apache-2.0
#include "config/reader.hpp"

#include "base/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <utility>

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

std::optional<double> to_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) {
    return std::nullopt;
  }
  return value;
}

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
  if (schema_ != nullptr) {
    return;  // of a value that is not there
  }
  const diag::Location place = at(node);
  problems_.push_back(text::printable(place.file) + ':' + std::to_string(place.line) + ':' +
                      std::to_string(place.column) + ": " + message);
}

void Reader::mapping(const YAML::Node& node, std::string_view what, std::span<const Field> fields) {
  if (schema_ != nullptr) {
    *schema_ = {{"type", "object"}, {"additionalProperties", false}};
    for (const Field& field : fields) {
      describe((*schema_)["properties"][std::string(field.key)], [&] { field.read(YAML::Node()); });
    }
    return;
  }
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
  if (schema_ != nullptr) {
    *schema_ = {{"type", "array"}};
    describe((*schema_)["items"], [&] { read(YAML::Node()); });
    return;
  }
  if (!node.IsSequence()) {
    problem(node, std::string(what) + " must be a list");
    return;
  }
  for (const auto& item : node) {
    read(item);
  }
}

void Reader::one_or_more(const YAML::Node& node,
                         std::string_view what,
                         const std::function<void(const YAML::Node&)>& read) {
  if (schema_ != nullptr) {
    nlohmann::ordered_json item;
    describe(item, [&] { read(YAML::Node()); });
    *schema_ = {{"anyOf", {item, {{"type", "array"}, {"items", item}}}}};
  } else if (node.IsSequence()) {
    sequence(node, what, read);
  } else {
    read(node);
  }
}

std::string Reader::scalar(const YAML::Node& node, std::string_view what) {
  if (schema_ != nullptr) {
    *schema_ = {{"type", {"string", "number", "boolean"}}};
    return {};
  }
  if (!node.IsScalar() || node.Scalar().empty()) {
    problem(node, std::string(what) + (node.IsScalar() ? " is empty" : " must be a single value"));
    return {};
  }
  return node.Scalar();
}

std::optional<double> Reader::number(const YAML::Node& node, std::string_view what) {
  if (schema_ != nullptr) {
    *schema_ = {{"type", "number"}};
    return std::nullopt;
  }
  const auto value = node.IsScalar() && node.Tag() == "?" ? to_number(node.Scalar()) : std::nullopt;
  if (!value) {
    problem(node, std::string(what) + " must be a finite number");
  }
  return value;
}

bool Reader::boolean(const YAML::Node& node, std::string_view what) {
  if (schema_ != nullptr) {
    *schema_ = {{"type", "boolean"}};
    return false;
  }
  const bool plain = node.IsScalar() && node.Tag() == "?";
  const std::string word = plain ? node.Scalar() : "";
  if (word != "true" && word != "false") {
    problem(node, std::string(what) + " must be true or false");
  }
  return word == "true";
}

std::string Reader::text(const YAML::Node& node, std::string_view what) {
  if (schema_ != nullptr) {
    *schema_ = {{"type", "string"}, {"minLength", 1}};
    return {};
  }
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
  if (schema_ != nullptr) {
    (*schema_)["enum"] = std::vector<std::string>(choices.begin(), choices.end());
    return {};
  }
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
  if (schema_ != nullptr) {
    (*schema_)["required"] = std::vector<std::string>(keys.begin(), keys.end());
    return;
  }
  if (!mapping.IsMap()) {
    return;  // said already
  }
  for (const char* key : keys) {
    if (!mapping[key]) {
      problem(mapping, std::string(what) + " has no " + key);
    }
  }
}

void Reader::looks_like(std::string_view pattern) {
  if (schema_ != nullptr) {
    (*schema_)["pattern"] = pattern;
  }
}

void Reader::describe(nlohmann::ordered_json& part, const std::function<void()>& read) {
  nlohmann::ordered_json* const whole = std::exchange(schema_, &part);
  read();
  schema_ = whole;
}

std::string schema_of(std::string_view title,
                      const std::function<void(Reader&, const YAML::Node&)>& read) {
  Reader reader("");
  nlohmann::ordered_json root;
  reader.describe(root, [&] { read(reader, YAML::Node()); });
  nlohmann::ordered_json schema = {{"$schema", "http://json-schema.org/draft-07/schema#"},
                                   {"title", title}};
  schema.update(root);
  return schema.dump(2) + '\n';
}

}  // namespace sluice::config

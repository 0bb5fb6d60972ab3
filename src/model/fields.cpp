// SPDX-License-Identifier: Apache-2.0
#include "model/fields.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace sluice::model {
namespace {

std::string suggestion(std::string_view word, std::span<const std::string_view> candidates) {
  const auto near = text::nearest(word, candidates);
  return near ? "; did you mean \"" + std::string(*near) + "\"?" : std::string();
}

bool is_number(const yaml::Value& value) {
  return value.kind == yaml::Kind::integer || value.kind == yaml::Kind::real;
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

void Fields::problem(const yaml::Value& at, const std::string& message) {
  problems_.push_back(text::printable(file_) + ':' + std::to_string(std::max(1U, at.line)) + ':' +
                      std::to_string(std::max(1U, at.column)) + ": " + message);
}

void Fields::mapping(const yaml::Value& value,
                     std::string_view what,
                     std::initializer_list<Field> fields) {
  if (!value.is_mapping()) {
    problem(value, std::string(what) + " must be a mapping");
    return;
  }
  for (const auto& [key, member] : value.members) {
    const auto* field = std::ranges::find(fields, key, &Field::key);
    if (field != fields.end()) {
      field->read(member);
      continue;
    }
    std::vector<std::string_view> known;
    for (const Field& candidate : fields) {
      known.push_back(candidate.key);
    }
    problem(member, "unknown key " + text::quoted(key) + " in " + std::string(what) +
                        suggestion(key, known));
  }
}

void Fields::sequence(const yaml::Value& value,
                      std::string_view what,
                      const std::function<void(const yaml::Value&)>& read) {
  if (value.kind != yaml::Kind::sequence) {
    problem(value, std::string(what) + " must be a list");
    return;
  }
  std::ranges::for_each(value.items, read);
}

std::string Fields::text(const yaml::Value& value, std::string_view what) {
  if (!value.is_string() || value.text.empty()) {
    problem(value, std::string(what) + " must be text");
    return {};
  }
  return value.text;
}

std::optional<double> Fields::number(const yaml::Value& value, std::string_view what) {
  const auto found = is_number(value) ? to_number(value.text) : std::nullopt;
  if (!found) {
    problem(value, std::string(what) + " must be a finite number");
  }
  return found;
}

std::optional<double> Fields::amount(const yaml::Value& value, std::string_view what) {
  auto found = number(value, what);
  if (found && *found < 0) {
    problem(value, std::string(what) + " is below zero");
    found.reset();
  }
  return found;
}

std::optional<double> Fields::share(const yaml::Value& value, std::string_view what) {
  if (value.is_string() && value.text.ends_with('%')) {
    const auto found = to_number(std::string_view(value.text).substr(0, value.text.size() - 1));
    if (found && *found >= 0 && *found <= 100) {
      return *found / 100;
    }
  } else if (is_number(value)) {
    const auto found = to_number(value.text);
    if (found && *found >= 0 && *found <= 1) {
      return found;
    }
  }
  problem(value, std::string(what) + " must be a share such as 1% or 0.01");
  return std::nullopt;
}

bool Fields::boolean(const yaml::Value& value, std::string_view what) {
  if (value.kind != yaml::Kind::boolean) {
    problem(value, std::string(what) + " must be true or false");
  }
  return value.is_true();
}

std::size_t Fields::choice(const yaml::Value& value,
                           std::string_view what,
                           std::initializer_list<std::string_view> choices) {
  const auto* found =
      value.is_string() ? std::ranges::find(choices, std::string_view(value.text)) : choices.end();
  if (found != choices.end()) {
    return static_cast<std::size_t>(found - choices.begin());
  }
  std::vector<std::string> words(choices.begin(), choices.end());
  problem(value, std::string(what) + " must be one of " + text::join(words, ", ") +
                     suggestion(value.text, choices));
  return 0;
}

}  // namespace sluice::model

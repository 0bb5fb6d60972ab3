// SPDX-License-Identifier: Apache-2.0
#include "schema/pattern.hpp"

#include <mutex>
#include <re2/re2.h>

namespace sluice::schema {

bool is_pattern(std::string_view pattern) {
  return RE2(re2::StringPiece(pattern.data(), pattern.size()), RE2::Quiet).ok();
}

struct Patterns::Pattern {
  explicit Pattern(std::string_view pattern) : text(pattern) {}

  std::string text;
  std::once_flag once;
  std::unique_ptr<const RE2> compiled;
};

Patterns::Patterns() = default;
Patterns::~Patterns() = default;

std::uint32_t Patterns::add(std::string_view pattern) {
  for (std::uint32_t i = 0; i < patterns_.size(); ++i) {
    if (patterns_[i].text == pattern) {
      return i;
    }
  }
  patterns_.emplace_back(pattern);
  return static_cast<std::uint32_t>(patterns_.size() - 1);
}

bool Patterns::matches(std::uint32_t number, std::string_view text) const {
  // The once_flag makes the late compilation safe; nothing else of a pattern ever changes.
  auto& pattern =
      const_cast<Pattern&>(patterns_[number]);  // NOLINT(cppcoreguidelines-pro-type-const-cast)
  std::call_once(pattern.once,
                 [&] { pattern.compiled = std::make_unique<const RE2>(pattern.text, RE2::Quiet); });
  return !pattern.compiled->ok() ||
         RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *pattern.compiled);
}

const std::string& Patterns::text(std::uint32_t number) const {
  return patterns_[number].text;
}

}  // namespace sluice::schema

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

namespace sluice::schema {

/// Whether the API server would read the pattern: RE2 syntax, which is Go's.
bool is_pattern(std::string_view pattern);

/// The regular expressions of a schema (RE2, the dialect of the API server), compiled when they are
/// first asked.
class Patterns {
 public:
  Patterns();
  ~Patterns();
  Patterns(const Patterns&) = delete;
  Patterns& operator=(const Patterns&) = delete;

  /// The number of the pattern.
  std::uint32_t add(std::string_view pattern);

  /// Whether the pattern matches somewhere in the text. One that RE2 cannot read matches
  /// everything: the API server refuses the CustomResourceDefinition, not its objects. Safe from
  /// several threads.
  [[nodiscard]] bool matches(std::uint32_t number, std::string_view text) const;
  [[nodiscard]] const std::string& text(std::uint32_t number) const;

 private:
  struct Pattern;
  std::deque<Pattern> patterns_;
};

}  // namespace sluice::schema

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "k8s/quantity.hpp"
#include "policy/scalars.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

/// Kyverno's patterns (validate.pattern): a document of the shape the object must have, with
/// anchors in the keys and operators in the values. Compiled once; matching allocates only to
/// report a mismatch. Source: https://kyverno.io/docs/policy-types/cluster-policy/validate/ and the
/// behaviour of Kyverno 1.19.
namespace sluice::policy {

enum class Anchor : std::uint8_t {
  none,
  condition,  ///< (k): the rule is skipped unless k is there and fits
  global,     ///< <(k): the rule is skipped unless k fits, or is absent
  negation,   ///< X(k): k must be absent
  equality,   ///< =(k): k must fit if it is there
  existence,  ///< ^(k): at least one element of the list k must fit
  addition,   ///< +(k): only in mutations
};

struct AnchoredKey {
  Anchor anchor = Anchor::none;
  std::string_view key;
};
/// "=(image)" is {equality, "image"}; a plain key has Anchor::none.
AnchoredKey parse_anchor(std::string_view raw);

enum class Compare : std::uint8_t {
  equal,
  not_equal,
  less,
  less_or_equal,
  greater,
  greater_or_equal
};

/// One operand of a pattern's string: ">= 1Gi", "!*:latest", "nginx-?".
struct Operand {
  Compare compare = Compare::equal;
  std::string_view text;
  std::optional<std::int64_t> duration;  ///< nanoseconds, when the text is a duration
  std::optional<k8s::Quantity> quantity;
};

/// Operands of which all must hold ("a & b"), or, for a range that must not be met ("1!-3"), any.
struct Conjunction {
  std::span<const Operand> all;
  std::span<const std::span<const Operand>> outside;  ///< of each pair one must hold
};

struct PatternEntry;

struct Pattern {
  enum class Kind : std::uint8_t { mapping, list, boolean, number, null, text };

  Kind kind = Kind::null;
  Value source;                               ///< the pattern as it was written
  bool any_value = false;                     ///< "*" alone: the key must exist and not be null
  std::span<const PatternEntry> anchors;      ///< evaluated first, sorted by raw key
  std::span<const PatternEntry> fields;       ///< in the order of evaluation
  std::span<const Pattern* const> elements;   ///< of a list
  std::span<const Conjunction> alternatives;  ///< of a text: any of them
};

struct PatternEntry {
  Anchor anchor = Anchor::none;
  std::string_view raw;
  std::string_view key;
  bool wildcard_key = false;  ///< below metadata.labels or metadata.annotations: the first key of
                              ///< the object that fits stands for it
  std::uint32_t id = 0;       ///< of (k) and ^(k): one for each distinct raw key
  const Pattern* pattern = nullptr;
};

/// A pattern with what its evaluation needs to know of the whole.
struct CompiledPattern {
  const Pattern* root = nullptr;
  std::uint32_t anchor_ids = 0;
};

/// Compiles a pattern whose variables are substituted already. Everything lives in `arena` and in
/// `source`.
CompiledPattern compile_pattern(Arena& arena, const Value& source);

/// Whether a value fits a pattern that is neither a mapping nor a list.
bool matches_scalar(const Value& value, const Pattern& pattern);
/// The same of a text, for the operators of conditions too.
bool matches_text(const Value& value, const Pattern& text_pattern);

enum class Verdict : std::uint8_t { match, fail, skip, error };

/// Why an object does not fit.
struct Mismatch {
  std::string
      path;  ///< as Kyverno writes it: "/spec/containers/0/image/"; empty for Verdict::error
  std::string pointer;              ///< the place as a JSON pointer, the missing key included
  std::string reason;               ///< may quote the manifest
  Value at;                         ///< the offending value, or the nearest one above that exists
  std::string_view missing_key;     ///< set when `at` lacks this key, or is its null value
  const Pattern* wanted = nullptr;  ///< what the offending place should have fitted
  Anchor anchor = Anchor::none;     ///< the anchor that failed
};

/// Matches as Kyverno's MatchPattern does. `why` is filled unless the verdict is match.
Verdict match_pattern(Arena& arena,
                      const CompiledPattern& pattern,
                      const Value& resource,
                      Mismatch& why);

/// What a value should look like, for people: `not "*:latest"`, `"1Gi" or more`, `true`.
std::string describe(const Pattern& wanted);

}  // namespace sluice::policy

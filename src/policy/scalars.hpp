// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "jmespath/value.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Scalars as Kyverno, a Go program, reads and prints them.
namespace sluice::policy {

using jmespath::Arena;
using jmespath::Member;
using jmespath::Type;
using jmespath::Value;

/// Nanoseconds of "1h30m", "-1.5s", "0"; nothing when Go's time.ParseDuration refuses the text.
std::optional<std::int64_t> parse_duration(std::string_view text);

/// strconv.ParseFloat, as far as YAML and policies need it: decimal and exponent forms, a leading
/// '+', inf and nan excluded.
std::optional<double> parse_float(std::string_view text);

/// A number as `%f` prints it ("30.000000"): how numbers meet quantities in patterns.
std::string float_f(double value);

/// A number as FormatFloat(v, 'E', -1) prints it ("3E+01"): how numbers meet wildcards in patterns.
std::string float_e(double value);

/// A value as `%v` prints it: "30", "1e+06", "true", "<nil>", "[a b]", "map[a:1]".
std::string go_text(const Value& value);

/// A version as semver.org 2.0 orders them.
struct SemanticVersion {
  std::uint64_t major = 0;
  std::uint64_t minor = 0;
  std::uint64_t patch = 0;
  std::vector<std::string> pre;
};
std::optional<SemanticVersion> parse_semantic_version(std::string_view text);
/// -1, 0 or 1.
int compare(const SemanticVersion& a, const SemanticVersion& b);

/// A list of strings written as JSON text; nothing when the text is no such list.
std::optional<std::vector<std::string>> json_strings(std::string_view text);
bool is_json(std::string_view text);

}  // namespace sluice::policy

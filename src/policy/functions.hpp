// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "jmespath/expression.hpp"

#include <span>

/// The functions that Kyverno adds to JMESPath, by subject. Those that are not in any table are
/// unknown at load time, which is no verdict: x509_decode, random, is_external_url, the clock ...
namespace sluice::policy {

/// compare, equal_fold, replace, replace_all, to_upper, to_lower, trim, trim_prefix, split,
/// truncate, base64_*, path_canonicalize, to_boolean, sha256.
std::span<const jmespath::Function> text_functions();

/// regex_match, regex_replace_all, regex_replace_all_literal, pattern_match, label_match,
/// semver_compare.
std::span<const jmespath::Function> match_functions();

/// items, lookup, object_from_lists, parse_json, parse_yaml, image_normalize.
std::span<const jmespath::Function> data_functions();

/// add, subtract, multiply, divide, modulo, sum, round over numbers, quantities and durations.
std::span<const jmespath::Function> number_functions();

}  // namespace sluice::policy

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "jmespath/expression.hpp"

#include <span>

/// The functions that Kyverno adds to JMESPath, by subject.
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

/// time_add, time_after, time_before, time_between, time_diff, time_now, time_now_utc, time_parse,
/// time_since, time_to_cron, time_truncate, time_utc. The clock is Evaluation::now, and the local
/// zone is UTC.
std::span<const jmespath::Function> time_functions();

/// md5, sha1, sha256.
std::span<const jmespath::Function> digest_functions();

/// is_external_url (of addresses; a name would have to be looked up, which is no verdict), random
/// (the same text for the same expression, every time), x509_decode.
std::span<const jmespath::Function> outside_functions();

}  // namespace sluice::policy

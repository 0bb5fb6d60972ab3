// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/suite_load.hpp"

#include <string>

namespace sluice::policy {

/// How what a rule made of an object compares with what a file says.
struct Comparison {
  enum class Verdict : std::uint8_t {
    same,
    different,
    missing,     ///< the file has no object of that kind and name
    unreadable,  ///< or there is no such file
  };
  Verdict verdict = Verdict::same;
  std::string reason;  ///< where they differ first, as a JSON pointer and what stands there
};

/// Compares as the CLI does: nulls, empty mappings and empty lists do not count, and neither do the
/// labels that Kyverno puts on what it generates.
Comparison compare_with_file(const Value& actual, const std::string& path, SuiteData& data);

}  // namespace sluice::policy

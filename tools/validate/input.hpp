// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace sluice::validate {

struct Input {
  std::string path;   ///< what to open; "-" is standard input
  std::string label;  ///< what findings call it
};

/// The files that the words name: folders are searched for *.yaml, *.yml and *.json, sorted; each
/// file once. Errors: not_found, io, usage (standard input twice).
Result<std::vector<Input>> find_inputs(const std::vector<std::string>& words);

/// The bytes. Errors: not_found, io, limit.
Result<std::string> read_input(const Input& input, std::uint64_t limit);

}  // namespace sluice::validate

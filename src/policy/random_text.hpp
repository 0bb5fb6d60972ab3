// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>

namespace sluice::policy {

/// A text that fits a regular expression; always the same for the same expression, so that a
/// verdict can be repeated. Kyverno makes up another one each time.
/// Errors: parse (no regular expression), unsupported (one that uses more than literals, classes,
/// groups, alternatives and repetitions), limit (a longer text than 64 KiB).
Result<std::string> random_text(std::string_view pattern);

}  // namespace sluice::policy

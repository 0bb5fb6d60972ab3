// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::flux {

/// What "${var<operation>args}" makes of the variable's value. Unknown operations and those of a
/// default give the value, or the arguments one after another when it is empty.
/// Nothing when it cannot be told exactly: another case of letters beyond ASCII, or patterns over
/// values of more than 64 KiB.
std::optional<std::string> apply_operation(std::string_view operation,
                                           const std::string& value,
                                           const std::vector<std::string>& arguments);

/// Operations that may stand with an unset variable.
bool has_default(std::string_view operation);

}  // namespace sluice::flux

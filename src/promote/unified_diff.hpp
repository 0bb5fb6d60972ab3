// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace sluice::promote {

/// `git diff` of one file, three lines of context; "" when the bytes are equal. An empty `before`
/// is a new file. Promotions change lines in place, so lines are compared one by one when there are
/// as many as before; else all between the first and the last difference is one change. `git apply`
/// takes it.
std::string unified_diff(std::string_view path, std::string_view before, std::string_view after);

}  // namespace sluice::promote

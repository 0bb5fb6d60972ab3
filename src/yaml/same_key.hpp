// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace sluice::yaml {

/// Whether two keys are equal. Looks at the first byte before it calls memcmp: keys of one size are
/// many, and most differ there.
inline bool same_key(std::string_view a, std::string_view b) {
  return a.size() == b.size() && (a.empty() || (a.front() == b.front() && a == b));
}

}  // namespace sluice::yaml

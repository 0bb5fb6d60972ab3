// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace sluice::rules {

/// Whether a text is a JSON object or null (RFC 8259), nested at most 10,000 deep: what Go reads
/// into a map.
bool is_json_object(std::string_view text);

}  // namespace sluice::rules

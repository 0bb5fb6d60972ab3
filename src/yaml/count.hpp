// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "yaml/document.hpp"

#include <cstddef>

namespace sluice::yaml {

/// The objects that a document holds, as the last line of render's streams counts them: the items
/// of a List without a name, else 1.
std::size_t count_objects(const Document& document);

}  // namespace sluice::yaml

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "promote/places.hpp"

#include <cstddef>
#include <vector>

namespace sluice::promote {

/// The holder at selector.file and selector.path; added to the survey when it is none yet.
/// Errors: Kind::usage (the path is wrong, or means several places), Kind::not_found, and those of
/// edit::locate.
Result<std::vector<std::size_t>> select_path(Survey& survey, const Selector& selector);

}  // namespace sluice::promote

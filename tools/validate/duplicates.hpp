// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "validate/pass.hpp"

#include <vector>

namespace sluice::validate {

/// meta/duplicate-object for objects that are there twice. Within one input it is an error: the
/// last one applied wins. In two files it is a warning, once for each object: a folder may well
/// hold alternatives that are never applied together.
std::vector<diag::Finding> duplicates(const std::vector<File>& files);

}  // namespace sluice::validate

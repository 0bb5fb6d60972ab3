// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "edit/tree.hpp"

#include <map>
#include <string>

namespace sluice::edit {

/// What scalars of the file as it was must be afterwards, by their node.
using Expected = std::map<const yaml::Node*, std::string>;

/// The check that every edit must pass: both files hold the same documents, the expected scalars
/// are strings with the expected values, and every other node has the type, the style and the text
/// that it had. Errors (Kind::unsupported): the first difference.
Status compare(const Tree& before, const Tree& after, const Expected& expected);

}  // namespace sluice::edit

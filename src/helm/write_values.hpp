// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "yaml/document.hpp"

#include <set>
#include <string>

namespace sluice::helm {

/// The values of a document without some of its keys, as YAML. Each scalar keeps the bytes that
/// were written, because Helm reads 12345678901, 0755, yes and 1.10 in ways of its own; a mapping
/// that loses all its keys stays as {}, because templates can tell.
std::string write_values_without(const yaml::Document& document,
                                 const std::set<const yaml::Node*>& keys);

}  // namespace sluice::helm

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "jmespath/value.hpp"
#include "yaml/parse.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::policy {

using jmespath::Value;

/// A file of policies, objects or values, parsed; whoever keeps a Value of it keeps this.
using Manifests = std::shared_ptr<const yaml::Stream>;

/// Errors: not_found, io, limit, parse (with the first finding: a document that cannot be read is
/// not passed over).
Result<Manifests> read_manifests(const std::string& path);
Result<Manifests> parse_manifests(std::string bytes, const std::string& name);

/// Every object of a stream, Lists expanded; documents that are no mapping are passed over.
void for_each_object(const yaml::Stream& stream, const std::function<void(const Value&)>& visit);

/// folder/relative, or `relative` when it is absolute; "." and ".." resolved by words.
std::string joined_path(std::string_view folder, std::string_view relative);
std::string folder_of(std::string_view path);

}  // namespace sluice::policy

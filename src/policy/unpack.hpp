// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"

#include <map>
#include <string>
#include <string_view>

namespace sluice::policy {

/// What an annotation unpacks to must not grow without end; an object in a cluster is smaller.
inline constexpr std::size_t most_unpacked_bytes = std::size_t{16} << 20U;

/// Whether bytes begin as gzip does (RFC 1952).
bool is_gzip(std::string_view bytes);
/// Errors: parse (not gzip, or damaged), limit.
Result<std::string> gunzip(std::string_view bytes);

/// The regular files of a tar archive (POSIX ustar, as Go writes it) by their names.
/// Errors: parse (damaged), unsupported (names longer than a header holds).
Result<std::map<std::string, std::string>> untar(std::string_view archive);

}  // namespace sluice::policy

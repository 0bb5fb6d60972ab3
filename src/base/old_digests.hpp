// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace sluice {

/// Digests that are no longer safe against forgery, as lower-case hexadecimal digits: for policies
/// that ask for them. MD5: RFC 1321; SHA-1: FIPS 180-4.
std::string md5_hex(std::string_view bytes);
std::string sha1_hex(std::string_view bytes);

}  // namespace sluice

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sluice {

/// RFC 4648 section 4 with padding, on one line.
std::string base64_encode(std::string_view bytes);

/// As Go's base64.StdEncoding, with which the API server, go-yaml (!!binary) and Kyverno read it:
/// padding is required, CR and LF are passed over anywhere, other white space is an error, and the
/// unused bits of the last letter may be anything.
std::optional<std::string> base64_decode(std::string_view text);

}  // namespace sluice

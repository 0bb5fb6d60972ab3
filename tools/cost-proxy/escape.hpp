// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Untrusted text for a comment on GitHub or GitLab: cut, and without any markup, mention,
/// reference or link. Both forges look for these after entities are read, but never in <code>.
namespace sluice::cost_proxy {

/// In <code>; "-" for nothing.
std::string code(std::string_view untrusted);

/// As words, where they are harmless as such; else as code(). At most `limit` bytes of it.
std::string words(std::string_view untrusted, std::size_t limit = 160);

}  // namespace sluice::cost_proxy

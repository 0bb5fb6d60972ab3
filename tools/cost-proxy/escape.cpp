// SPDX-License-Identifier: Apache-2.0
#include "cost-proxy/escape.hpp"

#include "base/text.hpp"
#include "diag/escape.hpp"

namespace sluice::cost_proxy {
namespace {

/// Whether a forge would make something of it: @name, #1, GH-1, and on GitLab !1, $1, %1, &1, ~x,
/// ^x, *iteration:1; addresses of pages and of mail.
bool is_alive(std::string_view text) {
  const std::string lower = text::to_lower(text);
  return text.find_first_of("@#!$%&~^*") != std::string_view::npos ||
         lower.find("gh-") != std::string::npos || lower.find("www.") != std::string::npos ||
         lower.find("://") != std::string::npos;
}

}  // namespace

std::string code(std::string_view untrusted) {
  constexpr std::size_t longest = 160;
  return untrusted.empty() ? "-" : diag::markdown_code(text::printable(untrusted, longest));
}

std::string words(std::string_view untrusted, std::size_t limit) {
  const std::string shown = text::printable(untrusted, limit);
  return is_alive(shown) ? diag::markdown_code(shown) : diag::markdown(shown);
}

}  // namespace sluice::cost_proxy

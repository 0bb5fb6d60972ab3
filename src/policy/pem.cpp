// SPDX-License-Identifier: Apache-2.0
#include "policy/pem.hpp"

#include "base/base64.hpp"

namespace sluice::policy {

std::optional<PemBlock> first_pem_block(std::string_view text) {
  constexpr std::string_view begin = "-----BEGIN ";
  constexpr std::string_view dashes = "-----";
  auto at = text.find(begin);
  while (at != std::string_view::npos && at != 0 && text[at - 1] != '\n') {
    at = text.find(begin, at + 1);
  }
  if (at == std::string_view::npos) {
    return std::nullopt;
  }
  text.remove_prefix(at + begin.size());
  const auto label_end = text.find(dashes);
  const auto end = text.find("-----END ");
  if (label_end == std::string_view::npos || end == std::string_view::npos || end < label_end) {
    return std::nullopt;
  }
  const auto label = text.substr(0, label_end);
  const auto body = text.substr(label_end + dashes.size(), end - label_end - dashes.size());
  std::string joined;
  for (const char c : body) {
    if (c != '\n' && c != '\r' && c != ' ' && c != '\t') {
      joined += c;
    }
  }
  auto bytes = base64_decode(joined);
  return bytes ? std::optional(PemBlock{label, std::move(*bytes)}) : std::nullopt;
}

}  // namespace sluice::policy

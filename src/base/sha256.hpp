// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace sluice {

/// A SHA-256 digest (FIPS 180-4), computed by libnettle: small, and quick to load.
using Digest = std::array<std::uint8_t, 32>;

Digest sha256(std::string_view bytes);

/// Two lower-case hexadecimal digits for each byte: 64 of a Digest.
std::string hex(std::span<const std::uint8_t> digest);

/// SHA-256 of bytes that arrive in pieces.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void update(std::string_view bytes);
  /// The digest of all bytes so far; the next update starts anew.
  Digest finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sluice

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sluice::rules {

/// An IP address as old fields of the API read it (netutils.ParseIPSloppy): IPv4 with leading zeros
/// too, IPv6 without a zone. IPv4 lies in the last four bytes.
struct Address {
  std::array<std::uint8_t, 16> bytes{};
  bool is_v4 = false;  ///< IPv4, or IPv4 written inside IPv6

  [[nodiscard]] bool is_unspecified() const;
  [[nodiscard]] bool is_loopback() const;
  [[nodiscard]] bool is_link_local() const;  ///< unicast or multicast
};

std::optional<Address> parse_address(std::string_view text);

/// An address and the length of a prefix (netutils.ParseCIDRSloppy).
struct Network {
  Address address;    ///< without the bits beyond the prefix
  int prefix = 0;     ///< of the family's own width
  bool wide = false;  ///< written as IPv6: 128 bits

  /// Whether `other` lies in this network and is smaller.
  [[nodiscard]] bool strictly_contains(const Network& other) const;
};

std::optional<Network> parse_network(std::string_view text);

}  // namespace sluice::rules

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "http/client.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace sluice::validate {

enum class Network : std::uint8_t { off, on };

/// Schemas that were once fetched. The lock says of each address which bytes it gave - a line
/// `SHA256 URL`, or `absent URL` - and belongs into the repository; the cache holds the bytes, each
/// in a file named by the digest of its address. Without a network only pinned bytes are used, so a
/// verdict never depends on what a server says today.
class SchemaCache {
 public:
  struct Place {
    std::string folder;  ///< of the cache
    std::string lock;    ///< a file
  };

  /// `client` must outlive it; it is asked with the network on only. Errors: io, parse (a line of
  /// the lock that is none).
  static Result<SchemaCache> open(Place place, Network network, const http::Client& client);

  /// The bytes at an address; nothing when it is pinned as absent, or is not pinned and the network
  /// is off. Errors: io (the server cannot be asked or answers strangely; pinned bytes that are not
  /// in the cache), parse (bytes that are not the pinned ones).
  Result<std::optional<std::string>> get(const std::string& url);

  /// Addresses without a pin that were asked for with the network off.
  [[nodiscard]] const std::set<std::string>& unknown() const { return unknown_; }

  /// Writes the lock when something was pinned. Errors: io.
  Status save() const;

 private:
  SchemaCache(Place place, Network network, const http::Client& client)
      : place_(std::move(place)), network_(network), client_(&client) {}

  [[nodiscard]] std::string file_of(const std::string& url) const;
  Result<std::optional<std::string>> fetch(const std::string& url, const std::string& pin);

  Place place_;
  Network network_;
  const http::Client* client_;
  std::map<std::string, std::string> pins_;  ///< by address: 64 hexadecimal digits, or "absent"
  std::set<std::string> unknown_;
  bool changed_ = false;
};

}  // namespace sluice::validate

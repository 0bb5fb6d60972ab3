// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "http/message.hpp"

#include <memory>

namespace sluice::http {

/// The only way out to HTTP servers. libcurl is behind it in curl_client.cpp, the only file that
/// sees it; tests put a fake in its place.
class Client {
 public:
  virtual ~Client() = default;

  /// Any status that arrived is a Response, 404 and 500 too. Safe from several threads.
  /// Errors: usage (an address or header that cannot be sent), io (no connection, no trust, no
  /// answer in time), limit (a body above max_bytes, or too many redirects). Messages hold neither
  /// headers nor the query of the address.
  [[nodiscard]] virtual Result<Response> send(const Request& request) const = 0;
};

/// In this process, with libcurl, whose start costs some 3 ms.
std::unique_ptr<Client> make_client();

}  // namespace sluice::http

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// One request, one response. What to send again, and when, is the caller's business.
namespace sluice::http {

struct Header {
  std::string name;
  std::string value;
  friend bool operator==(const Header&, const Header&) = default;
};

struct Request {
  std::string method = "GET";
  std::string url;  ///< http or https, without a user name or password
  std::vector<Header> headers = {};
  std::string body = {};  ///< any bytes; sent when not empty, and always with POST, PUT and PATCH
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds timeout{60'000};       ///< of the whole exchange, redirects included
  std::size_t max_bytes = std::size_t{64} << 20U;  ///< of the response's body
  std::string ca_file = {};   ///< PEM file of trusted authorities; empty: the system's
  std::string proxy = {};     ///< "http://proxy.example.com:3128"; empty: none
  std::string no_proxy = {};  ///< hosts that are asked without it, as curl reads NO_PROXY
  /// How many redirects a GET or HEAD may follow; never from https to http. Headers of the request
  /// go to the first host only: a token is for nobody else.
  unsigned max_redirects = 0;
};

struct Response {
  int status = 0;
  std::vector<Header> headers = {};  ///< names in lower case, in the order of the server
  std::string body = {};
  std::string url = {};  ///< the one that answered, after redirects

  /// The first header of that name (in lower case), or empty.
  [[nodiscard]] std::string_view header(std::string_view name) const;
};

/// Proxy, exceptions and authorities as HTTPS_PROXY, HTTP_PROXY (lower case only, as curl: a CGI's
/// "Proxy:" header becomes the other), ALL_PROXY, NO_PROXY and SSL_CERT_FILE give them, where the
/// request does not say.
void use_environment(Request& request);

/// The address for a message: printable, without user name, query and fragment, which may be
/// secret.
std::string shown(std::string_view url);

}  // namespace sluice::http

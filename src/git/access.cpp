// SPDX-License-Identifier: Apache-2.0
#include "git/access.hpp"

#include "base/text.hpp"
#include "io/files.hpp"

#include <algorithm>

namespace sluice::git {

namespace {

constexpr std::uint64_t longest_token = 64 * 1024;

/// "https://user:secret@host:1/x" in pieces; views into the URL.
struct Address {
  std::string_view scheme;  ///< empty: a path, or "host:path"
  std::string_view user;    ///< with the password, if any
  std::string_view host;    ///< without port and brackets
};

Address address_of(std::string_view url) {
  Address address;
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) {
    return address;
  }
  address.scheme = url.substr(0, scheme);
  std::string_view authority = url.substr(scheme + 3);
  authority = authority.substr(0, authority.find('/'));
  if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
    address.user = authority.substr(0, at);
    authority.remove_prefix(at + 1);
  }
  const bool bracket = authority.starts_with('[');
  address.host = bracket ? authority.substr(1, authority.find(']') - 1)
                         : authority.substr(0, authority.find(':'));
  return address;
}

bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

/// "user@host:path" or "host:path", as ssh takes it; but "./a:b" is a path.
bool is_scp_like(std::string_view url) {
  const std::size_t colon = url.find(':');
  return colon != std::string_view::npos && colon > 0 && url.find('/') > colon;
}

Error usage(std::string_view url, const std::string& why) {
  return {Error::Kind::usage, text::printable(without_secret(url)) + ": " + why};
}

}  // namespace

std::string without_secret(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) {
    return std::string(url);
  }
  const std::size_t begin = scheme + 3;
  const std::size_t end = std::min(url.find('/', begin), url.size());
  const std::size_t at = url.substr(0, end).rfind('@');
  if (at == std::string_view::npos || at < begin) {
    return std::string(url);
  }
  std::string_view user = url.substr(begin, at + 1 - begin);
  if (url.starts_with("http")) {
    user = {};
  } else if (const std::size_t colon = user.find(':'); colon != std::string_view::npos) {
    return std::string(url.substr(0, begin)) + std::string(user.substr(0, colon)) +
           std::string(url.substr(at));
  }
  return std::string(url.substr(0, begin)) + std::string(user) + std::string(url.substr(at + 1));
}
Result<Secret> read_token(const std::string& file, std::string_view environment) {
  std::string text(environment);
  if (!file.empty()) {
    SLUICE_TRY_ASSIGN(text, io::read_file(file, longest_token));
  }
  const std::string_view token = text::trim(text);
  const std::string where = file.empty() ? "SLUICE_GIT_TOKEN" : text::printable(file);
  if (token.empty() && !file.empty()) {
    return Error{Error::Kind::usage, where + ": there is no token in it"};
  }
  const bool plain = std::ranges::all_of(token, [](char c) { return c > ' ' && c < 0x7f; });
  if (!plain || token.size() > longest_token) {
    return Error{Error::Kind::usage,
                 where + ": a token is one word of printable ASCII, this is something else"};
  }
  return Secret(std::string(token));
}

Result<Scheme> scheme_of(const std::string& url, const Access& access) {
  if (url.empty() || url.starts_with('-') || url.find('\0') != std::string::npos ||
      url.find('\n') != std::string::npos) {
    return usage(url, "not the address of a repository");
  }
  const Address address = address_of(url);
  if (address.scheme.empty()) {
    return is_scp_like(url) ? Scheme::ssh : Scheme::local;
  }
  if (address.scheme == "file") {
    return Scheme::local;
  }
  if (address.scheme == "ssh") {
    return address.user.find(':') == std::string_view::npos
               ? Result<Scheme>(Scheme::ssh)
               : usage(url,
                       "passwords are not used over SSH; take it out of the address and use a "
                       "key");
  }
  if (address.scheme != "https" && address.scheme != "http") {
    return Error{Error::Kind::unsupported, text::printable(without_secret(url)) +
                                               ": use https://, ssh://, file:// or a path; \"" +
                                               text::printable(address.scheme) +
                                               "://\" is not supported"};
  }
  if (!address.user.empty()) {
    return usage(url,
                 "take the user name and token out of the address, where every user of the machine "
                 "can see them; use SLUICE_GIT_TOKEN or --token-file");
  }
  if (address.scheme == "http" && !access.token.empty() && !is_loopback(address.host)) {
    return usage(url, "the token would cross the network in clear text; use https://");
  }
  return Scheme::http;
}

}  // namespace sluice::git

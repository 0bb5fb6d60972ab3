// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "policy/functions.hpp"
#include "policy/random_text.hpp"
#include "policy/scalars.hpp"
#include "policy/x509.hpp"

#include <arpa/inet.h>
#include <array>
#include <cstring>

namespace sluice::policy {

namespace {

using jmespath::Evaluation;
using jmespath::Outcome;
using Arguments = std::span<const Value>;

/// The host of a URL as Go's url.Parse finds it, without port and brackets; nothing when the text
/// is no URL.
std::optional<std::string> host_of(std::string_view url) {
  for (const char c : url) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      return std::nullopt;
    }
  }
  url = url.substr(0, url.find('#'));
  const auto colon = url.find(':');
  const auto slash = url.find_first_of("/?");
  if (colon == 0) {
    return std::nullopt;  // missing protocol scheme
  }
  if (colon != std::string_view::npos && colon < slash) {
    url.remove_prefix(colon + 1);
  }
  if (!url.starts_with("//")) {
    return std::string();
  }
  url = url.substr(2, url.find_first_of("/?", 2) - 2);
  if (const auto at = url.rfind('@'); at != std::string_view::npos) {
    url.remove_prefix(at + 1);
  }
  if (url.starts_with('[')) {
    const auto end = url.find(']');
    return end == std::string_view::npos ? std::nullopt
                                         : std::optional(std::string(url.substr(1, end - 1)));
  }
  return std::string(url.substr(0, url.rfind(':')));
}

/// Loopback, or of a private network (RFC 1918, RFC 4193).
bool is_inside(const std::array<std::uint8_t, 4>& ip) {
  return ip[0] == 127 || ip[0] == 10 || (ip[0] == 172 && (ip[1] & 0xF0U) == 16) ||
         (ip[0] == 192 && ip[1] == 168);
}

std::optional<bool> is_external(const std::string& host) {
  std::array<std::uint8_t, 4> four{};
  if (inet_pton(AF_INET, host.c_str(), four.data()) == 1) {
    return !is_inside(four);
  }
  std::array<std::uint8_t, 16> six{};
  if (inet_pton(AF_INET6, host.c_str(), six.data()) != 1) {
    return std::nullopt;
  }
  constexpr std::array<std::uint8_t, 12> mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  if (std::memcmp(six.data(), mapped.data(), mapped.size()) == 0) {
    std::memcpy(four.data(), six.data() + mapped.size(), four.size());
    return !is_inside(four);
  }
  std::array<std::uint8_t, 16> loopback{};
  loopback[15] = 1;
  return six != loopback && (six[0] & 0xFEU) != 0xFC;
}

Outcome fn_is_external_url(Evaluation& evaluation, Arguments a, Value& out) {
  const auto host = host_of(a[0].as_string());
  if (!host) {
    return evaluation.fail("is_external_url(): not a URL");
  }
  const auto external = is_external(*host);
  if (!external) {
    return host->empty() ? evaluation.fail("is_external_url(): the URL names no host")
                         : evaluation.fail_unsupported(
                               "is_external_url(): \"" + *host +
                               "\" would have to be looked up in the domain name system");
  }
  out = Value::boolean(*external);
  return Outcome::ok;
}

Outcome fn_random(Evaluation& evaluation, Arguments a, Value& out) {
  if (a[0].as_string().empty()) {
    return evaluation.fail("random(): no pattern provided");
  }
  const auto text = random_text(a[0].as_string());
  if (!text) {
    return text.error().kind == Error::Kind::unsupported
               ? evaluation.fail_unsupported("random(): " + text.error().message)
               : evaluation.fail("random(): " + text.error().message);
  }
  out = make_string(evaluation.arena(), *text);
  return Outcome::ok;
}

Outcome fn_x509_decode(Evaluation& evaluation, Arguments a, Value& out) {
  const auto decoded = decode_x509(evaluation.arena(), a[0].as_string());
  if (!decoded) {
    return decoded.error().kind == Error::Kind::unsupported
               ? evaluation.fail_unsupported("x509_decode(): " + decoded.error().message)
               : evaluation.fail("x509_decode(): " + decoded.error().message);
  }
  out = *decoded;
  return Outcome::ok;
}

using jmespath::accept_string;

constexpr jmespath::Function functions[] = {
    {"is_external_url", 1, false, {accept_string}, fn_is_external_url},
    {"random", 1, false, {accept_string}, fn_random},
    {"x509_decode", 1, false, {accept_string}, fn_x509_decode},
};

}  // namespace

std::span<const jmespath::Function> outside_functions() {
  return functions;
}

}  // namespace sluice::policy

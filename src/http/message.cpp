// SPDX-License-Identifier: Apache-2.0
#include "http/message.hpp"

#include "base/text.hpp"

#include <cstdlib>
#include <initializer_list>

namespace sluice::http {
namespace {

std::string first_of(std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (const char* value = std::getenv(name); value != nullptr && *value != '\0') {
      return value;
    }
  }
  return {};
}

}  // namespace

std::string_view Response::header(std::string_view name) const {
  for (const Header& header : headers) {
    if (header.name == name) {
      return header.value;
    }
  }
  return {};
}

void use_environment(Request& request) {
  if (request.proxy.empty()) {
    request.proxy = text::to_lower(request.url.substr(0, 6)) == "https:"
                        ? first_of({"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"})
                        : first_of({"http_proxy", "all_proxy", "ALL_PROXY"});
  }
  if (request.no_proxy.empty()) {
    request.no_proxy = first_of({"no_proxy", "NO_PROXY"});
  }
  if (request.ca_file.empty()) {
    request.ca_file = first_of({"CURL_CA_BUNDLE", "SSL_CERT_FILE"});
  }
}

std::string shown(std::string_view url) {
  url = url.substr(0, url.find_first_of("?#"));
  const auto scheme = url.find("://");
  const std::size_t begin = scheme == std::string_view::npos ? 0 : scheme + 3;
  const std::size_t host_end = std::min(url.find('/', begin), url.size());
  const auto at = url.substr(0, host_end).rfind('@');
  std::string out(url.substr(0, begin));
  out += url.substr(at == std::string_view::npos || at < begin ? begin : at + 1);
  return text::printable(out);
}

}  // namespace sluice::http

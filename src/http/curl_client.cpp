// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "http/client.hpp"

#include <algorithm>
#include <array>
#include <curl/curl.h>
#include <mutex>

namespace sluice::http {
namespace {

constexpr std::size_t header_limit = std::size_t{256} << 10U;  ///< bytes of all headers

template <class T, void (*release)(T*)>
struct Release {
  void operator()(T* object) const { release(object); }
};
using Handle = std::unique_ptr<CURL, Release<CURL, curl_easy_cleanup>>;
using List = std::unique_ptr<curl_slist, Release<curl_slist, curl_slist_free_all>>;

/// One exchange, without redirects.
struct Exchange {
  Response response;
  std::size_t max_bytes = 0;
  std::size_t header_bytes = 0;
  bool too_large = false;
  std::string redirect;  ///< where the server sends us, as an absolute address
};

std::size_t take_body(char* bytes, std::size_t one, std::size_t size, void* target) {
  auto& exchange = *static_cast<Exchange*>(target);
  std::string& body = exchange.response.body;
  if (size * one > exchange.max_bytes - body.size()) {
    exchange.too_large = true;
    return 0;
  }
  body.append(bytes, size * one);
  return size * one;
}

std::size_t take_header(char* bytes, std::size_t one, std::size_t size, void* target) {
  auto& exchange = *static_cast<Exchange*>(target);
  const std::string_view line(bytes, one * size);
  exchange.header_bytes += line.size();
  if (exchange.header_bytes > header_limit) {
    exchange.too_large = true;
    return 0;
  }
  if (line.starts_with("HTTP/")) {
    exchange.response.headers.clear();  // those before belonged to "100 Continue" or to the proxy
  } else if (const auto colon = line.find(':'); colon != std::string_view::npos) {
    exchange.response.headers.push_back(
        {text::to_lower(line.substr(0, colon)), std::string(text::trim(line.substr(colon + 1)))});
  }
  return line.size();
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return c > 0x20 && c < 0x7F &&
           std::string_view("()<>@,;:\\\"/[]?={}").find(static_cast<char>(c)) ==
               std::string_view::npos;
  });
}

Status check(const Request& request) {
  const auto refuse = [&](const std::string& why) {
    return Error{Error::Kind::usage, shown(request.url) + ": " + why};
  };
  const std::string scheme = text::to_lower(request.url.substr(0, request.url.find("://")));
  if (scheme != "http" && scheme != "https") {
    return refuse("only http:// and https:// addresses can be asked");
  }
  const std::string_view rest = std::string_view(request.url).substr(scheme.size() + 3);
  if (rest.substr(0, rest.find_first_of("/?#")).find('@') != std::string_view::npos) {
    return refuse("a user name or password in the address would be logged; send a header");
  }
  if (std::any_of(request.url.begin(), request.url.end(),
                  [](unsigned char c) { return c <= 0x20 || c == 0x7F; })) {
    return refuse("the address holds a blank or a control character");
  }
  if (!is_token(request.method)) {
    return refuse("the method is not a word");
  }
  for (const Header& header : request.headers) {
    const bool clean = std::none_of(header.value.begin(), header.value.end(),
                                    [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
    if (!is_token(header.name) || !clean) {
      return refuse("a header cannot be sent: " + text::printable(header.name, 40));
    }
  }
  return ok;
}

List header_list(const Request& request) {
  List list;
  const auto add = [&list](const std::string& line) {
    curl_slist* longer = curl_slist_append(list.get(), line.c_str());
    (void)list.release();
    list.reset(longer);
  };
  bool agent = false;
  for (const Header& header : request.headers) {
    // curl leaves out a header that ends with ':' and sends an empty one for ';'.
    add(header.value.empty() ? header.name + ";" : header.name + ": " + header.value);
    agent = agent || text::to_lower(header.name) == "user-agent";
  }
  add("Expect:");  // no round trip for "100 Continue"
  if (!agent) {
    add("User-Agent: sluice");
  }
  return list;
}

void set_up(CURL* curl,
            const Request& request,
            Exchange& exchange,
            std::array<char, CURL_ERROR_SIZE>& why) {
  const auto set = [curl](CURLoption option, auto value) { curl_easy_setopt(curl, option, value); };
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_ERRORBUFFER, why.data());
  set(CURLOPT_URL, request.url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_PROXY, request.proxy.c_str());  // "": none, whatever the environment says
  set(CURLOPT_NOPROXY, request.no_proxy.c_str());
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request.connect_timeout.count()));
  set(CURLOPT_TIMEOUT_MS, std::max(1L, static_cast<long>(request.timeout.count())));
  set(CURLOPT_ACCEPT_ENCODING, "");
  if (!request.ca_file.empty()) {
    set(CURLOPT_CAINFO, request.ca_file.c_str());
    set(CURLOPT_CAPATH, static_cast<char*>(nullptr));
  }
  const bool sends = !request.body.empty() || request.method == "POST" || request.method == "PUT" ||
                     request.method == "PATCH";
  if (request.method == "HEAD") {
    set(CURLOPT_NOBODY, 1L);
  } else if (sends) {
    set(CURLOPT_POST, 1L);
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    set(CURLOPT_POSTFIELDS, request.body.data());
  }
  set(CURLOPT_CUSTOMREQUEST, request.method == "HEAD" ? nullptr : request.method.c_str());
  set(CURLOPT_WRITEFUNCTION, take_body);
  set(CURLOPT_WRITEDATA, static_cast<void*>(&exchange));
  set(CURLOPT_HEADERFUNCTION, take_header);
  set(CURLOPT_HEADERDATA, static_cast<void*>(&exchange));
}

Error failure(const Request& request,
              CURLcode code,
              std::string_view why,
              const Exchange& exchange) {
  const std::string at = shown(request.url) + ": ";
  if (exchange.too_large) {
    return {Error::Kind::limit, at + "the answer has more than the " +
                                    std::to_string(request.max_bytes) + " bytes allowed"};
  }
  const std::string_view what = why.empty() ? std::string_view(curl_easy_strerror(code)) : why;
  const bool unsendable = code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL;
  return {unsendable ? Error::Kind::usage : Error::Kind::io, at + text::printable(what)};
}

Result<Exchange> once(const Request& request) {
  SLUICE_TRY(check(request));
  const Handle curl(curl_easy_init());
  if (!curl) {
    return Error{Error::Kind::io, "libcurl cannot be started"};
  }
  Exchange exchange{.max_bytes = request.max_bytes};
  std::array<char, CURL_ERROR_SIZE> why{};
  set_up(curl.get(), request, exchange, why);
  const List headers = header_list(request);
  curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
  const CURLcode code = curl_easy_perform(curl.get());
  if (code != CURLE_OK) {
    return failure(request, code, why.data(), exchange);
  }
  long status = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  exchange.response.status = static_cast<int>(status);
  exchange.response.url = request.url;
  char* redirect = nullptr;
  curl_easy_getinfo(curl.get(), CURLINFO_REDIRECT_URL, &redirect);
  exchange.redirect = redirect == nullptr ? "" : redirect;
  return exchange;
}

/// "https://host:port" in lower case.
std::string origin_of(std::string_view url) {
  const auto scheme = url.find("://");
  return text::to_lower(url.substr(0, url.find_first_of("/?#", scheme + 3)));
}

class CurlClient : public Client {
 public:
  CurlClient() {
    static std::once_flag once_in_a_process;
    std::call_once(once_in_a_process, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  }

  [[nodiscard]] Result<Response> send(const Request& request) const override {
    Request next = request;
    const auto begin = std::chrono::steady_clock::now();
    for (unsigned redirects = 0;; ++redirects) {
      Exchange exchange;
      SLUICE_TRY_ASSIGN(exchange, once(next));
      const bool may_follow = request.max_redirects != 0 && !exchange.redirect.empty() &&
                              (request.method == "GET" || request.method == "HEAD");
      if (!may_follow) {
        return std::move(exchange.response);
      }
      if (redirects == request.max_redirects) {
        return Error{Error::Kind::limit, shown(request.url) + ": redirected more than " +
                                             text::counted(request.max_redirects, "time")};
      }
      if (origin_of(next.url).starts_with("https:") &&
          !origin_of(exchange.redirect).starts_with("https:")) {
        return Error{Error::Kind::io,
                     shown(request.url) + ": redirected from https to " + shown(exchange.redirect)};
      }
      if (origin_of(next.url) != origin_of(exchange.redirect)) {
        next.headers.clear();
      }
      next.url = std::move(exchange.redirect);
      next.timeout =
          std::max(std::chrono::milliseconds(1),
                   request.timeout - std::chrono::duration_cast<std::chrono::milliseconds>(
                                         std::chrono::steady_clock::now() - begin));
    }
  }
};

}  // namespace

std::unique_ptr<Client> make_client() {
  return std::make_unique<CurlClient>();
}

}  // namespace sluice::http

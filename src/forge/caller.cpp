// SPDX-License-Identifier: Apache-2.0
#include "forge/caller.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <thread>

namespace sluice::forge {

namespace {

using std::chrono::seconds;

constexpr seconds secondary_limit{60};  ///< GitHub's documents: at least a minute without a header
constexpr unsigned most_tries = 6;
constexpr unsigned most_pages = 100;

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && !text.empty()
             ? std::optional(value)
             : std::nullopt;
}

bool is_limited(const http::Response& response) {
  return response.status == 429 ||
         (response.status == 403 &&
          (response.header("x-ratelimit-remaining") == "0" ||
           !response.header("retry-after").empty() ||
           response.body.find("secondary rate limit") != std::string::npos));
}

/// How long a limited answer wants us to wait, at least a second.
seconds asked_wait(const http::Response& response) {
  if (const auto after = number(response.header("retry-after"))) {
    return seconds(std::clamp<std::int64_t>(*after, 1, 86'400));
  }
  if (const auto reset = number(response.header("x-ratelimit-reset"))) {
    const auto now = std::chrono::floor<seconds>(std::chrono::system_clock::now());
    return seconds(
        std::clamp<std::int64_t>(*reset - now.time_since_epoch().count() + 1, 1, 86'400));
  }
  return secondary_limit;
}

/// The address in `Link: <...>; rel="next"`, or empty.
std::string next_link(std::string_view header) {
  for (const std::string_view part : text::split(header, ',')) {
    const std::size_t open = part.find('<');
    const std::size_t close = part.find('>');
    if (part.find("rel=\"next\"") != std::string_view::npos && open != std::string_view::npos &&
        close != std::string_view::npos && open < close) {
      return std::string(part.substr(open + 1, close - open - 1));
    }
  }
  return {};
}

/// "https://host:port" of an address.
std::string_view origin(std::string_view url) {
  const std::size_t scheme = url.find("://");
  return scheme == std::string_view::npos ? url : url.substr(0, url.find('/', scheme + 3));
}

}  // namespace

std::string segment(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    const auto byte = static_cast<unsigned char>(c);
    out += plain ? std::string(1, c) : std::string{'%', digits[byte >> 4U], digits[byte & 15U]};
  }
  return out;
}

Caller::Caller(const http::Client& client, Project project, Access access)
    : client_(client), project_(std::move(project)), access_(std::move(access)) {}

std::string Caller::name() const {
  return project_.kind == Kind::github ? "GitHub" : "GitLab";
}

http::Request Caller::request(const std::string& method,
                              const std::string& url,
                              const nlohmann::json& body) const {
  http::Request request{.method = method, .url = url};
  if (project_.kind == Kind::github) {
    request.headers = {{"Accept", "application/vnd.github+json"},
                       {"X-GitHub-Api-Version", "2022-11-28"}};
    if (!access_.token.empty()) {
      request.headers.push_back({"Authorization", "Bearer " + access_.token});
    }
  } else if (!access_.token.empty()) {
    request.headers.push_back({"PRIVATE-TOKEN", access_.token});
  }
  request.headers.push_back({"User-Agent", "sluice"});
  if (!body.is_null()) {
    request.headers.push_back({"Content-Type", "application/json"});
    request.body = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  }
  request.timeout = access_.timeout;
  request.ca_file = access_.ca_file;
  http::use_environment(request);
  if (access_.proxy != "auto") {
    request.proxy = access_.proxy;
    request.no_proxy.clear();
  }
  return request;
}

Status Caller::wait(seconds time, const std::string& why) {
  if (waited_ + time > access_.patience) {
    return Error{Error::Kind::io, name() + ": " + why + ", and it asks to wait " +
                                      std::to_string(time.count()) + " s: come again later"};
  }
  waited_ += time;
  if (access_.sleep) {
    access_.sleep(time);
  } else {
    std::this_thread::sleep_for(time);
  }
  return ok;
}

Result<http::Response> Caller::send(const http::Request& request, Repeat repeat) {
  seconds pause{1};
  for (unsigned tries = 1;; ++tries) {
    auto response = client_.send(request);
    const bool failed = !response || response->status >= 500;
    const bool limited = response && is_limited(*response);
    const bool again = limited || (failed && repeat == Repeat::safe &&
                                   (response || response.error().kind == Error::Kind::io));
    if (!again || tries == most_tries) {
      return response;
    }
    const auto waited =
        wait(limited ? asked_wait(*response) : pause, limited ? "too many requests" : "no answer");
    if (!waited) {  // why there is no answer says more: no trust, no such host
      return response ? waited.error() : in_context(name(), response.error());
    }
    pause *= 2;
  }
}

Result<Answer> Caller::call(const std::string& method,
                            const std::string& path,
                            const nlohmann::json& body,
                            Repeat repeat) {
  const bool whole = path.find("://") != std::string::npos;
  if (whole && origin(path) != origin(project_.api)) {
    return Error{Error::Kind::io,
                 name() + " names another host, which gets no token: " + http::shown(path)};
  }
  http::Response response;
  SLUICE_TRY_ASSIGN(response,
                    send(request(method, whole ? path : project_.api + path, body), repeat));
  Answer answer{.status = response.status, .body = {}, .next = next_link(response.header("link"))};
  if (!response.body.empty()) {
    answer.body = nlohmann::json::parse(response.body, nullptr, false);
    if (answer.body.is_discarded() && response.status < 400) {
      return Error{Error::Kind::parse, name() + ": the answer of " + http::shown(response.url) +
                                           " is no JSON; is the API there (--forge-url)?"};
    }
  }
  return answer;
}

Result<std::vector<nlohmann::json>> Caller::list(const std::string& path) {
  std::vector<nlohmann::json> items;
  std::string next = path;
  for (unsigned page = 0; !next.empty(); ++page) {
    if (page == most_pages) {
      return Error{Error::Kind::limit, name() + ": the list " + path + " does not end"};
    }
    Answer answer;
    SLUICE_TRY_ASSIGN(answer, call("GET", next, nullptr, Repeat::safe));
    if (answer.status != 200 || !answer.body.is_array()) {
      return failure("reading a list", answer);
    }
    for (nlohmann::json& item : answer.body) {
      items.push_back(std::move(item));
    }
    next = answer.next;
  }
  return items;
}

Error Caller::failure(const std::string& what, const Answer& answer) const {
  std::string said;
  if (answer.body.is_object()) {
    const auto message = answer.body.find("message");
    if (message != answer.body.end()) {
      said = message->is_string() ? message->get<std::string>() : message->dump();
    }
  }
  std::string hint;
  if (answer.status == 401) {
    hint = "; the token is wrong or has expired";
  } else if (answer.status == 403) {
    hint = "; the token may not do that";
  } else if (answer.status == 404) {
    hint = "; there is no such project, or the token may not see it";
  }
  if (!access_.token.empty()) {
    said = text::replace_all(said, access_.token, "[token]");
  }
  return {Error::Kind::usage, name() + ": " + what + ": " + std::to_string(answer.status) +
                                  (said.empty() ? "" : ": " + text::printable(said, 300)) + hint};
}

}  // namespace sluice::forge

// SPDX-License-Identifier: Apache-2.0
#include "http/wire.hpp"

#include "base/text.hpp"

#include <nlohmann/json.hpp>

namespace sluice::http {
namespace {

using nlohmann::json;

json headers_json(const std::vector<Header>& headers) {
  json out = json::array();
  for (const Header& header : headers) {
    out.push_back({header.name, header.value});
  }
  return out;
}

std::vector<Header> headers_of(const json& list) {
  std::vector<Header> out;
  for (const json& pair : list) {
    out.push_back({pair.at(0).get<std::string>(), pair.at(1).get<std::string>()});
  }
  return out;
}

/// Servers may send any bytes in a header; what is no UTF-8 is replaced.
std::string line_and(const json& line, std::string_view body) {
  std::string out = line.dump(-1, ' ', false, json::error_handler_t::replace);
  out += '\n';
  out += body;
  return out;
}

void read_member(const std::string& name, const json& value, Request& request) {
  const auto milliseconds = [&] { return std::chrono::milliseconds(value.get<std::uint32_t>()); };
  if (name == "method") {
    request.method = value.get<std::string>();
  } else if (name == "url") {
    request.url = value.get<std::string>();
  } else if (name == "headers") {
    request.headers = headers_of(value);
  } else if (name == "connectTimeoutMs") {
    request.connect_timeout = milliseconds();
  } else if (name == "timeoutMs") {
    request.timeout = milliseconds();
  } else if (name == "maxBytes") {
    request.max_bytes = value.get<std::size_t>();
  } else if (name == "caFile") {
    request.ca_file = value.get<std::string>();
  } else if (name == "proxy") {
    request.proxy = value.get<std::string>();
  } else if (name == "noProxy") {
    request.no_proxy = value.get<std::string>();
  } else if (name == "maxRedirects") {
    request.max_redirects = value.get<unsigned>();
  } else {
    throw std::invalid_argument("unknown member " + text::printable(name, 40));
  }
}

}  // namespace

std::string write_request(const Request& request) {
  return line_and({{"method", request.method},
                   {"url", request.url},
                   {"headers", headers_json(request.headers)},
                   {"connectTimeoutMs", request.connect_timeout.count()},
                   {"timeoutMs", request.timeout.count()},
                   {"maxBytes", request.max_bytes},
                   {"caFile", request.ca_file},
                   {"proxy", request.proxy},
                   {"noProxy", request.no_proxy},
                   {"maxRedirects", request.max_redirects}},
                  request.body);
}

Result<Request> read_request(std::string_view bytes) {
  const auto end = bytes.find('\n');
  try {
    Request request;
    const json line = json::parse(bytes.substr(0, end));
    for (const auto& [name, value] : line.get<json::object_t>()) {
      read_member(name, value, request);
    }
    if (request.url.empty()) {
      throw std::invalid_argument("url is missing");
    }
    request.body = end == std::string_view::npos ? "" : bytes.substr(end + 1);
    return request;
  } catch (const std::exception& e) {
    // Not what(): it can quote the request, which holds tokens.
    const bool ours = dynamic_cast<const std::invalid_argument*>(&e) != nullptr;
    return Error{Error::Kind::parse, std::string("the request is not such a line of JSON") +
                                         (ours ? std::string(": ") + e.what() : std::string{})};
  }
}

std::string write_response(const Response& response) {
  return line_and({{"status", response.status},
                   {"url", response.url},
                   {"headers", headers_json(response.headers)},
                   {"bodyBytes", response.body.size()}},
                  response.body);
}

Result<Response> read_response(std::string_view bytes) {
  const Error cut{Error::Kind::parse, "the answer of sluice-http is cut short"};
  const auto end = bytes.find('\n');
  if (end == std::string_view::npos) {
    return cut;
  }
  try {
    const json line = json::parse(bytes.substr(0, end));
    Response response{.status = line.at("status").get<int>(),
                      .headers = headers_of(line.at("headers")),
                      .body = std::string(bytes.substr(end + 1)),
                      .url = line.at("url").get<std::string>()};
    if (response.body.size() != line.at("bodyBytes").get<std::size_t>()) {
      return cut;
    }
    return response;
  } catch (const json::exception&) {
    return Error{Error::Kind::parse, "the answer of sluice-http cannot be read"};
  }
}

}  // namespace sluice::http

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "http/message.hpp"

/// How a program and its helper sluice-http talk: one line of JSON, then the bytes of the body as
/// they are. Requests go to standard input and never into a command line, which other users of the
/// machine can read.
namespace sluice::http {

/// `{"method":"GET","url":"...","headers":[["name","value"]],"connectTimeoutMs":10000,
/// "timeoutMs":60000,"maxBytes":67108864,"caFile":"","proxy":"","noProxy":"","maxRedirects":0}`
std::string write_request(const Request& request);

/// All members but `url` may be missing. Errors: parse (no such line, an unknown member, a wrong
/// type).
Result<Request> read_request(std::string_view bytes);

/// `{"status":200,"url":"...","headers":[["name","value"]],"bodyBytes":12}`
std::string write_response(const Response& response);

/// Errors: parse (cut short, or not such a line).
Result<Response> read_response(std::string_view bytes);

}  // namespace sluice::http

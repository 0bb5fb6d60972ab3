// SPDX-License-Identifier: Apache-2.0
#include "http/tool.hpp"

#include "base/text.hpp"
#include "http/client.hpp"
#include "http/wire.hpp"
#include "io/files.hpp"

#include <ostream>

namespace sluice::http_tool {
namespace {

Result<diag::Report> run(const cli::Common& common, std::ostream& out) {
  if (!common.inputs.empty()) {
    return Error{Error::Kind::usage, "the request comes on standard input, not as \"" +
                                         text::printable(common.inputs[0]) + '"'};
  }
  std::string bytes;
  SLUICE_TRY_ASSIGN(bytes, io::read_stdin());
  http::Request request;
  SLUICE_TRY_ASSIGN(request, http::read_request(bytes));
  http::Response response;
  SLUICE_TRY_ASSIGN(response, http::make_client()->send(request));
  out << http::write_response(response);
  return diag::Report{};
}

}  // namespace

cli::Tool make_tool() {
  return {"sluice-http",
          "Sends one HTTP request for the other tools",
          cli::Product::data,
          {{"",
            "< REQUEST",
            "Reads a request from standard input - one line of JSON, then the bytes of its body - "
            "and prints the answer in the same form: a line with the status and the headers, then "
            "the body: {\"url\":\"https://example.com/\",\"maxRedirects\":3} is a request. Any "
            "answer of the server is exit 0; none is exit 2. Nothing is read from "
            "the command line or the environment, so that a token is never seen in either.",
            {},
            [](const cli::Common& common, std::ostream& out) { return run(common, out); }}},
          {}};
}

}  // namespace sluice::http_tool

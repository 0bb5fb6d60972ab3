// SPDX-License-Identifier: Apache-2.0
#include "http/helper.hpp"

#include "http/wire.hpp"
#include "io/files.hpp"

#include <filesystem>

namespace sluice::http {
namespace {

std::string find_program() {
  std::error_code ignored;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", ignored);
  const auto beside = (self.parent_path() / "sluice-http").string();
  return !self.empty() && io::exists(beside) ? beside : proc::find_in_path("sluice-http");
}

class HelperClient : public Client {
 public:
  HelperClient(const proc::Runner& runner, std::string program)
      : runner_(runner), program_(std::move(program)) {}

  [[nodiscard]] Result<Response> send(const Request& request) const override {
    const std::string program = program_.empty() ? find_program() : program_;
    if (program.empty()) {
      return Error{Error::Kind::not_found,
                   "sluice-http is neither beside this program nor on PATH: install all of Sluice"};
    }
    constexpr std::size_t head = std::size_t{1} << 20U;  // bytes of the line before the body
    constexpr std::chrono::milliseconds start{5'000};
    proc::Finished finished;
    SLUICE_TRY_ASSIGN(finished, runner_.run({.argv = {program, "--quiet"},
                                             .env = {},
                                             .stdin_text = write_request(request),
                                             .timeout = request.timeout + start,
                                             .max_output = request.max_bytes + head}));
    if (finished.ended != proc::Ended::exited || finished.code != 0) {
      return Error{Error::Kind::io, proc::describe_failure("sluice-http", finished)};
    }
    return read_response(finished.out);
  }

 private:
  const proc::Runner& runner_;
  std::string program_;
};

}  // namespace

std::unique_ptr<Client> make_helper_client(const proc::Runner& runner, std::string program) {
  return std::make_unique<HelperClient>(runner, std::move(program));
}

}  // namespace sluice::http

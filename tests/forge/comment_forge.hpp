// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "support/daemon.hpp"
#include "support/program.hpp"

#include <nlohmann/json.hpp>

#include <fstream>
#include <memory>
#include <string>
#include <vector>

namespace sluice::test {

constexpr const char* comment_token = "s3cret-t0ken";

/// comment_stub.py, running: a forge with the comments of pull request 7 of acme/platform.
class CommentForge {
 public:
  struct Comment {
    std::string user, body;
  };

  explicit CommentForge(const std::vector<std::string>& flags = {},
                        const std::vector<Comment>& seed = {}) {
    nlohmann::json given = nlohmann::json::array();
    for (const auto& [user, body] : seed) {
      given.push_back({{"user", user}, {"body", body}});
    }
    std::ofstream(scratch_.path() / "seed") << given;
    port_ = free_port();
    std::vector<std::string> argv = {
        "/usr/bin/env",
        "python3",
        std::string(SLUICE_SOURCE_DIR) + "/tests/forge/comment_stub.py",
        scratch_.path() / "state",
        scratch_.path() / "log",
        std::to_string(port_),
        "--seed",
        scratch_.path() / "seed"};
    argv.insert(argv.end(), flags.begin(), flags.end());
    const char* path = std::getenv("PATH");
    daemon_ = std::make_unique<Daemon>(
        argv, std::vector<std::string>{std::string("PATH=") + (path == nullptr ? "" : path)},
        scratch_.path() / "output");
    wait_for_port(port_);
  }

  [[nodiscard]] std::string url(const std::string& api) const {
    return "http://127.0.0.1:" + std::to_string(port_) + api;
  }

  /// The comments that are there now.
  [[nodiscard]] std::vector<Comment> comments() const {
    std::vector<Comment> out;
    for (const auto& item : nlohmann::json::parse(read_file(scratch_.path() / "state"))) {
      out.push_back({item["user"], item["body"]});
    }
    return out;
  }

  /// How many requests the log has with this in their line: "POST ", " 429".
  [[nodiscard]] std::size_t requests(const std::string& part) const {
    const std::string log = read_file(scratch_.path() / "log");
    std::size_t count = 0;
    for (auto at = log.find(part); at != std::string::npos; at = log.find(part, at + 1)) {
      ++count;
    }
    return count;
  }

  [[nodiscard]] const std::filesystem::path& folder() const { return scratch_.path(); }

 private:
  Scratch scratch_;
  int port_ = 0;
  std::unique_ptr<Daemon> daemon_;
};

}  // namespace sluice::test

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "support/program.hpp"

#include <memory>
#include <optional>
#include <string>
#include <sys/types.h>

namespace sluice::test {

/// A real nginx on the loopback interface, ended at the end of scope. It serves files below
/// `root()`, takes PUT below /put/, and whatever `locations` adds ("location /x { return 404; }").
class Nginx {
 public:
  /// Nothing when the machine has no nginx: the test says "skipped".
  static std::optional<Nginx> start(const std::string& locations = {});
  ~Nginx();
  Nginx(Nginx&& other) noexcept;
  Nginx& operator=(Nginx&& other) noexcept;
  Nginx(const Nginx&) = delete;
  Nginx& operator=(const Nginx&) = delete;

  [[nodiscard]] std::string url(const std::string& path) const;
  [[nodiscard]] std::filesystem::path root() const;
  /// One line for each request: "GET /x 200".
  [[nodiscard]] std::string log() const;

 private:
  Nginx() : scratch_(std::make_unique<Scratch>()) {}
  bool listens() const;

  std::unique_ptr<Scratch> scratch_;
  pid_t pid_ = 0;
  int port_ = 0;
};

}  // namespace sluice::test

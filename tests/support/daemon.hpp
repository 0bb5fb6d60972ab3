// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <sys/types.h>
#include <vector>

namespace sluice::test {

/// A server program that ends with the test: also when the test itself is killed.
class Daemon {
 public:
  /// Output goes to the file `log`. Throws std::runtime_error when it cannot be started.
  Daemon(const std::vector<std::string>& argv,
         const std::vector<std::string>& env,
         const std::filesystem::path& log);
  ~Daemon();
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  /// SIGKILL, at once, for it and everything that it has started.
  void kill();

 private:
  pid_t pid_ = 0;
};

/// SIGKILL for `pid` and all that descends from it.
void kill_tree(pid_t pid);

/// A port on 127.0.0.1 that nobody listens on.
int free_port();

/// Until somebody accepts connections there. Throws after ten seconds.
void wait_for_port(int port);

}  // namespace sluice::test

// SPDX-License-Identifier: Apache-2.0
#include "support/chain.hpp"

#include <cstdlib>

namespace sluice::test {

std::string inherited_path() {
  const char* path = std::getenv("PATH");
  return path == nullptr ? "/usr/bin:/bin" : path;
}

Ran run_chain(const std::filesystem::path& repo,
              const std::filesystem::path& out,
              const std::vector<std::string>& flags) {
  const std::filesystem::path source = SLUICE_SOURCE_DIR;
  Program program{.argv = {"/bin/sh", (source / "ci/run.sh").string(), repo.string(), "--out",
                           out.string(), "--now", "2026-11-20"},
                  .env = {"PATH=" + inherited_path(), "SLUICE_BIN=" SLUICE_BIN_DIR},
                  .cwd = source,
                  .timeout = std::chrono::seconds(300)};
  program.argv.insert(program.argv.end(), flags.begin(), flags.end());
  return run(program);
}

}  // namespace sluice::test

// SPDX-License-Identifier: Apache-2.0
#include "git/tip.hpp"

#include "base/descriptor.hpp"
#include "base/sha256.hpp"
#include "base/text.hpp"

#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <system_error>
#include <unistd.h>

namespace sluice::git {

Status keep_tip(const std::string& repository, const std::string& branch, const std::string& tip) {
  // One name without slashes for each branch: "a" and "a/b" may both be branches, but not files.
  const std::string folder = repository + "/refs/sluice";
  const std::string place = folder + '/' + hex(sha256(branch)).substr(0, 24);
  const std::string fresh = repository + "/incoming-" + std::to_string(::getpid()) + '-' + tip;
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  Descriptor file(
      ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
  const std::string line = tip + '\n';
  const bool written =
      file && ::write(file.get(), line.data(), line.size()) == static_cast<ssize_t>(line.size());
  if (!written || file.close() != 0 || ::rename(fresh.c_str(), place.c_str()) != 0) {
    return Error{Error::Kind::io,
                 text::printable(place) + ": " + std::generic_category().message(errno)};
  }
  return ok;
}

}  // namespace sluice::git

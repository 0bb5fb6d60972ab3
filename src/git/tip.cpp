// SPDX-License-Identifier: Apache-2.0
#include "git/tip.hpp"

#include "base/descriptor.hpp"
#include "base/sha256.hpp"
#include "base/text.hpp"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <system_error>
#include <unistd.h>

namespace sluice::git {

namespace {

std::string folder_of(const std::string& repository) {
  return repository + "/refs/sluice/";
}

Status write_reference(const std::string& repository,
                       const std::string& name,
                       const std::string& id) {
  const std::string place = folder_of(repository) + name;
  const std::string fresh = repository + "/incoming-" + std::to_string(::getpid()) + '-' + name;
  std::error_code failure;
  std::filesystem::create_directories(folder_of(repository), failure);
  Descriptor file(
      ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
  const std::string line = id + '\n';
  const bool written =
      file && ::write(file.get(), line.data(), line.size()) == static_cast<ssize_t>(line.size());
  if (!written || file.close() != 0 || ::rename(fresh.c_str(), place.c_str()) != 0) {
    return Error{Error::Kind::io,
                 text::printable(place) + ": " + std::generic_category().message(errno)};
  }
  return ok;
}

}  // namespace

Status keep_tip(const std::string& repository, const std::string& branch, const std::string& tip) {
  // One name without slashes for each branch: "a" and "a/b" may both be branches, but not files.
  return write_reference(repository, hex(sha256(branch)).substr(0, 24), tip);
}

Result<PushReference> PushReference::make(const std::string& repository,
                                          const std::string& commit) {
  const std::string name = std::string(push_prefix) + std::to_string(::getpid()) + '-' + commit;
  SLUICE_TRY(write_reference(repository, name, commit));
  return PushReference(folder_of(repository) + name, "refs/sluice/" + name);
}

PushReference::~PushReference() {
  if (!path_.empty()) {
    (void)::unlink(path_.c_str());
  }
}

}  // namespace sluice::git

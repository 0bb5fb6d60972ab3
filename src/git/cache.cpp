// SPDX-License-Identifier: Apache-2.0
#include "git/cache.hpp"

#include "base/sha256.hpp"
#include "base/text.hpp"
#include "git/handle.hpp"
#include "git/tidy.hpp"
#include "io/files.hpp"

#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <thread>
#include <utility>

namespace sluice::git {

namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds longest_wait{60'000};

Error system_error(const std::string& path) {
  return {Error::Kind::io, text::printable(path) + ": " + std::generic_category().message(errno)};
}

/// A folder that only this user can write to: whoever can put objects or references here decides
/// what is promoted.
Status make_private(const std::string& folder) {
  std::error_code failure;
  fs::create_directories(fs::path(folder).parent_path(), failure);
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    return system_error(folder);
  }
  struct stat status {};
  if (::lstat(folder.c_str(), &status) != 0) {
    return system_error(folder);
  }
  if (!S_ISDIR(status.st_mode) || status.st_uid != ::geteuid() || (status.st_mode & 022U) != 0) {
    return Error{Error::Kind::usage,
                 text::printable(folder) +
                     ": the cache must be a folder of this user that nobody else may write to; "
                     "give another --cache"};
  }
  return ok;
}

bool try_lock(const Descriptor& lock, int how) {
  int code = 0;
  do {
    code = ::flock(lock.get(), how | LOCK_NB);
  } while (code != 0 && errno == EINTR);
  return code == 0;
}

bool lock_within(const Descriptor& lock, int how, milliseconds longest) {
  const auto end = steady_clock::now() + longest;
  while (!try_lock(lock, how)) {
    if (steady_clock::now() > end) {
      return false;
    }
    std::this_thread::sleep_for(milliseconds{10});
  }
  return true;
}

Status wait_for_lock(const Descriptor& lock, int how, const std::string& folder) {
  return lock_within(lock, how, longest_wait)
             ? ok
             : Status(Error{Error::Kind::limit,
                            text::printable(folder) +
                                ": another process has held the cache for a minute; end it, or "
                                "give another --cache"});
}

Descriptor open_lock(const std::string& path) {
  return Descriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
}

unsigned long inode_of(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0 ? status.st_ino : 0;
}

bool can_be_opened(const std::string& repository) {
  git_repository* raw = nullptr;
  const int code = git_repository_open_bare(&raw, repository.c_str());
  const RepositoryHandle opened(raw);
  return code == 0;
}

/// Made beside its place and renamed into it, so that a copy is whole or not there.
Status make_repository(const std::string& repository) {
  const std::string fresh = repository + ".new";
  std::error_code failure;
  fs::remove_all(fresh, failure);
  git_repository* raw = nullptr;
  const int code = git_repository_init(&raw, fresh.c_str(), 1);
  const RepositoryHandle made(raw);
  if (code != 0) {
    return last_error(Error::Kind::io, text::printable(fresh));
  }
  fs::rename(fresh, repository, failure);
  return failure ? Status(Error{Error::Kind::io,
                                text::printable(repository) + ": " + failure.message()})
                 : ok;
}

/// Renamed first: half of a repository must never be found under the name of a whole one.
void throw_away(const std::string& repository) {
  const std::string old = repository + ".old";
  std::error_code ignored;
  fs::remove_all(old, ignored);
  fs::rename(repository, old, ignored);
  fs::remove_all(old, ignored);
}

}  // namespace

Cache::Cache(std::string folder, Descriptor lock)
    : folder_(std::move(folder)), repository_(folder_ + "/repo.git"), lock_(std::move(lock)) {}

/// Holds the lock alone on entry and shared on return.
Status Cache::settle() {
  tidy_folder(folder_);
  if (!can_be_opened(repository_)) {
    throw_away(repository_);
    SLUICE_TRY(make_repository(repository_));
  }
  tidy_repository(repository_);
  return wait_for_lock(lock_, LOCK_SH, folder_);
}

Result<Cache> Cache::open(const std::string& cache_dir, const std::string& url) {
  use_library();
  std::error_code failure;
  const std::string top = fs::absolute(cache_dir, failure).lexically_normal().string();
  if (cache_dir.empty() || failure) {
    return Error{Error::Kind::usage, "--cache needs a folder"};
  }
  const std::string folder = top + '/' + hex(sha256(url)).substr(0, 24);
  SLUICE_TRY(make_private(top));
  SLUICE_TRY(make_private(folder));
  const std::string path = folder + "/lock";
  Descriptor lock = open_lock(path);
  if (!lock) {
    return system_error(path);
  }
  Cache cache(folder, std::move(lock));
  if (try_lock(cache.lock_, LOCK_EX)) {
    SLUICE_TRY(cache.settle());
  } else {
    SLUICE_TRY(wait_for_lock(cache.lock_, LOCK_SH, folder));
    if (!can_be_opened(cache.repository_)) {
      SLUICE_TRY(cache.replace());
    }
  }
  cache.inode_ = inode_of(cache.repository_);
  return cache;
}

Status Cache::replace() {
  // Given up before it is taken alone: two who both held it shared would wait for each other.
  (void)::flock(lock_.get(), LOCK_UN);
  SLUICE_TRY(wait_for_lock(lock_, LOCK_EX, folder_));
  if (inode_ == inode_of(repository_)) {
    throw_away(repository_);
  }
  SLUICE_TRY(settle());
  inode_ = inode_of(repository_);
  return ok;
}

Descriptor Cache::take_turn(milliseconds longest) const {
  Descriptor turn = open_lock(folder_ + "/turn");
  return turn && lock_within(turn, LOCK_EX, longest) ? std::move(turn) : Descriptor();
}

}  // namespace sluice::git

// SPDX-License-Identifier: Apache-2.0
#include "io/files.hpp"

#include "base/descriptor.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <sys/mman.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace sluice::io {

namespace {

namespace fs = std::filesystem;

Error file_error(const std::string& path, int number) {
  const bool missing = number == ENOENT || number == ENOTDIR;
  return {missing ? Error::Kind::not_found : Error::Kind::io,
          text::printable(path) + ": " + std::generic_category().message(number)};
}

/// A regular file says its size before it is read; anything else is read until it is too much.
Error too_large(const std::string& path, std::uint64_t limit, std::uint64_t size = 0) {
  const std::string most = std::to_string(limit);
  return {Error::Kind::limit,
          text::printable(path) + " has " +
              (size == 0 ? "more than the " + most + " bytes allowed"
                         : std::to_string(size) + " bytes, more than the " + most + " allowed")};
}

/// Room of large pages, where the system has them: a page fault for each 4 KiB would take longer
/// than the reading.
void reserve_whole(std::string& bytes, std::uint64_t size) {
  constexpr std::uintptr_t page = std::uintptr_t{2} << 20U;
  bytes.reserve(size);
  const auto begin = (reinterpret_cast<std::uintptr_t>(bytes.data()) + page - 1) / page * page;
  const auto end = (reinterpret_cast<std::uintptr_t>(bytes.data()) + size) / page * page;
  if (begin < end) {
    (void)::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);  // only a wish
  }
}

/// Everything up to the end of `descriptor`; `expected` is what a regular file says of its size.
Result<std::string> read_all(int descriptor,
                             const std::string& path,
                             std::uint64_t expected,
                             std::uint64_t limit) {
  constexpr std::size_t step = 64 * 1024;
  std::string bytes;
  std::size_t used = 0;
  reserve_whole(bytes, expected + 1);
  bytes.resize(expected + 1);  // one more, so that the read that finds the end needs no growth
  for (;;) {
    if (used == bytes.size()) {
      bytes.resize(used + std::max(step, used / 2));
    }
    const ssize_t got = ::read(descriptor, bytes.data() + used, bytes.size() - used);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      return file_error(path, errno);
    }
    if (got == 0) {
      bytes.resize(used);
      return bytes;
    }
    used += static_cast<std::size_t>(got);
    if (used > limit) {
      return too_large(path, limit);
    }
  }
}

Status write_all(int descriptor, const std::string& path, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written < 0) {
      return Error{Error::Kind::io, file_error(path, errno).message};
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return ok;
}

/// A device, a pipe or what a name in /dev stands for must never be renamed over: `--report
/// json=/dev/stdout` as root would replace the link itself. /dev/shm is a folder like any other.
bool is_written_in_place(const std::string& path) {
  struct stat status {};
  const bool there = ::stat(path.c_str(), &status) == 0;
  const bool device = path.starts_with("/dev/") && !path.starts_with("/dev/shm/");
  return device || path.starts_with("/proc/") ||
         (there && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode));
}

Status write_in_place(const std::string& path, std::string_view bytes) {
  // Appending: /dev/stdout may stand for a file that already holds something.
  const Descriptor descriptor(::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY));
  if (!descriptor) {
    return Error{Error::Kind::io, file_error(path, errno).message};
  }
  return write_all(descriptor.get(), path, bytes);
}

/// A name in the same folder that nobody else uses.
std::string temporary_name(const std::string& path) {
  static std::atomic<unsigned> serial{0};
  const fs::path target(path);
  const std::string name = "." + target.filename().string().substr(0, 200) + ".tmp-" +
                           std::to_string(::getpid()) + "-" + std::to_string(serial++);
  return (target.parent_path() / name).string();
}

Status write_new(const std::string& temporary, const std::string& path, std::string_view bytes) {
  // 0666 less the umask, as a file made by any other program; an old file keeps its mode.
  Descriptor descriptor(
      ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666));
  if (!descriptor) {
    return Error{Error::Kind::io, file_error(path, errno).message};
  }
  struct stat old {};
  if (::lstat(path.c_str(), &old) == 0 && S_ISREG(old.st_mode)) {
    (void)::fchmod(descriptor.get(), old.st_mode & 0777U);  // for convenience only: may fail
  }
  SLUICE_TRY(write_all(descriptor.get(), path, bytes));
  if (const int number = descriptor.close(); number != 0) {  // a full quota may show only here
    return Error{Error::Kind::io, file_error(path, number).message};
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) {
    return Error{Error::Kind::io, file_error(path, errno).message};
  }
  return ok;
}

EntryKind kind_from_mode(mode_t mode) {
  return S_ISREG(mode)   ? EntryKind::file
         : S_ISDIR(mode) ? EntryKind::directory
         : S_ISLNK(mode) ? EntryKind::symlink
                         : EntryKind::other;
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::uint64_t limit) {
  const Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  struct stat status {};
  if (!descriptor || ::fstat(descriptor.get(), &status) != 0) {
    return file_error(path, errno);
  }
  if (S_ISDIR(status.st_mode)) {
    return file_error(path, EISDIR);
  }
  const std::uint64_t size =
      S_ISREG(status.st_mode) ? static_cast<std::uint64_t>(status.st_size) : 0;
  if (size > limit) {
    return too_large(path, limit, size);
  }
  return read_all(descriptor.get(), path, size, limit);
}

Result<std::string> read_stdin(std::uint64_t limit) {
  return read_all(STDIN_FILENO, "standard input", 0, limit);
}

Status write_atomically(const std::string& path, std::string_view bytes) {
  if (is_written_in_place(path)) {
    return write_in_place(path, bytes);
  }
  std::error_code failure;
  if (const fs::path folder = fs::path(path).parent_path(); !folder.empty()) {
    fs::create_directories(folder, failure);
    if (failure) {
      return Error{Error::Kind::io, file_error(folder.string(), failure.value()).message};
    }
  }
  const std::string temporary = temporary_name(path);
  Status written = write_new(temporary, path, bytes);
  if (!written) {
    (void)::unlink(temporary.c_str());
  }
  return written;
}

EntryKind kind_of(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0 ? kind_from_mode(status.st_mode) : EntryKind::other;
}

bool exists(const std::string& path) {
  return ::access(path.c_str(), F_OK) == 0;
}

Result<std::string> normalise_inside(std::string_view path) {
  const std::string shown = '"' + text::printable(path) + '"';
  if (path.find('\0') != std::string_view::npos) {
    return Error{Error::Kind::usage, "path " + shown + " holds a NUL byte"};
  }
  std::vector<std::string> parts;
  bool leaves = path.starts_with('/');
  for (const std::string_view part : text::split(path, '/')) {
    if (part == ".." && parts.empty()) {
      leaves = true;
    } else if (part == "..") {
      parts.pop_back();
    } else if (!part.empty() && part != ".") {
      parts.emplace_back(part);
    }
  }
  if (leaves) {
    return Error{Error::Kind::usage, "path " + shown + " leaves the repository"};
  }
  return parts.empty() ? std::string(".") : text::join(parts, "/");
}

Result<std::string> resolve_inside(const std::string& root, std::string_view relative) {
  SLUICE_TRY(normalise_inside(relative));
  const std::string path = root + '/' + std::string(relative);
  const auto real = [](const std::string& name) {
    char* const resolved = ::realpath(name.c_str(), nullptr);
    std::string copy(resolved == nullptr ? "" : resolved);
    std::free(resolved);  // NOLINT(cppcoreguidelines-no-malloc): realpath allocates
    return copy;
  };
  const std::string real_root = real(root);
  if (real_root.empty()) {
    return file_error(root, errno);
  }
  std::string real_path = real(path);
  if (real_path.empty()) {
    return file_error(path, errno);
  }
  const std::string prefix = real_root == "/" ? real_root : real_root + '/';
  if (real_path != real_root && !real_path.starts_with(prefix)) {
    return Error{Error::Kind::usage,
                 "path \"" + text::printable(relative) + "\" leaves the repository by a link"};
  }
  return real_path;
}

Result<TemporaryDirectory> TemporaryDirectory::make(std::string_view label) {
  const char* const base = std::getenv("TMPDIR");
  std::string path = base == nullptr || *base == '\0' ? "/tmp" : base;
  path += "/sluice-" + std::string(label) + "-XXXXXX";
  if (::mkdtemp(path.data()) == nullptr) {
    return Error{Error::Kind::io, file_error(path, errno).message};
  }
  std::error_code ignored;
  fs::path absolute = fs::absolute(path, ignored);  // a program run elsewhere must find it too
  return TemporaryDirectory(absolute.empty() ? path : absolute.string());
}

TemporaryDirectory::~TemporaryDirectory() {
  if (path_.empty()) {
    return;
  }
  std::error_code failure;
  fs::remove_all(path_, failure);
  if (failure) {  // a program may have left folders that nobody may write to
    std::error_code ignored;
    for (fs::recursive_directory_iterator it(path_, ignored), end; it != end && !ignored;
         it.increment(ignored)) {
      if (it->is_directory(ignored) && !it->is_symlink(ignored)) {
        fs::permissions(it->path(), fs::perms::owner_all, fs::perm_options::add, ignored);
      }
    }
    fs::remove_all(path_, failure);
  }
}

TemporaryDirectory::TemporaryDirectory(TemporaryDirectory&& other) noexcept
    : path_(std::exchange(other.path_, {})) {}

TemporaryDirectory& TemporaryDirectory::operator=(TemporaryDirectory&& other) noexcept {
  std::swap(path_, other.path_);
  return *this;
}

}  // namespace sluice::io

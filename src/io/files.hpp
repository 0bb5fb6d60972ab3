// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::io {

constexpr std::uint64_t default_file_limit = std::uint64_t{1} << 30;  ///< bytes

/// The whole file. Errors: not_found, io (a directory, unreadable), limit (more than `limit` bytes;
/// nothing is read then).
Result<std::string> read_file(const std::string& path, std::uint64_t limit = default_file_limit);

/// Everything on standard input, up to `limit` bytes. Errors: io, limit.
Result<std::string> read_stdin(std::uint64_t limit = default_file_limit);

/// Writes beside the target and renames over it, so that a reader sees the old bytes or the new
/// ones; parent folders are made. A device, a pipe or a name in /dev is written to as it is.
/// Errors: io.
Status write_atomically(const std::string& path, std::string_view bytes);

enum class EntryKind : std::uint8_t { file, directory, symlink, other };

struct Entry {
  std::string path;  ///< Relative to the walk's root, with '/'.
  EntryKind kind;
};

/// Everything below `root`, sorted by bytes of the path; symbolic links are listed, never followed.
/// A directory for which `enter` says no is listed but not entered. Errors: not_found, io (an
/// unreadable folder).
Result<std::vector<Entry>> walk(const std::string& root,
                                const std::function<bool(std::string_view directory)>& enter = {});

/// `path` with "." and ".." resolved by words alone, relative to an imagined root: "a/../b" is "b",
/// the root itself is ".". Error (usage) when it leaves the root ("../x", "/etc") or holds a NUL
/// byte. Every path written in a manifest is looked at with this first.
Result<std::string> normalise_inside(std::string_view path);

/// The real path of root/relative after all symbolic links. Errors: not_found; usage when it lies
/// outside `root` ("leaves the repository").
Result<std::string> resolve_inside(const std::string& root, std::string_view relative);

/// Of the path itself: links are not followed. `other` when there is nothing.
EntryKind kind_of(const std::string& path);

/// Whether something is there; a link that leads nowhere is nothing.
bool exists(const std::string& path);

/// A directory of its own below TMPDIR, removed with all it holds at the end of scope.
class TemporaryDirectory {
 public:
  static Result<TemporaryDirectory> make(std::string_view label);
  ~TemporaryDirectory();
  TemporaryDirectory(TemporaryDirectory&&) noexcept;
  TemporaryDirectory& operator=(TemporaryDirectory&&) noexcept;
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  explicit TemporaryDirectory(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

}  // namespace sluice::io

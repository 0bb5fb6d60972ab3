// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/sha256.hpp"
#include "io/files.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::io {

/// The files below one folder as a run sees them. Each path is resolved once, each file is read
/// once: a thousand units that share a values file pay for it once, and all of them see the same
/// bytes. What is not there is remembered, too. Paths are relative to the root, with '/'. Safe from
/// several threads.
class Snapshot {
 public:
  using Bytes = std::shared_ptr<const std::string>;
  using Entries = std::shared_ptr<const std::vector<Entry>>;

  /// Not explicit: a function that looks at one folder takes its name as well.
  Snapshot(std::string root);  // NOLINT(google-explicit-constructor)
  ~Snapshot();
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

  [[nodiscard]] const std::string& root() const;

  /// As resolve_inside: the real path after all links, which lies below the root.
  [[nodiscard]] Result<std::string> resolve(std::string_view path) const;

  /// What the path leads to after all links; `other` when it leads nowhere, or out of the root.
  [[nodiscard]] EntryKind kind(std::string_view path) const;

  /// The whole file. Errors as resolve() and read_file(), in words without the root. Small files
  /// are kept, up to a bound; big ones are read again.
  [[nodiscard]] Result<Bytes> read(std::string_view path,
                                   std::uint64_t limit = default_file_limit) const;

  /// Of the file's bytes, whatever its size. Errors as read().
  [[nodiscard]] Result<Digest> digest(std::string_view path) const;

  /// As walk(), without what lies in a folder called .git.
  [[nodiscard]] Result<Entries> walk(const std::string& folder) const;

 private:
  struct Seen;
  struct State;
  const Seen& look(std::string_view path) const;
  [[nodiscard]] Seen look_anew(std::string_view path) const;

  std::unique_ptr<State> state_;
};

/// What the run has seen so far; a look of its own when it keeps none.
inline std::shared_ptr<const Snapshot> snapshot_of(std::shared_ptr<const Snapshot> kept,
                                                   const std::string& root) {
  return kept ? std::move(kept) : std::make_shared<const Snapshot>(root);
}

}  // namespace sluice::io

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace sluice::git {

/// Inside of src/git only: references of the bare repository, below refs/sluice/. Written by rename
/// and not by libgit2, whose lock files would stay when we are killed.

/// Remembers where a branch was at last: the next fetch offers it to the server, which then sends
/// only what is newer. Errors: io.
Status keep_tip(const std::string& repository, const std::string& branch, const std::string& tip);

/// A reference to a commit for as long as it is pushed: libgit2 1.5 pushes references only.
class PushReference {
 public:
  /// Errors: io.
  static Result<PushReference> make(const std::string& repository, const std::string& commit);
  ~PushReference();
  PushReference(PushReference&&) = default;
  PushReference& operator=(PushReference&&) = default;
  PushReference(const PushReference&) = delete;
  PushReference& operator=(const PushReference&) = delete;
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  PushReference(std::string path, std::string name)
      : path_(std::move(path)), name_(std::move(name)) {}

  std::string path_;
  std::string name_;
};

/// What the names of push references begin with.
inline constexpr std::string_view push_prefix = "push-";

}  // namespace sluice::git

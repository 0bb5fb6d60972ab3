// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/time.hpp"
#include "cli/tool.hpp"
#include "config/config.hpp"
#include "git/transport.hpp"
#include "git/upstream.hpp"
#include "promote/evaluate.hpp"
#include "promote/settings.hpp"
#include "promote/tree.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace sluice::promote {

/// The clock of every rule: --now, else this moment.
Result<time::Seconds> clock_of(const cli::Common& common);

/// The variable of the process, or empty.
std::string environment_variable(const char* name);

/// Whether --repository is a folder on disk (files are changed in place, nothing is committed) and
/// no repository to push to: an address, or a bare repository.
bool is_folder(const std::string& repository);

/// A repository on a server, with all that is needed to talk to it.
class Site {
 public:
  /// Errors: usage (time-outs, tokens), not_found (no sluice-git), and those of Upstream::open.
  static Result<std::unique_ptr<Site>> open(const Settings& options);

  /// The branch as it is now. Errors: not_found (no such branch), io (what the server said).
  Result<std::string> tip(const std::string& branch);

  [[nodiscard]] git::Upstream& upstream() { return *upstream_; }
  [[nodiscard]] const proc::Runner& runner() const { return *runner_; }
  [[nodiscard]] const git::Access& access() const { return access_; }
  [[nodiscard]] const std::string& branch() const { return branch_; }

  /// Puts `transport` in front of the one that pushes with Git. It must outlive the site.
  using Wrap = std::function<std::unique_ptr<git::Transport>(const git::Transport& inner)>;
  static Result<std::unique_ptr<Site>> open(const Settings& options, const Wrap& wrap);

 private:
  Site() = default;

  std::unique_ptr<proc::Runner> runner_;
  std::unique_ptr<git::Transport> inner_, transport_;
  git::Access access_;
  std::optional<git::Upstream> upstream_;
  std::string branch_;
};

/// A commit of a site.
class CommitTree : public Tree {
 public:
  CommitTree(git::Upstream& upstream, std::string commit)
      : upstream_(upstream), commit_(std::move(commit)) {}

  Result<std::vector<std::string>> list(std::span<const std::string> globs) override;
  Status scan(
      std::span<const std::string> globs,
      const std::function<bool(const std::string& path)>& wanted,
      const std::function<void(const std::string& path, std::string_view bytes)>& visit) override;
  Result<std::optional<std::string>> read(const std::string& path) override;

 private:
  git::Upstream& upstream_;
  std::string commit_;
};

/// A folder on disk, without what is below .git. Links are no files.
class FolderTree : public Tree {
 public:
  explicit FolderTree(std::string root) : root_(std::move(root)) {}

  Result<std::vector<std::string>> list(std::span<const std::string> globs) override;
  Status scan(
      std::span<const std::string> globs,
      const std::function<bool(const std::string& path)>& wanted,
      const std::function<void(const std::string& path, std::string_view bytes)>& visit) override;
  Result<std::optional<std::string>> read(const std::string& path) override;

 private:
  std::string root_;
};

/// How commits are signed: --sign and --signing-key, else promote.signing; not at all where the
/// forge makes them. Errors: usage.
Result<git::Signing> signing_of(const Settings& options, const config::Config& config);

/// sluice.yaml of the tree, or --config.
Result<config::Config> config_of(Tree& tree, const cli::Common& common);

}  // namespace sluice::promote

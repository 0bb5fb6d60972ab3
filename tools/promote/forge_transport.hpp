// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "forge/forge.hpp"
#include "git/commit.hpp"
#include "git/transport.hpp"
#include "http/client.hpp"
#include "proc/runner.hpp"
#include "promote/settings.hpp"

#include <memory>
#include <optional>
#include <string>

namespace sluice::promote {

/// The forge that --forge, --forge-url and --project, or else the repository's address, name. The
/// token is that of SLUICE_FORGE_TOKEN, else the one for Git. `client` must outlive it.
/// Errors: usage.
Result<std::unique_ptr<forge::Forge>> open_forge(const Settings& options,
                                                 const http::Client& client);

/// Fetches with Git and lets the forge make the commit, on the condition that nothing has changed:
/// no signature of ours is needed, and the forge signs. A file that is executable keeps its mode
/// only with Git: such a commit is pushed.
class ForgeTransport : public git::Transport {
 public:
  ForgeTransport(const git::Transport& inner, forge::Forge& forge) : inner_(inner), forge_(forge) {}

  /// What the next push is to hold.
  void prepare(const git::Draft& draft) { draft_ = draft; }
  /// The id that the forge gave the last commit; empty when there is none.
  [[nodiscard]] const std::string& made() const { return made_; }

  [[nodiscard]] Result<git::Exchange> fetch(const std::string& repository,
                                            const std::string& url,
                                            const std::string& branch,
                                            const git::Access& access) const override;
  [[nodiscard]] Result<git::Exchange> push(const std::string& repository,
                                           const std::string& url,
                                           const git::Push& push,
                                           const git::Access& access) const override;

 private:
  const git::Transport& inner_;
  forge::Forge& forge_;
  std::optional<git::Draft> draft_;
  mutable std::string made_;
};

}  // namespace sluice::promote

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "git/replay.hpp"
#include "git/transport.hpp"
#include "git/upstream.hpp"
#include "support/git_server.hpp"

#include <memory>
#include <string>

/// What the tests of src/git do to servers, as a promotion would.
namespace sluice::test {

/// An Upstream with all that it needs.
struct Promoter {
  Promoter(const std::string& url,
           const std::filesystem::path& cache,
           const git::Access& access,
           const git::Signing& signing = {})
      : runner(proc::make_runner()),
        transport(git::make_transport(*runner, SLUICE_BIN_DIR "/sluice-git")),
        opened(git::Upstream::open({url, cache.string(), access, signing}, *transport, *runner)) {}

  git::Upstream* operator->() { return &*opened; }

  std::unique_ptr<proc::Runner> runner;
  std::unique_ptr<git::Transport> transport;
  Result<git::Upstream> opened;
};

/// How `server` is reached by those who may.
git::Access access_to(const GitServer& server, GitServer::Kind kind, const std::string& token = {});

/// A commit that gives one file these bytes.
git::Draft draft_of(const std::string& parent, const std::string& path, const std::string& bytes);

/// The edit that adds 1 to the number in `path`, unless `id` has been done there already: the
/// file's further lines are the ids done.
git::Edit increment(git::Upstream& upstream, const std::string& path, const std::string& id);

}  // namespace sluice::test

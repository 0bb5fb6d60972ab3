// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "forge/project.hpp"
#include "http/client.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

/// What the tools ask of GitHub and GitLab, over their REST APIs (and GitHub's GraphQL, where it
/// has the only commit with a condition).
namespace sluice::forge {

/// How a forge is asked.
struct Access {
  std::string token;    ///< never in a message
  std::string ca_file;  ///< or empty
  std::string proxy;    ///< "auto": as the environment says; empty: none
  /// All waiting together; a forge that wants more is given up.
  std::chrono::seconds patience{120};
  std::chrono::milliseconds timeout{60'000};        ///< of one request
  std::function<void(std::chrono::seconds)> sleep;  ///< empty: really sleeps
};

/// A pull request, or GitLab's merge request.
struct PullRequest {
  std::string branch;  ///< with the change
  std::string into;
  std::string title, body;
};

enum class Opening : std::uint8_t { created, updated, unchanged };

struct Opened {
  Opening opening = Opening::unchanged;
  std::string url;  ///< for people
};

/// A commit that the forge makes, and signs.
struct ServerCommit {
  struct File {
    std::string path, bytes;
    bool is_new = false;
  };
  std::string branch;
  std::string tip;          ///< the full id of the commit that it is built on
  bool new_branch = false;  ///< the branch is made, at `tip`
  std::string message;
  std::string author_name, author_email;  ///< GitLab only; GitHub takes the token's owner
  std::vector<File> files;
};

enum class Said : std::uint8_t {
  done,     ///< the commit is there
  moved,    ///< what it was built on has changed; nothing was done
  refused,  ///< no: `message` says why
};

struct Committed {
  Said said = Said::refused;
  std::string commit;  ///< full id when done
  std::string message;
};

class Forge {
 public:
  virtual ~Forge() = default;

  /// The open pull request from the branch into the other, with this title and body: found, or
  /// made; never a second one. Errors, here and below: usage (the forge says no: with its words),
  /// io (it does not answer), parse (no JSON).
  virtual Result<Opened> open_pull_request(const PullRequest& wanted) = 0;

  /// Whether there is an open one.
  virtual Result<bool> has_pull_request(const std::string& branch, const std::string& into) = 0;

  /// Contexts (and names of check runs, or jobs) whose newest state at the commit is success.
  virtual Result<std::vector<std::string>> successful_statuses(const std::string& commit) = 0;

  /// A commit only if nothing has changed: of the branch (GitHub: createCommitOnBranch with
  /// expectedHeadOid), or of each file (GitLab: last_commit_id).
  virtual Result<Committed> commit(const ServerCommit& commit) = 0;
};

/// `client` must outlive it.
std::unique_ptr<Forge> make_forge(const http::Client& client, Project project, Access access);

}  // namespace sluice::forge

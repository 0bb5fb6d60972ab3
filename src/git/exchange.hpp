// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "git/access.hpp"

#include <cstdint>
#include <string>

namespace sluice::git {

enum class Outcome : std::uint8_t {
  done,         ///< fetched, or pushed: the server was read again and has it
  no_branch,    ///< fetch only: the server answers, but has no such branch
  lost_race,    ///< push only: the branch has moved; nothing of ours is in it
  rejected,     ///< push only: the server said no, and the branch has not moved
  refused,      ///< cannot work without a change: credentials, host key, certificate, address
  unreachable,  ///< may work later: network, silent or broken server
};

/// What came of a fetch or a push.
struct Exchange {
  Outcome outcome = Outcome::unreachable;
  std::string tip;  ///< the branch on the server as last read (full id); empty when not known
  /// Unless done: one line that says what is wrong and the way out, printable and without secrets.
  /// What the server said on the side (hook output) is at its end.
  std::string message;
};

/// A push of one commit to one branch, only if the branch is still what the commit was built on.
struct Push {
  std::string branch;    ///< "main"
  std::string expected;  ///< the commit that the branch must be at; empty: it must not be there yet
  std::string commit;    ///< in `repository`; its parent is `expected`
};

/// Where a server is talked to. Errors are those of this machine (no sluice-git, disk full, the
/// repository is not one); everything that a server can cause is an Outcome.
class Transport {
 public:
  virtual ~Transport() = default;

  /// Brings the branch into the bare repository, without tags. Outcomes: done (tip set), no_branch,
  /// refused, unreachable.
  [[nodiscard]] virtual Result<Exchange> fetch(const std::string& repository,
                                               const std::string& url,
                                               const std::string& branch,
                                               const Access& access) const = 0;

  /// Pushes, then reads the branch again, which alone decides what came of it; only when nothing
  /// was sent is there nothing to decide. Never forces. Outcomes: all but no_branch; "unreachable"
  /// with an empty tip means that it is not known whether the push has arrived.
  [[nodiscard]] virtual Result<Exchange> push(const std::string& repository,
                                              const std::string& url,
                                              const Push& push,
                                              const Access& access) const = 0;
};

}  // namespace sluice::git

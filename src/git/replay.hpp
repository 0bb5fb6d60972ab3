// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "git/upstream.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::git {

/// The edit, evaluated on a commit that the branch is at: what is to be committed there, or nothing
/// when it is so already. Called again, from the beginning, on each new tip; nothing is ever
/// merged.
using Edit = std::function<Result<std::optional<Draft>>(const std::string& tip)>;

struct ReplayOptions {
  std::string branch;
  std::string id;       ///< the promotion's; with the process it spreads the waiting times
  unsigned tries = 30;  ///< in all
  unsigned reach = 8;   ///< in a row that did not reach the server: some six seconds of waiting
  std::chrono::milliseconds longest_wait{5'000};
  std::function<void(std::chrono::milliseconds)> sleep;  ///< empty: really sleeps
};

struct Replayed {
  /// done: the branch holds it, with `commit` or, when that is empty, before we came. lost_race:
  /// the tries are used up. Else what the last exchange said.
  Outcome outcome = Outcome::unreachable;
  std::string commit;
  std::string tip;      ///< the branch as last read
  std::string message;  ///< as in Exchange
  unsigned tries = 0;
};

/// Fetch, evaluate, commit, push; again after a lost race or an unreachable server, until done,
/// refused, or `tries`. Those who share a cache try one after the other, except while the server
/// does not answer. A rejection counts only when it has come three times with the branch unmoved: a
/// server says the same when two pushes meet at its lock.
Result<Replayed> replay(Upstream& upstream, const Edit& edit, const ReplayOptions& options);

/// How long to wait after the n-th try (from 1): between nothing and 100 ms * 2^(n-1), at most
/// `longest`; the same for the same id and n. The spread is what keeps many who lost to one apart.
std::chrono::milliseconds backoff(std::string_view id,
                                  unsigned n,
                                  std::chrono::milliseconds longest);

}  // namespace sluice::git

// SPDX-License-Identifier: Apache-2.0
#include "git/replay.hpp"

#include "base/sha256.hpp"

#include <algorithm>
#include <thread>
#include <unistd.h>

namespace sluice::git {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds first_wait{100};
constexpr unsigned most_rejections = 3;
constexpr milliseconds longest_turn{60'000};  ///< that others are waited for

class Replay {
 public:
  Replay(Upstream& upstream, const Edit& edit, const ReplayOptions& options)
      : upstream_(upstream), edit_(edit), options_(options) {}

  Result<Replayed> run() {
    for (;;) {
      ++last_.tries;
      bool settled = false;
      SLUICE_TRY_ASSIGN(settled, attempt());
      if (settled || is_enough()) {
        return std::move(last_);
      }
      const milliseconds whole = backoff(who_, last_.tries, options_.longest_wait);
      // Who has lost must not wait while others come new and win; the push that won is over.
      const milliseconds wait = last_.outcome == Outcome::lost_race ? whole / 4 : whole;
      if (options_.sleep) {
        options_.sleep(wait);
      } else {
        std::this_thread::sleep_for(wait);
      }
    }
  }

 private:
  [[nodiscard]] bool is_enough() const {
    return last_.tries >= options_.tries || rejections_ >= most_rejections ||
           unreached_ >= options_.reach;
  }

  void note(const Exchange& exchange) {
    last_.outcome = exchange.outcome;
    last_.tip = exchange.tip;
    last_.message = exchange.message;
    unreached_ = exchange.outcome == Outcome::unreachable ? unreached_ + 1 : 0;
    if (unreached_ != 0) {
      turn_.close();  // who waits for a server keeps nobody waiting
    }
  }

  /// Whether this is the end of it.
  Result<bool> attempt() {
    if (!turn_ && unreached_ == 0) {
      turn_ = upstream_.take_turn(longest_turn);
    }
    Exchange fetched;
    SLUICE_TRY_ASSIGN(fetched, upstream_.fetch(options_.branch));
    if (fetched.outcome != Outcome::done) {
      note(fetched);
      return fetched.outcome != Outcome::unreachable;
    }
    last_.tip = fetched.tip;
    bool arrived = false;  // a push of ours whose answer was lost
    if (!last_.commit.empty()) {
      SLUICE_TRY_ASSIGN(arrived, upstream_.contains(fetched.tip, last_.commit));
    }
    if (arrived) {
      last_.outcome = Outcome::done;
      last_.message.clear();
      return true;
    }
    return change(fetched.tip);
  }

  Result<bool> change(const std::string& tip) {
    std::optional<Draft> draft;
    SLUICE_TRY_ASSIGN(draft, edit_(tip));
    if (!draft) {
      note({Outcome::done, tip, {}});
      last_.commit.clear();
      return true;
    }
    SLUICE_TRY_ASSIGN(last_.commit, upstream_.commit(*draft));
    Exchange pushed;
    SLUICE_TRY_ASSIGN(pushed, upstream_.push({options_.branch, tip, last_.commit}));
    note(pushed);
    rejections_ = pushed.outcome == Outcome::rejected ? rejections_ + 1 : 0;
    return pushed.outcome == Outcome::done || pushed.outcome == Outcome::refused;
  }

  Upstream& upstream_;
  const Edit& edit_;
  const ReplayOptions& options_;
  /// Two runners may do the same promotion, and processes of two runners may have the same number.
  const std::string who_ = options_.id + '\n' + std::to_string(::getpid());
  Replayed last_;
  Descriptor turn_;
  unsigned rejections_ = 0;  ///< in a row
  unsigned unreached_ = 0;   ///< in a row
};

}  // namespace

Result<Replayed> replay(Upstream& upstream, const Edit& edit, const ReplayOptions& options) {
  return Replay(upstream, edit, options).run();
}

milliseconds backoff(std::string_view id, unsigned n, milliseconds longest) {
  const unsigned doublings = std::min(n == 0 ? 0 : n - 1, 20U);
  const std::int64_t whole =
      std::min<std::int64_t>(first_wait.count() << doublings, longest.count());
  const Digest digest = sha256(std::string(id) + '\n' + std::to_string(n));
  const std::int64_t jitter = digest[0] * 256 + digest[1];  // of 65536
  return milliseconds(whole * jitter / 65536);
}

}  // namespace sluice::git

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "proc/runner.hpp"

#include <functional>
#include <mutex>
#include <utility>
#include <vector>

namespace sluice::proc {

/// Runs nothing: records what was asked and answers what it was told to.
///
///   FakeRunner runner({.code = 1, .err = "Error: no such chart\n"});
///   FakeRunner runner([](const Command& command) -> Result<Finished> { ... });
class FakeRunner : public Runner {
 public:
  using Answer = std::function<Result<Finished>(const Command&)>;

  explicit FakeRunner(Finished always)
      : answer_([finished = std::move(always)](const Command&) { return finished; }) {}
  explicit FakeRunner(Answer answer) : answer_(std::move(answer)) {}

  [[nodiscard]] Result<Finished> run(const Command& command) const override {
    const std::lock_guard lock(mutex_);
    commands_.push_back(command);
    return answer_(command);
  }

  /// In the order of the calls.
  [[nodiscard]] std::vector<Command> commands() const {
    const std::lock_guard lock(mutex_);
    return commands_;
  }

 private:
  Answer answer_;
  mutable std::mutex mutex_;
  mutable std::vector<Command> commands_;
};

}  // namespace sluice::proc

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/descriptor.hpp"
#include "proc/runner.hpp"

/// Internal to this folder: what the kernel holds a program to.
namespace sluice::proc {

/// Made ready in the parent, entered in the child between fork and exec. No socket can be opened
/// (seccomp), and no file but those named (Landlock, from Linux 5.19
/// on). A kernel without one of the two goes without it: this is the second fence, behind our own
/// look at every input.
class Fence {
 public:
  Fence() = default;
  /// `program`: its absolute path; it may be read and run.
  Fence(const Confinement& confinement, const std::string& program);

  /// Only async-signal-safe calls. No way back for the process.
  void enter() const noexcept;

 private:
  bool wanted_ = false;
  Descriptor files_;  ///< a Landlock ruleset; none: the kernel has no Landlock
};

}  // namespace sluice::proc

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/descriptor.hpp"
#include "proc/runner.hpp"

#include <sys/types.h>

namespace sluice::proc {

/// A started program: the leader of a process group of its own, not yet waited for.
struct Started {
  pid_t pid = -1;
  Descriptor out;  ///< read ends, not blocking
  Descriptor err;
};

/// Reads both pipes until the program ends, enforces the time-out and the output cap, kills what is
/// left of the group and reaps the program. Ends at the latest a second after the time-out, also
/// when a grandchild that escaped the group keeps a pipe open.
Finished collect(Started started, std::chrono::milliseconds timeout, std::size_t max_output);

}  // namespace sluice::proc

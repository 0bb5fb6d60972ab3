// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "git/exchange.hpp"
#include "proc/runner.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace sluice::git {

/// Servers through libgit2 in a child process (`program transport`, which is sluice-git): libgit2
/// 1.5 waits for ever for a server that says nothing, and a child can be ended. The request goes
/// over stdin, so that no secret is in the process list. Local repositories (a path or file://)
/// need no child. `runner` must outlive the transport.
std::unique_ptr<Transport> make_transport(const proc::Runner& runner, std::string program);

/// The sluice-git beside this program or on PATH, or empty.
std::string find_helper();

/// What the child does: one request as JSON in, one reply as JSON out. Ends the process itself,
/// after writing a reply to descriptor `out`, when the server is silent for too long.
std::string serve(std::string_view request, int out);

}  // namespace sluice::git

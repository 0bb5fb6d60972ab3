// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/client.hpp"
#include "proc/runner.hpp"

namespace sluice::http {

/// A client that asks the program sluice-http, so that the caller does not load libcurl. `runner`
/// must outlive it. Without `program`, sluice-http is looked for beside this program, then on PATH.
/// Errors of send(), besides those of Client: not_found (no such program).
std::unique_ptr<Client> make_helper_client(const proc::Runner& runner, std::string program = {});

}  // namespace sluice::http

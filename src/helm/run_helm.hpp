// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "helm/template.hpp"

/// Internal to this folder: one run of helm, kept or not, and what it says made fit to be shown.
namespace sluice::helm {

/// Runs `argv` and fills output and warnings of `out`, or its failure. What is kept in the store is
/// not run again. Errors: helm could not be started; the store cannot be written.
Status run_helm(const proc::Runner& runner,
                const Settings& settings,
                const Request& request,
                std::vector<std::string> argv,
                Rendered& out);

/// The arguments as the index shows them: the same on every machine.
std::vector<std::string> shown(const Settings& settings,
                               const Request& request,
                               const std::vector<std::string>& argv);

}  // namespace sluice::helm

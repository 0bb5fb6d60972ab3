// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mutants/mutate.hpp"

#include <map>
#include <string>
#include <vector>

namespace sluice::test {

/// The manifests of tests/mutants/seeds, every document.
std::vector<yaml::Value> seeds();

/// The objects of tests/mutants/differences.yaml as they are written: one for each exception.
std::vector<Mutant> differences();

/// `per_kind` mutants of each kind of the seeds, in one order.
std::vector<Mutant> mutants(std::size_t per_kind, std::uint32_t seed = 20261120);

/// One stream of all of them; `begins` gets the line of each one's first line.
std::string stream_of(const std::vector<Mutant>& mutants, std::vector<std::uint32_t>& begins);

/// The first error of sluice-validate for each mutant, as Kubernetes 1.33; empty: accepted. A name
/// that stands twice in the stream counts as nothing.
std::vector<std::string> verdicts_of(const std::string& file,
                                     const std::vector<std::uint32_t>& begins);

}  // namespace sluice::test

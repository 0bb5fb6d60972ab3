// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "render/options.hpp"
#include "render/plan.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace sluice::render {

/// What of a plan is written: what --env and --unit leave, and of that what was rendered.
struct Chosen {
  std::vector<const Delivery*> deliveries;
  std::vector<const Skip*> skips;
  std::map<std::string, std::size_t> unchanged;  ///< units that were left out, by environment
};
Chosen choose(const Options& options, const Plan& plan);

/// What cannot be in the stream of an environment; of all of them when `env` is empty.
std::size_t count_skipped(const Chosen& chosen, const std::string& env);
/// What is not in it because it did not change.
std::size_t count_unchanged(const Chosen& chosen, const std::string& env);

std::set<std::string> environments(const Chosen& chosen);

}  // namespace sluice::render

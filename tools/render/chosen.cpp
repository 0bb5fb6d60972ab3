// SPDX-License-Identifier: Apache-2.0
#include "render/chosen.hpp"

#include "base/text.hpp"
#include "render/order.hpp"

#include <algorithm>

namespace sluice::render {
namespace {

bool wanted(const Options& options, const std::string& env, const std::string& unit) {
  const auto& envs = options.environments;
  const bool env_fits = envs.empty() || std::find(envs.begin(), envs.end(), env) != envs.end();
  const bool unit_fits =
      options.units.empty() ||
      std::any_of(options.units.begin(), options.units.end(),
                  [&](const auto& glob) { return text::glob_match(glob, unit); });
  return env_fits && unit_fits;
}

}  // namespace

Chosen choose(const Options& options, const Plan& plan) {
  Chosen chosen;
  for (const auto* delivery : sorted(plan.deliveries)) {
    if (wanted(options, delivery->unit.env, delivery->unit.name)) {
      chosen.deliveries.push_back(delivery);
    }
  }
  for (const auto& delivery : plan.deliveries) {
    if (delivery.stage == Stage::unchanged && !delivery.superseded &&
        wanted(options, delivery.unit.env, delivery.unit.name)) {
      ++chosen.unchanged[delivery.unit.env];
    }
  }
  for (const auto& skip : plan.skips) {
    if (wanted(options, skip.env, skip.name)) {
      chosen.skips.push_back(&skip);
    }
  }
  return chosen;
}

std::size_t count_skipped(const Chosen& chosen, const std::string& env) {
  std::size_t count = 0;
  for (const auto* delivery : chosen.deliveries) {
    if (env.empty() || delivery->unit.env == env) {
      count += delivery->lost + (delivery->failure.empty() ? 0U : 1U);
    }
  }
  return count + static_cast<std::size_t>(std::count_if(
                     chosen.skips.begin(), chosen.skips.end(),
                     [&](const auto* skip) { return env.empty() || skip->env == env; }));
}

std::size_t count_unchanged(const Chosen& chosen, const std::string& env) {
  std::size_t count = 0;
  for (const auto& [name, units] : chosen.unchanged) {
    count += env.empty() || name == env ? units : 0;
  }
  return count;
}

std::set<std::string> environments(const Chosen& chosen) {
  std::set<std::string> names;
  for (const auto* delivery : chosen.deliveries) {
    names.insert(delivery->unit.env);
  }
  for (const auto* skip : chosen.skips) {
    names.insert(skip->env);
  }
  for (const auto& [name, units] : chosen.unchanged) {
    names.insert(name);
  }
  return names;
}

}  // namespace sluice::render

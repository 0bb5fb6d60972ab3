// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "render/environments.hpp"
#include "render/plan.hpp"

#include <algorithm>

namespace sluice::render {

/// The one environment of what a unit leads to; empty when there are several or none.
std::string Plan::environment_below(const Delivery& delivery) const {
  std::set<std::string> found;
  for (const auto& other : deliveries) {
    if (other.parent == &delivery) {
      found.insert(other.unit.env);
    }
  }
  return found.size() == 1 ? *found.begin() : std::string();
}

/// Units whose paths say nothing: by their names, when those end in an environment that others
/// have; by the one environment of what they start; else "default". When sluice.yaml names
/// environments, only those count.
void Plan::settle_environments() {
  std::set<std::string> seen;
  for (const auto& delivery : deliveries) {
    seen.insert(delivery.unit.env);
  }
  seen.erase("");
  for (auto delivery = deliveries.rbegin(); delivery != deliveries.rend();
       ++delivery) {  // children come after parents
    auto& unit = delivery->unit;
    if (unit.env.empty() && parts_.config.environments.empty()) {
      unit.env = environment_in_name(unit.app.empty() ? unit.name : unit.app, seen);
      unit.env = unit.env.empty() ? environment_in_name(unit.name_space, seen) : unit.env;
    }
    unit.env = unit.env.empty() ? environment_below(*delivery) : unit.env;
  }
  const auto& known = parts_.config.environments;
  for (auto& delivery : deliveries) {
    auto& env = delivery.unit.env;
    if (env.empty()) {
      env = delivery.parent == nullptr || !known.empty() ? "default" : delivery.parent->unit.env;
    }
  }
  for (auto& skip : skips) {
    skip.env = skip.env.empty() ? "default" : skip.env;
  }
}

void Plan::report_unmatched() {
  const auto& known = parts_.config.environments;
  for (auto& delivery : deliveries) {
    const auto& env = delivery.unit.env;
    const bool named = std::any_of(known.begin(), known.end(), [&](const auto& environment) {
      return environment.name == env;
    });
    if (!known.empty() && !named) {
      delivery.findings.push_back(
          {.location = delivery.unit.defined_at,
           .code = "config/unmatched-unit",
           .message = text::printable(delivery.unit.name) + " matches no environment of " +
                      text::printable(parts_.config.file),
           .hint = "add a match for its path, application, destination or namespace",
           .unit = delivery.unit.name,
           .env = delivery.unit.env});
    }
  }
}

/// What starts everything is often delivered by what it started: Flux's own folder, an Application
/// among the others.
void Plan::supersede() {
  std::set<std::string> rendered;
  for (const auto& delivery : deliveries) {
    if (delivery.origin == Origin::delivered) {
      const bool looked_at = !delivery.tool.empty();
      const auto files =
          looked_at ? delivery.rendered : covered_files(parts_.repository, graph_, delivery.unit);
      rendered.insert(files.begin(), files.end());
    }
  }
  for (auto& delivery : deliveries) {
    delivery.superseded = delivery.origin == Origin::bootstrap && delivery.failure.empty() &&
                          !delivery.rendered.empty() &&
                          std::all_of(delivery.rendered.begin(), delivery.rendered.end(),
                                      [&](const auto& file) { return rendered.contains(file); });
  }
}

}  // namespace sluice::render

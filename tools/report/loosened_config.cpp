// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "base/time.hpp"
#include "k8s/quantity.hpp"
#include "report/loosened.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <map>

namespace sluice::report {

namespace {

using config::Config;
using Texts = std::vector<std::string>;

bool has(const Texts& texts, const std::string& text) {
  return std::ranges::find(texts, text) != texts.end();
}

/// Collects what one comparison finds.
class Comparison {
 public:
  explicit Comparison(const Config& head)
      : file_{.file = head.file.empty() ? "sluice.yaml" : head.file} {}

  void add(std::string section, std::string what) {
    add(std::move(section), std::move(what), file_);
  }
  void add(std::string section, std::string what, const diag::Location& at) {
    found_.push_back({std::move(section), std::move(what), at});
  }

  /// Items that a judge needs: each that is gone makes it weaker.
  void gone(const std::string& section,
            const std::string& what,
            const Texts& base,
            const Texts& head) {
    for (const std::string& item : base) {
      if (!has(head, item)) {
        add(section, what + " no longer has " + text::printable(item, 80));
      }
    }
  }

  std::vector<Loosening> take() { return std::move(found_); }

 private:
  diag::Location file_;
  std::vector<Loosening> found_;
};

void compare_environments(const Config& base, const Config& head, Comparison& found) {
  for (const config::Environment& env : base.environments) {
    const auto other = std::ranges::find(head.environments, env.name, &config::Environment::name);
    if (other == head.environments.end()) {
      found.add("environments", "the environment " + env.name + " is gone");
      continue;
    }
    found.gone("environments", "environments[" + env.name + "].after", env.after, other->after);
  }
}

void compare_render(const Config& base, const Config& head, Comparison& found) {
  for (const config::IgnoredPath& ignored : head.ignored_paths) {
    if (std::ranges::find(base.ignored_paths, ignored.path, &config::IgnoredPath::path) ==
        base.ignored_paths.end()) {
      found.add("render", "render.ignore has the new path " + text::printable(ignored.path, 80),
                ignored.at);
    }
  }
  constexpr std::array<std::string_view, 3> strictness = {"mask", "warn", "fail"};
  const auto rank = [&](const std::string& word) { return std::ranges::find(strictness, word); };
  if (rank(head.unstable) < rank(base.unstable)) {
    found.add("render", "render.unstable is " + head.unstable + ", was " + base.unstable);
  }
}

void compare_amounts(const std::string& what,
                     const std::map<std::string, std::string>& base,
                     const std::map<std::string, std::string>& head,
                     Comparison& found) {
  for (const auto& [resource, amount] : base) {
    const std::string key = what + '.' + resource;
    const auto other = head.find(resource);
    if (other == head.end()) {
      found.add("cost", key + " is gone, was " + amount);
      continue;
    }
    const auto before = k8s::parse_quantity(amount);
    const auto after = k8s::parse_quantity(other->second);
    if (!before || !after || *after > *before) {
      found.add("cost", key + " is " + other->second + ", was " + amount);
    }
  }
}

void compare_cost_rules(const Config& base, const Config& head, Comparison& found) {
  constexpr std::array<std::string_view, 3> strictness = {"note", "warn", "fail"};
  const auto rank = [&](const std::string& word) { return std::ranges::find(strictness, word); };
  for (const auto& [rule, severity] : base.cost.rules) {
    const auto other = head.cost.rules.find(rule);
    if (other == head.cost.rules.end()) {
      found.add("cost", "cost.rules." + rule + " is gone, was " + severity);
    } else if (rank(other->second) < rank(severity)) {
      found.add("cost", "cost.rules." + rule + " is " + other->second + ", was " + severity);
    }
  }
}

void compare_externals(const Config& base, const Config& head, Comparison& found) {
  for (const config::External& external : head.externals) {
    const bool was_there = std::ranges::any_of(base.externals, [&](const auto& other) {
      const bool covers = other.environments.empty() ||
                          (!external.environments.empty() &&
                           std::ranges::all_of(external.environments, [&](const auto& env) {
                             return has(other.environments, env);
                           }));
      return other.object == external.object && covers;
    });
    if (!was_there) {
      found.add("externals", "the external " + text::printable(external.object, 120) + " is new",
                external.at);
    }
  }
}

void compare_removals(const Config& base, const Config& head, Comparison& found) {
  for (const config::Removal& removal : head.removals) {
    const bool was_there = std::ranges::any_of(base.removals, [&](const auto& other) {
      return other.object == removal.object && other.expires >= removal.expires;
    });
    if (!was_there) {
      found.add("removals",
                "the acknowledged removal of " + text::printable(removal.object, 120) + " until " +
                    removal.expires + " is new",
                removal.at);
    }
  }
}

void compare_ignores(const Config& base, const Config& head, Comparison& found) {
  for (const config::Ignore& ignore : head.ignores) {
    const bool was_there = std::ranges::any_of(base.ignores, [&](const auto& other) {
      return other.code == ignore.code && other.scope == ignore.scope &&
             other.expires >= ignore.expires;
    });
    if (!was_there) {
      found.add("ignore",
                "the ignore entry for " + ignore.code + " in " + text::printable(ignore.scope, 80) +
                    " until " + ignore.expires + " is new",
                ignore.at);
    }
  }
}

void compare_gate(const std::string& key,
                  const std::optional<std::string>& base,
                  const std::optional<std::string>& head,
                  Comparison& found) {
  if (base && !head) {
    found.add("gates", key + " is gone, was " + text::printable(*base, 80));
  }
}

bool is_same(const config::Freeze& a, const config::Freeze& b) {
  return a.weekly == b.weekly && a.from == b.from && a.to == b.to;
}

void compare_freezes(const std::string& what,
                     const std::vector<config::Freeze>& base,
                     const std::vector<config::Freeze>& head,
                     Comparison& found) {
  for (const config::Freeze& freeze : base) {
    if (std::ranges::none_of(head, [&](const auto& other) { return is_same(freeze, other); })) {
      found.add("promote", what + " no longer has \"" + text::printable(freeze.reason, 80) + '"');
    }
  }
}

std::string duration(std::int64_t seconds) {
  return time::to_string(std::chrono::seconds(seconds));
}

void compare_promotion(const config::PromoteEnvironment& base,
                       const config::PromoteEnvironment& head,
                       Comparison& found) {
  const std::string what = "promote.environments[" + base.name + "]";
  found.gone("promote", what + ".paths", base.paths, head.paths);
  found.gone("promote", what + ".statuses", base.statuses, head.statuses);
  if (head.soak < base.soak) {
    found.add("promote", what + ".soak is " + duration(head.soak) + ", was " + duration(base.soak),
              head.at);
  }
  if (!base.evidence && head.evidence) {
    found.add("promote", what + ".evidence no longer is that of all gates", head.at);
  } else if (base.evidence && head.evidence) {
    found.gone("promote", what + ".evidence", *base.evidence, *head.evidence);
  }
  compare_freezes(what + ".freeze", base.freezes, head.freezes, found);
}

void compare_promote(const Config& base, const Config& head, Comparison& found) {
  if (!base.promote) {
    return;
  }
  if (!head.promote) {
    found.add("promote", "promote is gone");
    return;
  }
  const auto& others = head.promote->environments;
  for (const auto& env : base.promote->environments) {
    const auto other = std::ranges::find(others, env.name, &config::PromoteEnvironment::name);
    if (other == others.end()) {
      found.add("promote", "promote.environments[" + env.name + "] is gone");
    } else {
      compare_promotion(env, *other, found);
    }
  }
  compare_freezes("promote.freeze", base.promote->freezes, head.promote->freezes, found);
  if (base.promote->check && !head.promote->check) {
    found.add("promote", "promote.check is none, was full");
  }
  if (!base.promote->signing_format.empty() && head.promote->signing_format.empty()) {
    found.add("promote", "promote.signing is gone, was " + base.promote->signing_format);
  }
}

}  // namespace

std::vector<Loosening> loosened_config(const Config& base, const Config& head) {
  Comparison found(head);
  compare_environments(base, head, found);
  compare_render(base, head, found);
  found.gone("policies", "policies.pack", base.packs, head.packs);
  found.gone("policies", "policies.paths", base.policy_paths, head.policy_paths);
  compare_amounts("cost.flags", base.cost.workload.flags, head.cost.workload.flags, found);
  compare_amounts("cost.limits", base.cost.workload.limits, head.cost.workload.limits, found);
  compare_amounts("cost.change.flags", base.cost.change.flags, head.cost.change.flags, found);
  compare_amounts("cost.change.limits", base.cost.change.limits, head.cost.change.limits, found);
  compare_cost_rules(base, head, found);
  // A further place for schemas can call anything valid; a place that is gone makes errors.
  for (const std::string& location : head.schema_locations) {
    if (!has(base.schema_locations, location)) {
      found.add("validate",
                "validate.schemaLocations has the new place " + text::printable(location, 120));
    }
  }
  compare_externals(base, head, found);
  compare_removals(base, head, found);
  compare_ignores(base, head, found);
  compare_gate("gates.scan", base.scan_gate, head.scan_gate, found);
  compare_gate("gates.model", base.model_gate, head.model_gate, found);
  compare_promote(base, head, found);
  for (const std::string& section : head.may_loosen) {
    if (!has(base.may_loosen, section)) {
      found.add("mayLoosen", "mayLoosen has the new section " + section);
    }
  }
  return found.take();
}

}  // namespace sluice::report

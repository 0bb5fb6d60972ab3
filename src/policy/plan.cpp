// SPDX-License-Identifier: Apache-2.0
#include "policy/plan.hpp"

#include <algorithm>

namespace sluice::policy {

namespace {

std::string key_of(std::string_view group, std::string_view version, std::string_view kind) {
  std::string key(group);
  return key.append("/").append(version).append("/").append(kind);
}

}  // namespace

void Plan::prepare(std::string_view group, std::string_view version, std::string_view kind) {
  const auto [found, is_new] = by_kind_.try_emplace(key_of(group, version, kind));
  if (!is_new) {
    return;
  }
  const Candidate candidate{.group = group,
                            .version = version,
                            .kind = kind,
                            .subresource = {},
                            .name = {},
                            .name_space = {}};
  for (std::size_t i = 0; i < policies_.size(); ++i) {
    Entry entry{.policy = i, .rules = {}};
    for (const Rule* rule : policies_[i].rules_for(kind)) {
      const auto& filters = rule->match.filters;
      const bool possible = std::any_of(filters.begin(), filters.end(), [&](const Filter& filter) {
        return filter.kinds.empty() || matches_kind(filter, candidate);
      });
      if (possible) {
        entry.rules.push_back(rule);
      }
    }
    if (!entry.rules.empty()) {
      found->second.push_back(std::move(entry));
    }
  }
}

std::span<const Plan::Entry> Plan::entries(std::string_view group,
                                           std::string_view version,
                                           std::string_view kind) const {
  const auto found = by_kind_.find(key_of(group, version, kind));
  return found == by_kind_.end() ? std::span<const Entry>() : std::span<const Entry>(found->second);
}

}  // namespace sluice::policy

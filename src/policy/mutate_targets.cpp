// SPDX-License-Identifier: Apache-2.0
#include "policy/mutate_targets.hpp"

#include "base/text.hpp"
#include "policy/selectors.hpp"

#include <algorithm>
#include <array>

namespace sluice::policy {

namespace {

/// Kinds that the CLI's stand-in for a cluster knows without an object of theirs.
constexpr std::array<std::string_view, 9> always_known = {
    "configmaps",      "endpoints",  "namespaces",  "resourcequotas", "secrets",
    "serviceaccounts", "daemonsets", "deployments", "statefulsets"};

bool has_wildcard(std::string_view text) {
  return text.find_first_of("*?") != std::string_view::npos;
}

bool fits(std::string_view pattern, std::string_view text) {
  return pattern.empty() || text::wildcard_match(pattern, text);
}

}  // namespace

std::string guessed_plural(std::string_view kind) {
  std::string name = text::to_lower(kind);
  if (name.ends_with("s")) {
    return name + "es";
  }
  if (name.ends_with("y")) {
    name.pop_back();
    return name + "ies";
  }
  return name + "s";
}

FoundTargets find_targets(const MutateTarget& target,
                          const Policy& policy,
                          Context& context,
                          World world) {
  FoundTargets found;
  Value asked;
  Failure failure;
  if (!substitute(target.selector, context, asked, failure)) {
    found.failure = failure;
    return found;
  }
  const KindSelector kind = parse_kind_selector(std::string(asked.text({"apiVersion"})) + "/" +
                                                std::string(asked.text({"kind"})));
  const std::string plural = text::to_lower(kind.kind) + "s";
  const std::string_view name = asked.text({"name"});
  const std::string_view name_space =
      policy.cluster_wide ? asked.text({"namespace"}) : std::string_view(policy.name_space);
  const auto is_kind = [&](const Object& object) { return guessed_plural(object.kind) == plural; };
  const bool known =
      std::any_of(world.begin(), world.end(), is_kind) ||
      std::find(always_known.begin(), always_known.end(), plural) != always_known.end();
  if (!known) {
    found.failure = {Failure::Kind::error,
                     "the run has no objects of kind \"" + text::printable(kind.kind) + "\""};
    return found;
  }
  const bool one =
      !name_space.empty() && !name.empty() && !has_wildcard(name_space) && !has_wildcard(name);
  const Value selector = asked.get({"selector"});
  for (const Object& object : world) {
    if (is_kind(object) && fits(name_space, object.name_space) && fits(name, object.name) &&
        (one || selector.is_null() ||
         matches_selector(read_selector(selector),
                          labels_of(object.value.get({"metadata", "labels"}))))) {
      found.objects.push_back(&object);
    }
  }
  if (one && found.objects.empty()) {
    found.failure = {Failure::Kind::error, "the run has no " + text::printable(kind.kind) + " " +
                                               text::printable(name_space) + "/" +
                                               text::printable(name)};
  }
  return found;
}

}  // namespace sluice::policy

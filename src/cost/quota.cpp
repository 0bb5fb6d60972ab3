// SPDX-License-Identifier: Apache-2.0
#include "cost/quota.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace sluice::cost {
namespace {

using k8s::Int128;
using k8s::Quantity;
using k8s::Resource;
using yaml::Kind;
using yaml::Node;

constexpr Int128 one = 1'000'000'000;

Quantity pieces(std::int64_t count) {
  return times(Quantity(one), count);
}

std::span<const Node> items(const yaml::Document& document, const Node* list) {
  return list != nullptr && list->kind == Kind::sequence ? document.children(*list)
                                                         : std::span<const Node>{};
}

bool is_best_effort(const Part& part) {
  return part.qos == Qos::best_effort;
}

/// Whether one scope takes in the pods of a part.
bool in_scope(const Part& part, std::string_view scope) {
  return scope == "Terminating"      ? part.terminating
         : scope == "NotTerminating" ? !part.terminating
         : scope == "BestEffort"     ? is_best_effort(part)
         : scope == "NotBestEffort"  ? !is_best_effort(part)
                                     : false;
}

bool selected(const yaml::Document& document, const Node& expression, const Part& part) {
  const auto scope = document.text(expression, {"scopeName"});
  if (scope != "PriorityClass") {
    return in_scope(part, scope);
  }
  const auto mode = document.text(expression, {"operator"});
  const auto values = items(document, document.find(expression, "values"));
  const bool named = std::ranges::any_of(
      values, [&](const Node& value) { return value.text == part.priority_class; });
  return mode == "In"             ? named
         : mode == "NotIn"        ? !named
         : mode == "Exists"       ? !part.priority_class.empty()
         : mode == "DoesNotExist" ? part.priority_class.empty()
                                  : false;
}

/// Whether a quota counts the pods of a part: all its scopes must.
bool counts(const Resource& quota, const Part& part) {
  const auto& document = *quota.document;
  const auto scopes = items(document, document.find(*quota.object, {"spec", "scopes"}));
  const auto expressions =
      items(document, document.find(*quota.object, {"spec", "scopeSelector", "matchExpressions"}));
  return std::ranges::all_of(scopes,
                             [&](const Node& scope) { return in_scope(part, scope.text); }) &&
         std::ranges::all_of(expressions, [&](const Node& expression) {
           return selected(document, expression, part);
         });
}

bool has_scopes(const Resource& quota) {
  const auto& document = *quota.document;
  return document.find(*quota.object, {"spec", "scopes"}) != nullptr ||
         document.find(*quota.object, {"spec", "scopeSelector"}) != nullptr;
}

/// What a quota's resource is of one pod.
Quantity of_pod(const Part& part, std::string_view resource) {
  const auto& amounts = part.per_pod.amounts;
  if (resource == "pods" || resource == "count/pods") {
    return pieces(1);
  }
  if (resource == "requests.storage") {
    return storage(amounts);
  }
  if (resource == "persistentvolumeclaims" || resource == "count/persistentvolumeclaims") {
    return pieces(part.claim_count);
  }
  if (resource.starts_with("limits.")) {
    return get(part.limits, resource.substr(7));
  }
  return get(amounts, resource.starts_with("requests.") ? resource.substr(9) : resource);
}

/// What it is of a workload beside its pods: claims, balancers.
Quantity of_claims(const Workload& workload, std::string_view resource) {
  if (resource == "requests.storage") {
    return storage(workload.claims);
  }
  if (resource == "persistentvolumeclaims") {
    return pieces(workload.key.kind == "PersistentVolumeClaim" ? 1 : 0);
  }
  return get(workload.claims, resource);
}

/// "count/deployments.apps" for a kind and group, as the API server names its resources.
std::string plural(std::string_view kind, std::string_view group) {
  auto name = text::to_lower(kind);
  if (name.ends_with("s") || name.ends_with("x") || name.ends_with("ch")) {
    name += "es";
  } else if (name.ends_with("y") && !name.ends_with("ay") && !name.ends_with("ey")) {
    name.replace(name.size() - 1, 1, "ies");
  } else {
    name += "s";
  }
  return group.empty() ? name : name + "." + std::string(group);
}

/// What a quota counts by objects: "services", "count/deployments.apps"; empty for what it counts
/// by what runs, or by amounts.
std::string_view counted_object(std::string_view resource) {
  const bool by_count = resource.starts_with("count/");
  resource.remove_prefix(by_count ? 6 : 0);
  const bool amount = !by_count && (resource.find('.') != std::string_view::npos ||
                                    resource == "cpu" || resource == "memory");
  const bool runs = resource == "pods" || resource == "persistentvolumeclaims";
  return amount || runs ? std::string_view{} : resource;
}

/// Objects of a namespace by what a quota calls them.
using ObjectCounts = std::map<std::pair<Place, std::string>, std::int64_t>;

ObjectCounts count_objects(std::span<const Resource> resources) {
  ObjectCounts out;
  for (const auto& resource : resources) {
    ++out[{place_of(resource), plural(resource.ref.kind, resource.group())}];
  }
  return out;
}

/// One line, and what its quota says of pods.
struct Counting {
  QuotaLine line;
  bool scoped = false;
};

void use(Counting& counting, const Workload& workload) {
  auto& [line, scoped] = counting;
  const auto add_all = [&line](Quantity quantity) {
    for (auto* sum : {&line.use.steady_min, &line.use.steady_max, &line.use.peak}) {
      *sum = plus(*sum, quantity);
    }
  };
  if (!scoped) {
    add_all(of_claims(workload, line.resource));
  }
  for (const auto& part : workload.parts) {
    if (scoped && !counts(*line.quota, part)) {
      continue;
    }
    const auto each = of_pod(part, line.resource);
    const auto& pods = part.pods;
    line.use.peak = plus(line.use.peak, times(each, pods.max + pods.surge));
    if (pods.role == Role::steady) {
      line.use.steady_min = plus(line.use.steady_min, times(each, pods.min));
      line.use.steady_max = plus(line.use.steady_max, times(each, pods.max));
    }
  }
}

/// Adds what is counted by objects: "services", "count/deployments.apps".
void use(QuotaLine& line, const ObjectCounts& objects) {
  const auto found = objects.find({line.place, std::string(counted_object(line.resource))});
  if (found != objects.end()) {
    const auto count = pieces(found->second);
    line.use = {count, count, count};
  }
}

using LineKey = std::tuple<Place, std::string_view, std::string_view>;

LineKey key_of(const QuotaLine& line) {
  return {line.place, line.quota->ref.name, line.resource};
}

const QuotaLine* find(const std::vector<QuotaLine>* lines, const LineKey& key) {
  if (lines == nullptr) {
    return nullptr;
  }
  const auto at =
      std::ranges::lower_bound(*lines, key, {}, [](const QuotaLine& line) { return key_of(line); });
  return at != lines->end() && key_of(*at) == key ? &*at : nullptr;
}

QuotaFit fit_of(const QuotaLine* base, const QuotaLine* head) {
  const auto& shown = head != nullptr ? *head : *base;
  QuotaFit out{.env = std::string(shown.place.env),
               .destination = std::string(shown.place.destination),
               .name_space = std::string(shown.place.name_space),
               .quota = shown.quota->ref.name,
               .resource = shown.resource,
               .at = describe(shown.hard.from).at};
  if (base != nullptr) {
    out.base_hard = base->hard.quantity;
    out.base = base->use;
  }
  if (head != nullptr) {
    out.hard = head->hard.quantity;
    out.head = head->use;
  }
  return out;
}

}  // namespace

std::vector<QuotaLine> quota_lines(const Account& account,
                                   std::span<const Resource> resources,
                                   const Context& context) {
  std::map<Place, std::vector<Counting>> places;
  std::vector<BadQuantity> elsewhere;  // said where the quota itself is validated
  bool counts_objects = false;
  for (const auto* workload : account.workloads) {
    const auto place = place_of(*workload->resource);
    const auto [entry, fresh] = places.try_emplace(place);
    auto& lines = entry->second;
    if (fresh) {
      for (const auto* quota : context.find(place, "ResourceQuota", place.name_space)) {
        const Reading reading{*quota, Origin::Basis::object, elsewhere};
        const auto* hard = quota->document->find(*quota->object, {"spec", "hard"});
        for (const auto& [resource, amount] : read_resource_list(reading, hard)) {
          lines.push_back({{place, quota, resource, amount, {}}, has_scopes(*quota)});
          counts_objects = counts_objects || !counted_object(resource).empty();
        }
      }
    }
    for (auto& line : lines) {
      use(line, *workload);
    }
  }
  std::vector<QuotaLine> out;
  const auto objects = counts_objects ? count_objects(resources) : ObjectCounts();
  for (auto& [place, lines] : places) {
    for (auto& [line, scoped] : lines) {
      use(line, objects);
      out.push_back(std::move(line));
    }
  }
  std::ranges::sort(out, {}, [](const QuotaLine& line) { return key_of(line); });
  return out;
}

std::vector<QuotaFit> fits_of(const std::vector<QuotaLine>* base,
                              const std::vector<QuotaLine>& head) {
  std::map<LineKey, std::pair<const QuotaLine*, const QuotaLine*>> lines;
  if (base != nullptr) {
    for (const auto& line : *base) {
      lines[key_of(line)].first = &line;
    }
  }
  for (const auto& line : head) {
    lines[key_of(line)].second = &line;
  }
  std::vector<QuotaFit> out;
  for (const auto& [key, sides] : lines) {
    auto fit = fit_of(sides.first, sides.second);
    if (base == nullptr || !(fit.base == fit.head) || fit.base_hard != fit.hard) {
      out.push_back(std::move(fit));
    }
  }
  return out;
}

std::vector<diag::Finding> quota_findings(const std::vector<QuotaLine>* base,
                                          const std::vector<QuotaLine>& head,
                                          diag::Severity severity) {
  std::vector<diag::Finding> out;
  for (const auto& line : head) {
    const auto hard = line.hard.quantity;
    if (line.use.peak <= hard) {
      continue;
    }
    const auto* before = find(base, key_of(line));
    if (before != nullptr && line.use.peak <= before->use.peak && hard >= before->hard.quantity) {
      continue;
    }
    auto finding = k8s::finding_at(*line.quota, *line.hard.from.node);
    const bool steady = line.use.steady_max > hard;
    finding.code = "cost/quota";
    finding.severity = severity;
    finding.env = line.place.env;
    finding.message =
        "the workloads of namespace " + text::printable(line.place.name_space, 80) + " ask for " +
        people_text(line.resource, steady ? line.use.steady_max : line.use.peak) + " " +
        line.resource + (steady ? " at their steady maximum" : " in rollouts and jobs") +
        ", above the quota of " + people_text(line.resource, hard);
    finding.hint = steady ? "raise the quota, or lower requests or replicas"
                          : "a rollout would stop half way: raise the quota, or lower maxSurge";
    out.push_back(std::move(finding));
  }
  return out;
}

}  // namespace sluice::cost

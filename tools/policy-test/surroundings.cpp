// SPDX-License-Identifier: Apache-2.0
#include "policy-test/surroundings.hpp"

#include "policy/object.hpp"

#include <algorithm>

namespace sluice::policy_test {
namespace {

policy::Labels labels_of(const policy::Value& name_space) {
  policy::Labels labels;
  const policy::Value given = name_space.get({"metadata", "labels"});
  for (std::size_t i = 0; i < given.size(); ++i) {
    labels.emplace(given.key_at(i), policy::go_text(given.member_at(i)));
  }
  // The API server adds this one to every namespace.
  labels.insert_or_assign("kubernetes.io/metadata.name",
                          std::string(name_space.text({"metadata", "name"})));
  return labels;
}

bool asks_cluster(const policy::Policy& policy) {
  return std::any_of(policy.rules.begin(), policy.rules.end(), [](const policy::Rule& rule) {
    return std::any_of(rule.context.begin(), rule.context.end(), [](const auto& entry) {
      return entry.kind == policy::ContextEntry::Kind::api_call;
    });
  });
}

/// The objects of each environment as its API server would have them, were it empty before.
void add_clusters(const Job& job, ByEnvironment& all) {
  for (const auto& resource : job.input.resources) {
    auto& around = all[std::string(resource.env())];
    const bool cluster = around.cluster_scoped.contains({resource.group(), resource.ref.kind});
    if (!around.cluster.has_cluster && job.declared != nullptr) {
      around.cluster = *job.declared;  // what --answers declares goes before
    }
    around.cluster.has_cluster = true;
    around.cluster.objects.push_back(
        policy::normalise(
            *around.cluster.arena, policy::Value::of(*resource.document, *resource.object),
            resource.ref.name_space, cluster ? policy::Scope::cluster : policy::Scope::look_up)
            .value);
  }
}

}  // namespace

ByEnvironment surroundings(const Job& job) {
  ByEnvironment all;
  for (const auto& resource : job.input.resources) {
    auto& around = all[std::string(resource.env())];
    const auto value = policy::Value::of(*resource.document, *resource.object);
    if (resource.ref.kind == "Namespace" && resource.ref.api_version == "v1") {
      around.namespaces.insert_or_assign(resource.ref.name, labels_of(value));
    } else if (resource.ref.kind == "ConfigMap" && resource.ref.api_version == "v1") {
      const auto& space = resource.ref.name_space;
      around.config_maps.insert_or_assign(
          (space.empty() ? "default" : space) + "/" + resource.ref.name, value);
    } else if (resource.ref.kind == "CustomResourceDefinition" &&
               value.text({"spec", "scope"}) == "Cluster") {
      around.cluster_scoped.emplace(value.text({"spec", "group"}),
                                    value.text({"spec", "names", "kind"}));
    }
  }
  for (auto& [environment, around] : all) {
    for (const auto& exception : job.exceptions) {
      if (!exception.from_stream || exception.environment == environment) {
        around.exceptions.push_back(&exception);
      }
    }
  }
  if (std::any_of(job.policies.begin(), job.policies.end(), asks_cluster)) {
    add_clusters(job, all);
  }
  return all;
}

}  // namespace sluice::policy_test

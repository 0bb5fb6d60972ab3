// SPDX-License-Identifier: Apache-2.0
#include "argo/fields.hpp"
#include "argo/generators.hpp"

namespace sluice::argo {
namespace {

using yaml::Kind;
using yaml::Value;

const Value* present(const Value& mapping, std::string_view key) {
  const auto* value = mapping.find(key);
  return value == nullptr || value->is_zero() ? nullptr : value;
}

Value texts(const std::map<std::string, std::string>& from) {
  auto out = Value::mapping();
  for (const auto& [key, text] : from) {
    out.set(key, Value::string(text));
  }
  return out;
}

Value parameters_of(const Attempt& attempt, const Cluster& cluster) {
  auto out = Value::mapping();
  out.set("name", Value::string(cluster.name));
  out.set("nameNormalized", Value::string(normalize_name(cluster.name)));
  out.set("server", Value::string(cluster.server));
  out.set("project", Value::string(""));
  auto metadata = Value::mapping();
  metadata.set("labels", texts(cluster.labels));
  metadata.set("annotations", texts(cluster.annotations));
  if (attempt.go()) {
    out.set("metadata", std::move(metadata));
    return out;
  }
  for (const auto& [kind, pairs] : metadata.members) {
    for (const auto& [key, text] : pairs.members) {
      out.set("metadata." + kind + "." + key, text);
    }
  }
  return out;
}

/// With a selector only clusters that have labels can be meant, and those live in Secrets.
Generated chosen_clusters(Attempt& attempt, const Value& generator) {
  const auto* selector = present(generator, "selector");
  const Cluster in_cluster{.name = "in-cluster", .server = "https://kubernetes.default.svc"};
  Parameters out;
  if (selector == nullptr) {
    out.push_back(parameters_of(attempt, in_cluster));
  }
  for (const auto& cluster : attempt.clusters) {
    const auto fits = selected(attempt.context, attempt.subject, selector, texts(cluster.labels));
    if (!fits) {
      return std::nullopt;
    }
    if (*fits) {
      out.push_back(parameters_of(attempt, cluster));
    }
  }
  if (selector != nullptr && out.empty()) {
    attempt.context.unrenderable(attempt.subject,
                                 "generator clusters: no cluster of this repository has the labels "
                                 "of its selector, and Argo CD's own are not known here");
    return std::nullopt;
  }
  if (attempt.clusters.empty()) {
    attempt.context.report(attempt.subject, &generator, diag::Severity::note,
                           "render/clusters-unknown",
                           "generator clusters is rendered for in-cluster alone: other clusters "
                           "are not known here");
  }
  return out;
}

}  // namespace

Generated generate_clusters(Attempt& attempt, const Value& generator) {
  check_fields(attempt.context, attempt.subject, &generator, clusters_generator_fields);
  auto clusters = chosen_clusters(attempt, generator);
  if (!clusters) {
    return std::nullopt;
  }
  for (auto& parameters : *clusters) {
    if (!append_values(attempt, present(generator, "values"), parameters)) {
      return std::nullopt;
    }
  }
  const auto* flat_list = generator.find("flatList");
  if (flat_list == nullptr || !flat_list->is_true()) {
    return clusters;
  }
  auto one = Value::mapping();
  one.set("clusters", Value::sequence()).items = std::move(*clusters);
  return Parameters{std::move(one)};
}

}  // namespace sluice::argo

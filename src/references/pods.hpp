// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "k8s/resource.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::references {

using Labels = std::map<std::string_view, std::string_view>;

/// The pods that an object makes, as far as it says.
struct Pods {
  const yaml::Node* spec = nullptr;  ///< of the pods; null when another workload holds it
  std::string path;                  ///< JSON pointer of `spec`
  Labels labels;
};

/// Of Pods, the workloads of Kubernetes, Argo Rollouts, Knative Services, the training jobs of
/// Kubeflow and the components of a KServe InferenceService. Empty for other kinds.
std::vector<Pods> pods_of(const k8s::Resource& object);

/// Whether objects of a custom kind may bring pods of their own, which nobody sees here. Kinds that
/// are known to bring none are listed; of all others that must be assumed.
bool may_bring_pods(const k8s::Resource& object);

/// A label selector: matchLabels and matchExpressions, or (of a Service) labels alone.
class Selector {
 public:
  static Selector of_labels(const yaml::Document& document, const yaml::Node& labels);
  static Selector of_expressions(const yaml::Document& document, const yaml::Node& selector);

  [[nodiscard]] bool empty() const { return demands_.empty(); }
  [[nodiscard]] bool matches(const Labels& labels) const;
  /// "app=web, tier in (a, b)", for a message.
  [[nodiscard]] std::string text() const;

 private:
  struct Demand {
    std::string_view key;
    std::string_view verb;  ///< In, NotIn, Exists, DoesNotExist
    std::vector<std::string_view> values;
  };
  std::vector<Demand> demands_;
};

}  // namespace sluice::references

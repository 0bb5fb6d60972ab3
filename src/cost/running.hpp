// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cost/context.hpp"
#include "cost/kinds.hpp"
#include "cost/pod.hpp"
#include "diag/finding.hpp"

#include <string>
#include <vector>

namespace sluice::cost {

/// One object, and what may be looked up to know what it runs.
struct Lookup {
  const k8s::Resource& resource;
  const Context& context;
  const Options& options;
  std::vector<const k8s::Resource*>& used;  ///< objects that decided something are added
  std::vector<BadQuantity>& bad;

  [[nodiscard]] const yaml::Document& document() const { return *resource.document; }
  [[nodiscard]] Reading reading() const { return {resource, Origin::Basis::manifest, bad}; }
};

/// What an object runs, before defaulting.
struct RunningPods {
  struct Entry {
    std::string name;  ///< "predictor"; empty for the only one
    PodShape shape;
    Pods pods;
    const k8s::Resource* holder = nullptr;  ///< that the pod spec is written in
    const yaml::Node* spec = nullptr;       ///< there
    std::vector<std::string> missing;       ///< containers without requests that `shape` hides
  };
  std::vector<Entry> pods;
  std::vector<std::string> notes;
  std::vector<diag::Finding> findings;
  std::vector<std::string> left_out;  ///< reasons: "ModelMesh: ..."
};

}  // namespace sluice::cost

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "references/externals.hpp"
#include "references/pods.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sluice::references {

/// A place that names another object.
struct Want {
  Target target;
  std::string_view or_kind;  ///< a kind without namespace that does as well
  const yaml::Node* at = nullptr;
  std::string path;                     ///< JSON pointer of `at`
  bool optional = false;                ///< the cluster goes on without it
  std::string_view key;                 ///< wanted in its data
  std::string_view port = {};           ///< a number or a name, of a Service; empty: not asked for
  const yaml::Node* port_at = nullptr;  ///< null: the port is the one that goes without saying
};

/// What an object refers to by name, its pods included. Names that are not written down (empty, or
/// with a variable of another tool in it) are left out.
std::vector<Want> wants_of(const k8s::Resource& object, const std::vector<Pods>& pods);

/// The workloads that an autoscaler or a Rollout stands for: scaleTargetRef, targetRef,
/// workloadRef.
std::vector<Want> workloads_of(const k8s::Resource& object);

}  // namespace sluice::references

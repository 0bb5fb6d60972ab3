// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cost/running.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sluice::cost {

/// A workflow spec with templates, and the object that it is written in.
struct TemplateHolder {
  const k8s::Resource* object = nullptr;
  const yaml::Node* spec = nullptr;
};

/// The WorkflowTemplate or ClusterWorkflowTemplate that a reference names; without a spec when it
/// is in no manifest.
TemplateHolder referenced_templates(const Lookup& lookup,
                                    const yaml::Document& document,
                                    const yaml::Node& reference);

struct WorkflowPeak {
  ResourceList requests;  ///< of all pods that run at the worst moment, each resource by itself
  bool open = false;      ///< a loop has an unknown number of turns: the peak is a lower bound
  std::vector<std::string> missing;  ///< containers without requests, sorted
  std::vector<std::string> notes;
};

/// The peak of a workflow that begins at the template `entry`; `exit` runs after it.
WorkflowPeak workflow_peak(const Lookup& lookup,
                           const TemplateHolder& holder,
                           std::string_view entry,
                           std::string_view exit,
                           const ContainerDefaults& defaults);

}  // namespace sluice::cost

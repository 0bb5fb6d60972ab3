// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "diag/finding.hpp"
#include "helm/chart.hpp"
#include "helm/unstable_calls.hpp"
#include "yaml/parse.hpp"

#include <functional>
#include <string>
#include <vector>

namespace sluice::render {

/// Where a field of a rendered object comes from, and why it is not always the same.
struct FieldOrigin {
  diag::Location at;                ///< in the template; in an archive without a line
  std::vector<std::string> causes;  ///< "randAlphaNum (web/templates/secret.yaml:7)"
  bool only_time = false;           ///< nothing random is among them
  std::string lookup;               ///< a call that would find the old value, as causes are written
};

/// `printed` is what helm says after "# Source:", `pointer` the field.
FieldOrigin field_origin(const helm::Chart& chart,
                         const helm::UnstableCalls& calls,
                         const std::string& printed,
                         const std::string& pointer);

struct Difference {
  std::vector<diag::Finding> findings;  ///< render/unstable: object, field, and what is behind it
  std::string masked;  ///< the first render with a fixed word in place of every differing scalar
};

/// What differs between two renders of the same input.
Difference compare_renders(const std::string& first,
                           const std::string& second,
                           const std::function<FieldOrigin(const std::string& printed,
                                                           const std::string& pointer)>& origin,
                           const yaml::Limits& limits = {});

/// What a unit says of its cluster.
struct KnownCluster {
  bool version = false;       ///< somebody says which Kubernetes it is
  bool api_versions = false;  ///< somebody says which APIs it has
};

/// render/depends-on-cluster: what the chart asks the cluster that this render cannot know.
std::vector<diag::Finding> cluster_findings(const helm::Chart& chart,
                                            const helm::UnstableCalls& calls,
                                            KnownCluster known);

}  // namespace sluice::render

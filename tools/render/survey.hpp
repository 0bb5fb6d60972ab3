// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "delivery/unit.hpp"
#include "render/model.hpp"
#include "yaml/parse.hpp"

namespace sluice::render {

/// Looks at every tracked YAML and JSON file, without rendering anything. Links that leave the
/// repository count as unreadable.
Survey survey(const delivery::Repository& repository, const yaml::Limits& limits, unsigned jobs);

/// The same for one file that is no part of a chart.
FileFacts look(const io::Snapshot& files, const yaml::Limits& limits, const std::string& path);

/// Whether an object makes Argo CD or Flux deliver others, or names a source for that.
bool is_gitops(const diag::ObjectRef& object);

/// Why an object with apiVersion and kind never reaches a cluster ("read by kustomize"); empty when
/// it does.
std::string client_side_reason(const diag::ObjectRef& object);

/// The chart that `path` belongs to by its place (Chart.yaml, values.yaml, templates/, crds/,
/// charts/ ...), or nothing.
std::string chart_of(const Survey& survey, const std::string& path);

}  // namespace sluice::render

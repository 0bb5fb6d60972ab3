// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

/// Which lists of Kubernetes' own kinds a strategic merge patch merges element by element, and by
/// which fields: x-kubernetes-patch-merge-key and x-kubernetes-list-map-keys of the API's OpenAPI
/// description. All other lists are replaced, and so are all lists of kinds that are not here.
///
/// Kyverno merges with kustomize's library, which knows Kubernetes 1.21: kinds that came later
/// (autoscaling/v2, for one) are unknown to it, and so to us.
/// Source:
/// https://kubernetes.io/docs/tasks/manage-kubernetes-objects/update-api-object-kubectl-patch/
namespace sluice::policy {

/// A type of the API as far as merging goes; types that merge alike share one.
enum class MergeShape : std::uint8_t {
  unknown,  ///< no type is known: a custom resource
  plain,    ///< a type without lists to merge
  object_meta,
  only_metadata,
  webhooks,
  container,
  ephemeral_container,
  ephemeral_source,
  volume,
  pod_spec,
  pod_template,
  workload_spec,
  conditions,
  workload,
  job_template,
  cron_job_spec,
  cron_job,
  kustomization,
  component_status,
  metadata_and_conditions,
  node_spec,
  node_status,
  node,
  pod_status,
  pod,
  pod_template_object,
  service_spec,
  service,
  service_account,
  csi_node_spec,
  csi_node,
};

struct MergeField {
  MergeShape shape = MergeShape::unknown;  ///< of the value, or of the list's elements
  bool merged = false;                     ///< a list that is merged, not replaced
  std::span<const std::string_view> keys;  ///< none: elements are scalars and compared themselves
};

/// What kind of object this is.
MergeShape merge_shape(std::string_view api_version, std::string_view kind);

/// A field of it.
MergeField merge_field(MergeShape shape, std::string_view field);

}  // namespace sluice::policy

// SPDX-License-Identifier: Apache-2.0
#include "policy/merge_keys.hpp"

#include <algorithm>
#include <array>

namespace sluice::policy {

namespace {

using Shape = MergeShape;
using std::string_view;
using Keys = std::span<const string_view>;

constexpr std::array<string_view, 1> by_uid = {"uid"};
constexpr std::array<string_view, 1> by_name = {"name"};
constexpr std::array<string_view, 2> by_container_port = {"containerPort", "protocol"};
constexpr std::array<string_view, 1> by_device_path = {"devicePath"};
constexpr std::array<string_view, 1> by_mount_path = {"mountPath"};
constexpr std::array<string_view, 1> by_ip = {"ip"};
constexpr std::array<string_view, 2> by_topology_key = {"topologyKey", "whenUnsatisfiable"};
constexpr std::array<string_view, 1> by_type = {"type"};
constexpr std::array<string_view, 2> by_port = {"port", "protocol"};
constexpr Keys none;

struct FieldRow {
  Shape shape;
  string_view field;
  MergeField merge;
};
constexpr std::array<FieldRow, 61> fields = {{
    {Shape::object_meta, "finalizers", {Shape::plain, true, none}},
    {Shape::object_meta, "ownerReferences", {Shape::plain, true, by_uid}},
    {Shape::webhooks, "metadata", {Shape::object_meta, false, none}},
    {Shape::webhooks, "webhooks", {Shape::plain, true, by_name}},
    {Shape::only_metadata, "metadata", {Shape::object_meta, false, none}},
    {Shape::container, "env", {Shape::plain, true, by_name}},
    {Shape::container, "ports", {Shape::plain, true, by_container_port}},
    {Shape::container, "volumeDevices", {Shape::plain, true, by_device_path}},
    {Shape::container, "volumeMounts", {Shape::plain, true, by_mount_path}},
    {Shape::ephemeral_container, "env", {Shape::plain, true, by_name}},
    {Shape::ephemeral_container, "volumeDevices", {Shape::plain, true, by_device_path}},
    {Shape::ephemeral_container, "volumeMounts", {Shape::plain, true, by_mount_path}},
    {Shape::ephemeral_source, "volumeClaimTemplate", {Shape::only_metadata, false, none}},
    {Shape::volume, "ephemeral", {Shape::ephemeral_source, false, none}},
    {Shape::pod_spec, "containers", {Shape::container, true, by_name}},
    {Shape::pod_spec, "ephemeralContainers", {Shape::ephemeral_container, true, by_name}},
    {Shape::pod_spec, "hostAliases", {Shape::plain, true, by_ip}},
    {Shape::pod_spec, "imagePullSecrets", {Shape::plain, true, by_name}},
    {Shape::pod_spec, "initContainers", {Shape::container, true, by_name}},
    {Shape::pod_spec, "topologySpreadConstraints", {Shape::plain, true, by_topology_key}},
    {Shape::pod_spec, "volumes", {Shape::volume, true, by_name}},
    {Shape::pod_template, "metadata", {Shape::object_meta, false, none}},
    {Shape::pod_template, "spec", {Shape::pod_spec, false, none}},
    {Shape::workload_spec, "template", {Shape::pod_template, false, none}},
    {Shape::conditions, "conditions", {Shape::plain, true, by_type}},
    {Shape::workload, "metadata", {Shape::object_meta, false, none}},
    {Shape::workload, "spec", {Shape::workload_spec, false, none}},
    {Shape::workload, "status", {Shape::conditions, false, none}},
    {Shape::kustomization, "configMapGenerator", {Shape::plain, true, by_name}},
    {Shape::kustomization, "secretGenerator", {Shape::plain, true, by_name}},
    {Shape::job_template, "metadata", {Shape::object_meta, false, none}},
    {Shape::job_template, "spec", {Shape::workload_spec, false, none}},
    {Shape::cron_job_spec, "jobTemplate", {Shape::job_template, false, none}},
    {Shape::cron_job, "metadata", {Shape::object_meta, false, none}},
    {Shape::cron_job, "spec", {Shape::cron_job_spec, false, none}},
    {Shape::component_status, "conditions", {Shape::plain, true, by_type}},
    {Shape::component_status, "metadata", {Shape::object_meta, false, none}},
    {Shape::metadata_and_conditions, "metadata", {Shape::object_meta, false, none}},
    {Shape::metadata_and_conditions, "status", {Shape::conditions, false, none}},
    {Shape::node_spec, "podCIDRs", {Shape::plain, true, none}},
    {Shape::node_status, "addresses", {Shape::plain, true, by_type}},
    {Shape::node_status, "conditions", {Shape::plain, true, by_type}},
    {Shape::node, "metadata", {Shape::object_meta, false, none}},
    {Shape::node, "spec", {Shape::node_spec, false, none}},
    {Shape::node, "status", {Shape::node_status, false, none}},
    {Shape::pod_status, "conditions", {Shape::plain, true, by_type}},
    {Shape::pod_status, "podIPs", {Shape::plain, true, by_ip}},
    {Shape::pod, "metadata", {Shape::object_meta, false, none}},
    {Shape::pod, "spec", {Shape::pod_spec, false, none}},
    {Shape::pod, "status", {Shape::pod_status, false, none}},
    {Shape::pod_template_object, "metadata", {Shape::object_meta, false, none}},
    {Shape::pod_template_object, "template", {Shape::pod_template, false, none}},
    {Shape::service_spec, "ports", {Shape::plain, true, by_port}},
    {Shape::service, "metadata", {Shape::object_meta, false, none}},
    {Shape::service, "spec", {Shape::service_spec, false, none}},
    {Shape::service, "status", {Shape::conditions, false, none}},
    {Shape::service_account, "metadata", {Shape::object_meta, false, none}},
    {Shape::service_account, "secrets", {Shape::plain, true, by_name}},
    {Shape::csi_node_spec, "drivers", {Shape::plain, true, by_name}},
    {Shape::csi_node, "metadata", {Shape::object_meta, false, none}},
    {Shape::csi_node, "spec", {Shape::csi_node_spec, false, none}},
}};

struct KindRow {
  Shape shape;
  string_view api_version, kind;
};
constexpr std::array<KindRow, 27> kinds = {{
    {Shape::component_status, "v1", "ComponentStatus"},
    {Shape::cron_job, "batch/v1", "CronJob"},
    {Shape::cron_job, "batch/v1beta1", "CronJob"},
    {Shape::csi_node, "storage.k8s.io/v1", "CSINode"},
    {Shape::csi_node, "storage.k8s.io/v1beta1", "CSINode"},
    {Shape::kustomization, "kustomize.config.k8s.io/v1beta1", "Kustomization"},
    {Shape::metadata_and_conditions, "apiregistration.k8s.io/v1", "APIService"},
    {Shape::metadata_and_conditions, "apiregistration.k8s.io/v1beta1", "APIService"},
    {Shape::metadata_and_conditions, "policy/v1", "PodDisruptionBudget"},
    {Shape::metadata_and_conditions, "policy/v1beta1", "PodDisruptionBudget"},
    {Shape::metadata_and_conditions, "v1", "Namespace"},
    {Shape::metadata_and_conditions, "v1", "PersistentVolumeClaim"},
    {Shape::node, "v1", "Node"},
    {Shape::pod, "v1", "Pod"},
    {Shape::pod_template_object, "v1", "PodTemplate"},
    {Shape::service, "v1", "Service"},
    {Shape::service_account, "v1", "ServiceAccount"},
    {Shape::webhooks, "admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration"},
    {Shape::webhooks, "admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration"},
    {Shape::webhooks, "admissionregistration.k8s.io/v1beta1", "MutatingWebhookConfiguration"},
    {Shape::webhooks, "admissionregistration.k8s.io/v1beta1", "ValidatingWebhookConfiguration"},
    {Shape::workload, "apps/v1", "DaemonSet"},
    {Shape::workload, "apps/v1", "Deployment"},
    {Shape::workload, "apps/v1", "ReplicaSet"},
    {Shape::workload, "apps/v1", "StatefulSet"},
    {Shape::workload, "batch/v1", "Job"},
    {Shape::workload, "v1", "ReplicationController"},
}};

/// Kinds of which only the metadata merges.
struct Kind {
  string_view api_version, kind;
};
constexpr std::array<Kind, 63> others = {{
    {"apiextensions.k8s.io/v1", "CustomResourceDefinition"},
    {"apiextensions.k8s.io/v1beta1", "CustomResourceDefinition"},
    {"apps/v1", "ControllerRevision"},
    {"authentication.k8s.io/v1", "TokenRequest"},
    {"authentication.k8s.io/v1", "TokenReview"},
    {"authentication.k8s.io/v1beta1", "TokenReview"},
    {"authorization.k8s.io/v1", "LocalSubjectAccessReview"},
    {"authorization.k8s.io/v1", "SelfSubjectAccessReview"},
    {"authorization.k8s.io/v1", "SelfSubjectRulesReview"},
    {"authorization.k8s.io/v1", "SubjectAccessReview"},
    {"authorization.k8s.io/v1beta1", "LocalSubjectAccessReview"},
    {"authorization.k8s.io/v1beta1", "SelfSubjectAccessReview"},
    {"authorization.k8s.io/v1beta1", "SelfSubjectRulesReview"},
    {"authorization.k8s.io/v1beta1", "SubjectAccessReview"},
    {"autoscaling/v1", "HorizontalPodAutoscaler"},
    {"autoscaling/v1", "Scale"},
    {"autoscaling/v2beta1", "HorizontalPodAutoscaler"},
    {"autoscaling/v2beta2", "HorizontalPodAutoscaler"},
    {"certificates.k8s.io/v1", "CertificateSigningRequest"},
    {"certificates.k8s.io/v1beta1", "CertificateSigningRequest"},
    {"coordination.k8s.io/v1", "Lease"},
    {"coordination.k8s.io/v1beta1", "Lease"},
    {"discovery.k8s.io/v1", "EndpointSlice"},
    {"discovery.k8s.io/v1beta1", "EndpointSlice"},
    {"events.k8s.io/v1", "Event"},
    {"events.k8s.io/v1beta1", "Event"},
    {"extensions/v1beta1", "Ingress"},
    {"flowcontrol.apiserver.k8s.io/v1beta1", "FlowSchema"},
    {"flowcontrol.apiserver.k8s.io/v1beta1", "PriorityLevelConfiguration"},
    {"networking.k8s.io/v1", "Ingress"},
    {"networking.k8s.io/v1", "IngressClass"},
    {"networking.k8s.io/v1", "NetworkPolicy"},
    {"networking.k8s.io/v1beta1", "Ingress"},
    {"networking.k8s.io/v1beta1", "IngressClass"},
    {"node.k8s.io/v1", "RuntimeClass"},
    {"node.k8s.io/v1beta1", "RuntimeClass"},
    {"policy/v1beta1", "Eviction"},
    {"policy/v1beta1", "PodSecurityPolicy"},
    {"rbac.authorization.k8s.io/v1", "ClusterRole"},
    {"rbac.authorization.k8s.io/v1", "ClusterRoleBinding"},
    {"rbac.authorization.k8s.io/v1", "Role"},
    {"rbac.authorization.k8s.io/v1", "RoleBinding"},
    {"rbac.authorization.k8s.io/v1beta1", "ClusterRole"},
    {"rbac.authorization.k8s.io/v1beta1", "ClusterRoleBinding"},
    {"rbac.authorization.k8s.io/v1beta1", "Role"},
    {"rbac.authorization.k8s.io/v1beta1", "RoleBinding"},
    {"scheduling.k8s.io/v1", "PriorityClass"},
    {"scheduling.k8s.io/v1beta1", "PriorityClass"},
    {"storage.k8s.io/v1", "CSIDriver"},
    {"storage.k8s.io/v1", "StorageClass"},
    {"storage.k8s.io/v1", "VolumeAttachment"},
    {"storage.k8s.io/v1beta1", "CSIDriver"},
    {"storage.k8s.io/v1beta1", "CSIStorageCapacity"},
    {"storage.k8s.io/v1beta1", "StorageClass"},
    {"storage.k8s.io/v1beta1", "VolumeAttachment"},
    {"v1", "Binding"},
    {"v1", "ConfigMap"},
    {"v1", "Endpoints"},
    {"v1", "Event"},
    {"v1", "LimitRange"},
    {"v1", "PersistentVolume"},
    {"v1", "ResourceQuota"},
    {"v1", "Secret"},
}};

}  // namespace

MergeShape merge_shape(string_view api_version, string_view kind) {
  const auto is_it = [&](const auto& row) {
    return row.kind == kind && row.api_version == api_version;
  };
  if (const auto* found = std::find_if(kinds.begin(), kinds.end(), is_it); found != kinds.end()) {
    return found->shape;
  }
  return std::any_of(others.begin(), others.end(), is_it) ? Shape::only_metadata : Shape::unknown;
}

MergeField merge_field(MergeShape shape, string_view field) {
  if (shape == Shape::unknown) {
    return {};
  }
  const auto* found = std::find_if(fields.begin(), fields.end(), [&](const FieldRow& row) {
    return row.shape == shape && row.field == field;
  });
  return found == fields.end() ? MergeField{.shape = Shape::plain, .merged = false, .keys = {}}
                               : found->merge;
}

}  // namespace sluice::policy

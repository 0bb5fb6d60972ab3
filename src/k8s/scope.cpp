// SPDX-License-Identifier: Apache-2.0
#include "k8s/scope.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace sluice::k8s {
namespace {

using GroupKind = std::pair<std::string_view, std::string_view>;

constexpr std::array cluster_scoped{
    GroupKind{"", "ComponentStatus"},
    GroupKind{"", "Namespace"},
    GroupKind{"", "Node"},
    GroupKind{"", "PersistentVolume"},
    GroupKind{"admissionregistration.k8s.io", "MutatingAdmissionPolicy"},
    GroupKind{"admissionregistration.k8s.io", "MutatingAdmissionPolicyBinding"},
    GroupKind{"admissionregistration.k8s.io", "MutatingWebhookConfiguration"},
    GroupKind{"admissionregistration.k8s.io", "ValidatingAdmissionPolicy"},
    GroupKind{"admissionregistration.k8s.io", "ValidatingAdmissionPolicyBinding"},
    GroupKind{"admissionregistration.k8s.io", "ValidatingWebhookConfiguration"},
    GroupKind{"apiextensions.k8s.io", "CustomResourceDefinition"},
    GroupKind{"apiregistration.k8s.io", "APIService"},
    GroupKind{"authentication.k8s.io", "SelfSubjectReview"},
    GroupKind{"authentication.k8s.io", "TokenReview"},
    GroupKind{"authorization.k8s.io", "SelfSubjectAccessReview"},
    GroupKind{"authorization.k8s.io", "SelfSubjectRulesReview"},
    GroupKind{"authorization.k8s.io", "SubjectAccessReview"},
    GroupKind{"certificates.k8s.io", "CertificateSigningRequest"},
    GroupKind{"certificates.k8s.io", "ClusterTrustBundle"},
    GroupKind{"cert-manager.io", "ClusterIssuer"},
    GroupKind{"flowcontrol.apiserver.k8s.io", "FlowSchema"},
    GroupKind{"flowcontrol.apiserver.k8s.io", "PriorityLevelConfiguration"},
    GroupKind{"internal.apiserver.k8s.io", "StorageVersion"},
    GroupKind{"keda.sh", "ClusterTriggerAuthentication"},
    GroupKind{"kyverno.io", "ClusterCleanupPolicy"},
    GroupKind{"kyverno.io", "ClusterPolicy"},
    GroupKind{"networking.k8s.io", "IPAddress"},
    GroupKind{"networking.k8s.io", "IngressClass"},
    GroupKind{"networking.k8s.io", "ServiceCIDR"},
    GroupKind{"node.k8s.io", "RuntimeClass"},
    GroupKind{"policy", "PodSecurityPolicy"},
    GroupKind{"rbac.authorization.k8s.io", "ClusterRole"},
    GroupKind{"rbac.authorization.k8s.io", "ClusterRoleBinding"},
    GroupKind{"resource.k8s.io", "DeviceClass"},
    GroupKind{"resource.k8s.io", "DeviceTaintRule"},
    GroupKind{"resource.k8s.io", "ResourceSlice"},
    GroupKind{"scheduling.k8s.io", "PriorityClass"},
    GroupKind{"serving.kserve.io", "ClusterServingRuntime"},
    GroupKind{"serving.kserve.io", "ClusterStorageContainer"},
    GroupKind{"storage.k8s.io", "CSIDriver"},
    GroupKind{"storage.k8s.io", "CSINode"},
    GroupKind{"storage.k8s.io", "StorageClass"},
    GroupKind{"storage.k8s.io", "VolumeAttachment"},
    GroupKind{"storage.k8s.io", "VolumeAttributesClass"},
    GroupKind{"storagemigration.k8s.io", "StorageVersionMigration"},
};

}  // namespace

bool is_cluster_scoped(std::string_view group, std::string_view kind) {
  return std::ranges::find(cluster_scoped, GroupKind{group, kind}) != cluster_scoped.end();
}

}  // namespace sluice::k8s

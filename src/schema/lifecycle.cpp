// SPDX-License-Identifier: Apache-2.0
#include "schema/lifecycle.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace sluice::schema {
namespace {

using Row = Lifecycle;

// The lifecycle marks of k8s.io/api (zz_generated.prerelease-lifecycle.go of each API version, up
// to release 1.37), which is what the API server prints its warnings from; for what has left that
// module (apiextensions, apiregistration, pod security policies, first alphas) the deprecated API
// migration guide of kubernetes.io. The replacement is the API version to move to today.
// clang-format off
constexpr std::array rows{
    Row{"", "v1", "ComponentStatus", 19, 0, ""},
    Row{"", "v1", "Endpoints", 33, 0, "discovery.k8s.io/v1 (EndpointSlice)"},
    Row{"admissionregistration.k8s.io", "v1alpha1", "ValidatingAdmissionPolicy", 29, 32, "admissionregistration.k8s.io/v1"},
    Row{"admissionregistration.k8s.io", "v1alpha1", "ValidatingAdmissionPolicyBinding", 29, 32, "admissionregistration.k8s.io/v1"},
    Row{"admissionregistration.k8s.io", "v1alpha1", "", 35, 38, "admissionregistration.k8s.io/v1"},
    Row{"admissionregistration.k8s.io", "v1beta1", "ValidatingAdmissionPolicy", 31, 34, "admissionregistration.k8s.io/v1"},
    Row{"admissionregistration.k8s.io", "v1beta1", "ValidatingAdmissionPolicyBinding", 31, 34, "admissionregistration.k8s.io/v1"},
    Row{"admissionregistration.k8s.io", "v1beta1", "MutatingAdmissionPolicy", 37, 40, "admissionregistration.k8s.io/v1"},
    Row{"admissionregistration.k8s.io", "v1beta1", "MutatingAdmissionPolicyBinding", 37, 40, "admissionregistration.k8s.io/v1"},
    Row{"admissionregistration.k8s.io", "v1beta1", "", 16, 22, "admissionregistration.k8s.io/v1"},
    Row{"apps", "v1beta1", "Scale", 8, 16, "autoscaling/v1"},
    Row{"apps", "v1beta1", "", 8, 16, "apps/v1"},
    Row{"apps", "v1beta2", "Scale", 9, 16, "autoscaling/v1"},
    Row{"apps", "v1beta2", "", 9, 16, "apps/v1"},
    Row{"authentication.k8s.io", "v1alpha1", "SelfSubjectReview", 29, 32, "authentication.k8s.io/v1"},
    Row{"authentication.k8s.io", "v1beta1", "TokenReview", 19, 22, "authentication.k8s.io/v1"},
    Row{"authentication.k8s.io", "v1beta1", "SelfSubjectReview", 30, 33, "authentication.k8s.io/v1"},
    Row{"authorization.k8s.io", "v1beta1", "", 19, 22, "authorization.k8s.io/v1"},
    Row{"autoscaling", "v2beta1", "HorizontalPodAutoscaler", 22, 25, "autoscaling/v2"},
    Row{"autoscaling", "v2beta2", "HorizontalPodAutoscaler", 23, 26, "autoscaling/v2"},
    Row{"batch", "v1beta1", "CronJob", 21, 25, "batch/v1"},
    Row{"certificates.k8s.io", "v1alpha1", "ClusterTrustBundle", 34, 37, "certificates.k8s.io/v1"},
    Row{"certificates.k8s.io", "v1beta1", "CertificateSigningRequest", 19, 22, "certificates.k8s.io/v1"},
    Row{"certificates.k8s.io", "v1beta1", "", 37, 40, "certificates.k8s.io/v1"},
    Row{"coordination.k8s.io", "v1alpha2", "LeaseCandidate", 35, 38, ""},
    Row{"coordination.k8s.io", "v1beta1", "LeaseCandidate", 36, 39, ""},
    Row{"coordination.k8s.io", "v1beta1", "Lease", 19, 22, "coordination.k8s.io/v1"},
    Row{"discovery.k8s.io", "v1beta1", "EndpointSlice", 21, 25, "discovery.k8s.io/v1"},
    Row{"events.k8s.io", "v1beta1", "Event", 22, 25, "events.k8s.io/v1"},
    Row{"extensions", "v1beta1", "DeploymentRollback", 8, 16, ""},
    Row{"extensions", "v1beta1", "Ingress", 14, 22, "networking.k8s.io/v1"},
    Row{"extensions", "v1beta1", "NetworkPolicy", 9, 16, "networking.k8s.io/v1"},
    Row{"extensions", "v1beta1", "Scale", 2, 16, ""},
    Row{"extensions", "v1beta1", "", 8, 16, "apps/v1"},
    Row{"flowcontrol.apiserver.k8s.io", "v1beta1", "", 23, 26, "flowcontrol.apiserver.k8s.io/v1"},
    Row{"flowcontrol.apiserver.k8s.io", "v1beta2", "", 26, 29, "flowcontrol.apiserver.k8s.io/v1"},
    Row{"flowcontrol.apiserver.k8s.io", "v1beta3", "", 29, 32, "flowcontrol.apiserver.k8s.io/v1"},
    Row{"networking.k8s.io", "v1alpha1", "", 30, 33, "networking.k8s.io/v1"},
    Row{"networking.k8s.io", "v1beta1", "Ingress", 19, 22, "networking.k8s.io/v1"},
    Row{"networking.k8s.io", "v1beta1", "IngressClass", 19, 22, "networking.k8s.io/v1"},
    Row{"networking.k8s.io", "v1beta1", "", 34, 37, "networking.k8s.io/v1"},
    Row{"node.k8s.io", "v1beta1", "RuntimeClass", 22, 25, "node.k8s.io/v1"},
    Row{"policy", "v1beta1", "PodDisruptionBudget", 21, 25, "policy/v1"},
    Row{"policy", "v1beta1", "Eviction", 22, 25, "policy/v1"},
    Row{"rbac.authorization.k8s.io", "v1beta1", "", 17, 22, "rbac.authorization.k8s.io/v1"},
    Row{"resource.k8s.io", "v1alpha3", "DeviceTaintRule", 36, 39, "resource.k8s.io/v1"},
    Row{"resource.k8s.io", "v1alpha3", "ResourcePoolStatusRequest", 39, 42, ""},
    Row{"resource.k8s.io", "v1alpha3", "", 34, 37, "resource.k8s.io/v1"},
    Row{"resource.k8s.io", "v1beta1", "", 35, 38, "resource.k8s.io/v1"},
    Row{"resource.k8s.io", "v1beta2", "DeviceTaintRule", 39, 42, "resource.k8s.io/v1"},
    Row{"resource.k8s.io", "v1beta2", "", 36, 39, "resource.k8s.io/v1"},
    Row{"scheduling.k8s.io", "v1beta1", "PriorityClass", 14, 22, "scheduling.k8s.io/v1"},
    Row{"scheduling.k8s.io", "v1beta1", "", 40, 43, ""},
    Row{"storage.k8s.io", "v1alpha1", "VolumeAttributesClass", 32, 35, "storage.k8s.io/v1"},
    Row{"storage.k8s.io", "v1alpha1", "", 21, 24, "storage.k8s.io/v1"},
    Row{"storage.k8s.io", "v1beta1", "CSINode", 17, 22, "storage.k8s.io/v1"},
    Row{"storage.k8s.io", "v1beta1", "CSIStorageCapacity", 24, 27, "storage.k8s.io/v1"},
    Row{"storage.k8s.io", "v1beta1", "VolumeAttributesClass", 34, 37, "storage.k8s.io/v1"},
    Row{"storage.k8s.io", "v1beta1", "", 19, 22, "storage.k8s.io/v1"},
    Row{"storagemigration.k8s.io", "v1alpha1", "StorageVersionMigration", 33, 36, "storagemigration.k8s.io/v1"},
    Row{"storagemigration.k8s.io", "v1beta1", "StorageVersionMigration", 37, 40, "storagemigration.k8s.io/v1"},
    Row{"apiextensions.k8s.io", "v1beta1", "", 16, 22, "apiextensions.k8s.io/v1"},
    Row{"apiregistration.k8s.io", "v1beta1", "", 19, 22, "apiregistration.k8s.io/v1"},
    Row{"batch", "v2alpha1", "CronJob", 21, 21, "batch/v1"},
    Row{"extensions", "v1beta1", "PodSecurityPolicy", 10, 16, ""},
    Row{"flowcontrol.apiserver.k8s.io", "v1alpha1", "", 20, 21, "flowcontrol.apiserver.k8s.io/v1"},
    Row{"policy", "v1beta1", "PodSecurityPolicy", 21, 25, ""},
    Row{"rbac.authorization.k8s.io", "v1alpha1", "", 17, 22, "rbac.authorization.k8s.io/v1"},
    Row{"scheduling.k8s.io", "v1alpha1", "PriorityClass", 14, 22, "scheduling.k8s.io/v1"},
};
// clang-format on

/// "v1" before "v2beta1" before "v1beta1": the more settled, the better a replacement.
int stability(std::string_view version) {
  return version.find("alpha") != std::string_view::npos  ? 2
         : version.find("beta") != std::string_view::npos ? 1
                                                          : 0;
}

}  // namespace

const Lifecycle* lifecycle_of(const GroupVersionKind& name) {
  std::string_view kind = name.kind;  // a DeploymentList goes with its Deployment
  kind.remove_suffix(kind.ends_with("List") ? 4 : 0);
  const Row* all_kinds = nullptr;
  for (const Row& row : rows) {
    if (row.version == name.version && row.group == name.group) {
      if (row.kind == kind) {
        return &row;
      }
      all_kinds = row.kind.empty() ? &row : all_kinds;
    }
  }
  return all_kinds;
}

std::string served_as(const GroupVersionKind& name, KubeVersion version) {
  const BuiltinKind* best = nullptr;
  const auto rank = [&](const BuiltinKind& kind) {
    return std::make_tuple(kind.name.group == name.group ? 0 : 1, stability(kind.name.version));
  };
  const auto better = [&](const BuiltinKind& kind) {
    return rank(kind) < rank(*best) ||
           (rank(kind) == rank(*best) && kind.name.version > best->name.version);
  };
  for (const BuiltinKind& kind : builtin_kinds()) {
    if (kind.name.kind == name.kind && builtin_definition(kind.number, version) &&
        (best == nullptr || better(kind))) {
      best = &kind;
    }
  }
  return best == nullptr ? std::string{} : best->name.api_version();
}

std::optional<Deprecation> deprecation_of(const GroupVersionKind& name, KubeVersion version) {
  const bool settled = name.version.find('a') == std::string_view::npos;  // no alpha, no beta
  if (settled &&
      !(name.group.empty() && (name.kind == "Endpoints" || name.kind == "ComponentStatus"))) {
    return std::nullopt;
  }
  const Lifecycle* row = lifecycle_of(name);
  if (row == nullptr || row->deprecated > version.minor) {
    return std::nullopt;
  }
  Deprecation out;
  out.message = text::printable(name.kind) + " (" + text::printable(name.api_version()) +
                ") is deprecated since Kubernetes 1." + std::to_string(row->deprecated);
  out.message += row->removed == 0 ? "" : " and gone in 1." + std::to_string(row->removed);
  // What is newest is no use before it is there.
  const std::string served = settled ? std::string{} : served_as(name, version);
  const bool better = !served.empty() && served != name.api_version();
  const std::string use = better ? served : std::string(row->replacement);
  out.hint = use.empty() ? "nothing replaces it" : "use apiVersion " + use;
  return out;
}

}  // namespace sluice::schema

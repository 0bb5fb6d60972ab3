// SPDX-License-Identifier: Apache-2.0
#include "schema/unknown_kind.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace sluice::schema {
namespace {

/// API versions that were gone before the first version in the table. Source: the deprecated API
/// migration guide of kubernetes.io. An empty kind means all kinds of the version that have no row
/// of their own.
struct Removed {
  std::string_view group;
  std::string_view version;
  std::string_view kind;
  std::uint32_t minor;
  std::string_view replacement;
};

constexpr std::array removed{
    Removed{"extensions", "v1beta1", "Ingress", 22, "networking.k8s.io/v1"},
    Removed{"extensions", "v1beta1", "NetworkPolicy", 16, "networking.k8s.io/v1"},
    Removed{"extensions", "v1beta1", "PodSecurityPolicy", 16, ""},
    Removed{"extensions", "v1beta1", "", 16, "apps/v1"},
    Removed{"apps", "v1beta1", "", 16, "apps/v1"},
    Removed{"apps", "v1beta2", "", 16, "apps/v1"},
    Removed{"admissionregistration.k8s.io", "v1beta1", "MutatingWebhookConfiguration", 22,
            "admissionregistration.k8s.io/v1"},
    Removed{"admissionregistration.k8s.io", "v1beta1", "ValidatingWebhookConfiguration", 22,
            "admissionregistration.k8s.io/v1"},
    Removed{"apiextensions.k8s.io", "v1beta1", "", 22, "apiextensions.k8s.io/v1"},
    Removed{"apiregistration.k8s.io", "v1beta1", "", 22, "apiregistration.k8s.io/v1"},
    Removed{"authentication.k8s.io", "v1beta1", "TokenReview", 22, "authentication.k8s.io/v1"},
    Removed{"authorization.k8s.io", "v1beta1", "", 22, "authorization.k8s.io/v1"},
    Removed{"certificates.k8s.io", "v1beta1", "CertificateSigningRequest", 22,
            "certificates.k8s.io/v1"},
    Removed{"coordination.k8s.io", "v1beta1", "Lease", 22, "coordination.k8s.io/v1"},
    Removed{"networking.k8s.io", "v1beta1", "Ingress", 22, "networking.k8s.io/v1"},
    Removed{"networking.k8s.io", "v1beta1", "IngressClass", 22, "networking.k8s.io/v1"},
    Removed{"rbac.authorization.k8s.io", "v1alpha1", "", 22, "rbac.authorization.k8s.io/v1"},
    Removed{"rbac.authorization.k8s.io", "v1beta1", "", 22, "rbac.authorization.k8s.io/v1"},
    Removed{"scheduling.k8s.io", "v1alpha1", "PriorityClass", 22, "scheduling.k8s.io/v1"},
    Removed{"scheduling.k8s.io", "v1beta1", "PriorityClass", 22, "scheduling.k8s.io/v1"},
    Removed{"storage.k8s.io", "v1beta1", "CSIDriver", 22, "storage.k8s.io/v1"},
    Removed{"storage.k8s.io", "v1beta1", "CSINode", 22, "storage.k8s.io/v1"},
    Removed{"storage.k8s.io", "v1beta1", "StorageClass", 22, "storage.k8s.io/v1"},
    Removed{"storage.k8s.io", "v1beta1", "VolumeAttachment", 22, "storage.k8s.io/v1"},
    Removed{"autoscaling", "v2beta1", "HorizontalPodAutoscaler", 25, "autoscaling/v2"},
    Removed{"batch", "v1beta1", "CronJob", 25, "batch/v1"},
    Removed{"batch", "v2alpha1", "CronJob", 21, "batch/v1"},
    Removed{"discovery.k8s.io", "v1beta1", "EndpointSlice", 25, "discovery.k8s.io/v1"},
    Removed{"events.k8s.io", "v1beta1", "Event", 25, "events.k8s.io/v1"},
    Removed{"node.k8s.io", "v1beta1", "RuntimeClass", 25, "node.k8s.io/v1"},
    Removed{"policy", "v1beta1", "PodDisruptionBudget", 25, "policy/v1"},
    Removed{"policy", "v1beta1", "PodSecurityPolicy", 25, ""},
    Removed{"flowcontrol.apiserver.k8s.io", "v1alpha1", "", 21, "flowcontrol.apiserver.k8s.io/v1"},
};

std::string quoted(const GroupVersionKind& name) {
  return text::printable(name.kind) + " (" + text::printable(name.api_version()) + ")";
}

/// "v1" before "v2beta1" before "v1beta1": the more settled, the better a replacement.
int stability(std::string_view version) {
  return version.find("alpha") != std::string_view::npos  ? 2
         : version.find("beta") != std::string_view::npos ? 1
                                                          : 0;
}

/// Another API version of the same kind that `version` serves: in the same group if there is one.
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

/// The versions of the table that serve the kind, as a first and last minor; {0, 0} when none does.
std::pair<std::uint32_t, std::uint32_t> served_in(const GroupVersionKind& name) {
  std::pair<std::uint32_t, std::uint32_t> out{0, 0};
  for (const KubeVersion version : kube_versions()) {
    if (builtin_schema(name, version)) {
      out = {out.first == 0 ? version.minor : out.first, version.minor};
    }
  }
  return out;
}

UnknownKind removed_api(const GroupVersionKind& name,
                        KubeVersion version,
                        std::uint32_t minor,
                        std::string replacement) {
  UnknownKind out{.code = "schema/removed-api",
                  .message = quoted(name) + " is gone since Kubernetes 1." + std::to_string(minor)};
  if (replacement.empty()) {
    replacement = served_as(name, version);
  }
  out.hint = replacement.empty() ? "nothing replaces it" : "use apiVersion " + replacement;
  return out;
}

/// "did you mean Deployment?", or "ScaledObject is in keda.sh/v1alpha1".
std::string suggestion(const GroupVersionKind& name,
                       KubeVersion version,
                       const std::vector<GroupVersionKind>& customs) {
  std::vector<GroupVersionKind> all(customs);
  for (const BuiltinKind& kind : builtin_kinds()) {
    if (builtin_definition(kind.number, version)) {
      all.push_back(kind.name);
    }
  }
  std::vector<std::string_view> near;
  std::vector<std::string_view> anywhere;
  for (const GroupVersionKind& known : all) {
    if (known.group == name.group && known.version == name.version) {
      near.push_back(known.kind);
    }
    anywhere.push_back(known.kind);
  }
  if (const auto kind = text::nearest(name.kind, near)) {
    return "did you mean " + std::string(*kind) + "?";
  }
  for (const GroupVersionKind& known : all) {
    if (known.kind == name.kind) {
      return std::string(known.kind) + " is in apiVersion " + text::printable(known.api_version());
    }
  }
  const auto kind = text::nearest(name.kind, anywhere);
  return kind ? "did you mean " + std::string(*kind) + "?" : std::string{};
}

}  // namespace

UnknownKind explain_unknown_kind(const GroupVersionKind& name,
                                 KubeVersion version,
                                 const std::vector<GroupVersionKind>& custom_kinds) {
  const auto* row = std::find_if(removed.begin(), removed.end(), [&](const Removed& r) {
    return r.group == name.group && r.version == name.version &&
           (r.kind.empty() || r.kind == name.kind);
  });
  const auto [first, last] = served_in(name);
  if (last != 0 && last < version.minor) {
    return removed_api(name, version, last + 1, {});
  }
  if (first > version.minor) {
    return {.code = "schema/removed-api",
            .message = quoted(name) + " is not there before Kubernetes 1." + std::to_string(first),
            .hint = "Kubernetes " + version.text() + " serves " +
                    (served_as(name, version).empty()
                         ? "no such kind"
                         : "it as apiVersion " + served_as(name, version))};
  }
  if (row != removed.end() && (!row->kind.empty() || !served_as(name, version).empty())) {
    return removed_api(name, version, row->minor, std::string(row->replacement));
  }
  const bool custom = !is_builtin_group(name.group);
  UnknownKind out{.code = "schema/unknown-kind",
                  .message = custom ? "there is no schema for " + quoted(name)
                                    : "Kubernetes has no " + quoted(name),
                  .hint = suggestion(name, version, custom_kinds),
                  .custom = custom};
  if (out.hint.empty()) {
    out.hint = custom ? "put its CustomResourceDefinition into the input, or name it with --crds "
                        "or --schema-location"
                      : "see the list of API groups with kubectl api-resources";
  }
  return out;
}

}  // namespace sluice::schema

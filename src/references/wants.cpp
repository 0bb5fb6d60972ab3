// SPDX-License-Identifier: Apache-2.0
#include "references/wants.hpp"

#include "k8s/scope.hpp"

#include <array>

namespace sluice::references {
namespace {

using yaml::Document;
using yaml::Kind;
using yaml::Node;

/// One place that names an object. In `path`, "x[]" stands for each item of the list x.
struct Row {
  std::string_view path;
  std::string_view group, kind;  ///< of the object that is named
  std::string_view key = {};     ///< beside the name: which entry of its data
  std::string_view port = {};    ///< beside the name: which port
  std::string_view or_kind = {};
};

constexpr std::array pod_rows{
    Row{"volumes[]/configMap/name", "", "ConfigMap"},
    Row{"volumes[]/secret/secretName", "", "Secret"},
    Row{"volumes[]/persistentVolumeClaim/claimName", "", "PersistentVolumeClaim"},
    Row{"volumes[]/projected/sources[]/configMap/name", "", "ConfigMap"},
    Row{"volumes[]/projected/sources[]/secret/name", "", "Secret"},
    Row{"volumes[]/csi/nodePublishSecretRef/name", "", "Secret"},
    Row{"imagePullSecrets[]/name", "", "Secret"},
    Row{"serviceAccountName", "", "ServiceAccount"},
    Row{"priorityClassName", "scheduling.k8s.io", "PriorityClass"},
    Row{"runtimeClassName", "node.k8s.io", "RuntimeClass"},
    Row{"containers[]/env[]/valueFrom/configMapKeyRef/name", "", "ConfigMap", "key"},
    Row{"containers[]/env[]/valueFrom/secretKeyRef/name", "", "Secret", "key"},
    Row{"containers[]/envFrom[]/configMapRef/name", "", "ConfigMap"},
    Row{"containers[]/envFrom[]/secretRef/name", "", "Secret"},
    Row{"initContainers[]/env[]/valueFrom/configMapKeyRef/name", "", "ConfigMap", "key"},
    Row{"initContainers[]/env[]/valueFrom/secretKeyRef/name", "", "Secret", "key"},
    Row{"initContainers[]/envFrom[]/configMapRef/name", "", "ConfigMap"},
    Row{"initContainers[]/envFrom[]/secretRef/name", "", "Secret"},
    Row{"model/env[]/valueFrom/secretKeyRef/name", "", "Secret", "key"},
    Row{"model/env[]/valueFrom/configMapKeyRef/name", "", "ConfigMap", "key"},
    Row{.path = "model/runtime",
        .group = "serving.kserve.io",
        .kind = "ServingRuntime",
        .or_kind = "ClusterServingRuntime"},
};

struct ObjectRow {
  std::string_view group, kind;
  Row row;
};

constexpr std::array object_rows{
    ObjectRow{"", "ServiceAccount", {"imagePullSecrets[]/name", "", "Secret"}},
    ObjectRow{
        "", "PersistentVolumeClaim", {"spec/storageClassName", "storage.k8s.io", "StorageClass"}},
    ObjectRow{"apps", "StatefulSet", {"spec/serviceName", "", "Service"}},
    ObjectRow{
        "apps",
        "StatefulSet",
        {"spec/volumeClaimTemplates[]/spec/storageClassName", "storage.k8s.io", "StorageClass"}},
    ObjectRow{"networking.k8s.io",
              "Ingress",
              {"spec/ingressClassName", "networking.k8s.io", "IngressClass"}},
    ObjectRow{"networking.k8s.io", "Ingress", {"spec/tls[]/secretName", "", "Secret"}},
    ObjectRow{"networking.k8s.io",
              "Ingress",
              {"spec/defaultBackend/service/name", "", "Service", "", "port"}},
    ObjectRow{"networking.k8s.io",
              "Ingress",
              {"spec/rules[]/http/paths[]/backend/service/name", "", "Service", "", "port"}},
    ObjectRow{"admissionregistration.k8s.io",
              "MutatingWebhookConfiguration",
              {"webhooks[]/clientConfig/service/name", "", "Service", "", "port"}},
    ObjectRow{"admissionregistration.k8s.io",
              "ValidatingWebhookConfiguration",
              {"webhooks[]/clientConfig/service/name", "", "Service", "", "port"}},
    ObjectRow{"apiextensions.k8s.io",
              "CustomResourceDefinition",
              {"spec/conversion/webhook/clientConfig/service/name", "", "Service", "", "port"}},
    ObjectRow{
        "apiregistration.k8s.io", "APIService", {"spec/service/name", "", "Service", "", "port"}},
    ObjectRow{"rbac.authorization.k8s.io",
              "RoleBinding",
              {"roleRef/name", "rbac.authorization.k8s.io", "Role"}},
    ObjectRow{
        "rbac.authorization.k8s.io", "RoleBinding", {"subjects[]/name", "", "ServiceAccount"}},
    ObjectRow{"rbac.authorization.k8s.io",
              "ClusterRoleBinding",
              {"roleRef/name", "rbac.authorization.k8s.io", "ClusterRole"}},
    ObjectRow{"rbac.authorization.k8s.io",
              "ClusterRoleBinding",
              {"subjects[]/name", "", "ServiceAccount"}},
    ObjectRow{"gateway.networking.k8s.io",
              "HTTPRoute",
              {"spec/rules[]/backendRefs[]/name", "", "Service", "", "port"}},
    ObjectRow{"gateway.networking.k8s.io",
              "HTTPRoute",
              {"spec/parentRefs[]/name", "gateway.networking.k8s.io", "Gateway"}},
    ObjectRow{"gateway.networking.k8s.io",
              "GRPCRoute",
              {"spec/rules[]/backendRefs[]/name", "", "Service", "", "port"}},
    ObjectRow{"gateway.networking.k8s.io",
              "GRPCRoute",
              {"spec/parentRefs[]/name", "gateway.networking.k8s.io", "Gateway"}},
    ObjectRow{"argoproj.io", "Rollout", {"spec/strategy/canary/stableService", "", "Service"}},
    ObjectRow{"argoproj.io", "Rollout", {"spec/strategy/canary/canaryService", "", "Service"}},
    ObjectRow{"argoproj.io", "Rollout", {"spec/strategy/blueGreen/activeService", "", "Service"}},
    ObjectRow{"argoproj.io", "Rollout", {"spec/strategy/blueGreen/previewService", "", "Service"}},
    ObjectRow{"argoproj.io",
              "Rollout",
              {"spec/strategy/canary/trafficRouting/istio/virtualService/name",
               "networking.istio.io", "VirtualService"}},
    ObjectRow{"argoproj.io",
              "Rollout",
              {.path = "spec/strategy/canary/analysis/templates[]/templateName",
               .group = "argoproj.io",
               .kind = "AnalysisTemplate",
               .or_kind = "ClusterAnalysisTemplate"}},
    ObjectRow{"argoproj.io",
              "Rollout",
              {.path = "spec/strategy/canary/steps[]/analysis/templates[]/templateName",
               .group = "argoproj.io",
               .kind = "AnalysisTemplate",
               .or_kind = "ClusterAnalysisTemplate"}},
    ObjectRow{"argoproj.io",
              "Rollout",
              {.path = "spec/strategy/blueGreen/prePromotionAnalysis/templates[]/templateName",
               .group = "argoproj.io",
               .kind = "AnalysisTemplate",
               .or_kind = "ClusterAnalysisTemplate"}},
    ObjectRow{"argoproj.io",
              "Rollout",
              {.path = "spec/strategy/blueGreen/postPromotionAnalysis/templates[]/templateName",
               .group = "argoproj.io",
               .kind = "AnalysisTemplate",
               .or_kind = "ClusterAnalysisTemplate"}},
    ObjectRow{"argoproj.io",
              "CronWorkflow",
              {.path = "spec/workflowSpec/workflowTemplateRef/name",
               .group = "argoproj.io",
               .kind = "WorkflowTemplate",
               .or_kind = "ClusterWorkflowTemplate"}},
    ObjectRow{"argoproj.io",
              "Workflow",
              {.path = "spec/workflowTemplateRef/name",
               .group = "argoproj.io",
               .kind = "WorkflowTemplate",
               .or_kind = "ClusterWorkflowTemplate"}},
    ObjectRow{"keda.sh",
              "ScaledObject",
              {"spec/triggers[]/authenticationRef/name", "keda.sh", "TriggerAuthentication"}},
    ObjectRow{
        "cert-manager.io", "Certificate", {"spec/issuerRef/name", "cert-manager.io", "Issuer"}},
    ObjectRow{"external-secrets.io",
              "ExternalSecret",
              {"spec/secretStoreRef/name", "external-secrets.io", "SecretStore"}},
};

constexpr std::array target_rows{
    ObjectRow{"autoscaling",
              "HorizontalPodAutoscaler",
              {"spec/scaleTargetRef/name", "apps", "Deployment"}},
    ObjectRow{"keda.sh", "ScaledObject", {"spec/scaleTargetRef/name", "apps", "Deployment"}},
    ObjectRow{"autoscaling.k8s.io",
              "VerticalPodAutoscaler",
              {"spec/targetRef/name", "apps", "Deployment"}},
    ObjectRow{"argoproj.io", "Rollout", {"spec/workloadRef/name", "apps", "Deployment"}},
};

class Finder {
 public:
  Finder(const k8s::Resource& object, std::vector<Want>& out)
      : object_(object), document_(*object.document), out_(out) {}

  void find(const Node& root, const std::string& path, const Row& row) {
    walk(root, path, row.path, row);
  }

 private:
  void walk(const Node& node, const std::string& path, std::string_view rest, const Row& row) {
    const auto slash = rest.find('/');
    std::string_view step = rest.substr(0, slash);
    const bool each = step.ends_with("[]");
    step.remove_suffix(each ? 2 : 0);
    const Node* child = document_.find(node, step);
    if (child == nullptr) {
      return;
    }
    const std::string below = path + "/" + std::string(step);
    if (slash == std::string_view::npos) {
      return add(node, *child, below, row);
    }
    if (!each) {
      return walk(*child, below, rest.substr(slash + 1), row);
    }
    if (child->kind == Kind::sequence) {
      std::size_t index = 0;
      for (const Node& item : document_.children(*child)) {
        walk(item, below + "/" + std::to_string(index++), rest.substr(slash + 1), row);
      }
    }
  }

  /// `beside` is the mapping that holds the name, and perhaps kind, namespace, key and port.
  void add(const Node& beside, const Node& name, std::string path, const Row& row) {
    if (name.kind != Kind::string || name.text.empty() ||
        name.text.find_first_of("${}") != std::string_view::npos) {
      return;
    }
    Want want{.target = {row.group, row.kind, object_.ref.name_space, name.text},
              .or_kind = row.or_kind,
              .at = &name,
              .path = std::move(path)};
    if (!read_kind(beside, row, want.target)) {
      return;
    }
    if (const auto given = document_.text(beside, {"namespace"}); !given.empty()) {
      want.target.name_space = given;
    }
    if (k8s::is_cluster_scoped(want.target.group, want.target.kind) ||
        want.target.kind.starts_with("Cluster")) {
      want.target.name_space = {};
    }
    const Node* optional = document_.find(beside, "optional");
    want.optional =
        optional != nullptr && optional->kind == Kind::boolean && optional->text == "true";
    if (!row.key.empty()) {
      want.key = document_.text(beside, {row.key});
    }
    if (!row.port.empty()) {
      read_port(beside, row, want);
    }
    out_.push_back(std::move(want));
  }

  void read_port(const Node& beside, const Row& row, Want& want) const {
    want.port_at = document_.find(beside, row.port);
    if (want.port_at != nullptr && want.port_at->kind == Kind::mapping) {  // of an Ingress
      const Node* number = document_.find(*want.port_at, "number");
      want.port_at = number != nullptr ? number : document_.find(*want.port_at, "name");
    }
    const bool calls = row.path.find("clientConfig") != std::string_view::npos ||
                       object_.ref.kind == "APIService";  // the API server calls, by default at 443
    want.port = want.port_at != nullptr ? want.port_at->text : calls ? "443" : "";
  }

  /// A kind written beside the name wins. False when it is one that nothing here knows to look for.
  [[nodiscard]] bool read_kind(const Node& beside, const Row& row, Target& target) const {
    const std::string_view kind = document_.text(beside, {"kind"});
    if (kind.empty()) {
      return row.kind != "ServiceAccount" || row.path != "subjects[]/name";
    }
    if (row.path == "subjects[]/name" && kind != "ServiceAccount") {
      return false;  // users and groups are nobody's objects
    }
    target.kind = kind;
    const std::string_view version = document_.text(beside, {"apiVersion"});
    for (const std::string_view key : {"apiGroup", "group"}) {
      if (const Node* group = document_.find(beside, key)) {
        target.group = group->text;
      }
    }
    if (!version.empty()) {
      const auto slash = version.find('/');
      target.group = slash == std::string_view::npos ? "" : version.substr(0, slash);
    }
    return true;
  }

  const k8s::Resource& object_;
  const Document& document_;
  std::vector<Want>& out_;
};

template <std::size_t n>
void find_rows(const std::array<ObjectRow, n>& rows,
               const k8s::Resource& object,
               std::vector<Want>& out) {
  const std::string_view group = object.group();
  for (const ObjectRow& row : rows) {
    if (row.kind == object.ref.kind && row.group == group) {
      Finder(object, out).find(*object.object, "", row.row);
    }
  }
}

}  // namespace

std::vector<Want> wants_of(const k8s::Resource& object, const std::vector<Pods>& pods) {
  std::vector<Want> out;
  find_rows(object_rows, object, out);
  for (const Pods& one : pods) {
    for (const Row& row : pod_rows) {
      if (one.spec != nullptr) {
        Finder(object, out).find(*one.spec, one.path, row);
      }
    }
  }
  return out;
}

std::vector<Want> workloads_of(const k8s::Resource& object) {
  std::vector<Want> out;
  find_rows(target_rows, object, out);
  return out;
}

}  // namespace sluice::references

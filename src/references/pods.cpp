// SPDX-License-Identifier: Apache-2.0
#include "references/pods.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace sluice::references {
namespace {

using yaml::Document;
using yaml::Kind;
using yaml::Node;

struct Row {
  std::string_view group, kind, path;  ///< of the template
};

constexpr std::array templates{
    Row{"", "ReplicationController", "spec/template"},
    Row{"apps", "Deployment", "spec/template"},
    Row{"apps", "StatefulSet", "spec/template"},
    Row{"apps", "DaemonSet", "spec/template"},
    Row{"apps", "ReplicaSet", "spec/template"},
    Row{"batch", "Job", "spec/template"},
    Row{"batch", "CronJob", "spec/jobTemplate/spec/template"},
    Row{"argoproj.io", "Rollout", "spec/template"},
    Row{"serving.knative.dev", "Service", "spec/template"},
};

/// Groups and kinds (empty: all of the group) whose objects make no pods by themselves.
struct Quiet {
  std::string_view group, kind;
};
constexpr std::array quiet{
    Quiet{"monitoring.coreos.com", "ServiceMonitor"},
    Quiet{"monitoring.coreos.com", "PodMonitor"},
    Quiet{"monitoring.coreos.com", "Probe"},
    Quiet{"monitoring.coreos.com", "PrometheusRule"},
    Quiet{"networking.istio.io", ""},
    Quiet{"security.istio.io", ""},
    Quiet{"telemetry.istio.io", ""},
    Quiet{"gateway.networking.k8s.io", "HTTPRoute"},
    Quiet{"gateway.networking.k8s.io", "GRPCRoute"},
    Quiet{"gateway.networking.k8s.io", "ReferenceGrant"},
    Quiet{"cert-manager.io", ""},
    Quiet{"external-secrets.io", ""},
    Quiet{"bitnami.com", "SealedSecret"},
    Quiet{"keda.sh", "ScaledObject"},
    Quiet{"keda.sh", "TriggerAuthentication"},
    Quiet{"kyverno.io", ""},
    Quiet{"policies.kyverno.io", ""},
    Quiet{"argoproj.io", "Application"},
    Quiet{"argoproj.io", "ApplicationSet"},
    Quiet{"argoproj.io", "AppProject"},
    Quiet{"argoproj.io", "Rollout"},
    Quiet{"argoproj.io", "AnalysisTemplate"},
    Quiet{"argoproj.io", "ClusterAnalysisTemplate"},
    Quiet{"source.toolkit.fluxcd.io", ""},
    Quiet{"kustomize.toolkit.fluxcd.io", ""},
    Quiet{"chaos-mesh.org", ""},
    Quiet{"serving.kserve.io", "InferenceService"},
    Quiet{"serving.kserve.io", "ServingRuntime"},
    Quiet{"serving.kserve.io", "ClusterServingRuntime"},
    Quiet{"autoscaling.k8s.io", ""},
};

void add_labels(const Document& document, const Node* labels, Labels& out) {
  if (labels == nullptr || labels->kind != Kind::mapping) {
    return;
  }
  const auto pairs = document.children(*labels);
  for (std::size_t i = 0; i + 1 < pairs.size(); i += 2) {
    out[pairs[i].text] = pairs[i + 1].text;
  }
}

const Node* at_path(const Document& document, const Node& root, std::string_view path) {
  const Node* node = &root;
  for (const std::string_view key : text::split(path, '/')) {
    node = node == nullptr ? nullptr : document.find(*node, key);
  }
  return node;
}

Pods pods_at(const Document& document, const Node& part, std::string path) {
  Pods pods{.spec = document.find(part, "spec"), .path = std::move(path) + "/spec"};
  add_labels(document, document.find(part, {"metadata", "labels"}), pods.labels);
  return pods;
}

/// predictor, transformer and explainer hold the fields of a pod themselves.
std::vector<Pods> of_inference_service(const k8s::Resource& object) {
  const Document& document = *object.document;
  std::vector<Pods> out;
  for (const std::string_view part : {"predictor", "transformer", "explainer"}) {
    const Node* node = document.find(*object.object, {"spec", part});
    if (node == nullptr || node->kind != Kind::mapping) {
      continue;
    }
    Pods pods{.spec = node, .path = "/spec/" + std::string(part)};
    add_labels(document, document.find(*object.object, {"metadata", "labels"}), pods.labels);
    add_labels(document, document.find(*node, "labels"), pods.labels);
    pods.labels["serving.kserve.io/inferenceservice"] = object.ref.name;
    pods.labels["component"] = part;
    out.push_back(std::move(pods));
  }
  return out;
}

/// spec.pytorchReplicaSpecs.Worker.template and its like.
std::vector<Pods> of_training_job(const k8s::Resource& object) {
  const Document& document = *object.document;
  const Node* spec = document.find(*object.object, "spec");
  std::vector<Pods> out;
  if (spec == nullptr || spec->kind != Kind::mapping) {
    return out;
  }
  const auto pairs = document.children(*spec);
  for (std::size_t i = 0; i + 1 < pairs.size(); i += 2) {
    if (!pairs[i].text.ends_with("ReplicaSpecs") || pairs[i + 1].kind != Kind::mapping) {
      continue;
    }
    const auto roles = document.children(pairs[i + 1]);
    for (std::size_t j = 0; j + 1 < roles.size(); j += 2) {
      if (const Node* part = document.find(roles[j + 1], "template")) {
        out.push_back(pods_at(document, *part,
                              "/spec/" + std::string(pairs[i].text) + "/" +
                                  std::string(roles[j].text) + "/template"));
      }
    }
  }
  return out;
}

}  // namespace

std::vector<Pods> pods_of(const k8s::Resource& object) {
  const std::string_view group = object.group();
  const std::string_view kind = object.ref.kind;
  const Document& document = *object.document;
  if (group == "serving.kserve.io" && kind == "InferenceService") {
    return of_inference_service(object);
  }
  if (group == "kubeflow.org") {
    return of_training_job(object);
  }
  if (group.empty() && kind == "Pod") {
    return {pods_at(document, *object.object, "")};
  }
  const auto* row = std::find_if(templates.begin(), templates.end(),
                                 [&](const Row& r) { return r.kind == kind && r.group == group; });
  const Node* part =
      row == templates.end() ? nullptr : at_path(document, *object.object, row->path);
  if (part == nullptr) {
    return {};
  }
  std::vector<Pods> out{pods_at(document, *part, "/" + std::string(row->path))};
  if (kind == "StatefulSet") {
    out.front().labels.try_emplace("apps.kubernetes.io/pod-index", "0");
    out.front().labels.try_emplace("statefulset.kubernetes.io/pod-name", "");
  }
  if (group == "serving.knative.dev") {
    out.front().labels.try_emplace("serving.knative.dev/service", object.ref.name);
  }
  return out;
}

bool may_bring_pods(const k8s::Resource& object) {
  const std::string_view group = object.group();
  return group.find('.') != std::string_view::npos &&
         std::none_of(quiet.begin(), quiet.end(), [&](const Quiet& row) {
           return row.group == group && (row.kind.empty() || row.kind == object.ref.kind);
         });
}

Selector Selector::of_labels(const Document& document, const Node& labels) {
  Selector out;
  if (labels.kind == Kind::mapping) {
    const auto pairs = document.children(labels);
    for (std::size_t i = 0; i + 1 < pairs.size(); i += 2) {
      out.demands_.push_back({pairs[i].text, "In", {pairs[i + 1].text}});
    }
  }
  return out;
}

Selector Selector::of_expressions(const Document& document, const Node& selector) {
  const Node* labels = document.find(selector, "matchLabels");
  Selector out = labels == nullptr ? Selector{} : of_labels(document, *labels);
  const Node* expressions = document.find(selector, "matchExpressions");
  if (expressions != nullptr && expressions->kind == Kind::sequence) {
    for (const Node& one : document.children(*expressions)) {
      Demand demand{document.text(one, {"key"}), document.text(one, {"operator"}), {}};
      if (const Node* values = document.find(one, "values");
          values != nullptr && values->kind == Kind::sequence) {
        for (const Node& value : document.children(*values)) {
          demand.values.push_back(value.text);
        }
      }
      out.demands_.push_back(std::move(demand));
    }
  }
  return out;
}

bool Selector::matches(const Labels& labels) const {
  return std::all_of(demands_.begin(), demands_.end(), [&](const Demand& demand) {
    const auto label = labels.find(demand.key);
    const bool there = label != labels.end();
    const bool among = there && std::find(demand.values.begin(), demand.values.end(),
                                          label->second) != demand.values.end();
    if (demand.verb == "NotIn") {
      return !among;
    }
    if (demand.verb == "Exists" || demand.verb == "DoesNotExist") {
      return there == (demand.verb == "Exists");
    }
    // The controller names the pod: any name may be meant.
    return among || (there && demand.key == "statefulset.kubernetes.io/pod-name");
  });
}

std::string Selector::text() const {
  std::vector<std::string> out;
  for (const Demand& demand : demands_) {
    std::string values;
    for (const std::string_view value : demand.values) {
      values += (values.empty() ? "" : ", ") + std::string(value);
    }
    out.push_back(std::string(demand.key) +
                  (demand.verb == "In" && demand.values.size() == 1 ? "=" + values
                   : values.empty()                                 ? " " + std::string(demand.verb)
                                    : " " + std::string(demand.verb) + " (" + values + ")"));
  }
  return text::printable(text::join(out, ", "));
}

}  // namespace sluice::references

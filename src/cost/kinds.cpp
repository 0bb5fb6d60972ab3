// SPDX-License-Identifier: Apache-2.0
#include "cost/kinds.hpp"

#include "yaml/canonical.hpp"

#include <algorithm>
#include <limits>

namespace sluice::cost {
namespace {

constexpr std::string_view in_template = "/spec/template/spec";
constexpr PodRow one{.pod = in_template};
constexpr PodRow replicated{.pod = in_template, .replicas = "/spec/replicas"};

/// A job of Kubeflow's training operator: a mapping of roles to replicas and a template.
constexpr KindRow kubeflow(std::string_view kind,
                           std::string_view each,
                           Count count = Count::groups) {
  return {.group = "kubeflow.org",
          .kind = kind,
          .role = Role::batch,
          .count = count,
          .pods = {PodRow{.pod = in_template.substr(5), .replicas = "/replicas", .each = each}},
          .suspend = "/spec/runPolicy/suspend"};
}

/// Ray keeps the same cluster under different keys.
constexpr KindRow ray(std::string_view kind,
                      Role role,
                      Surge surge,
                      std::string_view head,
                      std::string_view workers) {
  constexpr std::string_view pod = "/template/spec";
  return {
      .group = "ray.io",
      .kind = kind,
      .role = role,
      .count = Count::ray,
      .surge = surge,
      .pods = {PodRow{.pod = pod, .each = head, .name = "head"}, PodRow{.pod = pod,
                                                                        .replicas = "/replicas",
                                                                        .otherwise = 0,
                                                                        .each = workers,
                                                                        .min = "/minReplicas",
                                                                        .max = "/maxReplicas",
                                                                        .times = "/numOfHosts"}},
      .suspend = "/spec/suspend"};
}

constexpr KindRow replicated_kind(std::string_view group,
                                  std::string_view kind,
                                  Surge surge = Surge::none,
                                  std::string_view claims = "") {
  return {.group = group,
          .kind = kind,
          .count = Count::replicas,
          .surge = surge,
          .pods = {replicated},
          .claims = claims};
}

constexpr std::string_view claim_templates = "/spec/volumeClaimTemplates";

/// Sorted by kind and group.
constexpr std::array kind_rows{
    replicated_kind("apps.kruise.io", "CloneSet", Surge::none, claim_templates),
    KindRow{.group = "argoproj.io",
            .kind = "ClusterWorkflowTemplate",
            .role = Role::batch,
            .count = Count::workflow},
    KindRow{.group = "serving.knative.dev",
            .kind = "Configuration",
            .count = Count::knative,
            .surge = Surge::revision,
            .pods = {one}},
    KindRow{.group = "batch",
            .kind = "CronJob",
            .role = Role::batch,
            .count = Count::cron_job,
            .pods = {PodRow{.pod = "/spec/jobTemplate/spec/template/spec",
                            .job = "/spec/jobTemplate/spec"}},
            .suspend = "/spec/suspend"},
    KindRow{.group = "argoproj.io",
            .kind = "CronWorkflow",
            .role = Role::batch,
            .count = Count::workflow},
    KindRow{.group = "apps",
            .kind = "DaemonSet",
            .count = Count::per_node,
            .surge = Surge::daemon_set,
            .pods = {one}},
    KindRow{
        .group = "apps.kruise.io", .kind = "DaemonSet", .count = Count::per_node, .pods = {one}},
    replicated_kind("apps", "Deployment", Surge::deployment),
    replicated_kind("apps.openshift.io", "DeploymentConfig"),
    KindRow{.group = "serving.kserve.io", .kind = "InferenceGraph", .count = Count::graph},
    KindRow{.group = "serving.kserve.io", .kind = "InferenceService", .count = Count::kserve},
    kubeflow("JAXJob", "/spec/jaxReplicaSpecs/*"),
    KindRow{.group = "batch",
            .kind = "Job",
            .role = Role::batch,
            .pods = {PodRow{.pod = in_template, .job = "/spec"}},
            .suspend = "/spec/suspend"},
    KindRow{.group = "batch.volcano.sh",
            .kind = "Job",
            .role = Role::batch,
            .pods = {PodRow{
                .pod = "/template/spec", .replicas = "/replicas", .each = "/spec/tasks/*"}}},
    KindRow{.group = "jobset.x-k8s.io",
            .kind = "JobSet",
            .role = Role::batch,
            .pods = {PodRow{.pod = "/template/spec/template/spec",
                            .replicas = "/replicas",
                            .each = "/spec/replicatedJobs/*",
                            .job = "/template/spec"}},
            .suspend = "/spec/suspend"},
    KindRow{.group = "serving.kserve.io", .kind = "LLMInferenceService", .count = Count::llm},
    KindRow{.group = "leaderworkerset.x-k8s.io",
            .kind = "LeaderWorkerSet",
            .count = Count::leader_worker,
            .surge = Surge::leader_worker,
            .pods = {PodRow{.pod = "/spec/leaderWorkerTemplate/leaderTemplate/spec",
                            .replicas = "/spec/replicas",
                            .name = "leader"},
                     PodRow{.pod = "/spec/leaderWorkerTemplate/workerTemplate/spec",
                            .replicas = "/spec/replicas",
                            .name = "worker"}}},
    kubeflow("MPIJob", "/spec/mpiReplicaSpecs/*"),
    KindRow{.group = "kubeflow.org", .kind = "Notebook", .pods = {one}},
    kubeflow("PaddleJob", "/spec/paddleReplicaSpecs/*"),
    KindRow{.group = "", .kind = "Pod", .pods = {PodRow{.pod = "/spec"}}},
    kubeflow("PyTorchJob", "/spec/pytorchReplicaSpecs/*", Count::elastic),
    ray("RayCluster", Role::steady, Surge::none, "/spec/headGroupSpec", "/spec/workerGroupSpecs/*"),
    ray("RayJob",
        Role::batch,
        Surge::none,
        "/spec/rayClusterSpec/headGroupSpec",
        "/spec/rayClusterSpec/workerGroupSpecs/*"),
    ray("RayService",
        Role::steady,
        Surge::all,
        "/spec/rayClusterConfig/headGroupSpec",
        "/spec/rayClusterConfig/workerGroupSpecs/*"),
    replicated_kind("apps", "ReplicaSet"),
    replicated_kind("", "ReplicationController"),
    replicated_kind("argoproj.io", "Rollout", Surge::rollout),
    KindRow{
        .group = "keda.sh",
        .kind = "ScaledJob",
        .role = Role::batch,
        .count = Count::scaled_job,
        .pods = {PodRow{.pod = "/spec/jobTargetRef/template/spec", .job = "/spec/jobTargetRef"}}},
    KindRow{.group = "serving.knative.dev",
            .kind = "Service",
            .count = Count::knative,
            .surge = Surge::revision,
            .pods = {one}},
    KindRow{.group = "sparkoperator.k8s.io", .kind = "SparkApplication", .count = Count::elsewhere},
    replicated_kind("apps", "StatefulSet", Surge::none, claim_templates),
    replicated_kind("apps.kruise.io", "StatefulSet", Surge::none, claim_templates),
    kubeflow("TFJob", "/spec/tfReplicaSpecs/*"),
    KindRow{.group = "trainer.kubeflow.org",
            .kind = "TrainJob",
            .role = Role::batch,
            .count = Count::elsewhere},
    KindRow{
        .group = "argoproj.io", .kind = "Workflow", .role = Role::batch, .count = Count::workflow},
    KindRow{.group = "argoproj.io",
            .kind = "WorkflowTemplate",
            .role = Role::batch,
            .count = Count::workflow},
    kubeflow("XGBoostJob", "/spec/xgbReplicaSpecs/*"),
};
static_assert(std::ranges::is_sorted(kind_rows, {}, &KindRow::kind),
              "find_kind() searches by kind");

}  // namespace

std::span<const KindRow> kinds() {
  return kind_rows;
}

const KindRow* find_kind(std::string_view group, std::string_view kind, const Options& options) {
  for (const auto& row : options.kinds) {
    if (row.kind == kind && row.group == group) {
      return &row;
    }
  }
  for (const auto& row : std::ranges::equal_range(kind_rows, kind, {}, &KindRow::kind)) {
    if (row.group == group) {
      return &row;
    }
  }
  return nullptr;
}

bool never_runs(std::string_view group, std::string_view kind) {
  return group == "kyverno.io" || group.ends_with(".kyverno.io") ||
         group == "apiextensions.k8s.io" || group == "templates.gatekeeper.sh" ||
         group == "constraints.gatekeeper.sh" || group == "kustomize.config.k8s.io" ||
         (group == "serving.kserve.io" &&
          (kind.ends_with("ServingRuntime") || kind == "LLMInferenceServiceConfig")) ||
         (group == "trainer.kubeflow.org" && kind.ends_with("TrainingRuntime")) ||
         (group.empty() && kind == "PodTemplate");
}

const yaml::Node* at(const yaml::Document& document,
                     const yaml::Node& object,
                     std::string_view pointer) {
  const yaml::Node* node = &object;
  while (node != nullptr && !pointer.empty()) {
    pointer.remove_prefix(1);
    const auto key = pointer.substr(0, pointer.find('/'));
    pointer.remove_prefix(key.size());
    node = document.find(*node, key);
  }
  return node;
}

std::optional<std::int64_t> count_at(const yaml::Document& document,
                                     const yaml::Node& object,
                                     std::string_view pointer) {
  const auto* node = at(document, object, pointer);
  if (node == nullptr || (node->kind != yaml::Kind::integer && node->kind != yaml::Kind::real)) {
    return std::nullopt;
  }
  constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();
  return std::clamp<std::int64_t>(yaml::as_int64(*node).value_or(most), 0, most);
}

}  // namespace sluice::cost

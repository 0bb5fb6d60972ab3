// SPDX-License-Identifier: Apache-2.0
#include "streams.hpp"

namespace sluice::cost {
namespace {

/// "2..5+1 HorizontalPodAutoscaler web": least, most, surge, source.
std::string pods_text(const Pods& pods) {
  const std::string role = pods.role == Role::batch      ? "batch "
                           : pods.role == Role::per_node ? "per node "
                                                         : "";
  const std::string bound = pods.bound == Bound::none           ? " open"
                            : pods.bound == Bound::keda_default ? " keda"
                                                                : "";
  return role + std::to_string(pods.min) + ".." + std::to_string(pods.max) + "+" +
         std::to_string(pods.surge) + bound + " " + describe(pods.from).what;
}

std::string object(const std::string& api, const std::string& kind, const std::string& spec) {
  return "apiVersion: " + api + "\nkind: " + kind + "\nmetadata: {name: web}\nspec:\n" + spec;
}

const std::string pod =
    "  template: {spec: {containers: [{name: a, image: a:1, resources: {requests: {cpu: 1}}}]}}\n";

std::string hpa(const std::string& bounds) {
  return "---\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: "
         "h}\nspec: {" +
         bounds + ", scaleTargetRef: {kind: Deployment, name: web, apiVersion: apps/v1}}\n";
}

std::string scaled(const std::string& spec, const std::string& annotations = "{}") {
  return "---\napiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: {name: k, "
         "annotations: " +
         annotations + "}\nspec: {scaleTargetRef: {name: web}" + spec + "}\n";
}

TEST(Replicas, Table) {
  struct Row {
    std::string what, manifest, pods;
  };
  const auto deployment = [](const std::string& spec) {
    return object("apps/v1", "Deployment", spec + pod);
  };
  const auto rollout = [](const std::string& spec) {
    return object("argoproj.io/v1alpha1", "Rollout", spec + pod);
  };
  const std::vector<Row> rows = {
      {"Deployment default", deployment(""), "1..1+1 default"},
      {"25 % is rounded up", deployment("  replicas: 5\n"), "5..5+2 manifest"},
      {"maxSurge as a number",
       deployment("  replicas: 4\n  strategy: {rollingUpdate: {maxSurge: 3}}\n"),
       "4..4+3 manifest"},
      {"maxSurge in percent",
       deployment("  replicas: 10\n  strategy: {rollingUpdate: {maxSurge: 11%}}\n"),
       "10..10+2 manifest"},
      {"Recreate", deployment("  replicas: 5\n  strategy: {type: Recreate}\n"), "5..5+0 manifest"},
      {"no replicas, no surge", deployment("  replicas: 0\n"), "0..0+0 manifest"},
      {"a hostile number",
       deployment("  replicas: 99999999999999999999\n  strategy: {type: Recreate}\n"),
       "2147483647..2147483647+0 manifest"},
      {"HPA", deployment("  replicas: 5\n") + hpa("minReplicas: 2, maxReplicas: 8"),
       "2..8+2 HorizontalPodAutoscaler h"},
      {"HPA default minimum", deployment("") + hpa("maxReplicas: 3"),
       "1..3+1 HorizontalPodAutoscaler h"},
      {"replicas: 0 switches an HPA off", deployment("  replicas: 0\n") + hpa("maxReplicas: 3"),
       "0..0+0 manifest"},
      {"KEDA defaults", deployment("") + scaled(""), "0..100+25 keda ScaledObject k"},
      {"KEDA with bounds", deployment("") + scaled(", minReplicaCount: 2, maxReplicaCount: 4"),
       "2..4+1 ScaledObject k"},
      {"KEDA idle",
       deployment("") + scaled(", idleReplicaCount: 0, minReplicaCount: 2, maxReplicaCount: 4"),
       "0..4+1 ScaledObject k"},
      {"KEDA paused", deployment("") + scaled("", "{autoscaling.keda.sh/paused-replicas: \"3\"}"),
       "3..3+1 ScaledObject k"},
      {"KEDA wins over an HPA",
       deployment("") + hpa("maxReplicas: 3") + scaled(", maxReplicaCount: 7"),
       "0..7+2 ScaledObject k"},
      {"ReplicaSet", object("apps/v1", "ReplicaSet", "  replicas: 3\n" + pod), "3..3+0 manifest"},
      {"ReplicationController", object("v1", "ReplicationController", pod), "1..1+0 default"},
      {"StatefulSet", object("apps/v1", "StatefulSet", "  replicas: 3\n" + pod), "3..3+0 manifest"},
      {"DaemonSet", object("apps/v1", "DaemonSet", pod), "per node 1..1+0 one for each node"},
      {"Job", object("batch/v1", "Job", pod), "batch 0..1+0 manifest"},
      {"Job: parallelism above completions",
       object("batch/v1", "Job", "  parallelism: 5\n  completions: 3\n" + pod),
       "batch 0..3+0 manifest"},
      {"Job: completions above parallelism",
       object("batch/v1", "Job", "  parallelism: 2\n  completions: 30\n" + pod),
       "batch 0..2+0 manifest"},
      {"Job suspended", object("batch/v1", "Job", "  suspend: true\n" + pod),
       "batch 0..0+0 manifest"},
      {"CronJob may overlap",
       object("batch/v1", "CronJob",
              "  jobTemplate: {spec: {" + pod.substr(2, pod.size() - 3) + "}}\n"),
       "batch 0..1+0 open manifest"},
      {"CronJob Forbid",
       object("batch/v1", "CronJob",
              "  concurrencyPolicy: Forbid\n  jobTemplate: {spec: {parallelism: 4, " +
                  pod.substr(2, pod.size() - 3) + "}}\n"),
       "batch 0..4+0 manifest"},
      {"Rollout canary", rollout("  replicas: 8\n  strategy: {canary: {steps: []}}\n"),
       "8..8+2 manifest"},
      {"Rollout with traffic routing keeps the stable pods",
       rollout("  replicas: 8\n  strategy: {canary: {trafficRouting: {istio: {}}}}\n"),
       "8..8+8 manifest"},
      {"Rollout that shrinks the stable version",
       rollout("  replicas: 8\n  strategy: {canary: {dynamicStableScale: true, maxSurge: 1, "
               "trafficRouting: {istio: {}}}}\n"),
       "8..8+1 manifest"},
      {"Rollout blue-green",
       rollout("  replicas: 3\n  strategy: {blueGreen: {activeService: a}}\n"), "3..3+3 manifest"},
      {"ScaledJob default",
       object("keda.sh/v1alpha1", "ScaledJob",
              "  jobTargetRef: {parallelism: 2, " + pod.substr(2, pod.size() - 3) + "}\n"),
       "batch 0..200+0 keda default"},
      {"Knative Service",
       object("serving.knative.dev/v1", "Service",
              "  template: {metadata: {annotations: {autoscaling.knative.dev/min-scale: \"2\", "
              "autoscaling.knative.dev/max-scale: \"5\"}}, spec: {containers: [{image: a:1}]}}\n"),
       "2..5+2 manifest"},
      {"Knative Service without bounds",
       object("serving.knative.dev/v1", "Service",
              "  template: {spec: {containers: [{image: a:1}]}}\n"),
       "0..1+1 open default"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    EXPECT_EQ(pods_text(load(row.manifest)->workload("web").parts.at(0).pods), row.pods);
  }
}

TEST(Replicas, NodesAreAsked) {
  const auto loaded = load(object("apps/v1", "DaemonSet", pod), {.nodes = 12});
  EXPECT_EQ(most_text(loaded->workload("web")), "cpu=12");
  const auto unknown = load(object("apps/v1", "DaemonSet", pod));
  EXPECT_EQ(most_text(unknown->workload("web")), "");
  EXPECT_EQ(text_of(totals_of(unknown->workload("web")).per_node), "cpu=1");
}

TEST(Replicas, AutoscalersOfOtherNamespacesAndNamesDoNotCount) {
  const auto manifest = object("apps/v1", "Deployment", pod);
  const auto other =
      text::replace_all(hpa("maxReplicas: 9"), "{name: h}", "{name: h, namespace: other}");
  EXPECT_EQ(load(manifest + other)->workload("web").parts.at(0).pods.max, 1);
  const auto misnamed = text::replace_all(hpa("maxReplicas: 9"), "name: web", "name: web2");
  EXPECT_EQ(load(manifest + misnamed)->workload("web").parts.at(0).pods.max, 1);
}

TEST(Replicas, RolloutMayTakeItsTemplateFromADeployment) {
  const std::string rollout =
      "---\napiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: r}\nspec: {replicas: "
      "3, workloadRef: "
      "{apiVersion: apps/v1, kind: Deployment, name: web, scaleDown: onsuccess}}\n";
  const auto loaded = load(object("apps/v1", "Deployment", "  replicas: 4\n" + pod) + rollout);
  EXPECT_EQ(most_text(loaded->workload("r")), "cpu=3");
  EXPECT_EQ(pods_text(loaded->workload("web").parts.at(0).pods), "0..0+0 Rollout r");
  const auto kept = load(object("apps/v1", "Deployment", "  replicas: 4\n" + pod) +
                         text::replace_all(rollout, ", scaleDown: onsuccess", ""));
  EXPECT_EQ(most_text(kept->workload("web")), "cpu=4");
}

/// A document of render's, in an environment and on a cluster.
std::string placed(const std::string& env,
                   const std::string& cluster,
                   const std::string& manifest) {
  return "---\n# sluice: unit=u env=" + env + (cluster.empty() ? "" : " dest=" + cluster) +
         " source=a.yaml\n" + manifest;
}

std::string range(const std::string& cpu) {
  return "apiVersion: v1\nkind: LimitRange\nmetadata: {name: l}\nspec: {limits: [{type: Container, "
         "defaultRequest: {cpu: " +
         cpu + "}}]}\n";
}

TEST(Context, TheNearestObjectCounts) {
  struct Row {
    std::string what, others, cpu;
  };
  const std::string web = placed("prod", "east",
                                 "apiVersion: apps/v1\nkind: ReplicaSet\nmetadata: {name: web}\n"
                                 "spec: {template: {spec: {containers: [{name: a}]}}}\n");
  const std::vector<Row> rows = {
      {"nothing", "", ""},
      {"of the same environment and cluster", placed("prod", "east", range("1")), "cpu=1"},
      {"of another environment and cluster", placed("dev", "west", range("1")), ""},
      {"of the same cluster", placed("infra", "east", range("1")), "cpu=1"},
      {"of the same environment", placed("prod", "west", range("1")), "cpu=1"},
      {"the nearest of several",
       placed("infra", "east", range("1")) + placed("prod", "east", range("2")) +
           placed("prod", "west", range("3")),
       "cpu=2"},
      {"the environment before the cluster",
       placed("infra", "east", range("1")) + placed("prod", "west", range("3")), "cpu=3"},
      {"unknown clusters are not the same one", placed("dev", "", range("1")), ""},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    const auto documents = web + row.others;
    const auto objects = static_cast<int>(text::split(documents, '#').size()) - 1;
    EXPECT_EQ(most_text(load(rendered(documents, objects))->workload("web")), row.cpu);
  }
}

TEST(Context, WhatIsGivenAsContextHoldsEverywhere) {
  const auto range_only = load(range("1"));
  const auto head = load(rendered(
      placed("prod", "east",
             "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: a}]}\n"),
      1));
  Context context;
  context.add(head->resources);
  context.add(range_only->resources);
  EXPECT_EQ(most_text(*count(head->resources, {context, {}, nullptr}).workloads.at(0)), "cpu=1");
}

TEST(Storage, ClaimsAndTemplates) {
  const auto loaded = load(
      "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data}\nspec: "
      "{storageClassName: gp3, resources: "
      "{requests: {storage: 10Gi}}}\n---\n" +
      object("apps/v1", "StatefulSet",
             "  replicas: 3\n  volumeClaimTemplates: [{metadata: {name: v}, spec: {resources: "
             "{requests: {storage: 5Gi}}}}, "
             "{metadata: {name: w}, spec: {resources: {requests: {storage: 1Gi}}}}]\n" +
                 pod));
  EXPECT_EQ(most_text(loaded->workload("data")),
            "gp3.storageclass.storage.k8s.io/requests.storage=10Gi");
  EXPECT_EQ(most_text(loaded->workload("web")), "cpu=3 storage=18Gi");
}

TEST(NotCounted, IsListed) {
  const auto loaded = load(
      "apiVersion: example.com/v1\nkind: Crew\nmetadata: {name: l}\nspec: "
      "{workerTemplate: {spec: {containers: [{name: a, image: a:1}]}}}\n---\n"
      "apiVersion: example.com/v1\nkind: Errand\nmetadata: {name: w}\nspec: {templates: "
      "[{name: t, container: {image: a:1}}]}\n---\n"
      "apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata: {name: p}\nspec: {rules: "
      "[{validate: {pattern: {spec: "
      "{containers: [{image: a}]}}}}]}\n---\n"
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: b}\n---\n"
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec: {}\n");
  std::vector<std::string> names;
  for (const auto& left_out : loaded->account.left_out) {
    names.emplace_back(left_out.key.kind);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"Crew", "Deployment", "Errand"}));
}

TEST(NotCounted, TheSameObjectTwice) {
  const auto loaded = load(deployment("web", "1") + deployment("web", "2"));
  ASSERT_EQ(loaded->account.workloads.size(), 1U);
  EXPECT_EQ(most_text(loaded->workload("web")), "cpu=1 memory=1Gi");
  EXPECT_EQ(loaded->account.left_out.size(), 1U);
}

}  // namespace
}  // namespace sluice::cost

// SPDX-License-Identifier: Apache-2.0
#include "streams.hpp"

namespace sluice::cost {
namespace {

std::string object(const std::string& api, const std::string& kind, const std::string& spec) {
  return "---\napiVersion: " + api + "\nkind: " + kind +
         "\nmetadata: {name: web, namespace: ns}\nspec: " + spec + "\n";
}

/// A pod template that asks for this much cpu; inside a flow mapping.
std::string pod(const std::string& cpu) {
  return "template: {spec: {containers: [{name: a, image: a:1, resources: {requests: {cpu: " + cpu +
         "}}}]}}";
}

/// "head 1..1+0 cpu=1; worker batch 0..4+0 cpu=2": every part with its pods and one pod's amounts.
std::string parts_text(const Workload& workload) {
  std::string out;
  for (const auto& part : workload.parts) {
    const auto& pods = part.pods;
    out += (out.empty() ? "" : "; ") + part.name + (part.name.empty() ? "" : " ") +
           (pods.role == Role::batch ? "batch " : "") + std::to_string(pods.min) + ".." +
           std::to_string(pods.max) + "+" + std::to_string(pods.surge) +
           (pods.bound == Bound::none ? " open" : "") + " " + text_of(part.per_pod.amounts);
  }
  return out;
}

struct KindCase {
  std::string what, stream, parts;
};

void expect_parts(const std::vector<KindCase>& cases, const Options& options = {}) {
  for (const auto& row : cases) {
    SCOPED_TRACE(row.what);
    const auto loaded = load(row.stream, options);
    ASSERT_FALSE(loaded->account.workloads.empty());
    EXPECT_EQ(parts_text(loaded->workload("web")), row.parts);
  }
}

TEST(Kinds, Groups) {
  const auto kubeflow = [](const std::string& kind, const std::string& key) {
    return object(
        "kubeflow.org/v1", kind,
        "{" + key + ": {Master: {" + pod("1") + "}, Worker: {replicas: 3, " + pod("2") + "}}}");
  };
  const std::string both = "Master batch 0..1+0 cpu=1; Worker batch 0..3+0 cpu=2";
  const std::string lws_api = "leaderworkerset.x-k8s.io/v1";
  expect_parts({
      {"JAXJob", kubeflow("JAXJob", "jaxReplicaSpecs"), both},
      {"MPIJob", kubeflow("MPIJob", "mpiReplicaSpecs"), both},
      {"PaddleJob", kubeflow("PaddleJob", "paddleReplicaSpecs"), both},
      {"PyTorchJob", kubeflow("PyTorchJob", "pytorchReplicaSpecs"), both},
      {"TFJob", kubeflow("TFJob", "tfReplicaSpecs"), both},
      {"XGBoostJob", kubeflow("XGBoostJob", "xgbReplicaSpecs"), both},
      {"a suspended job",
       object("kubeflow.org/v1", "PyTorchJob",
              "{runPolicy: {suspend: true}, pytorchReplicaSpecs: {Master: {" + pod("1") + "}}}"),
       "Master batch 0..0+0 cpu=1"},
      {"Notebook", object("kubeflow.org/v1", "Notebook", "{" + pod("1") + "}"), "1..1+0 cpu=1"},
      {"JobSet: replicas times parallelism",
       object("jobset.x-k8s.io/v1alpha2", "JobSet",
              "{replicatedJobs: [{name: w, replicas: 2, template: {spec: {parallelism: 4, "
              "completions: 3, " +
                  pod("1") + "}}}]}"),
       "w batch 0..6+0 cpu=1"},
      {"Volcano",
       object("batch.volcano.sh/v1alpha1", "Job",
              "{tasks: [{name: ps, replicas: 2, " + pod("1") + "}, {name: w, " + pod("2") + "}]}"),
       "ps batch 0..2+0 cpu=1; w batch 0..1+0 cpu=2"},
      {"LeaderWorkerSet",
       object(lws_api, "LeaderWorkerSet",
              "{replicas: 3, leaderWorkerTemplate: {size: 4, leaderTemplate: {spec: {containers: "
              "[{name: l, resources: {requests: {cpu: 1}}}]}}, workerTemplate: {spec: {containers: "
              "[{name: w, resources: {requests: {cpu: 2}}}]}}}}"),
       "leader 3..3+0 cpu=1; worker 9..9+0 cpu=2"},
      {"LeaderWorkerSet: the leader without a template is a worker; surge in groups",
       object(lws_api, "LeaderWorkerSet",
              "{replicas: 2, rolloutStrategy: {rollingUpdateConfiguration: {maxSurge: 1}}, "
              "leaderWorkerTemplate: {size: 3, workerTemplate: {spec: {containers: [{name: w, "
              "resources: {requests: {cpu: 2}}}]}}}}"),
       "leader 2..2+1 cpu=2; worker 4..4+2 cpu=2"},
      {"CloneSet", object("apps.kruise.io/v1alpha1", "CloneSet", "{replicas: 3, " + pod("1") + "}"),
       "3..3+0 cpu=1"},
      {"DeploymentConfig",
       object("apps.openshift.io/v1", "DeploymentConfig", "{replicas: 2, " + pod("1") + "}"),
       "2..2+0 cpu=1"},
  });
}

TEST(Kinds, ElasticTraining) {
  const auto job = [](const std::string& kind, const std::string& policy) {
    return object("kubeflow.org/v1", kind,
                  "{elasticPolicy: {" + policy + "}, pytorchReplicaSpecs: {Master: {" + pod("1") +
                      "}, Worker: {replicas: 3, " + pod("2") + "}}}");
  };
  const std::string metrics = ", metrics: [{type: Resource}]";
  expect_parts({
      {"an autoscaler of its own", job("PyTorchJob", "minReplicas: 1, maxReplicas: 8" + metrics),
       "Master batch 0..1+0 cpu=1; Worker batch 0..8+0 cpu=2"},
      {"less than there are", job("PyTorchJob", "maxReplicas: 2" + metrics),
       "Master batch 0..1+0 cpu=1; Worker batch 0..3+0 cpu=2"},
      {"nothing scales without metrics", job("PyTorchJob", "minReplicas: 1, maxReplicas: 8"),
       "Master batch 0..1+0 cpu=1; Worker batch 0..3+0 cpu=2"},
  });
}

TEST(Kinds, Ray) {
  const std::string head = "headGroupSpec: {" + pod("1") + "}";
  const auto workers = [](const std::string& numbers) {
    return "workerGroupSpecs: [{groupName: gpu, " + numbers + pod("4") + "}]";
  };
  expect_parts({
      {"fixed",
       object("ray.io/v1", "RayCluster", "{" + head + ", " + workers("replicas: 2, ") + "}"),
       "head 1..1+0 cpu=1; gpu 2..2+0 cpu=4"},
      {"its bounds hold without the autoscaler",
       object("ray.io/v1", "RayCluster",
              "{" + head + ", " + workers("replicas: 9, minReplicas: 1, maxReplicas: 3, ") + "}"),
       "head 1..1+0 cpu=1; gpu 3..3+0 cpu=4"},
      {"the autoscaler goes from least to most, hosts together",
       object("ray.io/v1", "RayCluster",
              "{enableInTreeAutoscaling: true, " + head + ", " +
                  workers("minReplicas: 1, maxReplicas: 5, numOfHosts: 2, ") + "}"),
       "head 1..1+0 cpu=1500m memory=512Mi; gpu 2..10+0 cpu=4"},
      {"the autoscaler beside the head asks for what its options say, and for nothing else",
       object("ray.io/v1", "RayService",
              "{rayClusterConfig: {enableInTreeAutoscaling: true, autoscalerOptions: {resources: "
              "{limits: {cpu: 250m}}}, " +
                  head + ", " + workers("maxReplicas: 1, ") + "}}"),
       "head 1..1+1 cpu=1250m; gpu 0..1+1 cpu=4"},
      {"no head, no autoscaler",
       object("ray.io/v1", "RayCluster",
              "{enableInTreeAutoscaling: true, " + workers("maxReplicas: 1, ") + "}"),
       "gpu 0..1+0 cpu=4"},
      {"without a maximum there is none",
       object("ray.io/v1", "RayCluster",
              "{enableInTreeAutoscaling: true, " + head + ", " + workers("replicas: 1, ") + "}"),
       "head 1..1+0 cpu=1500m memory=512Mi; gpu 0..1+0 open cpu=4"},
      {"a service is built beside the old one",
       object("ray.io/v1", "RayService",
              "{rayClusterConfig: {" + head + ", " + workers("replicas: 2, ") + "}}"),
       "head 1..1+1 cpu=1; gpu 2..2+2 cpu=4"},
      {"a job is batch",
       object("ray.io/v1", "RayJob",
              "{rayClusterSpec: {" + head + ", " + workers("replicas: 2, ") + "}}"),
       "head batch 0..1+0 cpu=1; gpu batch 0..2+0 cpu=4"},
  });
}

TEST(Kinds, RowsOfTheConfiguration) {
  const std::vector<KindRow> rows = {{.group = "example.com",
                                      .kind = "Crew",
                                      .pods = {PodRow{.pod = "/pod/spec",
                                                      .replicas = "/n",
                                                      .otherwise = 2,
                                                      .each = "/spec/teams/*",
                                                      .min = "/least",
                                                      .max = "/most"}}},
                                     {.group = "apps",
                                      .kind = "Deployment",
                                      .role = Role::batch,
                                      .pods = {PodRow{.pod = "/spec/template/spec"}}}};
  const Options options{.kinds = rows};
  expect_parts(
      {{"a kind of its own",
        object("example.com/v1", "Crew",
               "{teams: [{name: x, most: 5, pod: {spec: {containers: [{name: a, resources: "
               "{requests: {cpu: 1}}}]}}}]}"),
        "x 2..5+0 cpu=1"},
       {"it wins over the built-in row", deployment("web", "1"), "batch 0..1+0 cpu=1 memory=1Gi"}},
      options);
}

TEST(Kinds, ClaimsAndBalancers) {
  const auto most = [](const std::string& stream) {
    return most_text(load(stream)->workload("web"));
  };
  EXPECT_EQ(most(object("v1", "Service", "{type: LoadBalancer}")), "services.loadbalancers=1");
  EXPECT_TRUE(load(object("v1", "Service", "{type: ClusterIP}"))->account.workloads.empty());
  const std::string shape =
      "{replicas: 3, template: {spec: {resourceClaims: [{name: d, resourceClaim%: c}], containers: "
      "[{name: a, resources: {requests: {cpu: 1}}}]}}}";
  const std::string devices =
      "devices: {requests: [{name: r, exactly: {deviceClassName: gpu.example.com, count: 2}}]}";
  const auto claim = [&](const std::string& kind, const std::string& spec) {
    return text::replace_all(object("resource.k8s.io/v1", kind, spec), "name: web", "name: c");
  };
  EXPECT_EQ(most(object("apps/v1", "Deployment", text::replace_all(shape, "%", "TemplateName")) +
                 claim("ResourceClaimTemplate", "{spec: {" + devices + "}}")),
            "cpu=3 gpu.example.com.deviceclass.resource.k8s.io/devices=6");
  EXPECT_EQ(most(object("apps/v1", "Deployment", text::replace_all(shape, "%", "Name")) +
                 claim("ResourceClaim", "{" + devices + "}")),
            "cpu=3 gpu.example.com.deviceclass.resource.k8s.io/devices=2");
}

std::string workflow(const std::string& kind, const std::string& spec) {
  return object("argoproj.io/v1alpha1", kind, spec);
}

/// Templates a (1 cpu), b (2 cpu), c (4 cpu).
const std::string leaves =
    "{name: a, container: {image: i, resources: {requests: {cpu: 1}}}}, "
    "{name: b, script: {image: i, resources: {requests: {cpu: 2}}}}, "
    "{name: c, container: {image: i, resources: {limits: {cpu: 4}}}}";

std::string with_main(const std::string& body, const std::string& more = "") {
  return "{entrypoint: m, " + more + "templates: [{name: m, " + body + "}, " + leaves + "]}";
}

TEST(Workflow, PeakOfWhatRunsTogether) {
  const auto of = [](const std::string& body, const std::string& more = "") {
    return workflow("Workflow", with_main(body, more));
  };
  expect_parts({
      {"steps follow each other", of("steps: [[{template: a}], [{template: b}], [{template: a}]]"),
       "batch 0..1+0 cpu=2"},
      {"one step's calls run together",
       of("steps: [[{template: a}, {template: b}], [{template: a}]]"), "batch 0..1+0 cpu=3"},
      {"a chain of tasks",
       of("dag: {tasks: [{name: x, template: a}, {name: w, template: b, dependencies: [x]}, {name: "
          "z, template: c, depends: w.Succeeded}]}"),
       "batch 0..1+0 cpu=4"},
      {"a diamond",
       of("dag: {tasks: [{name: x, template: c}, {name: w, template: b, depends: x}, {name: z, "
          "template: a, depends: x}, {name: e, template: b, depends: w && z}]}"),
       "batch 0..1+0 cpu=4"},
      {"branches that need not wait for each other",
       of("dag: {tasks: [{name: x, template: a}, {name: w, template: b, depends: x}, {name: p, "
          "template: c}, {name: q, template: a, depends: p}]}"),
       "batch 0..1+0 cpu=6"},
      {"a list is as many", of("steps: [[{template: b, withItems: [1, 2, 3]}]]"),
       "batch 0..1+0 cpu=6"},
      {"a sequence", of("steps: [[{template: b, withSequence: {start: \"1\", end: \"4\"}}]]"),
       "batch 0..1+0 cpu=8"},
      {"a parameter may be any number", of("steps: [[{template: b, withParam: \"{{x}}\"}]]"),
       "batch 0..1+0 open cpu=2"},
      {"parallelism bounds it",
       of("steps: [[{template: b, withItems: [1, 2, 3]}]]", "parallelism: 2, "),
       "batch 0..1+0 cpu=4"},
      {"the exit handler runs after the rest", of("steps: [[{template: a}]]", "onExit: c, "),
       "batch 0..1+0 cpu=4"},
      {"podSpecPatch",
       of("podSpecPatch: '{\"containers\": [{\"name\": \"main\", \"resources\": {\"requests\": "
          "{\"cpu\": \"7\"}}}]}', container: {image: i, resources: {requests: {cpu: 1}}}"),
       "batch 0..1+0 cpu=7"},
      {"calling itself ends", of("steps: [[{template: m}, {template: a}]]"),
       "batch 0..1+0 open cpu=1"},
  });
}

TEST(Workflow, KindsAndReferences) {
  const auto library = text::replace_all(
      workflow("WorkflowTemplate", with_main("steps: [[{template: a}, {template: b}]]")),
      "name: web, ", "name: lib, ");
  const std::string run = "workflowTemplateRef: {name: lib}";
  expect_parts({
      {"CronWorkflow may overlap",
       workflow("CronWorkflow", "{workflowSpec: " + with_main("steps: [[{template: a}]]") + "}"),
       "batch 0..1+0 open cpu=1"},
      {"CronWorkflow that forbids it",
       workflow("CronWorkflow", "{concurrencyPolicy: Forbid, workflowSpec: " +
                                    with_main("steps: [[{template: a}]]") + "}"),
       "batch 0..1+0 cpu=1"},
      {"a referenced template", workflow("Workflow", "{" + run + "}") + library,
       "batch 0..1+0 cpu=3"},
      {"a call of another object",
       workflow("Workflow", with_main("steps: [[{templateRef: {name: lib, template: c}}]]")) +
           library,
       "batch 0..1+0 cpu=4"},
  });
  const auto called = load(workflow("Workflow", "{" + run + "}") + library);
  EXPECT_EQ(parts_text(called->workload("lib")), "batch 0..0+0 cpu=3");  // counted by its caller
  EXPECT_EQ(parts_text(load(library)->workload("lib")), "batch 0..1+0 cpu=3");
}

TEST(Renamed, WithTheSamePodSpec) {
  const auto base = load(deployment("old", "1") + deployment("api", "2"));
  const auto head = load(deployment("new", "1") + deployment("api", "2"));
  const auto report = report_of(base.get(), *head);
  ASSERT_EQ(report.rows.size(), 1U);
  EXPECT_EQ(report.rows[0].change, Change::renamed);
  EXPECT_EQ(report.rows[0].was, "default/old");
  EXPECT_EQ(report.renamed, 1U);
}

}  // namespace
}  // namespace sluice::cost

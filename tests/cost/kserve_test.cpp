// SPDX-License-Identifier: Apache-2.0
#include "streams.hpp"

namespace sluice::cost {
namespace {

std::string service(const std::string& predictor, const std::string& annotations = "{}") {
  return "---\napiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\nmetadata: {name: "
         "iris, namespace: ns, "
         "annotations: " +
         annotations + "}\nspec: {predictor: " + predictor + "}\n";
}

std::string runtime(const std::string& kind,
                    const std::string& name,
                    const std::string& cpu,
                    const std::string& format) {
  return "---\napiVersion: serving.kserve.io/v1alpha1\nkind: " + kind +
         "\nmetadata: {name: " + name + ", namespace: ns}\nspec:\n  supportedModelFormats: [" +
         format +
         "]\n  containers: [{name: kserve-container, image: s:1, resources: {requests: {cpu: " +
         cpu + ", memory: 128Mi}}}]\n";
}

const std::string raw = "{serving.kserve.io/deploymentMode: Standard}";
const std::string sklearn = "{name: sklearn, autoSelect: true}";
const std::string model = "{model: {modelFormat: {name: sklearn}}}";

std::string predictor(const std::string& stream) {
  return pod_text(load(stream)->workload("iris"));
}

TEST(Kserve, TakesTheRuntimesRequests) {
  EXPECT_EQ(
      predictor(service(model, raw) + runtime("ClusterServingRuntime", "sk", "100m", sklearn)),
      "cpu=100m memory=128Mi");
  EXPECT_EQ(
      predictor(
          service("{model: {modelFormat: {name: sklearn}, resources: {requests: {cpu: 2}, limits: "
                  "{nvidia.com/gpu: 1}}}}",
                  raw) +
          runtime("ClusterServingRuntime", "sk", "100m", sklearn)),
      "cpu=2 memory=128Mi nvidia.com/gpu=1");
  EXPECT_EQ(predictor(service("{sklearn: {}}", raw) +
                      runtime("ClusterServingRuntime", "sk", "100m", sklearn)),
            "cpu=100m memory=128Mi");
}

TEST(Kserve, SaysWhereNumbersComeFrom) {
  const auto loaded = load(
      service("{model: {modelFormat: {name: sklearn}, resources: {requests: {cpu: 2}}}}", raw) +
      runtime("ClusterServingRuntime", "sk", "100m", sklearn));
  EXPECT_EQ(sources(loaded->workload("iris"), "cpu"), "manifest");
  EXPECT_EQ(sources(loaded->workload("iris"), "memory"), "ClusterServingRuntime sk");
}

TEST(Kserve, ChoosesTheRuntimeAsTheControllerDoes) {
  struct Row {
    std::string what, predictor, runtimes, cpu;
  };
  const auto cluster = [](const std::string& name, const std::string& cpu,
                          const std::string& format) {
    return runtime("ClusterServingRuntime", name, cpu, format);
  };
  const std::vector<Row> rows = {
      {"by name", "{model: {modelFormat: {name: x}, runtime: b}}",
       cluster("a", "1", "{name: x}") + cluster("b", "2", "{name: x}"), "2"},
      {"the namespace's before the cluster's", model,
       cluster("a", "1", sklearn) + runtime("ServingRuntime", "z", "2", sklearn), "2"},
      {"not without autoSelect", model,
       cluster("a", "1", "{name: sklearn}") + cluster("b", "2", sklearn), "2"},
      {"higher priority", model,
       cluster("a", "1", "{name: sklearn, autoSelect: true, priority: 1}") +
           cluster("b", "2", "{name: sklearn, autoSelect: true, priority: 2}"),
       "2"},
      {"a priority before none", model,
       cluster("a", "1", sklearn) +
           cluster("b", "2", "{name: sklearn, autoSelect: true, priority: 0}"),
       "2"},
      {"the version", "{model: {modelFormat: {name: sklearn, version: \"2\"}}}",
       cluster("a", "1", "{name: sklearn, version: \"1\", autoSelect: true}") +
           cluster("b", "2", "{name: sklearn, version: 2, autoSelect: true}"),
       "2"},
      {"the protocol", "{model: {modelFormat: {name: sklearn}, protocolVersion: v2}}",
       text::replace_all(cluster("a", "1", sklearn), "spec:\n",
                         "spec:\n  protocolVersions: [v1]\n") +
           cluster("b", "2", sklearn),
       "2"},
      {"not a disabled one", model,
       text::replace_all(cluster("a", "1", sklearn), "spec:\n", "spec:\n  disabled: true\n") +
           cluster("b", "2", sklearn),
       "2"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    const auto loaded = load(service(row.predictor, raw) + row.runtimes);
    EXPECT_EQ(get(loaded->workload("iris").parts.at(0).per_pod.amounts, "cpu").text(), row.cpu);
    EXPECT_TRUE(loaded->account.findings.empty());
  }
}

TEST(Kserve, SaysWhenTheRuntimeIsUnknownOrNotTheOnlyOne) {
  const auto unknown = load(service(model, raw));
  ASSERT_EQ(unknown->account.findings.size(), 1U);
  EXPECT_EQ(unknown->account.findings[0].code, "cost/unknown-runtime");
  const auto two = load(service(model, raw) + runtime("ClusterServingRuntime", "b", "2", sklearn) +
                        runtime("ClusterServingRuntime", "a", "1", sklearn));
  ASSERT_EQ(two->account.findings.size(), 1U);
  EXPECT_EQ(two->account.findings[0].code, "cost/ambiguous-runtime");
  EXPECT_EQ(get(two->workload("iris").parts.at(0).per_pod.amounts, "cpu").text(), "1");
}

TEST(Kserve, AddsWhatItInjects) {
  const auto stream = runtime("ClusterServingRuntime", "sk", "100m", sklearn);
  EXPECT_EQ(predictor(service(model) + stream), "cpu=125m memory=128Mi");  // Knative's queue-proxy
  EXPECT_EQ(
      predictor(service("{model: {modelFormat: {name: sklearn}, storageUri: gs://b/m}}", raw) +
                runtime("ClusterServingRuntime", "sk", "50m", sklearn)),
      "cpu=100m memory=128Mi");  // the storage initializer needs more than the server
  EXPECT_EQ(
      predictor(
          service("{model: {modelFormat: {name: sklearn}, storageUri: \"oci://r/m:1\"}}", raw) +
          stream),
      "cpu=110m memory=143Mi");
  EXPECT_EQ(
      predictor(service("{model: {modelFormat: {name: sklearn}, storageUri: \"pvc://c/m\"}}", raw) +
                stream),
      "cpu=100m memory=128Mi");
}

TEST(Kserve, TheScriptThatShowedADash) {
  // One server of 100m and 128Mi, Knative's sidecar, and a LimitRange that gives the sidecar
  // memory.
  const auto loaded = load(
      service("{model: {modelFormat: {name: sklearn}, storageUri: gs://b/1.0/model}}") +
      runtime("ClusterServingRuntime", "sk", "100m", sklearn) +
      "---\napiVersion: v1\nkind: LimitRange\nmetadata: {name: l, namespace: ns}\nspec: {limits: "
      "[{type: Container, defaultRequest: {cpu: 100m, memory: 128Mi}, default: {cpu: 500m, memory: "
      "512Mi}, max: {cpu: 2, memory: 4Gi}}]}\n");
  EXPECT_EQ(most_text(loaded->workload("iris")), "cpu=125m memory=256Mi");
}

TEST(Kserve, CustomPredictorsGetTheConfiguredDefaults) {
  const std::string custom = "{containers: [{name: kserve-container, image: a:1}]}";
  EXPECT_EQ(predictor(service(custom, raw)), "cpu=1 memory=2Gi");
  const std::string settings =
      "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: inferenceservice-config, namespace: "
      "kserve}\ndata:\n"
      "  deploy: '{\"defaultDeploymentMode\": \"RawDeployment\"}'\n"
      "  inferenceService: '{\"resource\": {\"cpuRequest\": \"300m\", \"memoryRequest\": "
      "\"1Gi\"}}'\n";
  EXPECT_EQ(predictor(service(custom) + settings), "cpu=300m memory=1Gi");
}

TEST(Kserve, Replicas) {
  struct Row {
    std::string what, predictor, mode;
    std::int64_t min, max, surge;
    Bound bound;
  };
  const std::vector<Row> rows = {
      {"default", "", "Knative", 1, 1, 1, Bound::none},
      {"to zero", "minReplicas: 0, maxReplicas: 3, ", "Serverless", 0, 3, 1, Bound::written},
      {"an autoscaler cannot go to zero", "minReplicas: 0, maxReplicas: 3, ", "RawDeployment", 1, 3,
       1, Bound::written},
      {"raw without a maximum", "minReplicas: 2, ", "Standard", 2, 2, 1, Bound::written},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    const auto loaded =
        load(service("{" + row.predictor + "containers: [{name: kserve-container, image: a:1}]}",
                     "{serving.kserve.io/deploymentMode: " + row.mode + "}"));
    const auto& pods = loaded->workload("iris").parts.at(0).pods;
    EXPECT_EQ(pods.min, row.min);
    EXPECT_EQ(pods.max, row.max);
    EXPECT_EQ(pods.surge, row.surge);
    EXPECT_EQ(pods.bound, row.bound);
  }
}

TEST(Kserve, TransformersAreParts) {
  const auto loaded = load(
      "---\napiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\nmetadata: {name: iris, "
      "annotations: " +
      raw +
      "}\nspec: {predictor: {containers: [{name: kserve-container, resources: {requests: {cpu: 4, "
      "memory: 1Gi}}}]}, "
      "transformer: {minReplicas: 2, containers: [{name: t, resources: {requests: {cpu: 1, memory: "
      "1Gi}}}]}}\n");
  const auto& parts = loaded->workload("iris").parts;
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[1].name, "transformer");
  EXPECT_EQ(most_text(loaded->workload("iris")), "cpu=6 memory=3Gi");
}

}  // namespace
}  // namespace sluice::cost

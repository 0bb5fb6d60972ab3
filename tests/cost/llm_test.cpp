// SPDX-License-Identifier: Apache-2.0
#include "cost/multi_node.hpp"
#include "streams.hpp"

namespace sluice::cost {
namespace {

std::string object(const std::string& kind, const std::string& name, const std::string& spec) {
  return "---\napiVersion: serving.kserve.io/v1alpha1\nkind: " + kind +
         "\nmetadata: {name: " + name + ", namespace: ns}\nspec: " + spec + "\n";
}

std::string service(const std::string& spec) {
  return object("LLMInferenceService", "llm", "{model: {uri: 'pvc://m'}, " + spec + "}");
}

std::string main_pod(const std::string& cpu) {
  return "{containers: [{name: main, resources: {requests: {cpu: " + cpu + "}}}]}";
}

std::string parts_of(const std::string& stream) {
  const auto loaded = load(stream);
  std::string out;
  for (const auto& part : loaded->workload("llm").parts) {
    out += (out.empty() ? "" : "; ") + part.name + (part.name.empty() ? "" : " ") +
           std::to_string(part.pods.min) + ".." + std::to_string(part.pods.max) + "+" +
           std::to_string(part.pods.surge) + " " + text_of(part.per_pod.amounts);
  }
  return out;
}

TEST(Llm, Table) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {service("template: " + main_pod("2")), "1..1+1 cpu=2"},
      {service("replicas: 3, rolloutStrategy: {maxSurge: 0}, template: " + main_pod("2")),
       "3..3+0 cpu=2"},
      {service("scaling: {minReplicas: 2, maxReplicas: 6}, template: " + main_pod("2")),
       "2..6+2 cpu=2"},
      {service("replicas: 2, parallelism: {pipeline: 3}, template: " + main_pod("1") +
               ", worker: " + main_pod("4")),
       "leader 2..2+0 cpu=1; worker 4..4+0 cpu=4"},
      {service("parallelism: {data: 16, dataLocal: 4, pipeline: 9}, template: " + main_pod("1") +
               ", worker: " + main_pod("4")),
       "leader 1..1+0 cpu=1; worker 3..3+0 cpu=4"},
      {service("template: " + main_pod("1") +
               ", prefill: {replicas: 4, template: " + main_pod("3") + "}"),
       "decode 1..1+1 cpu=1; prefill 4..4+1 cpu=3"},
      {service("template: " + main_pod("1") +
               ", router: {scheduler: {template: " + main_pod("250m") + "}}"),
       "1..1+1 cpu=1; scheduler 1..1+1 cpu=250m"},
      {service("baseRefs: [{name: a}, {name: b}], template: {containers: [{name: main, resources: "
               "{requests: {memory: 1Gi}}}]}") +
           object("LLMInferenceServiceConfig", "a",
                  "{replicas: 5, template: " + main_pod("1") + "}") +
           object("LLMInferenceServiceConfig", "b", "{template: " + main_pod("2") + "}"),
       "5..5+2 cpu=2 memory=1Gi"},
      {service("runtime: rt, template: {}") +
           object("ServingRuntime", "rt",
                  "{containers: [{name: main, resources: {requests: {cpu: 6}}}]}"),
       "1..1+1 cpu=6"},
  };
  for (const auto& [stream, parts] : cases) {
    SCOPED_TRACE(stream);
    EXPECT_EQ(parts_of(stream), parts);
  }
}

TEST(Llm, SaysWhatIsUnknown) {
  const auto loaded = load(service("baseRefs: [{name: gone}]"));
  ASSERT_EQ(loaded->account.findings.size(), 2U);
  EXPECT_EQ(loaded->account.findings[0].code, "cost/unknown-runtime");
  EXPECT_EQ(loaded->account.findings[0].message, "\"gone\" is in no manifest");
}

TEST(MultiNode, NodesAsKserveCountsThem) {
  struct Case {
    std::int64_t total, head, worker, nodes, heads, workers;
    bool enough;
  };
  const std::vector<Case> cases = {
      {8, 0, 2, 4, 2, 2, true},   // only the workers' say: the head takes the rest
      {7, 0, 2, 4, 1, 2, true},   // an uneven rest
      {8, 8, 2, 1, 8, 0, true},   // the head alone suffices
      {8, 2, 2, 4, 2, 2, true},   // both
      {8, 1, 2, 4, 1, 2, false},  // both, and too few
      {4, 1, 0, 4, 1, 1, true},   // only the head's: one for each worker
      {4, 4, 0, 1, 4, 1, true},   // it suffices
      {3, 0, 0, 3, 1, 1, true},   // nobody's
  };
  for (const auto& row : cases) {
    SCOPED_TRACE(std::to_string(row.total) + " " + std::to_string(row.head) + " " +
                 std::to_string(row.worker));
    const auto nodes = ray_nodes(row.total, row.head, row.worker);
    EXPECT_EQ(nodes.nodes, row.nodes);
    EXPECT_EQ(nodes.head, row.heads);
    EXPECT_EQ(nodes.worker, row.workers);
    EXPECT_EQ(nodes.enough, row.enough);
  }
}

/// The amounts of the head and of the workers, and how many workers there are.
std::string spread(const std::string& annotations) {
  const std::string runtime =
      "---\napiVersion: serving.kserve.io/v1alpha1\nkind: ServingRuntime\nmetadata: {name: rt, "
      "namespace: ns}\nspec: {" +
      annotations +
      "containers: [{name: kserve-container, resources: {requests: {cpu: "
      "1}}}], workerSpec: {pipelineParallelSize: 2, containers: [{name: worker-container, "
      "resources: {requests: {cpu: 2, nvidia.com/gpu: 2}}}]}}\n";
  const auto loaded = load(
      "apiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\nmetadata: {name: llm, "
      "namespace: ns, annotations: {serving.kserve.io/deploymentMode: Standard}}\nspec: "
      "{predictor: {workerSpec: {tensorParallelSize: 4}, model: {runtime: rt, modelFormat: {name: "
      "x}}}}\n" +
      runtime);
  std::string out;
  for (const auto& part : loaded->workload("llm").parts) {
    out += (out.empty() ? "" : "; ") + part.name + " " + std::to_string(part.pods.max) + " " +
           text_of(part.per_pod.amounts);
  }
  return out;
}

TEST(MultiNode, AnInferenceServiceWithWorkers) {
  EXPECT_EQ(spread(""),
            "predictor 1 cpu=1 nvidia.com/gpu=2; predictor worker 3 cpu=2 nvidia.com/gpu=2");
  // Without Ray a node is a stage of the pipeline, whatever the workers ask for.
  EXPECT_EQ(spread("annotations: {multinode/executor-backend: mp}, "),
            "predictor 1 cpu=1 nvidia.com/gpu=4; predictor worker 1 cpu=2 nvidia.com/gpu=4");
}

TEST(Kserve, RouterOfAnInferenceGraph) {
  const auto loaded = load(
      "apiVersion: serving.kserve.io/v1alpha1\nkind: InferenceGraph\nmetadata: {name: llm, "
      "annotations: {serving.kserve.io/deploymentMode: Standard}}\nspec: {maxReplicas: 3, "
      "resources: {requests: {cpu: 2}}, nodes: {}}\n");
  EXPECT_EQ(most_text(loaded->workload("llm")), "cpu=6 memory=300Mi");
}

}  // namespace
}  // namespace sluice::cost

// SPDX-License-Identifier: Apache-2.0
#include "streams.hpp"

namespace sluice::cost {
namespace {

struct PodCase {
  std::string what, spec, requests;
};

std::string pod_requests(const std::string& spec, const std::string& more = "") {
  const auto loaded = load(
      "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: ns}\nspec: " + spec + "\n" + more);
  return pod_text(loaded->workload("p"));
}

TEST(PodFormula, Table) {
  const std::vector<PodCase> rows = {
      {"containers add up",
       "{containers: [{name: a, resources: {requests: {cpu: 100m}}}, {name: b, resources: "
       "{requests: {cpu: 1}}}]}",
       "cpu=1100m"},
      {"kubernetes/website#57244: a sidecar runs beside the init after it",
       "{initContainers: [{name: s, restartPolicy: Always, resources: {requests: {cpu: 100m}}}, "
       "{name: i, resources: {requests: {cpu: 200m}}}], "
       "containers: [{name: a, resources: {requests: {cpu: 100m}}}]}",
       "cpu=300m"},
      {"the same init before the sidecar runs alone",
       "{initContainers: [{name: i, resources: {requests: {cpu: 200m}}}, "
       "{name: s, restartPolicy: Always, resources: {requests: {cpu: 100m}}}], "
       "containers: [{name: a, resources: {requests: {cpu: 100m}}}]}",
       "cpu=200m"},
      {"an init container below the sum does not count",
       "{initContainers: [{name: i, resources: {requests: {cpu: 50m, memory: 2Gi}}}], "
       "containers: [{name: a, resources: {requests: {cpu: 100m, memory: 1Gi}}}]}",
       "cpu=100m memory=2Gi"},
      {"several inits: the largest, not the sum",
       "{initContainers: [{name: i, resources: {requests: {cpu: 2}}}, {name: j, resources: "
       "{requests: {cpu: 3}}}], "
       "containers: [{name: a, resources: {requests: {cpu: 1}}}]}",
       "cpu=3"},
      {"limits become requests, name by name",
       "{containers: [{name: a, resources: {limits: {cpu: 2, nvidia.com/gpu: 1}, requests: {cpu: "
       "1}}}]}",
       "cpu=1 nvidia.com/gpu=1"},
      {"pod-level requests replace the sum, for cpu and memory only",
       "{resources: {requests: {cpu: 3, nvidia.com/gpu: 9}}, containers: [{name: a, resources: "
       "{requests: {cpu: 1, memory: 1Gi}, limits: {nvidia.com/gpu: 2}}}]}",
       "cpu=3 memory=1Gi nvidia.com/gpu=2"},
      {"pod-level limits alone: the containers' requests hold",
       "{resources: {limits: {cpu: 4, memory: 8Gi}}, containers: [{name: a, resources: {requests: "
       "{cpu: 1}}}]}",
       "cpu=1 memory=8Gi"},
      {"overhead comes on top, also of pod-level requests",
       "{overhead: {cpu: 250m, memory: 120Mi}, resources: {requests: {cpu: 1}}, "
       "containers: [{name: a, resources: {requests: {cpu: 100m, memory: 8Mi}}}]}",
       "cpu=1250m memory=128Mi"},
      {"rounded up to milli when decoded",
       "{containers: [{name: a, resources: {requests: {cpu: 500u}}}, {name: b, resources: "
       "{requests: {cpu: 500u}}}]}",
       "cpu=2m"},
      {"numbers are read as they are written",
       "{containers: [{name: a, resources: {requests: {cpu: 0.1, memory: 1e9, ephemeral-storage: "
       "0x10}}}]}",
       "cpu=100m ephemeral-storage=16 memory=1e9"},
      {"restartPolicy of an app container makes no sidecar",
       "{containers: [{name: a, restartPolicy: Always, resources: {requests: {cpu: 1}}}]}",
       "cpu=1"},
      {"generic ephemeral volumes, by class",
       "{containers: [{name: a}], volumes: [{name: v, ephemeral: {volumeClaimTemplate: {spec: "
       "{storageClassName: fast, resources: {requests: {storage: 10Gi}}}}}}]}",
       "fast.storageclass.storage.k8s.io/requests.storage=10Gi"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    EXPECT_EQ(pod_requests(row.spec), row.requests);
  }
}

const std::string limit_range = R"(---
apiVersion: v1
kind: LimitRange
metadata: {name: defaults, namespace: ns}
spec:
  limits:
    - type: Pod
      max: {cpu: 100}
    - type: Container
)";

TEST(LimitRange, FillsWhatContainersLeaveOut) {
  struct Case {
    std::string what, items, containers, requests;
  };
  const std::vector<Case> cases = {
      {"defaultRequest", "      defaultRequest: {cpu: 100m, memory: 128Mi}\n", "[{name: a}]",
       "cpu=100m memory=128Mi"},
      {"request from default when there is no defaultRequest", "      default: {cpu: 500m}\n",
       "[{name: a}]", "cpu=500m"},
      {"default from max", "      max: {cpu: 2}\n", "[{name: a}]", "cpu=2"},
      {"request from min when there is nothing else", "      min: {cpu: 10m}\n", "[{name: a}]",
       "cpu=10m"},
      {"a limit of its own wins over defaultRequest", "      defaultRequest: {cpu: 100m}\n",
       "[{name: a, resources: {limits: {cpu: 1}}}]", "cpu=1"},
      {"each container gets it", "      defaultRequest: {cpu: 100m}\n", "[{name: a}, {name: b}]",
       "cpu=200m"},
  };
  for (const auto& row : cases) {
    SCOPED_TRACE(row.what);
    EXPECT_EQ(pod_requests("{containers: " + row.containers + "}", limit_range + row.items),
              row.requests);
  }
  EXPECT_EQ(pod_requests("{initContainers: [{name: i}], containers: [{name: a, resources: "
                         "{requests: {cpu: 10m}}}]}",
                         limit_range + "      defaultRequest: {cpu: 100m}\n"),
            "cpu=100m");
}

TEST(LimitRange, SaysWhereNumbersComeFrom) {
  const auto loaded = load(
      "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: ns}\nspec: {containers: [{name: "
      "a, resources: "
      "{limits: {cpu: 1}, requests: {nvidia.com/gpu: 1}}}, {name: b}]}\n" +
      limit_range + "      defaultRequest: {cpu: 100m, memory: 1Gi}\n");
  const auto& workload = loaded->workload("p");
  EXPECT_EQ(sources(workload, "cpu"), "LimitRange defaults, limit");
  EXPECT_EQ(sources(workload, "memory"), "LimitRange defaults");
  EXPECT_EQ(sources(workload, "nvidia.com/gpu"), "manifest");
  EXPECT_TRUE(loaded->workload("p").parts.at(0).missing.empty());
}

TEST(LimitRange, OfAnotherNamespaceDoesNotCount) {
  EXPECT_EQ(pod_requests("{containers: [{name: a}]}",
                         text::replace_all(limit_range, "namespace: ns", "namespace: other") +
                             "      defaultRequest: {cpu: 100m}\n"),
            "");
}

TEST(Pod, NamesContainersWithoutRequests) {
  const auto loaded = load(
      "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {initContainers: [{name: i}, {name: "
      "s, restartPolicy: "
      "Always}], containers: [{name: a, resources: {requests: {cpu: 1}}}]}\n");
  EXPECT_EQ(loaded->workload("p").parts.at(0).missing,
            (std::vector<std::string>{"a: memory", "s: cpu, memory"}));
}

TEST(Pod, RuntimeClassOverhead) {
  const std::string pod =
      "{runtimeClassName: kata, containers: [{name: a, resources: {requests: {cpu: 1}}}]}";
  EXPECT_EQ(
      pod_requests(
          pod,
          "---\napiVersion: node.k8s.io/v1\nkind: RuntimeClass\nmetadata: {name: kata}\nhandler: "
          "kata\noverhead: {podFixed: {cpu: 250m}}\n"),
      "cpu=1250m");
  EXPECT_EQ(pod_requests(pod), "cpu=1");
}

TEST(Pod, RefusesWhatIsNoQuantity) {
  for (const std::string cpu : {"500 m", "1K", "-1", "true", "[1]"}) {
    SCOPED_TRACE(cpu);
    const auto loaded = load(deployment("web", cpu));
    ASSERT_EQ(loaded->account.findings.size(), 1U);
    EXPECT_EQ(loaded->account.findings[0].code, "cost/bad-quantity");
    EXPECT_EQ(loaded->account.findings[0].location.line, 6U);
  }
}

TEST(Pod, RefusesWhatIsNoResourceName) {
  const auto loaded = load(
      "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: a, resources: "
      "{requests: {\"a b\\n\": 1, cpu: 1}}}]}\n");
  ASSERT_EQ(loaded->account.findings.size(), 1U);
  EXPECT_EQ(loaded->account.findings[0].code, "cost/bad-quantity");
  EXPECT_EQ(most_text(loaded->workload("p")), "cpu=1");
}

TEST(Amounts, StopAtTheLargest) {
  const auto huge = *k8s::parse_quantity("170141183460469231731687303715884105727n");
  EXPECT_EQ(plus(huge, huge), huge);
  EXPECT_EQ(times(huge, 1'000'000), huge);
  EXPECT_LT(minus(minus({}, huge), huge), k8s::Quantity());
}

TEST(Amounts, ReadWell) {
  const auto text = [](std::string_view name, std::string_view quantity) {
    return people_text(name, *k8s::parse_quantity(quantity));
  };
  EXPECT_EQ(text("cpu", "1500m"), "1.5");
  EXPECT_EQ(text("cpu", "-250m"), "-0.25");
  EXPECT_EQ(text("memory", "1536Mi"), "1.5Gi");
  EXPECT_EQ(text("memory", "-1280Mi"), "-1.25Gi");
  EXPECT_EQ(text("memory", "1025Mi"), "1025Mi");
  EXPECT_EQ(text("memory", "100M"), "100000000");
  EXPECT_EQ(text("storage", "2048Gi"), "2Ti");
  EXPECT_EQ(text("memory", "1073741824"), "1Gi");
  EXPECT_EQ(text("nvidia.com/gpu", "2"), "2");
  EXPECT_EQ(signed_text("cpu", *k8s::parse_quantity("1")), "+1");
  EXPECT_EQ(people_name("gp3.storageclass.storage.k8s.io/requests.storage"), "storage gp3");
}

}  // namespace
}  // namespace sluice::cost

// SPDX-License-Identifier: Apache-2.0
// A base that is counted beside its head comes to the same as one that is counted alone, whatever
// differs between them.
#include "cost/streams.hpp"
#include "cost/workload.hpp"
#include "yaml/shared.hpp"

#include <random>

namespace sluice::cost {
namespace {

std::string document(const std::string& header, const std::string& rest) {
  return "---\n" + header + "\n" + rest;
}

/// One object of many kinds, with few names in few namespaces, so that objects decide over each
/// other and stand twice.
std::string some_object(std::mt19937& random) {
  const auto pick = [&](unsigned below) { return static_cast<unsigned>(random() % below); };
  const std::string name = "a" + std::to_string(pick(4));
  const std::string space = pick(3) == 0 ? "kserve" : pick(2) == 0 ? "x" : "y";
  const std::string number = std::to_string(1 + pick(3));
  const auto meta = "metadata: {name: " + name + ", namespace: " + space + "}\n";
  const auto cluster = "metadata: {name: " + name + "}\n";
  const std::string cpu = "resources: {requests: {cpu: " + number + "}}";
  switch (pick(16)) {
    case 0:
      return document("apiVersion: v1\nkind: LimitRange\n" + meta,
                      "spec: {limits: [{type: Container, defaultRequest: {memory: " + number +
                          "Gi}, max: {cpu: " + number + "}}]}\n");
    case 1:
      return document("apiVersion: v1\nkind: ResourceQuota\n" + meta,
                      "spec: {hard: {limits.cpu: " + number + "}}\n");
    case 2:
      return document("apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\n" + meta,
                      "spec: {maxReplicas: " + number +
                          ", scaleTargetRef: {kind: Deployment, name: " + name + "}}\n");
    case 3:
      return document("apiVersion: v1\nkind: Namespace\nmetadata: {name: " + space +
                          ", labels: {team: t" + number + "}}\n",
                      "");
    case 4:
      return document(
          "apiVersion: serving.kserve.io/v1alpha1\nkind: ClusterServingRuntime\n" + cluster,
          "spec: {supportedModelFormats: [{name: f, autoSelect: true}], containers: "
          "[{name: kserve-container, " +
              cpu + "}]}\n");
    case 5:
      return document("apiVersion: serving.kserve.io/v1alpha1\nkind: ServingRuntime\n" + meta,
                      "spec: {supportedModelFormats: [{name: f, autoSelect: true, priority: " +
                          number + "}], containers: [{name: kserve-container, " + cpu + "}]}\n");
    case 6:
      return document("apiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\n" + meta,
                      "spec: {predictor: {model: {modelFormat: {name: f}}}}\n");
    case 7:
      return document("apiVersion: resource.k8s.io/v1\nkind: ResourceClaim\n" + meta,
                      "spec: {devices: {requests: [{exactly: {deviceClassName: gpu, count: " +
                          number + "}}]}}\n");
    case 8:
      return document("apiVersion: v1\nkind: Pod\n" + meta,
                      "spec: {resourceClaims: [{name: c, resourceClaimName: " + name +
                          "}], containers: [{name: c, " + cpu + "}]}\n");
    case 9:
      return document("apiVersion: argoproj.io/v1alpha1\nkind: Rollout\n" + meta,
                      "spec: {replicas: " + number +
                          ", workloadRef: {kind: Deployment, name: " + name + "}}\n");
    case 10:
      return document("apiVersion: argoproj.io/v1alpha1\nkind: WorkflowTemplate\n" + meta,
                      "spec: {entrypoint: m, templates: [{name: m, container: {" + cpu + "}}]}\n");
    case 11:
      return document(
          "apiVersion: argoproj.io/v1alpha1\nkind: CronWorkflow\n" + meta,
          "spec: {concurrencyPolicy: Forbid, workflowSpec: {workflowTemplateRef: {name: " + name +
              "}}}\n");
    case 12:
      return document(
          "apiVersion: serving.kserve.io/v1alpha1\nkind: LLMInferenceServiceConfig\n" + meta,
          "spec: {template: {containers: [{name: main, " + cpu + "}]}}\n");
    case 13:
      return document("apiVersion: serving.kserve.io/v1alpha1\nkind: LLMInferenceService\n" + meta,
                      "spec: {baseRefs: [{name: " + name + "}], replicas: " + number + "}\n");
    case 14:
      return document("apiVersion: v1\nkind: Service\n" + meta, "spec: {type: LoadBalancer}\n");
    default:
      return document("apiVersion: apps/v1\nkind: Deployment\n" + meta,
                      "spec: {template: {spec: {containers: [{name: c, " + cpu + "}]}}}\n");
  }
}

std::string text_of(const Account& account) {
  std::string out;
  const auto add = [&out](const auto&... words) { ((out.append(words).append(" ")), ...); };
  for (const auto* workload : account.workloads) {
    const auto& key = workload->key;
    add(key.kind, key.name_space, key.name, workload->owners.team, text_of(workload->claims));
    for (const auto& part : workload->parts) {
      add(part.name, text_of(part.per_pod.amounts), text_of(part.limits),
          std::to_string(part.pods.min), std::to_string(part.pods.max), name(part.qos));
      add(describe(part.pods.from).what);
    }
    add(text::join(workload->notes, "; "), "\n");
  }
  for (const auto& left_out : account.left_out) {
    add("not counted", left_out.key.kind, left_out.key.name, left_out.reason, "\n");
  }
  return out;
}

TEST(CountBeside, ComesToTheSame) {
  std::mt19937 random(7);  // NOLINT(cert-msc51-cpp): the same streams in each run
  std::size_t shared = 0;
  for (int round = 0; round < 3000; ++round) {
    std::vector<std::string> objects;
    for (unsigned i = 0; i < 4 + random() % 24; ++i) {
      objects.push_back(some_object(random));
    }
    const auto head = load(text::join(objects, ""));
    for (unsigned i = 0; i < random() % 3; ++i) {  // most rounds change little
      objects[random() % objects.size()] = some_object(random);
    }
    if (random() % 4 == 0) {
      std::ranges::shuffle(objects, random);
    }
    if (random() % 4 == 0) {
      objects.pop_back();
    }
    const auto text = text::join(objects, "");
    const auto alone = load(text);

    const auto other = std::make_shared<const yaml::Stream>(std::move(head->stream));
    auto beside = yaml::parse_beside({&other, 1},
                                     *yaml::open(text, "base.yaml", {}, yaml::LastLine::as_is), 1);
    ASSERT_TRUE(beside);
    std::vector<diag::Finding> findings;
    const auto resources = k8s::resources(beside->documents, findings);
    Context context;
    context.add(resources);
    const auto account =
        count_beside(head->account, head->context, resources, {context, {}, nullptr});
    ASSERT_EQ(text_of(account), text_of(alone->account)) << text;
    std::size_t own = 0;
    for (const auto& workloads : account.own) {
      own += workloads.size();
    }
    shared += account.workloads.size() - std::min(account.workloads.size(), own);
  }
  EXPECT_GT(shared, 3000U);  // else nothing was shown
}

}  // namespace
}  // namespace sluice::cost

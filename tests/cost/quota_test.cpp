// SPDX-License-Identifier: Apache-2.0
#include "cost/quota.hpp"

#include "streams.hpp"

namespace sluice::cost {
namespace {

std::string quota(const std::string& hard, const std::string& more = "") {
  return "---\napiVersion: v1\nkind: ResourceQuota\nmetadata: {name: all}\nspec: {hard: {" + hard +
         "}" + more + "}\n";
}

std::string limit_range(const std::string& item) {
  return "---\napiVersion: v1\nkind: LimitRange\nmetadata: {name: r}\nspec: {limits: [" + item +
         "]}\n";
}

/// A Deployment of 2 to 3 pods in a rollout; `container` is inside its only container.
std::string workload(const std::string& container, const std::string& pod = "") {
  return "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 2, "
         "template: {spec: {" +
         pod + "containers: [{name: a, " + container + "}]}}}\n";
}

const std::string asks = "resources: {requests: {cpu: 1, memory: 1Gi}, limits: {cpu: 2}}";

/// "min max peak" of one resource.
std::string use_of(const std::string& stream, const std::string& resource) {
  const auto loaded = load(stream);
  for (const auto& line : quota_lines(loaded->account, loaded->resources, loaded->context)) {
    if (line.resource == resource) {
      const auto& use = line.use;
      return use.steady_min.text() + " " + use.steady_max.text() + " " + use.peak.text();
    }
  }
  return "no line";
}

TEST(Quota, Use) {
  const std::string job =
      "---\napiVersion: batch/v1\nkind: Job\nmetadata: {name: j}\nspec: {parallelism: 4, template: "
      "{spec: {activeDeadlineSeconds: 9, containers: [{name: a, resources: {requests: {cpu: "
      "1}}}]}}}\n";
  const std::string claims =
      "---\napiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db}\nspec: {replicas: 2, "
      "template: {spec: {containers: [{name: a}]}}, volumeClaimTemplates: [{spec: "
      "{storageClassName: gp3, resources: {requests: {storage: 10Gi}}}}]}\n---\napiVersion: "
      "v1\nkind: PersistentVolumeClaim\nmetadata: {name: c}\nspec: {resources: {requests: "
      "{storage: 1Gi}}}\n";
  struct Case {
    std::string what, stream, resource, use;
  };
  const auto of = [](const std::string& stream, const std::string& resource) {
    return stream + quota(resource + ": 10");
  };
  const auto scoped = [&](const std::string& scope) {
    return workload(asks, "priorityClassName: high, ") + job + quota("pods: 10", ", " + scope);
  };
  const std::vector<Case> cases = {
      {"cpu", of(workload(asks), "cpu"), "cpu", "2 2 3"},
      {"requests.cpu is the same", of(workload(asks), "requests.cpu"), "requests.cpu", "2 2 3"},
      {"limits", of(workload(asks), "limits.cpu"), "limits.cpu", "4 4 6"},
      {"pods", of(workload(asks), "pods"), "pods", "2 2 3"},
      {"jobs are in the peak alone", of(workload(asks) + job, "pods"), "pods", "2 2 7"},
      {"devices",
       of(workload("resources: {limits: {nvidia.com/gpu: 2}}"), "requests.nvidia.com/gpu"),
       "requests.nvidia.com/gpu", "4 4 6"},
      {"storage of all classes", of(claims, "requests.storage"), "requests.storage",
       "21Gi 21Gi 21Gi"},
      {"storage of one class", of(claims, storage_name("gp3")), storage_name("gp3"),
       "20Gi 20Gi 20Gi"},
      {"claims", of(claims, "persistentvolumeclaims"), "persistentvolumeclaims", "3 3 3"},
      {"objects", of(workload(asks) + claims, "count/deployments.apps"), "count/deployments.apps",
       "1 1 1"},
      {"terminating", scoped("scopes: [Terminating]"), "pods", "0 0 4"},
      {"not terminating", scoped("scopes: [NotTerminating]"), "pods", "2 2 3"},
      {"a priority class",
       scoped("scopeSelector: {matchExpressions: [{scopeName: PriorityClass, operator: In, values: "
              "[high]}]}"),
       "pods", "2 2 3"},
      {"no priority class",
       scoped("scopeSelector: {matchExpressions: [{scopeName: PriorityClass, operator: "
              "DoesNotExist}]}"),
       "pods", "0 0 4"},
      {"best effort", workload("image: a") + quota("pods: 10", ", scopes: [BestEffort]"), "pods",
       "2 2 3"},
      {"not best effort", workload("image: a") + quota("pods: 10", ", scopes: [NotBestEffort]"),
       "pods", "0 0 0"},
  };
  for (const auto& row : cases) {
    SCOPED_TRACE(row.what);
    EXPECT_EQ(use_of(row.stream, row.resource), row.use);
  }
}

std::string findings_text(const std::string& base, const std::string& head) {
  const auto left = load(base.empty() ? "a: b" : base);
  const auto right = load(head);
  const auto lines = [](const Loaded& side) {
    return quota_lines(side.account, side.resources, side.context);
  };
  const auto before = lines(*left);
  std::string out;
  for (const auto& finding :
       quota_findings(base.empty() ? nullptr : &before, lines(*right), diag::Severity::warning)) {
    out += finding.message + "\n";
  }
  return out;
}

TEST(Quota, Findings) {
  const auto stream = [](const std::string& hard) {
    return workload(asks) + quota("requests.cpu: " + hard);
  };
  const std::string start = "the workloads of namespace default ask for ";
  EXPECT_EQ(findings_text("", stream("3")), "");
  EXPECT_EQ(findings_text("", stream("2")),
            start + "3 requests.cpu in rollouts and jobs, above the quota of 2\n");
  EXPECT_EQ(findings_text("", stream("1500m")),
            start + "2 requests.cpu at their steady maximum, above the quota of 1.5\n");
  EXPECT_EQ(findings_text(stream("1"), stream("1")), "");  // as before
  EXPECT_NE(findings_text(stream("3"), stream("2")), "");  // a quota alone
}

TEST(Quota, DemandsOfEveryContainer) {
  const auto codes = [](const std::string& stream) {
    std::string out;
    const auto loaded = load(stream);
    for (const auto& finding : loaded->account.findings) {
      out += finding.code + " " + finding.message + "\n";
    }
    return out;
  };
  EXPECT_EQ(
      codes(workload("image: a") + quota("limits.memory: 1Gi, pods: 3")),
      "cost/quota-refuses container a has no memory limit, which ResourceQuota all demands of "
      "every pod\n");
  EXPECT_EQ(codes(workload(asks) + quota("requests.memory: 1Gi")), "");
  EXPECT_EQ(codes(workload("image: a") + quota("memory: 1Gi") +
                  limit_range("{type: Container, default: {memory: 1Gi}}")),
            "");
  EXPECT_EQ(
      codes(workload(asks) + limit_range("{type: Container, default: {memory: 512Mi}}")),
      "cost/limit-range container a requests 1Gi memory, above the default limit of 512Mi that "
      "it gets (LimitRange r)\n");
  EXPECT_EQ(codes(workload(asks) + limit_range("{type: Container, min: {cpu: 2}}")),
            "cost/limit-range container a requests 1 cpu, below the minimum of 2 (LimitRange r)\n");
  EXPECT_EQ(codes(workload(asks) + limit_range("{type: Pod, max: {cpu: 1}}")),
            "cost/limit-range one pod asks for 2 cpu, above the maximum of 1 (LimitRange r)\n");
  EXPECT_EQ(
      codes(workload(asks) + limit_range("{type: Container, maxLimitRequestRatio: {cpu: 1500m}}")),
      "cost/limit-range container a has a limit of 2 cpu for a request of 1, more than 1.5 "
      "times as much (LimitRange r)\n");
}

}  // namespace
}  // namespace sluice::cost

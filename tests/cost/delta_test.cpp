// SPDX-License-Identifier: Apache-2.0
#include "streams.hpp"

namespace sluice::cost {
namespace {

struct Case {
  std::string what, base, head, rows;
};

/// "changed web: manifest"; unchanged rows are left out.
std::string rows_text(const Report& report) {
  std::string out;
  for (const auto& row : report.rows) {
    out += (out.empty() ? "" : "; ") + std::string(name(row.change)) + " " + row.key.name;
    std::vector<std::string> why;
    for (const auto& reason : row.because) {
      why.push_back(reason.what);
    }
    out += why.empty() ? "" : ": " + text::join(why, ", ");
  }
  return out;
}

std::string hpa(int maximum) {
  return "---\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: "
         "h}\nspec: {maxReplicas: " +
         std::to_string(maximum) + ", scaleTargetRef: {kind: Deployment, name: web}}\n";
}

std::string limit_range(const std::string& cpu) {
  return "---\napiVersion: v1\nkind: LimitRange\nmetadata: {name: l}\nspec: {limits: [{type: "
         "Container, defaultRequest: {cpu: " +
         cpu + "}}]}\n";
}

std::string bare(const std::string& name) {
  return "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: " + name +
         "}\nspec: {template: {spec: {containers: [{name: a}]}}}\n";
}

TEST(Delta, SaysWhatChangedAndWhy) {
  const std::vector<Case> cases = {
      {"added", deployment("web", "1"), deployment("web", "1") + deployment("api", "1"),
       "added api"},
      {"removed", deployment("web", "1") + deployment("api", "1"), deployment("web", "1"),
       "removed api"},
      {"requests", deployment("web", "1"), deployment("web", "2"), "changed web: manifest"},
      {"spelling is no change", deployment("web", "1"), deployment("web", "1000m"), ""},
      {"labels are no change", deployment("web", "1"),
       text::replace_all(deployment("web", "1"), "{name: web}", "{name: web, labels: {a: b}}"), ""},
      {"an autoscaler alone", deployment("web", "1") + hpa(3), deployment("web", "1") + hpa(5),
       "changed web: HorizontalPodAutoscaler h"},
      {"an autoscaler comes", deployment("web", "1"), deployment("web", "1") + hpa(5),
       "changed web: HorizontalPodAutoscaler h"},
      {"a LimitRange alone", bare("web") + bare("api") + limit_range("1"),
       bare("web") + bare("api") + limit_range("2"),
       "changed api: LimitRange l; changed web: LimitRange l"},
      {"another API version is the same object",
       text::replace_all(hpa(3), "v2", "v1") + deployment("web", "1"),
       deployment("web", "1") + hpa(3), ""},
  };
  for (const auto& row : cases) {
    SCOPED_TRACE(row.what);
    const auto base = load(row.base);
    const auto head = load(row.head);
    EXPECT_EQ(rows_text(report_of(base.get(), *head)), row.rows);
  }
}

TEST(Delta, ARuntimeAloneChangesItsServices) {
  const auto stream = [](const std::string& cpu) {
    return "---\napiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\nmetadata: {name: "
           "iris}\nspec: {predictor: "
           "{model: {modelFormat: {name: sklearn}}}}\n---\napiVersion: "
           "serving.kserve.io/v1alpha1\nkind: "
           "ClusterServingRuntime\nmetadata: {name: sk}\nspec: {supportedModelFormats: [{name: "
           "sklearn, autoSelect: true}], "
           "containers: [{name: kserve-container, resources: {requests: {cpu: " +
           cpu + ", memory: 1Gi}}}]}\n";
  };
  const auto base = load(stream("1"));
  const auto head = load(stream("2"));
  EXPECT_EQ(rows_text(report_of(base.get(), *head)), "changed iris: ClusterServingRuntime sk");
}

TEST(Delta, KeepsEnvironmentsApart) {
  const auto in = [](const std::string& env, const std::string& manifest) {
    return text::replace_all(manifest, "---\n",
                             "---\n# sluice: unit=u env=" + env + " source=a.yaml\n");
  };
  const auto dev = in("dev", deployment("web", "1"));
  const auto base = load(rendered(dev + in("prod", deployment("web", "1")), 2));
  const auto changed = load(rendered(dev + in("prod", deployment("web", "3")), 2));
  const auto delta = report_of(base.get(), *changed);
  ASSERT_EQ(delta.groups.size(), 2U);
  EXPECT_EQ(delta.groups[0].env, "dev");
  EXPECT_EQ(delta.groups[0].base, delta.groups[0].head);
  EXPECT_EQ(text_of(difference(delta.groups[1].base.steady_max, delta.groups[1].head.steady_max)),
            "cpu=2");
}

TEST(Delta, WithoutABaseSaysSo) {
  const auto head = load(deployment("web", "1"));
  auto report = report_of(nullptr, *head);
  report.findings = flags_of(nullptr, *head);
  EXPECT_EQ(
      sentence(report),
      "No base to compare with: 1 workload asks for 1 cpu and 1Gi memory at the steady maximum.");
  EXPECT_NE(to_json(report).find("\"hasBase\": false"), std::string::npos);
  EXPECT_EQ(report.findings.at(0).code, "cost/no-base");
}

TEST(Sentence, Table) {
  const std::string start = "This change asks for ";
  const std::vector<Case> cases = {
      {"more", deployment("web", "1"), deployment("web", "3"),
       "2 cpu more at the steady maximum: 1 of 1 workload differ (0 added, 1 changed, 0 removed)."},
      {"nothing", deployment("web", "1"), deployment("web", "1"),
       "nothing more or less: 0 of 1 workload differ."},
      {"less", deployment("web", "1") + deployment("api", "1"), deployment("web", "3"),
       "1 cpu more and 1Gi memory less at the steady maximum: 2 of 2 workloads differ (0 added, 1 "
       "changed, 1 removed)."},
      {"elsewhere", deployment("web", "1"),
       deployment("web", "1", "  strategy: {type: Recreate}\n"),
       "nothing more or less at the steady maximum, but for 1 cpu and 1Gi memory less at its "
       "rollout peak: 1 of 1 workload differ (0 added, 1 changed, 0 removed)."},
  };
  for (const auto& row : cases) {
    SCOPED_TRACE(row.what);
    const auto base = load(row.base);
    const auto head = load(row.head);
    EXPECT_EQ(sentence(report_of(base.get(), *head)), start + row.rows);
  }
}

Rules rules(const std::map<std::string, std::string>& flags,
            const std::map<std::string, std::string>& limits) {
  return {.workload = {.flags = *read_bounds(flags, "cost.flags"),
                       .limits = *read_bounds(limits, "cost.limits"),
                       .owner = ""}};
}

std::string codes(const std::vector<diag::Finding>& findings) {
  std::string out;
  for (const auto& finding : findings) {
    out += (out.empty() ? "" : "; ") + finding.code + " " + finding.message;
  }
  return out;
}

TEST(Flags, FireForWhatIsNewOrGrew) {
  const auto limits = rules({{"cpu", "4"}, {"memory", "8Gi"}}, {{"cpu", "8"}});
  const auto judge = [&](const std::string& base, const std::string& head) {
    const auto left = load(base.empty() ? "a: b" : base);
    const auto right = load(head);
    return codes(flags_of(base.empty() ? nullptr : left.get(), *right, limits));
  };
  const auto big = deployment("web", "5");
  EXPECT_EQ(judge(deployment("web", "1"), big),
            "cost/flag asks for 5 cpu (1 pod), above the flag of 4");
  EXPECT_EQ(
      judge(deployment("web", "1", "  replicas: 2\n"), deployment("web", "5", "  replicas: 2\n")),
      "cost/limit asks for 10 cpu (2 pods), above the limit of 8; cost/flag asks for 10 cpu (2 "
      "pods), above the flag of 4");
  EXPECT_EQ(judge(big, big), "");
  EXPECT_EQ(judge(deployment("web", "6"), big), "");
  EXPECT_EQ(judge("", deployment("web", "4")),
            "cost/no-base no base to compare with: these are totals, not a change");
}

TEST(Flags, DefaultsAreForOnePod) {
  const auto head = load(deployment("web", "2", "  replicas: 50\n") + deployment("api", "2001m"));
  const auto base = load(deployment("x", "1"));
  EXPECT_EQ(codes(flags_of(base.get(), *head)),
            "cost/flag one pod asks for 2.001 cpu, above the flag of 2");
}

TEST(Flags, AcceleratorsBoundsAndMissingRequests) {
  const auto base = load(deployment("x", "1"));
  const auto head = load(
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {template: {spec: "
      "{containers: [{name: a, resources: "
      "{requests: {memory: 1Gi}, limits: {nvidia.com/mig-1g.10gb: 1}}}]}}}\n---\napiVersion: "
      "keda.sh/v1alpha1\nkind: "
      "ScaledObject\nmetadata: {name: k}\nspec: {scaleTargetRef: {name: web}}\n");
  EXPECT_EQ(codes(flags_of(base.get(), *head, rules({{"gpu", "1"}}, {}))),
            "cost/flag asks for 100 gpu (100 pods), above the flag of 1; cost/gpu asks for 100 "
            "nvidia.com/mig-1g.10gb; "
            "cost/unbounded may run 100 pods: KEDA's default, for maxReplicaCount is not set; "
            "cost/missing-requests container a requests no cpu, so it counts as nothing");
}

TEST(Flags, ThresholdsMustBeQuantities) {
  const auto read = read_bounds({{"cpu", "two"}}, "cost.flags");
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().message.find("cost.flags.cpu"), std::string::npos);
}

}  // namespace
}  // namespace sluice::cost

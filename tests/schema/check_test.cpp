// SPDX-License-Identifier: Apache-2.0
#include "schema/support.hpp"

namespace sluice::schema {
namespace {

std::string deployment(const std::string& spec, const std::string& container = {}) {
  return "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  selector: "
         "{matchLabels: {a: b}}\n" +
         spec +
         "  template:\n    metadata: {labels: {a: b}}\n    spec:\n      containers:\n      - name: "
         "c\n        image: i\n" +
         container;
}

TEST(Check, AcceptsWhatTheApiServerAccepts) {
  for (const std::string spec :
       {"", "  replicas: 3\n", "  replicas: 0x3\n", "  replicas: 1e2\n", "  replicas: 3.0\n",
        "  replicas: null\n", "  replicas: 2147483647\n", "  paused: yes\n",
        "  strategy: {rollingUpdate: {maxSurge: 25%, maxUnavailable: 1}}\n",
        "  strategy: {rollingUpdate: {maxSurge: null}}\n", "  strategy: {type: ''}\n"}) {
    SCOPED_TRACE(spec);
    EXPECT_EQ(check_text(deployment(spec)), Lines{});
  }
  for (const std::string container :
       {"        resources: {limits: {cpu: 1, memory: 0.5, storage: 2Gi, gpu: 1e3}}\n",
        "        resources: {limits: {cpu: null}}\n", "        ports: [{containerPort: 80}]\n",
        "        env: [{name: A, value: null}]\n", "        args: []\n"}) {
    SCOPED_TRACE(container);
    EXPECT_EQ(check_text(deployment("", container)), Lines{});
  }
}

struct Row {
  std::string spec;
  std::string finding;
};

TEST(Check, NamesFieldValueAndKind) {
  const std::vector<Row> rows{
      {"  replica: 3\n",
       "schema/unknown-field /spec/replica: field \"replica\" is not in Deployment (apps/v1)"},
      {"  replicas: three\n",
       "schema/type /spec/replicas: field \"replicas\" is \"three\", a string; Deployment "
       "(apps/v1) wants an integer"},
      {"  replicas: 3.5\n",
       "schema/type /spec/replicas: field \"replicas\" is 3.5; Deployment (apps/v1) wants a whole "
       "number from -2147483648 to 2147483647"},
      {"  replicas: 3000000000\n",
       "schema/range /spec/replicas: field \"replicas\" is 3000000000; Deployment (apps/v1) wants "
       "a whole number from -2147483648 to "
       "2147483647"},
      {"  paused: 1\n",
       "schema/type /spec/paused: field \"paused\" is 1, an integer; Deployment (apps/v1) wants a "
       "boolean"},
      {"  strategy: {rollingUpdate: {maxSurge: true}}\n",
       "schema/type /spec/strategy/rollingUpdate/maxSurge: field \"maxSurge\" is true, a boolean; "
       "Deployment (apps/v1) wants an integer "
       "or a string"},
      {"  strategy: []\n",
       "schema/type /spec/strategy: field \"strategy\" is a list; Deployment (apps/v1) wants a "
       "mapping"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.spec);
    EXPECT_EQ(check_text(deployment(row.spec)), Lines{row.finding});
  }
}

TEST(Check, LooksIntoLists) {
  const std::vector<Row> rows{
      {"        args: [a, 1]\n",
       "schema/type /spec/template/spec/containers/0/args/1: item \"args[1]\" is 1, an integer; "
       "Deployment (apps/v1) wants a string"},
      {"      - null\n",
       "schema/null-item /spec/template/spec/containers/1: item \"containers[1]\" is null; "
       "Deployment (apps/v1) wants a mapping"},
      {"      - {image: d, name: null}\n",
       "schema/required /spec/template/spec/containers/1/name: field \"name\" is required in "
       "containers[1] of Deployment (apps/v1)"},
      {"        resources: {limits: {cpu: 1x}}\n",
       "schema/format /spec/template/spec/containers/0/resources/limits/cpu: field \"cpu\" is "
       "\"1x\"; Deployment (apps/v1) wants a "
       "quantity, such as 250m, 0.5 or 2Gi"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.spec);
    EXPECT_EQ(check_text(deployment("", row.spec)), Lines{row.finding});
  }
}

/// Kinds that src/rules has no file for: schemas/kubernetes-rules.json.
TEST(Check, KnowsWhatAFieldAloneTells) {
  const std::string good =
      "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: a}\nprovisioner: p\n";
  EXPECT_EQ(check_text(good + "reclaimPolicy: Retain\n"), Lines{});
  EXPECT_EQ(check_text(good + "reclaimPolicy: Keep\n"),
            Lines{"schema/enum /reclaimPolicy: field \"reclaimPolicy\" is \"Keep\", which "
                  "StorageClass (storage.k8s.io/v1) does not know"});
  const std::string hook =
      "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\n"
      "metadata: {name: a}\nwebhooks:\n- {name: a.b.c, sideEffects: None, clientConfig: {url: x}, "
      "admissionReviewVersions: [v1], timeoutSeconds: 31}\n";
  EXPECT_EQ(check_text(hook),
            Lines{"schema/range /webhooks/0/timeoutSeconds: field \"timeoutSeconds\" is 31; "
                  "ValidatingWebhookConfiguration (admissionregistration.k8s.io/v1) wants at most "
                  "30"});
}

TEST(Check, DemandsNothingWhenItOnlyDecodes) {
  const auto stream = yaml::parse(
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n"
      "spec: {replica: 1, template: {spec: {containers: [{}, null]}}}\n",
      "web.yaml");
  std::vector<diag::Finding> findings;
  const auto resources = k8s::resources(*stream, findings);
  check(resources[0], builtin_schema({"apps", "v1", "Deployment"}, kube("1.33")), kube("1.33"),
        findings, Demands::decoding);
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_EQ(findings[0].code, "schema/unknown-field");
  EXPECT_EQ(findings[1].code, "schema/null-item");
  EXPECT_EQ(findings[1].severity, diag::Severity::warning);
}

TEST(Check, PointsAtTheKey) {
  const auto stream = yaml::parse(deployment("  replica: 3\n"), "web.yaml");
  std::vector<diag::Finding> findings;
  const auto resources = k8s::resources(*stream, findings);
  check(resources[0], builtin_schema({"apps", "v1", "Deployment"}, kube("1.33")), kube("1.33"),
        findings);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].location, (diag::Location{"web.yaml", 6, 3}));
  EXPECT_EQ(findings[0].hint, "did you mean \"replicas\"?");
  EXPECT_EQ(findings[0].object.name, "web");
}

TEST(Check, EscapesPointers) {
  EXPECT_EQ(check_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a/b~c: 1}\n"),
            Lines{"schema/type /data/a~1b~0c: field \"a/b~c\" is 1, an integer; ConfigMap (v1) "
                  "wants a string"});
}

TEST(Check, NeverShowsASecret) {
  const Lines lines = check_text(
      "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {a: 'hunter2!'}\nstringData: {b: "
      "42}\n");
  ASSERT_EQ(lines.size(), 2U);
  for (const std::string& line : lines) {
    EXPECT_EQ(line.find("hunter"), std::string::npos) << line;
    EXPECT_EQ(line.find("42"), std::string::npos) << line;
  }
}

TEST(Check, AsksNothingOfStatusButTypes) {
  const std::string pod =
      "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, image: "
      "i}]}\nstatus: ";
  EXPECT_EQ(check_text(pod + "{containerStatuses: [{name: c}]}\n"), Lines{});
  EXPECT_EQ(
      check_text(pod + "{phase: 1}\n"),
      Lines{
          "schema/type /status/phase: field \"phase\" is 1, an integer; Pod (v1) wants a string"});
}

TEST(Check, StopsAtItsVisitLimit) {
  const auto stream = yaml::parse(deployment(""), "web.yaml");
  std::vector<diag::Finding> findings;
  const auto resources = k8s::resources(*stream, findings);
  check(resources[0], builtin_schema({"apps", "v1", "Deployment"}, kube("1.33")), kube("1.33"),
        findings, Demands::all, 5);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].code, "schema/limit");
}

TEST(Check, ListsAHundredComplaintsAndStops) {
  std::string data;
  for (int i = 0; i < 1000; ++i) {
    data += "  k" + std::to_string(i) + ": 1\n";
  }
  const Lines lines =
      check_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n" + data);
  ASSERT_EQ(lines.size(), 101U);
  EXPECT_EQ(lines.back(),
            "schema/limit /data/k100: more than 100 things are wrong with this object");
}

}  // namespace
}  // namespace sluice::schema

// SPDX-License-Identifier: Apache-2.0
// One line of a manifest that the API server refuses for each concept, with its place and words.
// How often the answers agree with Kubernetes' own code: tests/mutants.
#include "rules/rules.hpp"

#include "schema/check.hpp"
#include "yaml/parse.hpp"

#include <gtest/gtest.h>

namespace sluice::rules {
namespace {

using Lines = std::vector<std::string>;

/// The findings of one object, as lines "code path: message".
Lines check_text(const std::string& text, const std::string& version = "1.33") {
  const auto stream = yaml::parse(text, "test.yaml");
  std::vector<diag::Finding> findings = stream->findings;
  const auto resources = k8s::resources(*stream, findings);
  const auto kube = *schema::parse_kube_version(version);
  for (const k8s::Resource& resource : resources) {
    const Kind* kind = find(resource);
    if (kind != nullptr) {
      schema::check(
          resource,
          schema::builtin_schema({resource.group(), resource.version(), resource.ref.kind}, kube),
          kube, findings, schema::Demands::decoding);
      check(*kind, resource, kube, findings);
    }
  }
  Lines out;
  for (const diag::Finding& finding : findings) {
    out.push_back(finding.code + " " + finding.path + ": " + finding.message);
  }
  return out;
}

std::string pod(const std::string& container, const std::string& spec = {}) {
  return "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - name: c\n"
         "    image: i\n" +
         container + spec;
}

std::string deployment(const std::string& spec) {
  return "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n"
         "  template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: i}]}}\n" +
         spec;
}

std::string service(const std::string& spec) {
  return "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {" + spec + "}\n";
}

struct Row {
  std::string text;
  std::string finding;
};

TEST(Rules, SayWhatTheApiServerWouldRefuse) {
  const std::string selector = "  selector: {matchLabels: {a: b}}\n";
  const std::vector<Row> rows{
      {"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: Web}\n",
       "meta/name /metadata/name: field \"name\" of metadata is \"Web\"; it must be a DNS "
       "subdomain "
       "(RFC 1123)"},
      {"apiVersion: v1\nkind: Service\nmetadata: {name: 1web}\nspec: {ports: [{port: 1}]}\n",
       "meta/name /metadata/name: field \"name\" of metadata is \"1web\"; it must be a DNS label "
       "(RFC 1035)"},
      {"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, labels: {a: b c}}\n",
       "meta/label /metadata/labels/a: field \"a\" of labels is \"b c\"; it must be a label value"},
      {"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a b: c}\n",
       "schema/format /data/a b: field \"a b\" of data is \"a b\"; it must be a file name"},
      {pod("    resources: {requests: {cpu: 2}, limits: {cpu: 1}}\n"),
       "schema/quantity /spec/containers/0/resources/requests/cpu: field \"cpu\" of requests is 2; "
       "it must be at most the limit of 1"},
      {pod("    ports: [{containerPort: 99999}]\n"),
       "schema/range /spec/containers/0/ports/0/containerPort: field \"containerPort\" of ports[0] "
       "is 99999; it must lie between 1 and 65535"},
      {pod("    volumeMounts: [{name: d, mountPath: /d}]\n"),
       "schema/reference /spec/containers/0/volumeMounts/0/name: field \"name\" of volumeMounts[0] "
       "is \"d\"; it must be one of the pod's volumes"},
      {pod("    livenessProbe: {httpGet: {port: 80}, exec: {command: [a]}}\n"),
       "schema/conflict /spec/containers/0/livenessProbe/httpGet: field \"httpGet\" of "
       "livenessProbe may not be set beside exec"},
      {pod("    env: [{name: A, value: b, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]\n"),
       "schema/conflict /spec/containers/0/env/0/valueFrom: field \"valueFrom\" of env[0] may not "
       "be set beside value"},
      {pod("  - {name: c, image: j}\n"),
       "schema/duplicate-item /spec/containers/1/name: field \"name\" of containers[1] is \"c\", "
       "which another container already has"},
      {pod("  - {name: d}\n"),
       "schema/required /spec/containers/1/image: field \"image\" of containers[1] is required"},
      {deployment("  selector: {matchLabels: {a: c}}\n"),
       "schema/selector /spec/selector: field \"selector\" of spec must match the labels of the "
       "template, which have no a: c"},
      {deployment(selector + "  strategy: {type: Rolling}\n"),
       "schema/enum /spec/strategy/type: field \"type\" of strategy is \"Rolling\", which "
       "Deployment (apps/v1) does not know"},
      {deployment(selector + "  strategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 0%}}\n"),
       "schema/conflict /spec/strategy/rollingUpdate/maxUnavailable: field \"maxUnavailable\" of "
       "rollingUpdate is \"0%\"; it must not be 0 while maxSurge is 0"},
      {service("ports: [{port: 80}, {port: 81, name: a}]"),
       "schema/required /spec/ports/0/name: field \"name\" of ports[0] is required where there are "
       "several ports"},
      {service("clusterIP: 10.0.0.300, ports: [{port: 80}]"),
       "schema/format /spec/clusterIP: field \"clusterIP\" of spec is \"10.0.0.300\"; it must be "
       "an "
       "IP address, or None as the only value"},
      {"apiVersion: batch/v1\nkind: Job\nmetadata: {name: a}\n"
       "spec: {template: {spec: {containers: [{name: c, image: i}]}}}\n",
       "schema/required /spec/template/spec/restartPolicy: field \"restartPolicy\" of spec is "
       "required for the pods of a Job"},
      {"apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: a}\n"
       "spec: {minAvailable: 101%}\n",
       "schema/range /spec/minAvailable: field \"minAvailable\" of spec is \"101%\"; it must be at "
       "most 100%"},
      {"apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: 'a:b'}\n"
       "rules: [{apiGroups: [''], resources: [pods]}]\n",
       "schema/required /rules/0/verbs: field \"verbs\" of rules[0] is required with at least one "
       "verb"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.text);
    EXPECT_EQ(check_text(row.text), Lines{row.finding});
  }
}

TEST(Rules, NeverShowASecret) {
  const Lines lines = check_text(
      "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ntype: kubernetes.io/dockerconfigjson\n"
      "stringData: {.dockerconfigjson: swordfish}\n");
  EXPECT_EQ(lines, Lines{"schema/format /stringData/.dockerconfigjson: field "
                         "\".dockerconfigjson\" of stringData is a hidden value; it must hold a "
                         "JSON object"});
}

TEST(Rules, WarnOfPodsThatAStatefulSetWouldNotGet) {
  const auto stream = yaml::parse(
      "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: a}\nspec:\n"
      "  selector: {matchLabels: {a: b}}\n"
      "  template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c}]}}\n",
      "a.yaml");
  std::vector<diag::Finding> findings;
  const auto resources = k8s::resources(*stream, findings);
  check(*find(resources[0]), resources[0], *schema::parse_kube_version("1.33"), findings);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].severity, diag::Severity::warning);
  EXPECT_EQ(findings[0].message,
            "field \"image\" of containers[0] is required; the server takes the StatefulSet, but "
            "refuses its pods");
}

TEST(Rules, KnowWhatAVersionAllows) {
  const std::string spaced = pod("    env: [{name: 'a b', value: c}]\n");
  EXPECT_EQ(check_text(spaced, "1.33"), Lines{});
  EXPECT_EQ(check_text(spaced, "1.31").size(), 1U);
  const std::string idle = pod("    lifecycle: {preStop: {sleep: {seconds: 0}}}\n");
  EXPECT_EQ(check_text(idle, "1.33"), Lines{});
  EXPECT_EQ(check_text(idle, "1.32").size(), 1U);
}

TEST(Rules, SayEachPlaceOnce) {
  EXPECT_EQ(check_text(pod("    volumeMounts: [{name: 5, mountPath: /d}]\n")).size(), 1U);
  std::string many = pod("    env:\n");
  for (int i = 0; i < 500; ++i) {
    many += "    - {name: '=', value: a}\n";
  }
  EXPECT_EQ(check_text(many).size(), 100U);
}

}  // namespace
}  // namespace sluice::rules

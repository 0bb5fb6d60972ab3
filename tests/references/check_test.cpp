// SPDX-License-Identifier: Apache-2.0
// What objects say of each other: one pair of objects for each kind of reference, whole and as a
// part of what reaches the cluster.
#include "references/check.hpp"

#include "yaml/parse.hpp"

#include <gtest/gtest.h>

namespace sluice::references {
namespace {

using Lines = std::vector<std::string>;

/// The findings as lines "code Kind/name path".
Lines check_text(const std::string& text,
                 Knowledge knowledge = Knowledge::whole,
                 const Externals& externals = Externals()) {
  const auto stream = yaml::parse(text, "test.yaml");
  if (!stream) {
    return {stream.error().message};
  }
  std::vector<diag::Finding> findings = stream->findings;
  const auto objects = k8s::resources(*stream, findings);
  check(objects,
        {.knowledge = knowledge,
         .externals = &externals,
         .is_builtin_group = [](std::string_view group) { return group != "example.com"; }},
        findings);
  Lines out;
  for (const diag::Finding& finding : findings) {
    EXPECT_EQ(finding.severity, diag::Severity::warning);
    out.push_back(finding.code + " " + finding.object.kind + "/" + finding.object.name + " " +
                  finding.path);
  }
  return out;
}

std::string object(const std::string& kind, const std::string& name, const std::string& rest) {
  const std::string api = kind == "Deployment" || kind == "StatefulSet" ? "apps/v1"
                          : kind == "Ingress"                           ? "networking.k8s.io/v1"
                          : kind == "HorizontalPodAutoscaler"           ? "autoscaling/v2"
                          : kind == "Widget"                            ? "example.com/v1"
                          : kind == "CustomResourceDefinition"          ? "apiextensions.k8s.io/v1"
                                                                        : "v1";
  return "---\napiVersion: " + api + "\nkind: " + kind + "\nmetadata: {name: " + name +
         (kind == "CustomResourceDefinition" ? "" : ", namespace: default") + "}\n" + rest + "\n";
}

std::string deployment(const std::string& pod) {
  return object("Deployment", "web",
                "spec: {selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: "
                "web}}, spec: {" +
                    pod + "}}}");
}

std::string with_key(const std::string& reference) {
  return deployment("containers: [{name: c, env: [{name: A, valueFrom: {" + reference + "}}]}]");
}

constexpr const char* key_path =
    "/spec/template/spec/containers/0/env/0/valueFrom/configMapKeyRef/";

struct Row {
  std::string text;
  Lines whole;
  Lines part;
};

TEST(References, AreFollowed) {
  const std::string settings = object("ConfigMap", "settings", "data: {color: red}");
  const std::string service =
      object("Service", "web", "spec: {selector: {app: web}, ports: [{name: http, port: 80}]}");
  const auto ingress = [](const std::string& port) {
    return object("Ingress", "web",
                  "spec: {defaultBackend: {service: {name: web, port: {number: " + port + "}}}}");
  };
  const std::string web = deployment("containers: [{name: c, ports: [{containerPort: 80}]}]");
  const std::string port =
      "refs/missing-port Ingress/web "
      "/spec/defaultBackend/service/port";
  const std::string claim =
      deployment("volumes: [{name: v, persistentVolumeClaim: {claimName: data-db-0}}]");
  const std::vector<Row> rows{
      {with_key("configMapKeyRef: {name: settings, key: color}") + settings, {}, {}},
      {with_key("configMapKeyRef: {name: settings, key: color}"),
       {"refs/missing-object Deployment/web " + std::string(key_path) + "name"},
       {}},
      {with_key("configMapKeyRef: {name: settings, key: color, optional: true}"), {}, {}},
      {with_key("configMapKeyRef: {name: settings, key: colour}") + settings,
       {"refs/missing-key Deployment/web " + std::string(key_path) + "name"},
       {"refs/missing-key Deployment/web " + std::string(key_path) + "name"}},
      {deployment("serviceAccountName: default"), {}, {}},
      {deployment("serviceAccountName: other"),
       {"refs/missing-object Deployment/web /spec/template/spec/serviceAccountName"},
       {}},
      {web + service + ingress("80"), {}, {}},
      {web + service + ingress("443"), {port}, {port}},
      {service, {"refs/selects-nothing Service/web /spec/selector"}, {}},
      {claim,
       {"refs/missing-object Deployment/web "
        "/spec/template/spec/volumes/0/persistentVolumeClaim/claimName"},
       {}},
      {claim + object("StatefulSet", "db",
                      "spec: {volumeClaimTemplates: [{metadata: {name: "
                      "data}}]}"),
       {},
       {}},
      {object("HorizontalPodAutoscaler", "web",
              "spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}"),
       {"refs/no-target HorizontalPodAutoscaler/web /spec/scaleTargetRef/name"},
       {}},
      {object("Widget", "one", ""), {"refs/missing-crd Widget/one /kind"}, {}},
      {object("Widget", "one", "") + object("CustomResourceDefinition", "widgets.example.com",
                                            "spec: {group: example.com, names: {kind: Widget}}"),
       {},
       {}},
      {"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: shop}\n",
       {"refs/missing-namespace ConfigMap/a /metadata/namespace"},
       {}},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.text);
    EXPECT_EQ(check_text(row.text), row.whole);
    EXPECT_EQ(check_text(row.text, Knowledge::part), row.part);
  }
}

TEST(Externals, CoverWhatIsDeclaredAndSayWhatWasNotNeeded) {
  const Externals externals(
      {{.kind = "ConfigMap", .name_space = "default", .name = "set*"},
       {.kind = "ConfigMap", .name_space = {}, .name = "settings"},
       {.kind = "ConfigMap", .name_space = {}, .name = "settings", .environments = {"prod"}},
       {.kind = "Secret", .name_space = {}, .name = "settings"}});
  EXPECT_EQ(externals.unused(), (std::vector<std::size_t>{0, 1, 2, 3}));
  const std::string text = with_key("configMapKeyRef: {name: settings, key: color}");
  EXPECT_EQ(check_text(text, Knowledge::whole, externals), Lines{});
  EXPECT_EQ(externals.unused(), (std::vector<std::size_t>{2, 3}));
  EXPECT_FALSE(externals.cover({"", "ConfigMap", "other", "sets"}, "prod"));
  EXPECT_TRUE(externals.cover({"", "ConfigMap", "other", "settings"}, "prod"));
  EXPECT_EQ(externals.unused(), (std::vector<std::size_t>{3}));
}

TEST(Externals, KnowWhatEveryClusterHas) {
  const Externals externals;
  EXPECT_TRUE(externals.cover({"", "ConfigMap", "shop", "kube-root-ca.crt"}, ""));
  EXPECT_TRUE(externals.cover({"", "Namespace", "", "kube-system"}, ""));
  EXPECT_TRUE(externals.cover({"", "ClusterRole", "", "system:auth-delegator"}, ""));
  EXPECT_FALSE(externals.cover({"", "ConfigMap", "shop", "settings"}, ""));
  EXPECT_FALSE(externals.cover({"", "Namespace", "", "shop"}, ""));
}

}  // namespace
}  // namespace sluice::references

// SPDX-License-Identifier: Apache-2.0
// Where schemas come from: the binary, the input, catalogues, schemas/.
#include "schema/embedded.hpp"
#include "schema/format.hpp"
#include "schema/location.hpp"
#include "schema/support.hpp"
#include "schema/unknown_kind.hpp"

#include <set>

namespace sluice::schema {
namespace {

TEST(Builtin, KnowsThirteenVersions) {
  const auto all = kube_versions();
  ASSERT_EQ(all.size(), 13U);
  EXPECT_EQ(all.front().text(), "1.25");
  EXPECT_EQ(all.back().text(), "1.37");
  for (const KubeVersion version : all) {
    EXPECT_TRUE(builtin_schema({"apps", "v1", "Deployment"}, version)) << version.text();
    EXPECT_TRUE(builtin_schema({"", "v1", "Pod"}, version)) << version.text();
  }
}

TEST(Builtin, KnowsWhatIsServedWhen) {
  const GroupVersionKind flow{"flowcontrol.apiserver.k8s.io", "v1beta3", "FlowSchema"};
  EXPECT_FALSE(builtin_schema(flow, kube("1.25")));
  EXPECT_TRUE(builtin_schema(flow, kube("1.31")));
  EXPECT_FALSE(builtin_schema(flow, kube("1.32")));
}

TEST(Builtin, ReadsVersions) {
  for (const std::string text : {"1.33", "v1.33", "1.33.4"}) {
    EXPECT_EQ(parse_kube_version(text)->minor, 33U) << text;
  }
  for (const std::string text :
       {"", "1", "1.", "1.33.", "2.33", "1.24", "1.99", "1.33x", "latest"}) {
    EXPECT_FALSE(parse_kube_version(text)) << text;
  }
  EXPECT_EQ(parse_kube_version("1.24").error().message,
            "Kubernetes version \"1.24\" is not compiled in; this build knows 1.25 to 1.37");
}

TEST(Builtin, FindsEveryPropertyItHas) {
  for (const BuiltinKind& kind : builtin_kinds()) {
    for (const KubeVersion version : kube_versions()) {
      const Place place = builtin_definition(kind.number, version);
      if (!place) {
        continue;
      }
      for (const Property& property : properties(*place.table, place.properties())) {
        Property found;
        ASSERT_TRUE(find_property(*place.table, place.properties(), property.name, found))
            << property.name;
        EXPECT_EQ(found.reference, property.reference);
        EXPECT_FALSE(find_property(*place.table, place.properties(),
                                   std::string(property.name) + "x", found));
      }
    }
  }
}

TEST(Shipped, EverySchemaCompilesAndIsReadWhole) {
  const Registry registry;
  ASSERT_FALSE(embedded::own().empty());
  for (const embedded::Own& own : embedded::own()) {
    SCOPED_TRACE(std::string(own.group) + "/" + std::string(own.version) + " " +
                 std::string(own.kind));
    const auto text = yaml::parse(std::string(own.text), std::string(own.path));
    ASSERT_TRUE(text) << text.error().message;
    EXPECT_EQ(text->findings.size(), 0U) << text->findings[0].message;
    const Found found = registry.find({own.group, own.version, own.kind}, kube("1.33"), {});
    ASSERT_TRUE(found.place);
    EXPECT_EQ(found.origin, Origin::shipped);
    EXPECT_TRUE(found.custom->unread().empty());
  }
}

TEST(Shipped, IsStrictAndGenerous) {
  const std::string application =
      "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a}\nspec:\n  project: "
      "p\n"
      "  destination: {namespace: web}\n  source:\n    repoURL: r\n    helm: {valuesObject: {any: "
      "{thing: 1}}}\n";
  EXPECT_EQ(check_text(application), Lines{});
  EXPECT_EQ(check_text(application + "    targetrevision: main\n"),
            Lines{"schema/unknown-field /spec/source/targetrevision: field \"targetrevision\" is "
                  "not in Application "
                  "(argoproj.io/v1alpha1)"});
  const std::string service =
      "apiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\nmetadata: {name: s}\nspec:\n "
      " predictor:\n"
      "    serviceAccountName: a\n    model: {modelFormat: {name: sklearn}, image: i, ";
  EXPECT_EQ(check_text(service + "storageUri: s}\n"), Lines{});
  EXPECT_EQ(check_text(service + "storageURI: s}\n").size(), 1U);
}

TEST(Registry, TheInputWinsOverWhatIsShipped) {
  const std::string crd =
      "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: "
      "scaledobjects.keda.sh}\nspec:\n  group: "
      "keda.sh\n  names: {kind: ScaledObject, plural: scaledobjects}\n  scope: Namespaced\n  "
      "versions:\n  - {name: v1alpha1, served: true, "
      "storage: true, schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, "
      "properties: {only: {type: "
      "string}}}}}}}\n---\n";
  const std::string object =
      "apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: {name: s}\nspec: {only: this}\n";
  EXPECT_EQ(check_text(crd + object), Lines{});
  EXPECT_NE(check_text(object), Lines{});
}

TEST(Registry, ANotServedVersionIsNone) {
  const std::string crd =
      "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: "
      "things.example.com}\nspec:\n  group: "
      "example.com\n  names: {kind: Thing, plural: things}\n  scope: Namespaced\n  versions:\n  - "
      "{name: v1, served: false, storage: "
      "true, schema: {openAPIV3Schema: {type: object}}}\n---\n";
  EXPECT_EQ(check_text(crd + "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: t}\n"),
            Lines{"schema/unknown-kind : Thing"});
}

struct KindRow {
  GroupVersionKind name;
  std::string version;
  std::string message;
  std::string hint;
};

TEST(UnknownKind, SaysWhatToDo) {
  const std::vector<GroupVersionKind> customs{{"example.com", "v2", "Thing"}};
  const std::vector<KindRow> rows{
      {{"extensions", "v1beta1", "Ingress"},
       "1.33",
       "Ingress (extensions/v1beta1) is gone since Kubernetes 1.22",
       "use apiVersion networking.k8s.io/v1"},
      {{"extensions", "v1beta1", "Deployment"},
       "1.33",
       "Deployment (extensions/v1beta1) is gone since Kubernetes 1.16",
       "use apiVersion apps/v1"},
      {{"policy", "v1beta1", "PodSecurityPolicy"},
       "1.33",
       "PodSecurityPolicy (policy/v1beta1) is gone since Kubernetes 1.25",
       "nothing replaces it"},
      {{"flowcontrol.apiserver.k8s.io", "v1beta3", "FlowSchema"},
       "1.32",
       "FlowSchema (flowcontrol.apiserver.k8s.io/v1beta3) is gone since Kubernetes 1.32",
       "use apiVersion flowcontrol.apiserver.k8s.io/v1"},
      {{"autoscaling", "v2beta2", "HorizontalPodAutoscaler"},
       "1.30",
       "HorizontalPodAutoscaler (autoscaling/v2beta2) is gone since Kubernetes 1.26",
       "use apiVersion autoscaling/v2"},
      {{"flowcontrol.apiserver.k8s.io", "v1", "FlowSchema"},
       "1.25",
       "FlowSchema (flowcontrol.apiserver.k8s.io/v1) is not there before Kubernetes 1.29",
       "Kubernetes 1.25 serves it as apiVersion flowcontrol.apiserver.k8s.io/v1beta2"},
      {{"apps", "v1", "Deploymnt"},
       "1.33",
       "Kubernetes has no Deploymnt (apps/v1)",
       "did you mean Deployment?"},
      {{"", "v1", "pod"}, "1.33", "Kubernetes has no pod (v1)", "did you mean Pod?"},
      {{"", "v1", "Deployment"},
       "1.33",
       "Kubernetes has no Deployment (v1)",
       "Deployment is in apiVersion apps/v1"},
      {{"example.com", "v1", "Thing"},
       "1.33",
       "there is no schema for Thing (example.com/v1)",
       "Thing is in apiVersion example.com/v2"},
      {{"other.example.com", "v1", "Gizmo"},
       "1.33",
       "there is no schema for Gizmo (other.example.com/v1)",
       "put its CustomResourceDefinition into the input, or name it with --crds or "
       "--schema-location"},
  };
  for (const KindRow& row : rows) {
    const UnknownKind why = explain_unknown_kind(row.name, kube(row.version), customs);
    EXPECT_EQ(why.message, row.message);
    EXPECT_EQ(why.hint, row.hint);
  }
}

TEST(Location, MakesPathsAndNothingElse) {
  const auto path = [](const std::string& text, const GroupVersionKind& name) {
    return Location::parse(text)->path(name, kube("1.33"));
  };
  const GroupVersionKind thing{"Example.com", "v1", "Thing"};
  EXPECT_EQ(path("crds", thing), "crds/Example.com/thing_v1.json");
  EXPECT_EQ(path("a/{{ .NormalizedKubernetesVersion "
                 "}}-standalone{{.StrictSuffix}}/{{.ResourceKind}}{{.KindSuffix}}.json",
                 thing),
            "a/v1.33.0-standalone-strict/thing-example-v1.json");
  EXPECT_EQ(path("crds", {"../../etc", "v1", "passwd"}), "crds/.._.._etc/passwd_v1.json");
  EXPECT_EQ(path("crds", {"..", "v1", "x"}), "crds/_/x_v1.json");
  EXPECT_FALSE(Location::parse("https://{{.Group}}.example.com/x.json"));
  EXPECT_EQ(path("https://example.com/crds", thing),
            "https://example.com/crds/Example.com/thing_v1.json");
  EXPECT_EQ(Location::parse("https://example.com/a/{{.Group}}/x.json")->root(),
            "https://example.com/a/");
  EXPECT_EQ(Location::parse("{{.Group}}/x.json")->root(), "");
  EXPECT_FALSE(Location::parse("a/{{.Grup}}.json"));
  EXPECT_FALSE(Location::parse("a/{{.Group"));
}

struct FormatRow {
  Format format;
  std::vector<std::string> good;
  std::vector<std::string> bad;
};

TEST(Format, AgreesWithGo) {
  const std::vector<FormatRow> rows{
      {Format::quantity,
       {"1", "100m", "1.5", ".5", "1e3", "2Gi", "-1", "+1Ki"},
       {"", "1x", "1 Gi", "1.2.3", "0x10"}},
      {Format::byte,
       {"", "YQ==", "YWI=", "YWJj", "YW\nJj"},
       {"Y", "YQ=", "YQ", "YQ==YQ==", "a-b_", "===="}},
      {Format::date_time,
       {"2026-01-31T10:00:00Z", "2024-02-29T23:59:59.123+02:00"},
       {"2026-01-31", "2026-01-31 10:00:00Z", "2026-13-01T00:00:00Z", "2023-02-29T00:00:00Z",
        "2026-01-31T24:00:00Z", "2026-01-31t10:00:00z"}},
      {Format::duration, {"1h30m", "0", "-1.5s", "100ms", "2 days"}, {"", "1", "h", "1x", "1..5s"}},
      {Format::ipv4, {"10.0.0.1"}, {"10.0.0.256", "10.0.0", "a"}},
      {Format::ipv6, {"fd00::1"}, {"10.0.0.1", ":::"}},
      {Format::cidr, {"10.0.0.0/8", "fd00::/8"}, {"10.0.0.0", "10.0.0.0/33", "10.0.0.0/08"}},
      {Format::uuid,
       {"123e4567-e89b-12d3-a456-426614174000"},
       {"123e4567e89b12d3a456426614174000"}},
      {Format::date, {"2026-01-31"}, {"2026-1-31", "2026-01-32"}},
  };
  for (const FormatRow& row : rows) {
    for (const std::string& text : row.good) {
      EXPECT_TRUE(has_format(row.format, text)) << describe(row.format) << ": " << text;
    }
    for (const std::string& text : row.bad) {
      EXPECT_FALSE(has_format(row.format, text)) << describe(row.format) << ": " << text;
    }
  }
}

}  // namespace
}  // namespace sluice::schema

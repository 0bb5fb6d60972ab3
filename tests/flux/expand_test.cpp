// SPDX-License-Identifier: Apache-2.0
#include "flux/expand.hpp"

#include "support/expansion.hpp"

#include <gtest/gtest.h>

namespace sluice::flux {
namespace {

using test::Objects;
using test::RepositoryOnDisk;
using test::to_text;

const char* const vars =
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: vars, namespace: flux-system}\n"
    "data: {region: eu, zone: \"a\\nb\"}\n";
const char* const git =
    "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\n"
    "metadata: {name: platform, namespace: flux-system}\n"
    "spec: {url: \"ssh://git@git.example.com/acme/platform\", ref: {branch: main}}\n";

const RepositoryOnDisk& repository() {
  static const RepositoryOnDisk instance({
      {"apps/prod/kustomization.yaml", "resources: []\n"},
      {"apps/base/a.yaml", "kind: A\n"},
      {"components/ha/kustomization.yaml", "kind: Component\n"},
      {"charts/web/Chart.yaml", "name: web\n"},
      {"charts/web/values.yaml", "a: 1\n"},
      {"charts/web/values-prod.yaml", "a: 1\n"},
      {"charts/bare/Chart.yaml", "name: bare\n"},
      {"clusters/prod-eu/vars.yaml", vars},
      {"clusters/prod-eu/source.yaml", git},
      {"clusters/dev-eu/vars.yaml", vars},
  });
  return instance;
}

/// A Kustomization flux-system/apps over ./apps/prod of the repository, with more fields of spec.
std::string kustomization(const std::string& more, const std::string& path = "./apps/prod") {
  return "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n"
         "metadata: {name: apps, namespace: flux-system}\nspec:\n"
         "  sourceRef: {kind: GitRepository, name: platform}\n  interval: 10m\n  prune: true\n"
         "  path: " +
         path + "\n" + more;
}

/// A HelmRelease prod/web with `chart` as spec.chart.spec and more fields of spec.
std::string release(const std::string& chart, const std::string& more = "") {
  return "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\n"
         "metadata: {name: web, namespace: prod}\nspec:\n  interval: 10m\n  chart:\n    spec:\n"
         "      sourceRef: {kind: GitRepository, name: platform, namespace: flux-system}\n"
         "      chart: " +
         chart + "\n" + more;
}

std::string expanded(const std::string& manifest, const std::string& file) {
  const Objects objects(manifest, file);
  return to_text(expand(objects.resources, repository().repository, {}));
}

struct Case {
  const char* name;
  std::string manifest;
  std::string expected;
};

// clang-format off
const Case cases[] = {
{"a path", kustomization(""),
R"(unit prod-eu/flux-system/apps app=apps cluster=prod-eu path=apps/prod server-side chain=flux-system/apps at clusters/prod-eu/apps.yaml:1
  kustomize apps/prod generate
)"},
{"paths that mean the root and paths that are none", kustomization("", "./") + "---\n" + kustomization("", "/apps/base") + "---\n" + kustomization("", "../../etc") + "---\n" + kustomization("", "./nowhere"),
R"(unit prod-eu/flux-system/apps app=apps cluster=prod-eu path=. server-side chain=flux-system/apps at clusters/prod-eu/apps.yaml:1
  kustomize . generate
unit prod-eu/flux-system/apps app=apps cluster=prod-eu path=apps/base server-side chain=flux-system/apps at clusters/prod-eu/apps.yaml:10
  kustomize apps/base generate
rejected prod-eu/flux-system/apps
rejected prod-eu/flux-system/apps
error clusters/prod-eu/apps.yaml:26 path "../../etc" leaves the repository [render/flux-invalid]
error clusters/prod-eu/apps.yaml:35 path "nowhere" is not in this repository [render/failed]
)"},
{"every field that changes the build", kustomization(R"(  targetNamespace: prod
  namePrefix: p-
  nameSuffix: -s
  patches: [{patch: "- op: remove\n", target: {kind: Deployment}}]
  patchesStrategicMerge: [{kind: A, metadata: {name: a}}]
  patchesJson6902: [{patch: [{op: remove, path: /a}], target: {kind: B}}]
  images: [{name: app, newTag: v2}]
  components: [../../components/ha, ../../components/none]
  ignoreMissingComponents: true
  commonMetadata: {labels: {team: a}, annotations: {note: "$x"}}
  buildMetadata: [originAnnotations]
  serviceAccountName: deployer
  dependsOn: [{name: infra}]
)"),
R"(unit prod-eu/flux-system/apps app=apps cluster=prod-eu namespace=prod path=apps/prod server-side chain=flux-system/apps at clusters/prod-eu/apps.yaml:1
  kustomize apps/prod generate
    edits {"buildMetadata":["originAnnotations"],"components":["../../components/ha"],"images":[{"name":"app","newTag":"v2"}],"namePrefix":"p-","nameSuffix":"-s","namespace":"prod","patches":[{"patch":"- op: remove\n","target":{"kind":"Deployment"}},{"patch":"{\"kind\":\"A\",\"metadata\":{\"name\":\"a\"}}"},{"patch":"[{\"op\":\"remove\",\"path\":\"/a\"}]","target":{"kind":"B"}}],"transformers":["{\"apiVersion\":\"builtin\",\"fieldSpecs\":[{\"create\":true,\"path\":\"metadata/labels\"}],\"kind\":\"LabelTransformer\",\"labels\":{\"team\":\"a\"},\"metadata\":{\"name\":\"common-labels\"}}","{\"annotations\":{\"note\":\"$x\"},\"apiVersion\":\"builtin\",\"fieldSpecs\":[{\"create\":true,\"path\":\"metadata/annotations\"}],\"kind\":\"AnnotationsTransformer\",\"metadata\":{\"name\":\"common-annotations\"}}"]}
)"},
{"variables", kustomization("  postBuild:\n    substitute: {own: \"1\", region: us}\n    substituteFrom:\n      - {kind: ConfigMap, name: vars}\n      - {kind: Secret, name: none, optional: true}\n"),
R"(unit prod-eu/flux-system/apps app=apps cluster=prod-eu path=apps/prod server-side chain=flux-system/apps at clusters/prod-eu/apps.yaml:1
  kustomize apps/prod generate
  substitute own=1 region=us zone=ab at clusters/prod-eu/apps.yaml:10
note clusters/prod-eu/apps.yaml:13 Secret flux-system/none is not here and is optional: its variables count as unset [render/optional-missing]
input clusters/prod-eu/vars.yaml
)"},
{"common metadata is no place for variables", kustomization("  postBuild: {substitute: {a: b}}\n  commonMetadata: {labels: {x: '${a}'}}\n"),
R"(unit prod-eu/flux-system/apps app=apps cluster=prod-eu path=apps/prod server-side chain=flux-system/apps at clusters/prod-eu/apps.yaml:1
  kustomize apps/prod generate
    edits {"transformers":["{\"apiVersion\":\"builtin\",\"fieldSpecs\":[{\"create\":true,\"path\":\"metadata/labels\"}],\"kind\":\"LabelTransformer\",\"labels\":{\"x\":\"$${a}\"},\"metadata\":{\"name\":\"common-labels\"}}"]}
  substitute a=b at clusters/prod-eu/apps.yaml:9
)"},
{"no variables, no substitution", kustomization("  postBuild: {substitute: {}}\n") + "---\n" + kustomization("  postBuild: {substituteStrategy: Always}\n"),
R"(unit prod-eu/flux-system/apps app=apps cluster=prod-eu path=apps/prod server-side chain=flux-system/apps at clusters/prod-eu/apps.yaml:1
  kustomize apps/prod generate
unit prod-eu/flux-system/apps app=apps cluster=prod-eu path=apps/prod server-side chain=flux-system/apps at clusters/prod-eu/apps.yaml:11
  kustomize apps/prod generate
  substitute at clusters/prod-eu/apps.yaml:19
)"},
{"variables that are not here", kustomization("  postBuild: {substituteFrom: [{kind: ConfigMap, name: none}]}\n") + "---\n" + kustomization("  postBuild: {substitute: {a-b: c}}\n"),
R"(skip prod-eu/flux-system/apps: ConfigMap flux-system/none, which gives variables, is not in this repository
rejected prod-eu/flux-system/apps
error clusters/prod-eu/apps.yaml:19 "a-b" is no name of a variable [render/flux-invalid]
  hint: a letter or '_', then letters, digits and '_'
)"},
{"encrypted variables", std::string(R"(apiVersion: v1
kind: Secret
metadata: {name: s, namespace: flux-system}
data: {a: ENC}
sops: {version: "3"}
---
)") + kustomization("  postBuild: {substituteFrom: [{kind: Secret, name: s}]}\n"),
"skip prod-eu/flux-system/apps: Secret flux-system/s, which gives variables, is encrypted\n"},
{"a secret's variables", std::string(R"(apiVersion: v1
kind: Secret
metadata: {name: s, namespace: flux-system}
data: {a: aGVs, b: "bG8=", c: "!"}
stringData: {b: plain}
---
)") + kustomization("  postBuild: {substituteFrom: [{kind: Secret, name: s}]}\n"),
R"(unit prod-eu/flux-system/apps app=apps cluster=prod-eu path=apps/prod server-side chain=flux-system/apps at clusters/prod-eu/apps.yaml:7
  kustomize apps/prod generate
  substitute a=hel b=plain at clusters/prod-eu/apps.yaml:15
)"},
{"suspended, decrypted, on another cluster", kustomization("  suspend: true\n  decryption: {provider: sops}\n  kubeConfig: {secretRef: {name: edge}}\n"),
R"(unit prod-eu/flux-system/apps app=apps cluster=prod-eu/edge path=apps/prod server-side chain=flux-system/apps at clusters/prod-eu/apps.yaml:1
  kustomize apps/prod generate
note clusters/prod-eu/apps.yaml:10 values that SOPS encrypted are rendered as they are written [render/encrypted]
note clusters/prod-eu/apps.yaml:9 the Kustomization is suspended; it is rendered as if it were not [render/suspended]
)"},
{"a field that is not known", kustomization("  targetNamespaces: x\n"),
R"(unit prod-eu/flux-system/apps app=apps cluster=prod-eu path=apps/prod server-side chain=flux-system/apps at clusters/prod-eu/apps.yaml:1
  kustomize apps/prod generate
error clusters/prod-eu/apps.yaml:9 field "targetNamespaces" is not in spec of Flux [render/flux-invalid]
  hint: did you mean "targetNamespace"?
)"},
{"a missing component", kustomization("  components: [../../components/none]\n"),
R"(rejected prod-eu/flux-system/apps
error clusters/prod-eu/apps.yaml:9 component "../../components/none" is not in this repository [render/failed]
)"},
{"sources", R"(apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: missing, namespace: flux-system}
spec: {path: apps/prod, sourceRef: {kind: GitRepository, name: platforms}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: oci, namespace: flux-system}
spec: {path: apps/prod, sourceRef: {kind: OCIRepository, name: o}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: foreign, namespace: flux-system}
spec: {path: apps/prod, sourceRef: {kind: GitRepository, name: other}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: trimmed, namespace: flux-system}
spec: {path: apps/prod, sourceRef: {kind: GitRepository, name: trimmed}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: bootstrap, namespace: flux-system}
spec: {path: apps/prod, sourceRef: {kind: GitRepository, name: flux-system}}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata: {name: o, namespace: flux-system}
spec: {url: oci://r.example.com/manifests}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: other, namespace: flux-system}
spec: {url: https://git.example.com/acme/other}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: trimmed, namespace: flux-system}
spec: {url: https://git.example.com/acme/platform, ignore: "/*"}
)",
R"(unit prod-eu/flux-system/bootstrap app=bootstrap cluster=prod-eu path=apps/prod server-side chain=flux-system/bootstrap at clusters/prod-eu/apps.yaml:21
  kustomize apps/prod generate
rejected prod-eu/flux-system/missing
skip prod-eu/flux-system/oci: OCIRepository flux-system/o (oci://r.example.com/manifests) is not in this repository
skip prod-eu/flux-system/foreign: GitRepository flux-system/other: repository https://git.example.com/acme/other is not this one
skip prod-eu/flux-system/trimmed: GitRepository flux-system/trimmed has spec.ignore, which changes its content and is not supported
error clusters/prod-eu/apps.yaml:4 GitRepository flux-system/platforms is not in this repository [render/failed]
note clusters/prod-eu/apps.yaml:21 GitRepository flux-system/flux-system is taken to be this repository: its object is not here [render/assumed-repository]
)"},
{"artifacts that copy this repository", R"(apiVersion: source.extensions.fluxcd.io/v1beta1
kind: ArtifactGenerator
metadata: {name: any, namespace: flux-system}
spec:
  sources: [{alias: repo, kind: GitRepository, name: platform}]
  artifacts:
    - name: apps
      copy: [{from: "@repo/apps/base/**", to: "@artifact/base/"}, {from: "@repo/apps/prod/**", to: "@artifact/prod/"}]
    - name: all
      copy: [{from: "@repo/apps/**", to: "@artifact/"}]
    - name: mixed
      copy: [{from: "@repo/apps/base/**", to: "@artifact/base/"}, {from: "@repo/charts/**", to: "@artifact/base/charts/"}]
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: a, namespace: flux-system}
spec: {path: ./prod, sourceRef: {kind: ExternalArtifact, name: apps}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: b, namespace: flux-system}
spec: {path: ./base, sourceRef: {kind: ExternalArtifact, name: all}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: c, namespace: flux-system}
spec: {path: ./base, sourceRef: {kind: ExternalArtifact, name: mixed}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: d, namespace: flux-system}
spec: {path: ./base, sourceRef: {kind: ExternalArtifact, name: none}}
)",
R"(unit prod-eu/flux-system/a app=a cluster=prod-eu path=apps/prod server-side chain=flux-system/a at clusters/prod-eu/apps.yaml:14
  kustomize apps/prod generate
unit prod-eu/flux-system/b app=b cluster=prod-eu path=apps/base server-side chain=flux-system/b at clusters/prod-eu/apps.yaml:19
  kustomize apps/base generate
skip prod-eu/flux-system/c: ExternalArtifact flux-system/mixed is put together in a way that is not supported
skip prod-eu/flux-system/d: ExternalArtifact flux-system/none is made in the cluster
)"},
{"a chart", release("./charts/web"),
R"(unit prod-eu/prod/web app=web cluster=prod-eu namespace=prod path=charts/web server-side chain=prod/web at clusters/prod-eu/apps.yaml:1
  helm charts/web release=web skip-tests
)"},
{"every field that changes the release", release("charts/web\n      version: 1.x\n      reconcileStrategy: Revision\n      valuesFiles: [charts/web/values-prod.yaml, none.yaml]\n      ignoreMissingValuesFiles: true", R"(  targetNamespace: team
  storageNamespace: store
  install: {crds: Skip, disableHooks: true, disableSchemaValidation: true, remediation: {retries: 3}}
  upgrade: {crds: CreateReplace}
  test: {enable: true}
  values: {b: {c: 1}, list: [1]}
  postRenderers:
    - kustomize: {patches: [{patch: p, target: {kind: A}}], images: [{name: a, newTag: b}]}
  commonMetadata: {labels: {team: a}}
  suspend: true
)"),
R"(unit prod-eu/prod/web app=web cluster=prod-eu namespace=team path=none.yaml server-side chain=prod/web at clusters/prod-eu/apps.yaml:1
  helm charts/web release=team-web skip-crds skip-hooks skip-schema replaces-values
    values charts/web/values-prod.yaml optional at clusters/prod-eu/apps.yaml:12
    values none.yaml optional at clusters/prod-eu/apps.yaml:12
    inline at clusters/prod-eu/apps.yaml:19 {"b":{"c":1},"list":[1]}
    post-render {"images":[{"name":"a","newTag":"b"}],"patches":[{"patch":"p","target":{"kind":"A"}}]}
    post-render {"transformers":["{\"apiVersion\":\"builtin\",\"fieldSpecs\":[{\"create\":true,\"path\":\"metadata/labels\"}],\"kind\":\"LabelTransformer\",\"labels\":{\"team\":\"a\"},\"metadata\":{\"name\":\"common-labels\"}}"]}
note clusters/prod-eu/apps.yaml:23 the HelmRelease is suspended; it is rendered as if it were not [render/suspended]
)"},
{"values files over the chart's own", release("charts/web\n      valuesFiles: [charts/web/values.yaml, charts/web/values-prod.yaml]") + "---\n" + release("charts/bare\n      valuesFiles: [charts/web/values-prod.yaml]"),
R"(unit prod-eu/prod/web app=web cluster=prod-eu namespace=prod path=charts/web/values-prod.yaml server-side chain=prod/web at clusters/prod-eu/apps.yaml:1
  helm charts/web release=web skip-tests
    values charts/web/values-prod.yaml at clusters/prod-eu/apps.yaml:10
unit prod-eu/prod/web app=web cluster=prod-eu namespace=prod path=charts/web/values-prod.yaml server-side chain=prod/web at clusters/prod-eu/apps.yaml:12
  helm charts/bare release=web skip-tests
    values charts/web/values-prod.yaml at clusters/prod-eu/apps.yaml:21
)"},
{"charts that are not here", release("charts/none") + "---\n" + release("charts/web\n      valuesFiles: [nope.yaml]"),
R"(rejected prod-eu/prod/web
rejected prod-eu/prod/web
error clusters/prod-eu/apps.yaml:9 chart "charts/none" is not a folder of this repository [render/failed]
error clusters/prod-eu/apps.yaml:20 values file "nope.yaml" is not in this repository [render/failed]
)"},
{"charts from elsewhere", R"(apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: redis, namespace: prod}
spec: {chart: {spec: {chart: redis, version: 1.x, sourceRef: {kind: HelmRepository, name: bitnami}}}}
---
apiVersion: helm.toolkit.fluxcd.io/v2beta1
kind: HelmRelease
metadata: {name: o, namespace: prod}
spec: {chartRef: {kind: OCIRepository, name: charts}}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: {name: bitnami, namespace: prod}
spec: {url: https://charts.example.com}
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: none, namespace: prod}
spec: {values: {}}
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: byref, namespace: prod}
spec: {chartRef: {kind: HelmChart, name: hc, namespace: flux-system}}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmChart
metadata: {name: hc, namespace: flux-system}
spec: {chart: charts/web, sourceRef: {kind: GitRepository, name: platform}}
---
apiVersion: fluxcd.controlplane.io/v1
kind: ResourceSet
metadata: {name: rs, namespace: prod}
spec: {}
)",
R"(unit prod-eu/prod/byref app=byref cluster=prod-eu namespace=prod path=charts/web server-side chain=prod/byref at clusters/prod-eu/apps.yaml:21
  helm charts/web release=byref skip-tests
skip prod-eu/prod/redis: chart redis 1.x of HelmRepository prod/bitnami (https://charts.example.com) is not in this repository
skip prod-eu/prod/o: chart of OCIRepository prod/charts is not in this repository
rejected prod-eu/prod/none
skip prod-eu/prod/rs: ResourceSet makes its objects in the cluster
error clusters/prod-eu/apps.yaml:19 the HelmRelease has neither chart nor chartRef [render/flux-invalid]
)"},
{"values from objects", std::string(R"(apiVersion: v1
kind: ConfigMap
metadata: {name: v, namespace: prod}
data:
  values.yaml: "a: {x: 1, z: 2}\nb: 1\n"
  other: "a: {x: 3}\n"
  port: "80"
  text: "a,b"
---
)") + release("charts/web", R"(  valuesFrom:
    - {kind: ConfigMap, name: v}
    - {kind: ConfigMap, name: v, valuesKey: other}
    - {kind: ConfigMap, name: v, valuesKey: port, targetPath: "svc.ports[0].number"}
    - {kind: ConfigMap, name: v, valuesKey: text, targetPath: lit, literal: true}
    - {kind: ConfigMap, name: v, valuesKey: nope, optional: true}
  values: {b: 2}
)") + "---\n" + release("charts/web", "  valuesFrom: [{kind: ConfigMap, name: v, valuesKey: text, targetPath: t}]\n") + "---\n" + release("charts/web", "  valuesFrom: [{kind: Secret, name: s}]\n") + "---\n" + release("charts/web", "  valuesFrom: [{kind: ConfigMap, name: v, valuesKey: nope}]\n"),
R"(unit prod-eu/prod/web app=web cluster=prod-eu namespace=prod path=charts/web server-side chain=prod/web at clusters/prod-eu/apps.yaml:10
  helm charts/web release=web skip-tests
    inline at clusters/prod-eu/apps.yaml:25 {"a":{"x":3,"z":2},"b":2,"lit":"a,b","svc":{"ports":[{"number":80}]}}
skip prod-eu/prod/web: ConfigMap prod/v at targetPath t: a value that holds commas, braces or '\'
skip prod-eu/prod/web: Secret prod/s, which gives values, is not in this repository
rejected prod-eu/prod/web
note clusters/prod-eu/apps.yaml:24 ConfigMap prod/v has no such key and is optional: it gives no values [render/optional-missing]
error clusters/prod-eu/apps.yaml:58 ConfigMap prod/v has no key "nope" [render/failed]
)"},
{"fields that are not followed", release("charts/web", "  install: {crd: Skip}\n") + "---\n" + release("charts/web", "  postRenderStrategy: nohooks\n  commonMetadata: {labels: {a: b}}\n"),
R"(unit prod-eu/prod/web app=web cluster=prod-eu namespace=prod path=charts/web server-side chain=prod/web at clusters/prod-eu/apps.yaml:1
  helm charts/web release=web skip-tests
skip prod-eu/prod/web: spec.postRenderStrategy nohooks is not supported: hooks go through the post-renderers
error clusters/prod-eu/apps.yaml:10 field "crd" is not in spec.install of Flux [render/flux-invalid]
  hint: did you mean "crds"?
)"},
};
// clang-format on

TEST(ExpandFlux, GivesUnits) {
  for (const auto& [name, manifest, expected] : cases) {
    SCOPED_TRACE(name);
    EXPECT_EQ(expanded(manifest, "clusters/prod-eu/apps.yaml"), expected);
  }
}

TEST(ExpandFlux, DoesNotTakeAnotherClustersObjects) {
  EXPECT_EQ(expanded(kustomization(""), "clusters/stg-us/apps.yaml"),
            "rejected stg-us/flux-system/apps\n"
            "error clusters/stg-us/apps.yaml:5 GitRepository flux-system/platform is not in this "
            "repository [render/failed]\n");
}

TEST(ExpandFlux, RemembersWhatEarlierUnitsDelivered) {
  Catalogue catalogue(repository().repository);
  const Objects sources(git, "rendered");
  (void)expand(sources.resources, repository().repository,
               {.cluster = "edge", .catalogue = &catalogue});
  const Objects objects(kustomization(""), "apps/edge.yaml");
  EXPECT_EQ(to_text(expand(objects.resources, repository().repository,
                           {.chain = "root", .cluster = "edge", .catalogue = &catalogue})),
            "unit edge/flux-system/apps app=apps cluster=edge path=apps/prod server-side "
            "chain=root > flux-system/apps at apps/edge.yaml:1\n"
            "  kustomize apps/prod generate\n");
}

TEST(ShortenedRelease, HashesWhatIsTooLong) {
  EXPECT_EQ(shortened_release(std::string(53, 'a')), std::string(53, 'a'));
  EXPECT_EQ(shortened_release(std::string(54, 'a')), std::string(40, 'a') + "-a3f01b693925");
}

}  // namespace
}  // namespace sluice::flux

// SPDX-License-Identifier: Apache-2.0
#include "argo/expand.hpp"
#include "support/expansion.hpp"

#include <gtest/gtest.h>

namespace sluice::argo {
namespace {

using test::Objects;
using test::RepositoryOnDisk;
using test::to_text;

const RepositoryOnDisk& repository() {
  static const RepositoryOnDisk instance({
      {"charts/web/Chart.yaml", "name: web\nversion: 1.0.0\n"},
      {"charts/web/values.yaml", "a: 1\n"},
      {"charts/web/envs/prod.yaml", "a: 2\n"},
      {"charts/web/envs/prod-eu.yaml", "a: 3\n"},
      {"charts/web/envs/deep/er.yaml", "a: 3\n"},
      {"charts/web/tls.crt", "x\n"},
      {"charts/both/Chart.yaml", "name: both\nversion: 1.0.0\n"},
      {"charts/both/kustomization.yaml", "resources: []\n"},
      {"values/prod/web.yaml", "a: 4\n"},
      {"overlays/prod/kustomization.yaml", "commonLabels: {team: a}\n"},
      {"components/ha/kustomization.yaml", "kind: Component\n"},
      {"plain/a.yaml", "kind: A\n"},
      {"updated/Chart.yaml", "name: u\n"},
      {"updated/.argocd-source.yaml", "helm:\n  parameters:\n    - {name: image.tag, value: v2}\n"},
      {"updated/.argocd-source-web.yaml", "path: ../..\nhelm: {releaseName: own}\n"},
      {"jsonnet/main.jsonnet", "{}\n"},
  });
  return instance;
}

/// An Application "web" whose source is `source` (flow mapping or block below "  source:").
std::string application(const std::string& source) {
  return "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: web}\nspec:\n"
         "  project: default\n  destination: {server: https://c, namespace: prod}\n  source:\n"
         "    repoURL: git@git.example.com:acme/platform\n" +
         source;
}

std::string expanded(const std::string& manifest, Options options = {}) {
  const Objects objects(manifest);
  return to_text(expand(objects.resources, repository().repository, options));
}

struct Case {
  const char* name;
  std::string manifest;
  std::string expected;
};

// clang-format off
const Case cases[] = {
{"a chart is told by its file", application("    path: charts/web\n"),
R"(unit web app=web cluster=https://c namespace=prod path=charts/web chain=web at apps.yaml:1
  helm charts/web release=web
)"},
{"a kustomization wins over a chart", application("    path: ./charts/both/\n"),
R"(unit web app=web cluster=https://c namespace=prod path=charts/both chain=web at apps.yaml:1
  kustomize charts/both
)"},
{"neither is a directory", application("    path: plain\n    directory: {recurse: true, include: '{a,b}*.yaml', exclude: x/**}\n"),
R"(unit web app=web cluster=https://c namespace=prod path=plain chain=web at apps.yaml:1
  directory plain recurse include={a,b}***.yaml exclude=x/***
)"},
{"all of helm", application(R"(    path: charts/web
    targetRevision: HEAD
    helm:
      releaseName: rel
      namespace: other
      valueFiles: [values.yaml, 'envs/**/*.yaml', /values/prod/$ARGOCD_APP_NAME.yaml, envs/prod.yaml]
      values: |
        b: 1
      parameters:
        - {name: z, value: 'a,b\,c'}
        - {name: list, value: '{a,b}'}
        - {name: port, value: "80", forceString: true}
        - {name: z, value: '${ARGOCD_APP_NAMESPACE},2'}
      fileParameters: [{name: tls, path: tls.crt}]
      skipCrds: true
      skipTests: true
      skipSchemaValidation: true
      passCredentials: true
      kubeVersion: v1.33
      apiVersions: [monitoring.coreos.com/v1]
)"),
R"(unit web app=web cluster=https://c namespace=prod path=charts/web/envs/prod.yaml kube=1.33.0 api=monitoring.coreos.com/v1 chain=web at apps.yaml:1
  helm charts/web release=rel namespace=other skip-crds skip-tests skip-schema
    values charts/web/values.yaml at apps.yaml:14
    values charts/web/envs/deep/er.yaml at apps.yaml:14
    values charts/web/envs/prod-eu.yaml at apps.yaml:14
    values values/prod/web.yaml at apps.yaml:14
    values charts/web/envs/prod.yaml at apps.yaml:14
    inline at apps.yaml:16 b: 1
    set list={a,b}
    set z=prod\,2
    set-string port=80
    set-file tls=charts/web/tls.crt
input charts/web/tls.crt
)"},
{"valuesObject takes the place of values", application("    path: charts/web\n    helm: {values: 'x: 1', valuesObject: {o: 010, t: yes, s: \"on\"}}\n"),
R"(unit web app=web cluster=https://c namespace=prod path=charts/web chain=web at apps.yaml:1
  helm charts/web release=web
    inline at apps.yaml:10 {"o":8,"s":"on","t":true}
)"},
{"missing values files", application("    path: charts/web\n    helm: {valueFiles: [nope.yaml]}\n"),
R"(rejected web
error apps.yaml:10 values file "charts/web/nope.yaml" is not in this repository [render/failed]
)"},
{"missing values files that may be", application("    path: charts/web\n    helm: {valueFiles: [nope.yaml, 'no/*.yaml'], ignoreMissingValueFiles: true}\n"),
R"(unit web app=web cluster=https://c namespace=prod path=charts/web chain=web at apps.yaml:1
  helm charts/web release=web
    values charts/web/nope.yaml optional at apps.yaml:10
)"},
{"a glob without a match", application("    path: charts/web\n    helm: {valueFiles: ['no/*.yaml']}\n"),
R"(rejected web
error apps.yaml:10 no values file matches "charts/web/no/*.yaml" [render/failed]
)"},
{"values files out of the repository", application("    path: charts/web\n    helm: {valueFiles: [../../../etc/passwd]}\n"),
R"(rejected web
error apps.yaml:10 file "../../../etc/passwd" leaves the repository [render/argo-invalid]
)"},
{"values files from the network and through plugins", application("    path: charts/web\n    helm: {valueFiles: ['https://e/v.yaml']}\n") + "---\n" + application("    path: charts/web\n    helm: {valueFiles: ['secrets://v.yaml']}\n"),
R"(skip web: file https://e/v.yaml is read through https://, which needs a plugin or the network
skip web: file secrets://v.yaml is read through secrets://, which needs a plugin or the network
)"},
{"parameters that overlap", application("    path: charts/web\n    helm: {parameters: [{name: a.b, value: x}, {name: a, value: v}]}\n"),
R"(unit web app=web cluster=https://c namespace=prod path=charts/web chain=web at apps.yaml:1
  helm charts/web release=web
    set a=v
    set a.b=x
warning apps.yaml:10 parameters "a" and "a.b" set the same value, and Argo CD passes them in no fixed order [render/argo-ambiguous]
  hint: keep one of them
)"},
{"variables that differ for every commit", application("    path: charts/web\n    helm: {parameters: [{name: v, value: $ARGOCD_APP_REVISION_SHORT}]}\n"),
R"(unit web app=web cluster=https://c namespace=prod path=charts/web chain=web at apps.yaml:1
  helm charts/web release=web
    set v=revision
note apps.yaml:8 a variable that holds the revision is rendered as the word "revision" [render/revision-variable]
)"},
{"all of kustomize", application(R"(    path: overlays/prod
    kustomize:
      namePrefix: p-
      nameSuffix: -s
      namespace: ns
      images: ['app=registry.example.com:5000/app:v2', 'db@sha256:abc', 'web:1', 'old=new']
      replicas: [{name: web, count: 3}, {name: db, count: "2"}]
      commonLabels: {app: $ARGOCD_APP_NAME}
      commonAnnotations: {note: $ARGOCD_APP_NAME}
      patches: [{patch: "- op: remove\n", target: {kind: Deployment}}]
      components: [../../components/ha, ../../components/none]
      ignoreMissingComponents: true
)"),
R"(unit web app=web cluster=https://c namespace=prod path=overlays/prod chain=web at apps.yaml:1
  kustomize overlays/prod
    edits {"commonAnnotations":{"note":"$ARGOCD_APP_NAME"},"commonLabels":{"app":"web"},"components":["../../components/ha"],"images":[{"name":"app","newName":"registry.example.com:5000/app","newTag":"v2"},{"digest":"sha256:abc","name":"db"},{"name":"web","newTag":"1"},{"name":"old","newName":"new"}],"namePrefix":"p-","nameSuffix":"-s","namespace":"ns","patches":[{"patch":"- op: remove\n","target":{"kind":"Deployment"}}],"replicas":[{"count":3,"name":"web"},{"count":2,"name":"db"}]}
input overlays/prod/kustomization.yaml
)"},
{"a label that is there already", application("    path: overlays/prod\n    kustomize: {commonLabels: {team: b}}\n"),
R"(rejected web
error apps.yaml:10 "team" is already in the kustomization [render/argo-invalid]
  hint: set forceCommonLabels or forceCommonAnnotations to replace it
input overlays/prod/kustomization.yaml
)"},
{"labels without selectors", application("    path: overlays/prod\n    kustomize: {commonLabels: {team: b}, labelWithoutSelector: true, labelIncludeTemplates: true}\n"),
R"(unit web app=web cluster=https://c namespace=prod path=overlays/prod chain=web at apps.yaml:1
  kustomize overlays/prod
    edits {"labels":[{"includeTemplates":true,"pairs":{"team":"b"}}]}
input overlays/prod/kustomization.yaml
)"},
{"another kustomize", application("    path: overlays/prod\n    kustomize: {version: v4.0.0}\n"),
R"(skip web: spec.source.kustomize.version is not supported
)"},
{"two tools", application("    path: plain\n    helm: {releaseName: x}\n    directory: {}\n"),
R"(rejected web
error apps.yaml:11 the source has settings of two tools, directory among them [render/argo-invalid]
  hint: keep one of helm, kustomize and directory
)"},
{"overrides beside the source", application("    path: updated\n"),
R"(unit web app=web cluster=https://c namespace=prod path=updated chain=web at apps.yaml:1
  helm updated release=own
    set image.tag=v2
input updated/.argocd-source-web.yaml
input updated/.argocd-source.yaml
)"},
{"jsonnet", application("    path: jsonnet\n"),
R"(skip web: jsonnet is not evaluated: jsonnet/main.jsonnet
)"},
{"a plugin", application("    path: plain\n    plugin: {name: kasane}\n"),
R"(skip web: config management plugin kasane would run a program of the repository server
)"},
{"helm 2", application("    path: charts/web\n    helm: {version: v2}\n"),
R"(skip web: helm.version v2 is not Helm 3
)"},
{"another revision", application("    path: plain\n    targetRevision: v1.2\n"),
R"(unit web app=web cluster=https://c namespace=prod path=plain chain=web at apps.yaml:1
  directory plain
note apps.yaml:10 revision "v1.2" is rendered from the work tree [render/other-revision]
  hint: what reaches the cluster is that revision's tree, not this one
)"},
{"a field that is none", application("    path: plain\n    directroy: {recurse: true}\n"),
R"(unit web app=web cluster=https://c namespace=prod path=plain chain=web at apps.yaml:1
  directory plain
error apps.yaml:10 field "directroy" is not in spec.source of Argo CD [render/argo-invalid]
  hint: did you mean "directory"?
)"},
{"paths that are not there", application("    path: ../../etc\n") + "---\n" + application("    path: /etc\n") + "---\n" + application("    path: nowhere\n") + "---\n" + application("    path: plain/a.yaml\n"),
R"(rejected web
rejected web
rejected web
rejected web
error apps.yaml:9 path "../../etc" leaves the repository [render/argo-invalid]
error apps.yaml:19 path "/etc" leaves the repository [render/argo-invalid]
error apps.yaml:29 path "nowhere" is not in this repository [render/failed]
error apps.yaml:39 path "plain/a.yaml" is a file, not a folder [render/failed]
)"},
{"hostile names", R"(apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: "a\n::error::b"}
spec: {destination: {name: c}, source: {repoURL: https://git.example.com/acme/platform, path: "pl\nain"}}
)",
R"(rejected a\x0a::error::b
error apps.yaml:3 the Application's name "a\x0a::error::b" is no name of an object [render/argo-invalid]
  hint: lower case letters, digits, '-' and '.', at most 253
)"},
{"other repositories", R"(apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: a}
spec: {destination: {name: c}, source: {repoURL: https://e/other, path: x}}
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: b}
spec: {destination: {name: c}, source: {repoURL: https://charts.e, chart: redis, targetRevision: 1.2.3}}
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: c}
spec: {destination: {name: c}, source: {repoURL: oci://r.e/x, path: .}}
)",
R"(skip a: repository https://e/other is not this one
skip b: chart redis 1.2.3 of https://charts.e is not in this repository
skip c: the OCI artifact oci://r.e/x is not in this repository
)"},
{"several sources with references", R"(apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: multi}
spec:
  destination: {name: c, namespace: ns}
  syncPolicy: {automated: {prune: true}, syncOptions: [CreateNamespace=true, ServerSideApply=true]}
  sources:
    - {repoURL: https://git.example.com/acme/platform, ref: values}
    - {repoURL: https://e/other, ref: foreign}
    - repoURL: https://git.example.com/acme/platform
      path: charts/web
      helm: {valueFiles: [$values/values/prod/web.yaml]}
    - {repoURL: https://git.example.com/acme/platform, path: plain, name: extra}
    - {repoURL: https://git.example.com/acme/platform, path: charts/web, helm: {valueFiles: [$foreign/a.yaml]}}
)",
R"(unit multi/3 app=multi cluster=c namespace=ns path=values/prod/web.yaml server-side chain=multi at apps.yaml:1
  helm charts/web release=multi
    values values/prod/web.yaml at apps.yaml:12
unit multi/extra app=multi cluster=c namespace=ns path=plain server-side chain=multi at apps.yaml:1
  directory plain
skip multi: values file $foreign/a.yaml is in repository https://e/other, which is not this one
)"},
{"a hydrator renders its dry source", R"(apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: h}
spec:
  destination: {name: c}
  sourceHydrator:
    drySource: {repoURL: https://git.example.com/acme/platform, path: plain, targetRevision: HEAD}
    syncSource: {targetBranch: env/dev, path: h}
)",
R"(unit h app=h cluster=c path=plain chain=h at apps.yaml:1
  directory plain
)"},
{"destinations", R"(apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: none}
spec: {destination: {namespace: n}, source: {repoURL: https://git.example.com/acme/platform, path: plain}}
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: two}
spec: {destination: {name: a, server: b}, source: {repoURL: https://git.example.com/acme/platform, path: plain}}
)",
R"(rejected none
rejected two
error apps.yaml:4 spec.destination names no cluster [render/argo-invalid]
  hint: set one of server and name
error apps.yaml:9 spec.destination has both server and name [render/argo-invalid]
  hint: set one of server and name
)"},
{"other kinds are left alone", "apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata: {name: p}\nspec: {}\n", ""},
};
// clang-format on

TEST(ExpandApplication, GivesUnits) {
  for (const auto& [name, manifest, expected] : cases) {
    SCOPED_TRACE(name);
    EXPECT_EQ(expanded(manifest), expected);
  }
}

TEST(ExpandApplication, NamesWhatLedToIt) {
  Options options;
  options.chain = "root > apps";
  EXPECT_EQ(expanded(application("    path: plain\n"), options),
            "unit web app=web cluster=https://c namespace=prod path=plain chain=root > apps > web "
            "at apps.yaml:1\n  directory plain\n");
}

TEST(ExpandApplication, TakesUnknownAddressesForOurs) {
  auto unknown = repository().repository;
  unknown.urls.clear();
  unknown.urls_known = false;
  const Objects objects(application("    path: plain\n") + "---\n" +
                        application("    path: plain\n") + "---\n" +
                        application("    path: elsewhere\n"));
  const auto text = to_text(expand(objects.resources, unknown, {}));
  EXPECT_EQ(
      text,
      "unit web app=web cluster=https://c namespace=prod path=plain chain=web at apps.yaml:1\n"
      "  directory plain\n"
      "unit web app=web cluster=https://c namespace=prod path=plain chain=web at "
      "apps.yaml:11\n"
      "  directory plain\n"
      "skip web: nothing says that repository git@git.example.com:acme/platform is this one, "
      "and elsewhere is not here\n"
      "note apps.yaml:8 \"git@git.example.com:acme/platform\" is taken to be this "
      "repository, because its paths are here [render/assumed-repository]\n"
      "  hint: list this repository's addresses under repository.urls in sluice.yaml\n");
}

}  // namespace
}  // namespace sluice::argo

// SPDX-License-Identifier: Apache-2.0
#include "render/ways_out.hpp"

namespace sluice::test {
namespace {

using Files = Way::Files;

const std::string url = "https://git.example.com/a/b";
const std::string config = "repository: {urls: [" + url + "]}\n";
const std::string skipped = "render/skipped";
const std::string outside = "input/outside-repository";
const std::string refused = "render/argo-invalid";

Files chart() {
  return {{"app/Chart.yaml", "apiVersion: v2\nname: app\nversion: 1.0.0\n"},
          {"app/templates/out.yaml",
           "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: out}\ndata:\n"
           "  out: {{ .Values | toJson | quote }}\n"}};
}

Files joined(Files first, const Files& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

/// A chart that prints its values, delivered with these settings.
Way values(const std::string& name,
           const std::string& helm,
           const std::string& code,
           const Files& more = {},
           Files links = {}) {
  return {.name = name,
          .files = joined(joined(application("helm: " + helm), chart()), more),
          .links = std::move(links),
          .exit = code.empty() ? 0 : 2,
          .code = code};
}

Way kustomized(const std::string& name, const std::string& fields, const std::string& code) {
  return {.name = name,
          .files = joined(application("kustomize: " + fields),
                          {{"app/kustomization.yaml", "resources: [s.yaml]\n"},
                           {"app/s.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: s}\n"}}),
          .code = code};
}

Way application_set(const std::string& name,
                    const std::string& generator,
                    const std::string& named,
                    const std::string& code,
                    int exit = 2,
                    Files links = {}) {
  return {.name = name,
          .files = joined({{"sluice.yaml", config},
                           {"set.yaml",
                            "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\n"
                            "metadata: {name: set}\nspec:\n  goTemplate: true\n  generators: [" +
                                generator + "]\n  template:\n    metadata: {name: '" + named +
                                "'}\n    spec: {project: default, source: {repoURL: '" + url +
                                "', path: app}, destination: {name: in-cluster}}\n"}},
                          chart()),
          .links = std::move(links),
          .exit = exit,
          .code = code};
}

std::vector<Way> values_of_applications() {
  return {
      values("ValuesByAddress", "{valueFiles: ['@URL@/values.yaml']}", skipped),
      values("ValuesByAPluginsScheme", "{valueFiles: ['secrets://@OUTSIDE@/secret']}", skipped),
      values("ValuesByAPluginsImport",
             "{valueFiles: ['secrets+gpg-import://@OUTSIDE@/key?@OUTSIDE@/secret']}", skipped),
      values("ValuesByAnUnknownScheme", "{valueFiles: ['leak://x']}", skipped),
      values("ValuesByAFileAddress", "{valueFiles: ['file://@OUTSIDE@/secret']}", skipped),
      values("ValuesAbove", "{valueFiles: ['../@UP@/secret']}", refused),
      values("ValuesAboveTheRoot", "{valueFiles: ['/@UP@/secret']}", refused),
      values("ValuesByAnAbsolutePath", "{valueFiles: ['@OUTSIDE@/secret']}", "render/failed"),
      values("ValuesByALink", "{valueFiles: [v.yaml]}", outside, {},
             {{"app/v.yaml", "@OUTSIDE@/secret"}}),
      values("ValuesByALinkedFolder", "{valueFiles: [envs/secret]}", "render/failed", {},
             {{"app/envs", "@OUTSIDE@"}}),
      values("ValuesByAGlobAbove", "{valueFiles: ['../@UP@/*']}", refused),
      values("ValuesByAGlobOverALink", "{valueFiles: ['*.txt']}", outside, {},
             {{"app/v.txt", "@OUTSIDE@/secret"}}),
      values("ParameterFileAbove", "{fileParameters: [{name: a, path: '../@UP@/secret'}]}",
             refused),
      values("ParameterFileByALink", "{fileParameters: [{name: a, path: f}]}", outside, {},
             {{"app/f", "@OUTSIDE@/secret"}}),
      values("ParameterThatNamesAFile", "{parameters: [{name: a, value: '@@OUTSIDE@/secret'}]}",
             ""),
      values("ReleaseThatIsAFlag", "{releaseName: '--post-renderer=@OUTSIDE@/plugins/run'}",
             "render/failed"),
      values("NamespaceThatIsAFlag", "{namespace: '--post-renderer=@OUTSIDE@/plugins/run'}", ""),
      {.name = "ValuesOfAnotherSourceAbove",
       .files = joined({{"sluice.yaml", config},
                        {"a.yaml",
                         "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: "
                         "app}\nspec:\n  project: default\n  destination: {name: in-cluster}\n"
                         "  sources:\n  - {repoURL: '" +
                             url +
                             "', ref: values}\n"
                             "  - {repoURL: '" +
                             url +
                             "', path: app, helm: {valueFiles: "
                             "['$values/@UP@/secret']}}\n"}},
                       chart()),
       .code = refused},
      {.name = "OverridesByALink",
       .files = joined(application("helm: {releaseName: x}"), chart()),
       .links = {{"app/.argocd-source.yaml", "@OUTSIDE@/secret"}},
       .code = refused},
      {.name = "PluginOfTheRepositoryServer",
       .files = joined(application("plugin: {name: run, env: [{name: A, value: b}]}"),
                       {{"app/plugin.yaml", "kind: ConfigManagementPlugin\n"}}),
       .code = skipped},
      {.name = "SourceAbove",
       .files =
           {{"sluice.yaml", config},
            {"a.yaml",
             "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: app}\n"
             "spec:\n  project: default\n  destination: {name: in-cluster}\n  source: {repoURL: '" +
                 url + "', path: '@UP@/chart'}\n"}},
       .code = refused},
  };
}

std::vector<Way> other_ways() {
  const std::string flux_source =
      "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\n"
      "metadata: {name: flux-system, namespace: flux-system}\nspec: {url: '" +
      url + "'}\n";
  const std::string flux = flux_source +
                           "---\napiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n"
                           "metadata: {name: apps, namespace: flux-system}\n"
                           "spec: {sourceRef: {kind: GitRepository, name: flux-system}, path: ";
  return {
      kustomized("PatchOfAnApplicationAbove", "{patches: [{path: '../@UP@/base/o.yaml'}]}",
                 "render/failed"),
      kustomized("ComponentOfAnApplicationAbove", "{components: ['../@UP@/base']}",
                 "render/failed"),
      kustomized("ComponentOfAnApplicationByAddress", "{components: ['@URL@/c']}", skipped),
      application_set("FilesOfAGeneratorAbove",
                      "{git: {repoURL: '" + url + "', files: [{path: '@UP@/*.json'}]}}", "x",
                      "render/orphan", 1),  // no file matches
      application_set("FilesOfAGeneratorByALink",
                      "{git: {repoURL: '" + url + "', files: [{path: 'f.json'}]}}",
                      "x{{ .secret }}", refused, 2, {{"f.json", "@OUTSIDE@/secret.json"}}),
      application_set("TemplateThatReadsTheEnvironment", "{list: {elements: [{a: b}]}}",
                      "x{{ env \"SECRET\" }}", refused),
      application_set("TemplateThatReadsFiles", "{list: {elements: [{a: b}]}}",
                      "x{{ .Files.Get \"../../secret\" }}", skipped),
      {.name = "LinkInAFolderOfManifests",
       .files = joined(application("directory: {recurse: true}"),
                       {{"app/cm.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n"}}),
       .links = {{"app/o.yaml", "@OUTSIDE@/base/o.yaml"}},
       .code = outside},
      {.name = "JsonnetThatImports",
       .files = joined(application("directory: {recurse: true}"),
                       {{"app/x.jsonnet", "importstr '@OUTSIDE@/secret'\n"}}),
       .code = skipped},
      {.name = "FluxPathAbove",
       .files = {{"sluice.yaml", config}, {"clusters/prod/apps.yaml", flux + "'@UP@/base'}\n"}},
       .code = "render/flux-invalid"},
      {.name = "FluxFolderWithALink",
       .files = {{"sluice.yaml", config},
                 {"clusters/prod/apps.yaml", flux + "./app}\n"},
                 {"app/cm.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n"}},
       .links = {{"app/o.yaml", "@OUTSIDE@/base/o.yaml"}},
       .code = outside},
      {.name = "PostRendererThatRuns",
       .files = joined(
           {{"sluice.yaml", config},
            {"clusters/prod/release.yaml",
             flux_source + "---\napiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\n"
                           "metadata: {name: app, namespace: web}\nspec:\n  chart: {spec: {chart: "
                           "./app, sourceRef: {kind: GitRepository, name: flux-system, namespace: "
                           "flux-system}}}\n  postRenderers: [{exec: {command: "
                           "@OUTSIDE@/plugins/run}}]\n"}},
           chart()),
       .exit = 1,
       .code = "render/flux-invalid"},
      {.name = "RecordedAnswersAbove",
       .files = joined({{"sluice.yaml", "render: {generatorAnswers: '@UP@/secret'}\n"}}, chart()),
       .says = "sluice.yaml"},
      {.name = "RecordedAnswersByALink",
       .files = joined({{"sluice.yaml", "render: {generatorAnswers: answers.yaml}\n"}}, chart()),
       .links = {{"answers.yaml", "@OUTSIDE@/secret"}},
       .says = "answers.yaml"},
      {.name = "LinkedConfiguration",
       .files = chart(),
       .links = {{"sluice.yaml", "@OUTSIDE@/secret"}},
       .says = "sluice.yaml"},
  };
}

}  // namespace

Way::Files application(const std::string& settings) {
  return {{"sluice.yaml", config},
          {"apps/app.yaml",
           "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: app}\nspec:\n"
           "  project: default\n  destination: {name: in-cluster, namespace: web}\n"
           "  source: {repoURL: '" +
               url + "', path: app, " + settings + "}\n"}};
}

std::vector<Way> ways_through_delivery() {
  auto all = values_of_applications();
  for (auto& way : other_ways()) {
    all.push_back(std::move(way));
  }
  return all;
}

}  // namespace sluice::test

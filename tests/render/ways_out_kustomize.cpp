// SPDX-License-Identifier: Apache-2.0
#include "render/ways_out.hpp"

namespace sluice::test {
namespace {

const std::string service = "apiVersion: v1\nkind: Service\nmetadata: {name: s}\n";
const std::string skipped = "render/skipped";
const std::string outside = "input/outside-repository";
const std::string failed = "render/failed";

/// A kustomization beside a Service; `text` is all of it.
Way kustomization(const std::string& name,
                  const std::string& text,
                  const std::string& code,
                  Way::Files more = {},
                  Way::Files links = {}) {
  Way::Files files = {{"app/kustomization.yaml", text}, {"app/s.yaml", service}};
  files.insert(files.end(), more.begin(), more.end());
  return {.name = name,
          .files = files,
          .links = std::move(links),
          .exit = code.empty() ? 0 : 2,
          .code = code};
}

/// The same with one more field beside `resources`.
Way with(const std::string& name,
         const std::string& field,
         const std::string& code,
         Way::Files more = {},
         Way::Files links = {}) {
  return kustomization(name, "resources: [s.yaml]\n" + field + "\n", code, std::move(more),
                       std::move(links));
}

std::string plugin(const std::string& kind, const std::string& field) {
  return "apiVersion: builtin\nkind: " + kind + "\nmetadata: {name: p}\n" + field + "\n";
}

std::string inlined(const std::string& plugin) {
  std::string out = "- |-\n";
  for (std::size_t at = 0; at < plugin.size();) {
    const auto end = plugin.find('\n', at);
    out += "  " + plugin.substr(at, end - at + 1);
    at = end + 1;
  }
  return out;
}

std::vector<Way> addresses() {
  const std::string file = "@URL@/x.yaml";
  const std::string any = "target: {kind: Service}";
  return {
      with("AddressAsAResource", "bases: ['" + file + "']", skipped),
      kustomization("RemoteResource", "resources: ['" + file + "']\n", skipped),
      kustomization("RemoteRepository", "resources: ['@URL@/a/b.git?ref=main']\n", skipped),
      kustomization("RemoteRepositoryByGit", "resources: ['git::@URL@/a/b']\n", skipped),
      kustomization("RemoteRepositoryBySsh", "resources: ['git@127.0.0.1:a/b.git']\n", skipped),
      kustomization("RemoteRepositoryByHost", "resources: ['github.com/a/b?ref=main']\n", skipped),
      kustomization("RepositoryByFileAddress", "resources: ['file://@OUTSIDE@/base']\n", skipped),
      kustomization("WhatIsMissingMayBeARepository", "resources: ['127.0.0.1/a/b']\n", failed),
      with("RemoteComponent", "components: ['" + file + "']", skipped),
      with("RemotePatch", "patches: [{path: '" + file + "', " + any + "}]", skipped),
      with("RemoteStrategicPatch", "patchesStrategicMerge: ['" + file + "']", skipped),
      with("RemoteJsonPatch", "patchesJson6902: [{path: '" + file + "', " + any + "}]", skipped),
      with("RemoteReplacement", "replacements: [{path: '" + file + "'}]", skipped),
      with("RemoteSchema", "openapi: {path: '" + file + "'}", skipped),
      with("RemoteDefinitions", "crds: ['" + file + "']", skipped),
      with("RemoteConfiguration", "configurations: ['" + file + "']", skipped),
      with("RemoteGenerator", "generators: ['" + file + "']", skipped),
      with("RemoteTransformer", "transformers: ['" + file + "']", skipped),
      with("RemoteValidator", "validators: ['" + file + "']", skipped),
      with("RemoteFileOfAConfigMap", "configMapGenerator: [{name: c, files: ['k=" + file + "']}]",
           skipped),
      with("RemoteEnvOfASecret", "secretGenerator: [{name: c, envs: ['" + file + "']}]", skipped),
      with("RemoteChart", "helmCharts: [{name: redis, repo: '@URL@', version: 1.0.0}]", skipped),
      with("RemoteChartByTheOldField",
           "helmChartInflationGenerator: [{chartName: redis, chartRepoUrl: '@URL@'}]", skipped),
      with("InlineGeneratorThatFetches",
           "generators:\n" + inlined(plugin("ConfigMapGenerator", "files: ['k=" + file + "']")),
           skipped),
      with("GeneratorFileThatFetches", "generators: [g.yaml]", skipped,
           {{"app/g.yaml", plugin("SecretGenerator", "envs: ['" + file + "']")}}),
      with("TransformerThatFetches", "transformers: [t.yaml]", skipped,
           {{"app/t.yaml", plugin("PatchTransformer", "path: '" + file + "'\n" + any)}}),
      with("TransformerThatFetchesByAnotherSpelling", "transformers: [t.yaml]", skipped,
           {{"app/t.yaml", plugin("PatchTransformer", "Path: '" + file + "'\n" + any)}}),
      with("TransformersOfAFolderThatFetch", "transformers: [../transformers]", failed,
           {{"transformers/kustomization.yaml", "resources: [t.yaml]\n"},
            {"transformers/t.yaml", plugin("PatchTransformer", "path: '" + file + "'\n" + any)}}),
      kustomization("FieldInAnotherCase", "Resources: ['" + file + "']\n", failed),
      kustomization("FieldWithALongS", "re\xc5\xbfources: ['" + file + "']\n", failed),
      with("EntryInAnotherCase", "configMapGenerator: [{name: c, Files: ['k=" + file + "']}]",
           failed),
      with("MergedField", "<<: {resources: ['" + file + "']}", failed),
      with("MergedFieldWithAComment", "? << # x\n: {resources: ['" + file + "']}", failed),
  };
}

std::vector<Way> places() {
  return {
      kustomization("BaseOutside", "resources: ['../@UP@/base']\n", outside),
      kustomization("BaseByAnAbsolutePath", "resources: ['@OUTSIDE@/base']\n", outside),
      kustomization("BaseOutsideInAnotherCase", "Resources: ['../@UP@/base']\n", failed),
      kustomization("BaseByALink", "resources: [base]\n", outside, {},
                    {{"app/base", "@OUTSIDE@/base"}}),
      kustomization("ResourceByALink", "resources: [o.yaml]\n", outside, {},
                    {{"app/o.yaml", "@OUTSIDE@/base/o.yaml"}}),
      with("ComponentOutside", "components: ['../@UP@/base']", outside),
      with("PatchOutside", "patches: [{path: '../@UP@/base/o.yaml'}]", outside),
      with("FileOutside", "configMapGenerator: [{name: c, files: ['../@UP@/secret']}]", outside),
      with("FileByALink", "configMapGenerator: [{name: c, files: [f]}]", outside, {},
           {{"app/f", "@OUTSIDE@/secret"}}),
      with("EnvFileByALink", "configMapGenerator: [{name: c, envs: [f]}]", outside, {},
           {{"app/f", "@OUTSIDE@/secret"}}),
      with("FileOfAnInlineGenerator",
           "generators:\n" + inlined(plugin("ConfigMapGenerator", "files: ['../@UP@/secret']")),
           failed),
      with("FileOfAnInlineGeneratorByALink",
           "generators:\n" + inlined(plugin("ConfigMapGenerator", "files: [f]")), failed, {},
           {{"app/f", "@OUTSIDE@/secret"}}),
      with("EnvFileWithoutAValue", "configMapGenerator: [{name: c, envs: [e]}]", "",
           {{"app/e", "SECRET\n"}}),
      kustomization("LinkedKustomization", "resources: [inner]\n", failed, {},
                    {{"app/inner/kustomization.yaml", "@OUTSIDE@/base/kustomization.yaml"}}),
  };
}

std::vector<Way> programs() {
  const std::string function =
      "apiVersion: example.com/v1\nkind: Writer\nmetadata:\n  name: w\n  annotations:\n"
      "    config.kubernetes.io/function: |\n      exec: {path: ./run.sh}\n";
  const std::string container =
      "apiVersion: example.com/v1\nkind: Writer\nmetadata:\n  name: w\n  annotations:\n"
      "    config.kubernetes.io/function: |\n      container: {image: example.com/writer}\n";
  const std::string script = "#!/bin/sh\ntouch @MARK@\n";
  return {
      with("ExecFunction", "transformers: [f.yaml]", failed,
           {{"app/f.yaml", function}, {"app/run.sh", script}}),
      with("ExecFunctionAsAGenerator", "generators: [f.yaml]", failed,
           {{"app/f.yaml", function}, {"app/run.sh", script}}),
      with("ContainerFunction", "transformers: [f.yaml]", failed, {{"app/f.yaml", container}}),
      with("ExecPlugin", "transformers: [p.yaml]", failed,
           {{"app/p.yaml", "apiVersion: example.com/v1\nkind: Writer\nmetadata: {name: w}\n"}}),
      {.name = "BuildOptionsOfArgo",
       .files =
           {{"argocd/cm.yaml",
             "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: argocd-cm, namespace: argocd}\n"
             "data: {kustomize.buildOptions: --enable-helm --enable-alpha-plugins "
             "--enable-exec --load-restrictor LoadRestrictionsNone}\n"},
            {"app/kustomization.yaml", "resources: [s.yaml]\ntransformers: [f.yaml]\n"},
            {"app/s.yaml", service},
            {"app/f.yaml", function},
            {"app/run.sh", script}},
       .code = failed},
  };
}

}  // namespace

std::vector<Way> ways_through_kustomizations() {
  std::vector<Way> all = addresses();
  for (const auto& more : {places(), programs()}) {
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

}  // namespace sluice::test

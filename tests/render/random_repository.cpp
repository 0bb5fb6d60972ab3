// SPDX-License-Identifier: Apache-2.0
#include "render/random_repository.hpp"

#include "support/program.hpp"

#include <algorithm>
#include <fstream>

namespace sluice::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* url = "https://git.example.com/acme/platform.git";

std::string config_map(const std::string& name, const std::string& data) {
  return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + name + "}\ndata:\n" + data;
}

std::string application(const std::string& name, const std::string& source) {
  return "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: " + name +
         ", namespace: argocd}\nspec:\n  project: default\n  source:\n    repoURL: " + url +
         "\n    targetRevision: main\n" + source +
         "  destination: {server: https://kubernetes.default.svc, namespace: apps}\n";
}

std::string set_of(const std::string& name, const std::string& generators, const char* source) {
  return "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: " + name +
         ", namespace: argocd}\nspec:\n  generators:\n" + generators +
         "  template:\n    metadata: {name: '{{path.basename}}-" + name +
         "-{{env}}'}\n    spec:\n" +
         "      project: default\n      source:\n        repoURL: " + url + "\n" + source +
         "      destination: {server: https://kubernetes.default.svc, namespace: '{{env}}'}\n";
}

/// "matrix" of a Git generator and the environments.
std::string matrix_of(const std::string& git) {
  return std::string(
             "    - matrix:\n        generators:\n          - git:\n              repoURL: ") +
         url + "\n              revision: main\n              " + git +
         "\n          - list: {elements: [{env: dev}, {env: prod}]}\n";
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

}  // namespace

RandomRepository::RandomRepository(fs::path root, unsigned seed)
    : root_(std::move(root)), random_(seed) {
  write("sluice.yaml", std::string("repository:\n  urls: [") + url + "]\nkubeVersion: \"1.33\"\n");
  write("README.md", "n: 1\n");
  write_charts();
  write_apps();
  write_argo();
  write_flux();
}

void RandomRepository::write(const std::string& path, const std::string& text) const {
  fs::create_directories((root_ / path).parent_path());
  std::ofstream(root_ / path, std::ios::binary) << text;
}

void RandomRepository::write_charts() const {
  const auto chart = [&](const std::string& name, const std::string& more) {
    const auto folder = "charts/" + name;
    write(folder + "/Chart.yaml", "apiVersion: v2\nname: " + name + "\nversion: 1.0.0\n" + more);
    write(folder + "/values.yaml", "n: 1\ntier: none\nextra: []\n");
    write(folder + "/templates/_parts.tpl",
          "{{- define \"" + name + ".n\" -}}\nn: {{ .Values.n | quote }}\n{{- end -}}\n");
    write(folder + "/templates/config.yaml",
          config_map("{{ .Release.Name }}-" + name, "  {{- include \"" + name +
                                                        ".n\" . | nindent 2 }}\n  tier: {{ "
                                                        ".Values.tier }}\n"));
  };
  chart("app", "");
  chart("lib", "");
  chart("wrap", "dependencies:\n  - {name: lib, version: 1.0.0, repository: \"file://../lib\"}\n");
  // A chart that makes Applications, and one whose values may hold whole objects.
  chart("parent", "");
  write("charts/parent/templates/child.yaml",
        application("{{ .Release.Name }}-child", "    path: plain/p{{ .Values.n }}\n"));
  chart("open", "");
  write("charts/open/templates/extra.yaml",
        "{{- range .Values.extra }}\n---\n{{ toYaml . }}\n{{- end }}\n");
  write("shared/shared.yaml", config_map("{{ .Release.Name }}-shared", "  n: \"1\"\n"));
  fs::create_symlink("../../../shared/shared.yaml", root_ / "charts/app/templates/shared.yaml");
}

void RandomRepository::write_apps() const {
  for (const std::string env : {"dev", "prod"}) {
    write("envs/" + env + "/values.yaml", "tier: " + env + "\n");
  }
  for (const std::string app : {"a1", "a2", "a3"}) {
    write("apps/" + app + "/app.yaml", "team: red\nn: 1\n");
    write("apps/" + app + "/values.yaml", "n: 2\n");
    write("apps/" + app + "/dev.yaml", "n: 3\n");
  }
  write("components/hard/kustomization.yaml",
        "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches:\n  - path: "
        "patch.yaml\n    target: {kind: ConfigMap}\n");
  write("components/hard/patch.yaml", "- {op: add, path: /data/hard, value: \"1\"}\n");
  for (const std::string app : {"k1", "k2"}) {
    const auto folder = "overlays-of/" + app;
    write(folder + "/base/kustomization.yaml",
          "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n  - "
          "config.yaml\nconfigMapGenerator:\n  - {name: " +
              app + "-made, files: [made.txt]}\n");
    write(folder + "/base/config.yaml", config_map(app, "  n: \"1\"\n"));
    write(folder + "/base/made.txt", "n: 1\n");
    for (const std::string env : {"dev", "prod"}) {
      write(folder + "/overlays/" + env + "/kustomization.yaml",
            "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnameSuffix: -" +
                env +
                "\nresources:\n  - ../../base\ncomponents:\n  - ../../../../components/hard\n");
    }
  }
  for (const std::string app : {"p1", "p2", "p3"}) {
    write("plain/" + app + "/config.yaml", config_map(app, "  n: \"1\"\n"));
    write("plain/" + app + "/more.yaml", config_map(app + "-more", "  n: \"1\"\n"));
  }
}

void RandomRepository::write_argo() const {
  write("argocd/root.yaml", application("root", "    path: argocd/apps\n"));
  write("argocd/apps/helm.yaml",
        set_of("helm", matrix_of("files: [{path: 'apps/*/app.yaml'}]"),
               "        path: charts/app\n        helm:\n          ignoreMissingValueFiles: true\n"
               "          valueFiles:\n            - /envs/{{env}}/values.yaml\n            - "
               "/{{path}}/values.yaml\n            - /{{path}}/{{env}}.yaml\n            - "
               "/{{path}}/extra-*.yaml\n"));
  write("argocd/apps/overlays.yaml",
        replaced(set_of("kustomize",
                        std::string("    - git:\n        repoURL: ") + url +
                            "\n        revision: main\n        directories: [{path: "
                            "'overlays-of/*/overlays/*'}]\n",
                        "        path: '{{path}}'\n"),
                 "'{{path.basename}}-kustomize-{{env}}'", "'{{path[1]}}-{{path.basename}}'"));
  write("argocd/apps/plain.yaml", set_of("plain", matrix_of("directories: [{path: 'plain/*'}]"),
                                         "        path: '{{path}}'\n"));
  write("argocd/apps/wrap.yaml", application("wrap", "    path: charts/wrap\n"));
  write("argocd/apps/parent.yaml", application("parent", "    path: charts/parent\n"));
  write("argocd/apps/open.yaml",
        application("open",
                    "    path: charts/open\n    helm: {valueFiles: [/envs/dev/open.yaml]}\n"));
  write("envs/dev/open.yaml",
        "n: 4\nextra:\n  - {apiVersion: v1, kind: ConfigMap, metadata: "
        "{name: open-more}}\n");
}

void RandomRepository::write_flux() const {
  write(
      "clusters/dev/source.yaml",
      std::string("apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: "
                  "flux-system, namespace: flux-system}\nspec: {interval: 1m, url: \"") +
          url + "\", ref: {branch: main}}\n");
  write(
      "clusters/dev/apps.yaml",
      "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: apps, "
      "namespace: flux-system}\nspec:\n  interval: 10m\n  prune: true\n  path: ./flux/apps\n  "
      "sourceRef: {kind: GitRepository, name: flux-system}\n  postBuild: {substituteFrom: [{kind: "
      "ConfigMap, name: vars}]}\n");
  write(
      "flux/vars/vars.yaml",
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: vars, namespace: flux-system}\ndata: {n: "
      "\"1\"}\n");
  write("flux/apps/config.yaml", config_map("flux-app", "  n: \"${n}\"\n"));
}

std::vector<std::string> RandomRepository::files() const {
  std::vector<std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(root_)) {
    const auto path = fs::relative(entry.path(), root_).generic_string();
    if (!path.starts_with(".git") && entry.is_regular_file() && !entry.is_symlink()) {
      found.push_back(path);
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

unsigned RandomRepository::below(unsigned limit) {
  return static_cast<unsigned>(random_() % limit);
}

std::string RandomRepository::any_of(const std::vector<std::string>& words) {
  return words.at(below(static_cast<unsigned>(words.size())));
}

std::string RandomRepository::any_file() {
  return any_of(files());
}

std::string RandomRepository::edit() {
  switch (below(16)) {
    case 0:
      return add_comment();
    case 1:
      return remove_file();
    case 2:
    case 3:
      return add_file();
    case 4:
      return rename_file();
    case 5:
    case 6:
      return edit_kustomization();
    case 7:
    case 8:
      return edit_application();
    case 9:
      return add_app();
    case 10:
      return change_kind();
    case 11:
      return change_shared();
    default:
      return change_number();
  }
}

/// Another number after "n: ", which every file of values and most manifests have.
std::string RandomRepository::change_number() {
  const auto file = any_file();
  auto text = read_file(root_ / file);
  // Not of kubeVersion: no tool has a verdict on a version that there is not.
  const auto at = file == "sluice.yaml" ? std::string::npos : text.find("n: ");
  const auto digit = at == std::string::npos ? at : text.find_first_of("0123456789", at);
  if (digit == std::string::npos || digit > at + 5) {
    return "nothing in " + file;
  }
  text[digit] = static_cast<char>('1' + below(4));
  write(file, text);
  return "a number in " + file;
}

std::string RandomRepository::add_comment() {
  const auto file = any_file();
  write(file, read_file(root_ / file) + "# " + std::to_string(++serial_) + "\n");
  return "a comment in " + file;
}

std::string RandomRepository::remove_file() {
  const auto file = any_file();
  fs::remove(root_ / file);
  return "no " + file;
}

std::string RandomRepository::add_file() {
  const auto name = "new" + std::to_string(++serial_);
  const auto folder = any_of({"apps/a1", "apps/a2/extra-", "plain/p1", "overlays-of/k1/base",
                              "charts/app/templates", "charts/lib/templates", "argocd/apps",
                              "flux/apps", "clusters/dev", "components/hard", "docs"});
  if (folder.ends_with('-')) {  // found by a glob of values files
    write(folder + name + ".yaml", "n: 4\n");
    return "values " + folder + name;
  }
  write(folder + "/" + name + ".yaml", config_map(name, "  n: \"1\"\n"));
  return "a new " + folder + "/" + name + ".yaml";
}

std::string RandomRepository::rename_file() {
  const auto file = any_file();
  const auto other = replaced(file, ".yaml", std::to_string(++serial_) + ".yaml");
  if (other != file) {
    fs::rename(root_ / file, root_ / other);
  }
  return file + " is " + other;
}

std::string RandomRepository::edit_kustomization() {
  const auto app = any_of({"k1", "k2"});
  const auto file = "overlays-of/" + app + "/" + any_of({"base", "overlays/dev", "overlays/prod"}) +
                    "/kustomization.yaml";
  const auto text = read_file(root_ / file);
  const auto from =
      any_of({"  - config.yaml\n", "  - ../../base\n", "resources:\n", "nameSuffix: -"});
  const auto to = any_of({"  - ../../../plain/p1/config.yaml\n", "  - ../../../k2/base\n", from,
                          "resources:\n  - new1.yaml\n", "nameSuffix: -x"});
  if (!text.empty()) {
    write(file, replaced(text, from, to));
  }
  return from + " is " + to + " in " + file;
}

std::string RandomRepository::edit_application() {
  const auto file =
      "argocd/apps/" + any_of({"helm", "overlays", "plain", "wrap", "parent", "open"}) + ".yaml";
  const auto text = read_file(root_ / file);
  const auto from = any_of({"{env: dev}, ", "apps/*/app.yaml", "charts/wrap", "namespace: apps",
                            "            - /{{path}}/values.yaml\n", "'plain/*'"});
  const auto to = any_of({"", "{env: dev}, {env: staging}, ", "apps/a1/app.yaml", "charts/lib",
                          "namespace: others", "'plain/p1'", "apps/*/app.yaml"});
  if (!text.empty()) {
    write(file, replaced(text, from, to));
  }
  return from + " is " + to + " in " + file;
}

std::string RandomRepository::add_app() {
  const auto name = "b" + std::to_string(++serial_);
  write("apps/" + name + "/app.yaml", "team: blue\n");
  write("apps/" + name + "/values.yaml", "n: 3\n");
  return "the app " + name;
}

/// A manifest begins or ceases to be an Application.
std::string RandomRepository::change_kind() {
  const auto file = any_of({"plain/p1/more.yaml", "plain/p2/more.yaml", "envs/dev/open.yaml",
                            "argocd/apps/wrap.yaml", "overlays-of/k1/base/config.yaml"});
  const auto child = application("late" + std::to_string(++serial_ % 3), "    path: plain/p3\n");
  if (file == "envs/dev/open.yaml") {
    write(file,
          "n: 4\nextra:\n  - apiVersion: argoproj.io/v1alpha1\n    kind: Application\n    "
          "metadata: {name: late, namespace: argocd}\n    spec:\n      project: default\n     "
          " source: {repoURL: " +
              std::string(url) +
              ", path: plain/p3}\n      destination: {server: "
              "https://kubernetes.default.svc, namespace: late}\n");
  } else {
    write(file, below(2) == 0 ? child : config_map("was-a-kind", "  n: \"1\"\n"));
  }
  return "another kind in " + file;
}

std::string RandomRepository::change_shared() {
  const auto file = any_of({"charts/app/templates/_parts.tpl", "charts/lib/templates/config.yaml",
                            "envs/dev/values.yaml", "envs/prod/values.yaml", "shared/shared.yaml",
                            "components/hard/patch.yaml", "flux/vars/vars.yaml", "sluice.yaml"});
  auto text = read_file(root_ / file);
  if (text.empty()) {
    return "nothing in " + file;
  }
  if (file == "sluice.yaml") {
    text = replaced(text, "1.33", below(2) == 0 ? "1.32" : "1.34");
  } else if (file.ends_with(".tpl") || file.starts_with("charts/")) {
    text += "{{/* " + std::to_string(++serial_) + " */}}\n";
  } else {
    text = replaced(text, "\"1\"", "\"2\"");
    text = replaced(text, "tier: ", "tier: x");
  }
  write(file, text);
  return "the shared " + file;
}

}  // namespace sluice::test

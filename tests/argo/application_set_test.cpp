// SPDX-License-Identifier: Apache-2.0
#include "argo/expand.hpp"
#include "support/expansion.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace sluice::argo {
namespace {

using test::Objects;
using test::RepositoryOnDisk;
using test::to_text;

const RepositoryOnDisk& repository() {
  static const RepositoryOnDisk instance({
      {"apps/one/a.yaml", "kind: A\n"},
      {"apps/one/config.yaml", "name: one\nteam: {id: 7, tags: [x, w]}\nbig: 12345678901\n"},
      {"apps/two/a.yaml", "kind: A\n"},
      {"apps/two/config.json", "[{\"name\": \"two-a\"}, {\"name\": \"two-b\"}]\n"},
      {"apps/two/deep/config.yaml", "name: deep\n"},
      {"apps/archive-old/a.yaml", "kind: A\n"},
      {"apps/.hidden/a.yaml", "kind: A\n"},
      {"Bad_Name/x/a.yaml", "kind: A\n"},
      {"text/list.yaml", "just text\n"},
      {"empty/config.yaml", ""},
  });
  return instance;
}

/// An ApplicationSet "set" of `generators`, whose Applications are named `name` and lie in `path`.
std::string set(const std::string& generators,
                const std::string& name,
                const std::string& path = "apps/one",
                const std::string& more = "") {
  return "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: set}\nspec:\n" +
         more + "  generators:\n" + generators + "  template:\n    metadata: {name: '" + name +
         "'}\n    spec:\n"
         "      destination: {name: c}\n"
         "      source: {repoURL: https://git.example.com/acme/platform, path: '" +
         path + "'}\n";
}

std::string go_set(const std::string& generators,
                   const std::string& name,
                   const std::string& path = "apps/one") {
  return set(generators, name, path,
             "  goTemplate: true\n  goTemplateOptions: [missingkey=error]\n");
}

/// What the objects expand to; the same when somebody without an engine for templates met them
/// before.
delivery::Expansion expand_twice(const Objects& objects, const Options& options) {
  auto expansion = expand(objects.resources, repository().repository, options);
  if (options.templater != nullptr) {  // it counts what it is asked
    return expansion;
  }
  Memory memory;
  auto shared = options;
  shared.memory = &memory;
  shared.chain = "first > look";
  (void)expand(objects.resources, repository().repository, shared);
  shared.chain = options.chain;
  EXPECT_EQ(to_text(expand(objects.resources, repository().repository, shared)),
            to_text(expansion));
  return expansion;
}

std::string expanded(const std::string& manifest, const Options& options = {}) {
  return to_text(expand_twice(Objects(manifest), options));
}

/// Name and path of each Application, then everything that is no unit.
std::string brief(const std::string& manifest, const Options& options = {}) {
  const Objects objects(manifest);
  auto expansion = expand_twice(objects, options);
  std::string out;
  for (const auto& unit : expansion.units) {
    out += unit.name + " " + unit.path + "\n";
  }
  expansion.units.clear();
  expansion.inputs.clear();
  return out + to_text(expansion);
}

const char* const ours = "repoURL: https://git.example.com/acme/platform";

std::string git_directories(const std::string& entries, const std::string& more = "") {
  return std::string("    - git: {") + ours + ", directories: [" + entries + "]" + more + "}\n";
}

std::string git_files(const std::string& entries, const std::string& more = "") {
  return std::string("    - git: {") + ours + ", files: [" + entries + "]" + more + "}\n";
}

struct Case {
  const char* name;
  std::string manifest;
  std::string expected;
};

// clang-format off
const Case cases[] = {
{"a list", set("    - list: {elements: [{env: dev, values: {a: x}}, {env: prod, values: {a: z}}]}\n", "web-{{env}}-{{ values.a }}"),
"web-dev-x apps/one\nweb-prod-z apps/one\n"},
{"unknown tags stay, and make no name", set("    - list: {elements: [{env: dev}]}\n", "web-{{env}}-{{region}}"),
R"(rejected web-dev-{{region}}
error apps.yaml:8 no parameter for a tag in the name "web-dev-{{region}}" [render/argo-invalid]
)"},
{"a list's parameters are texts", set("    - list: {elements: [{env: 1}]}\n", "web-{{env}}"),
R"(rejected set
error apps.yaml:6 parameter "env" of a list element is not text [render/argo-invalid]
  hint: put it in quotes, or set goTemplate: true
)"},
{"tags have an end", set("    - list: {elements: [{env: a}]}\n", "{{a}}{{env"),
R"(rejected set
error apps.yaml:8 template "{{a}}{{env": a tag "{{" has no end [render/argo-invalid]
)"},
{"elements as text", set("    - list: {elementsYaml: \"- {env: dev}\\n- {env: prod}\\n\"}\n", "web-{{env}}"),
"web-dev apps/one\nweb-prod apps/one\n"},
{"two Applications of one name", set("    - list: {elements: [{env: dev}, {env: prod}]}\n", "web"),
R"(web apps/one
rejected set
error apps.yaml:8 the ApplicationSet makes two Applications named "web" [render/argo-invalid]
)"},
{"folders", set(git_directories("{path: apps/*}, {path: apps/archive-*, exclude: true}"), "{{path.basename}}", "{{path}}"),
"one apps/one\ntwo apps/two\n"},
{"folders' other parameters", set(git_directories("{path: Bad_Name/*}"), "{{path.basename}}-{{path[1]}}-{{path.basenameNormalized}}", "{{path[0]}}/{{path[1]}}"),
"x-x-x Bad_Name/x\n"},
{"normalised names", set(git_directories("{path: '*_Name'}"), "{{path.basenameNormalized}}", "{{path}}"),
"bad-name Bad_Name\n"},
{"a prefix for path", set(git_directories("{path: apps/one}", ", pathParamPrefix: my"), "{{my.path.basename}}", "{{my.path}}"),
"one apps/one\n"},
{"values", set(git_directories("{path: apps/one}", ", values: {k: 'v-{{path.basename}}'}"), "{{values.k}}", "{{path}}"),
"v-one apps/one\n"},
{"folders in Go templates", go_set(git_directories("{path: apps/*}, {path: 'apps/a*', exclude: true}"), "{{ .path.basename }}-{{ index .path.segments 0 }}", "{{.path.path}}"),
"one-apps apps/one\ntwo-apps apps/two\n"},
{"files", set(git_files("{path: apps/one/config.yaml}"), "{{name}}-{{team.id}}-{{team.tags.1}}", "{{path}}"),
"one-7-w apps/one\n"},
{"files with numbers", set(git_files("{path: apps/one/config.yaml}"), "{{name}}-{{big}}", "{{path}}"),
R"(rejected one-1.2345678901e+10
error apps.yaml:8 the Application's name "one-1.2345678901e+10" is no name of an object [render/argo-invalid]
  hint: lower case letters, digits, '-' and '.', at most 253
)"},
{"files with lists, in Go templates", go_set(git_files("{path: apps/two/config.json}"), "{{ .name }}-{{ .path.filenameNormalized | trimSuffix \".json\" }}", "{{ .path.path }}"),
"two-a-config apps/two\ntwo-b-config apps/two\n"},
{"an excluded file, and the two readings of a star", go_set(git_files("{path: 'apps/*/config.*'}, {path: '**/one/*', exclude: true}"), "{{ .name }}"),
R"(two-a apps/one
two-b apps/one
deep apps/one
warning apps.yaml:8 whether "apps/two/deep/config.yaml" is a parameter file depends on Argo CD's setting for git file globbing [render/argo-ambiguous]
  hint: by default a '*' crosses folders there; name the files so that both readings agree
)"},
{"an empty file", go_set(git_files("{path: empty/config.yaml}"), "{{ .path.basename }}"),
"empty apps/one\n"},
{"a file that is no object", go_set(git_files("{path: text/list.yaml}"), "{{ .name }}"),
R"(rejected set
error apps.yaml:8 parameter file "text/list.yaml" holds neither a mapping nor a list of mappings [render/argo-invalid]
)"},
{"a missing key", go_set("    - list: {elements: [{env: dev}]}\n", "{{ .name }}"),
R"(rejected set
error apps.yaml:10 template "{{ .name }}": map has no entry for key "name" [render/argo-invalid]
)"},
{"a missing key that may be", set("    - list: {elements: [{env: dev}]}\n", "x{{ .name | default \"d\" }}-{{ .env }}", "apps/one", "  goTemplate: true\n"),
"xd-dev apps/one\n"},
{"a missing key that shows", set("    - list: {elements: [{env: dev}]}\n", "{{ .name }}", "apps/one", "  goTemplate: true\n"),
R"(rejected <no value>
error apps.yaml:9 the Application's name "<no value>" is no name of an object [render/argo-invalid]
  hint: lower case letters, digits, '-' and '.', at most 253
)"},
{"a matrix", go_set(std::string("    - matrix:\n        generators:\n      ") + git_directories("{path: apps/one}") + "          - list: {elements: [{env: dev, dir: x}, {env: prod, dir: z}]}\n", "{{ .path.basename }}-{{ .env }}"),
"one-dev apps/one\none-prod apps/one\n"},
{"a matrix whose second generator sees the first's parameters", set("    - matrix:\n        generators:\n          - list: {elements: [{dir: one}, {dir: two}]}\n      " + git_directories("{path: 'apps/{{dir}}'}"), "{{dir}}-{{path.basename}}", "{{path}}"),
"one-one apps/one\ntwo-two apps/two\n"},
{"a matrix with two values for a tag", set("    - matrix:\n        generators:\n          - list: {elements: [{a: x}]}\n          - list: {elements: [{a: z}]}\n", "{{a}}"),
R"(rejected set
error apps.yaml:7 both generators of the matrix give parameter "a", with different values [render/argo-invalid]
  hint: rename one of them, or set pathParamPrefix or goTemplate
)"},
{"in Go templates the first generator's values win", go_set("    - matrix:\n        generators:\n          - list: {elements: [{a: first, d: {e: x}}]}\n          - list: {elements: [{a: second, d: {e: z, f: w}}]}\n", "{{ .a }}-{{ .d.e }}-{{ .d.f }}"),
"first-x-w apps/one\n"},
{"a matrix of three", set("    - matrix:\n        generators: [{list: {elements: []}}, {list: {elements: []}}, {list: {elements: []}}]\n", "a"),
R"(rejected set
error apps.yaml:7 a matrix combines exactly two generators [render/argo-invalid]
)"},
{"a merge", go_set("    - merge:\n        mergeKeys: [env]\n        generators:\n          - list: {elements: [{env: dev, d: {a: x, b: z}}, {env: prod, d: {a: x}}]}\n          - list: {elements: [{env: prod, d: {a: w}}, {env: none, d: {a: v}}]}\n", "{{ .env }}-{{ .d.a }}"),
"dev-x apps/one\nprod-w apps/one\n"},
{"a merge of equal keys", go_set("    - merge:\n        mergeKeys: [env]\n        generators:\n          - list: {elements: [{env: dev}, {env: dev}]}\n          - list: {elements: []}\n", "a"),
R"(rejected set
error apps.yaml:9 two parameter sets of one generator have the merge keys "{"env":"dev"}" [render/argo-invalid]
)"},
{"clusters without a selector", set("    - clusters: {values: {v: 'n-{{name}}'}}\n", "{{name}}-{{values.v}}"),
R"(in-cluster-n-in-cluster apps/one
note apps.yaml:6 generator clusters is rendered for in-cluster alone: other clusters are not known here [render/clusters-unknown]
)"},
{"clusters with a selector that nothing here has", set("    - clusters: {selector: {matchLabels: {env: prod}}}\n", "{{name}}"),
"skip set: generator clusters: no cluster of this repository has the labels of its selector, and Argo CD's own are not known here\n"},
{"clusters of Secrets", std::string(R"(apiVersion: v1
kind: Secret
metadata: {name: s, labels: {argocd.argoproj.io/secret-type: cluster, env: prod}}
stringData: {name: Prod_EU, server: "https://p"}
---
)") + go_set("    - clusters: {selector: {matchLabels: {env: prod}}}\n", "{{ .nameNormalized }}-{{ index .metadata.labels \"env\" }}"),
"prod-eu-prod apps/one\n"},
{"a selector over parameters", go_set("    - list: {elements: [{env: dev, t: {k: 1}}, {env: prod, t: {k: 2}}]}\n      selector: {matchLabels: {t.k: \"2\"}, matchExpressions: [{key: env, operator: NotIn, values: [dev]}, {key: env, operator: Exists}]}\n", "{{ .env }}"),
"prod apps/one\n"},
{"a selector that is none", set("    - list: {elements: [{env: dev}]}\n      selector: {matchExpressions: [{key: env, operator: Is}]}\n", "{{env}}"),
R"(rejected set
error apps.yaml:7 an entry of matchExpressions is no selector [render/argo-invalid]
  hint: key, operator (In, NotIn, Exists, DoesNotExist) and values that fit it
)"},
{"a generator's own template", set("    - list:\n        elements: [{env: dev}]\n        template: {metadata: {name: 'own-{{env}}'}}\n", "web-{{env}}"),
"own-dev apps/one\n"},
{"a patch", set("    - list: {elements: [{env: dev}]}\n", "web-{{env}}", "apps/one", "  templatePatch: |\n    metadata: {name: other}\n    spec: {source: {path: 'apps/two', directory: {recurse: true}}}\n"),
"web-dev apps/two\n"},
{"a patch with directives", set("    - list: {elements: [{env: dev}]}\n", "web-{{env}}", "apps/one", "  templatePatch: 'spec: {$patch: replace}'\n"),
"skip set: templatePatch with a $-directive of strategic merge patches\n"},
{"generators that ask elsewhere", set("    - pullRequest: {github: {owner: a, repo: b}}\n", "a") + "---\n" + set("    - scmProvider: {}\n", "a") + "---\n" + set("    - plugin: {}\n", "a") + "---\n" + set("    - clusterDecisionResource: {}\n", "a"),
R"(skip set: generator pullRequest asks a server that is not here; render.generatorAnswers in sluice.yaml may name a file with its answer
skip set: generator scmProvider asks a server that is not here; render.generatorAnswers in sluice.yaml may name a file with its answer
skip set: generator plugin asks a server that is not here; render.generatorAnswers in sluice.yaml may name a file with its answer
skip set: generator clusterDecisionResource asks a server that is not here; render.generatorAnswers in sluice.yaml may name a file with its answer
)"},
{"a generator over another repository", set("    - git: {repoURL: https://e/other, directories: [{path: '*'}]}\n", "a"),
"skip set: repository https://e/other is not this one\n"},
{"fields that are none", set("    - list: {element: []}\n", "a", "apps/one", "  goTemplates: true\n"),
R"(error apps.yaml:5 field "goTemplates" is not in spec of Argo CD [render/argo-invalid]
  hint: did you mean "goTemplate"?
error apps.yaml:7 field "element" is not in spec.generators[].list of Argo CD [render/argo-invalid]
  hint: did you mean "elements"?
)"},
{"generators that are two, none or unknown", set("    - {list: {elements: []}, git: {}}\n", "a") + "---\n" + set("    - {}\n", "a") + "---\n" + set("    - {lists: {}}\n", "a"),
R"(rejected set
rejected set
rejected set
error apps.yaml:6 a generator must be exactly one of list, git, clusters, matrix and merge [render/argo-invalid]
error apps.yaml:18 a generator must be exactly one of list, git, clusters, matrix and merge [render/argo-invalid]
error apps.yaml:30 field "lists" is not in spec.generators[] of Argo CD [render/argo-invalid]
  hint: did you mean "list"?
error apps.yaml:30 "lists" is no generator [render/argo-invalid]
)"},
{"hostile names and paths", set("    - list: {elements: [{k: \"a\\n::error::\", p: x}, {k: b, p: ../../etc}]}\n", "{{k}}", "{{p}}"),
R"(rejected a\x0a::error::
rejected b
error apps.yaml:8 the Application's name "a\x0a::error::" is no name of an object [render/argo-invalid]
  hint: lower case letters, digits, '-' and '.', at most 253
error apps.yaml:11 path "../../etc" leaves the repository [render/argo-invalid]
)"},
{"functions that Argo CD has not", go_set("    - list: {elements: [{a: x}]}\n", "{{ include \"x\" . }}"),
R"(rejected set
error apps.yaml:10 template "{{ include "x" . }}": function "include" is not defined in Argo CD [render/argo-invalid]
)"},
{"functions without one result", go_set("    - list: {elements: [{a: x}]}\n", "a-{{ randAlphaNum 5 }}"),
"skip set: template \"a-{{ randAlphaNum 5 }}\" is not evaluated: function randAlphaNum gives another result each time\n"},
{"no engine for the others", go_set("    - list: {elements: [{a: x}]}\n", "{{ .a | b64enc }}"),
"skip set: its Go templates were not evaluated: there is no engine for Go templates\n"},
};
// clang-format on

TEST(ExpandApplicationSet, GivesUnits) {
  for (const auto& [name, manifest, expected] : cases) {
    SCOPED_TRACE(name);
    EXPECT_EQ(brief(manifest), expected);
  }
}

TEST(ExpandApplicationSet, SaysWhereItsApplicationsComeFrom) {
  EXPECT_EQ(expanded(set(git_files("{path: apps/one/config.yaml}"), "{{name}}", "{{path}}")),
            "unit one app=one cluster=c path=apps/one chain=set > one at apps.yaml:1\n"
            "  directory apps/one\ninput apps/one/config.yaml\n");
}

std::string numbered_list(int count) {
  std::string out = "    - list:\n        elements:\n";
  for (int i = 0; i < count; ++i) {
    out += "          - {k: \"" + std::to_string(i) + "\"}\n";
  }
  return out;
}

TEST(ExpandApplicationSet, MakesNoMoreThanItMay) {
  const auto all = brief(set(numbered_list(10'000), "a-{{k}}"));
  EXPECT_EQ(std::ranges::count(all, '\n'), 10'000);
  const std::string refused =
      "rejected set\nerror apps.yaml:7 the ApplicationSet's generators give more than 10000 "
      "Applications [render/limit]\n";
  const auto many = brief(set(numbered_list(10'001), "a-{{k}}"));
  EXPECT_NE(many.find("more than 10000 Applications [render/limit]"), std::string::npos);
  std::string matrix = "    - matrix:\n        generators:\n";
  for (const auto* name : {"a", "b"}) {
    matrix += "          - list:\n              elements:\n";
    for (int i = 0; i < 500; ++i) {
      matrix += std::string("                - {") + name + ": \"" + std::to_string(i) + "\"}\n";
    }
  }
  EXPECT_EQ(brief(set(matrix, "x-{{a}}-{{b}}")), refused);
}

/// Answers every template with "answer-<how many there were>" and remembers them.
class FakeTemplater : public Templater {
 public:
  [[nodiscard]] Result<std::vector<TemplateResult>> run(
      std::span<const TemplateJob> jobs) const override {
    std::vector<TemplateResult> out;
    for (const auto& job : jobs) {
      asked += job.text + " " + job.parameters + "\n";
      out.push_back({true, "answer-" + std::to_string(out.size())});
    }
    asked += "--\n";
    return out;
  }

  mutable std::string asked;
};

TEST(ExpandApplicationSet, AsksForAllTemplatesOfARunAtOnce) {
  const FakeTemplater templater;
  Options options;
  options.templater = &templater;
  const auto manifest =
      go_set("    - list: {elements: [{a: x}, {a: w}]}\n", "{{ .a | b64enc }}-{{ .a }}") + "---\n" +
      go_set("    - list: {elements: [{a: x}]}\n", "{{ .a | normalize | sha256sum }}");
  EXPECT_EQ(brief(manifest, options), "answer-1 apps/one\nanswer-0 apps/one\nanswer-2 apps/one\n");
  const std::string mark = "\xEE\x80\x80no value\xEE\x80\x80";
  EXPECT_EQ(templater.asked,
            "{{ .a | b64enc }}-{{ ternary \"" + mark +
                "\" .a (kindIs \"invalid\" .a) }} {\"a\":\"w\"}\n"
                "{{ .a | b64enc }}-{{ ternary \"" +
                mark +
                "\" .a (kindIs \"invalid\" .a) }} {\"a\":\"x\"}\n"
                "{{ .a | include \"normalize\" | sha256sum }} {\"a\":\"x\"}\n--\n");
}

TEST(ExpandApplicationSet, GoesRoundUntilNothingWaits) {
  const FakeTemplater templater;
  Options options;
  options.templater = &templater;
  // values first, then the template that uses them
  EXPECT_EQ(brief(go_set(git_directories("{path: apps/one}",
                                         ", values: {v: '{{ .path.path | b64enc }}'}"),
                         "{{ .values.v | b64dec }}"),
                  options),
            "answer-0 apps/one\n");
  EXPECT_EQ(std::ranges::count(templater.asked, '\n'), 4);
}

}  // namespace
}  // namespace sluice::argo

// SPDX-License-Identifier: Apache-2.0
#include "render/ways_out.hpp"

namespace sluice::test {
namespace {

using support::Member;
using Files = Way::Files;

const std::string chart = "apiVersion: v2\nname: app\nversion: 1.0.0\n";
const std::string chart_with_lib =
    chart +
    "dependencies: [{name: lib, version: 1.0.0, repository: 'https://charts.example.com'}]\n";
const std::string lib = "apiVersion: v2\nname: lib\nversion: 1.0.0\n";

/// A ConfigMap that prints what an action gives.
std::string printing(const std::string& action) {
  return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: out}\ndata:\n  out: {{ " + action +
         " | quote }}\n";
}

Files chart_printing(const std::string& action, Files more = {}) {
  Files files = {{"app/Chart.yaml", chart}, {"app/templates/out.yaml", printing(action)}};
  files.insert(files.end(), more.begin(), more.end());
  return files;
}

/// A chart with a dependency in an archive that holds one more member.
Way packed(const std::string& name, Member member, const std::string& code) {
  return {.name = name,
          .files = {{"app/Chart.yaml", chart_with_lib}},
          .archives = {{"app/charts/lib-1.0.0.tgz", {{"lib/Chart.yaml", lib}, std::move(member)}}},
          .code = code};
}

}  // namespace

std::vector<Way> ways_through_charts() {
  const std::string outside = "input/outside-repository";
  return {
      {.name = "LinkToAFile",
       .files = chart_printing(".Files.Get \"link\""),
       .links = {{"app/link", "@OUTSIDE@/secret"}},
       .code = outside},
      {.name = "LinkByARelativePath",
       .files = chart_printing(".Files.Get \"link\""),
       .links = {{"app/link", "../@UP@/secret"}},
       .code = outside},
      {.name = "LinkToHostname",
       .files = chart_printing(".Files.Get \"link\""),
       .links = {{"app/link", "/etc/hostname"}},
       .code = outside},
      {.name = "LinkToTheEnvironmentOfProcesses",
       .files = chart_printing(".Files.Get \"link\""),
       .links = {{"app/link", "/proc/self/environ"}},
       .code = outside},
      {.name = "LinkThroughALink",
       .files = chart_printing(".Files.Get \"link\""),
       .links = {{"app/link", "../other"}, {"other", "@OUTSIDE@/secret"}},
       .code = outside},
      {.name = "LinkedTemplate",
       .files = {{"app/Chart.yaml", chart}},
       .links = {{"app/templates/out.yaml", "@OUTSIDE@/chart/templates/out.yaml"}},
       .code = outside},
      {.name = "LinkedTemplatesFolder",
       .files = {{"app/Chart.yaml", chart}},
       .links = {{"app/templates", "@OUTSIDE@/chart/templates"}},
       .code = outside},
      {.name = "LinkedValues",
       .files = chart_printing(".Values | toYaml"),
       .links = {{"app/values.yaml", "@OUTSIDE@/secret"}},
       .code = outside},
      {.name = "LinkedChart",
       .files = application("helm: {releaseName: x}"),
       .links = {{"app", "@OUTSIDE@/chart"}},
       .code = "render/failed"},
      {.name = "LinkedDependency",
       .files = {{"app/Chart.yaml", chart_with_lib}},
       .links = {{"app/charts/lib", "@OUTSIDE@/chart"}},
       .code = outside},
      {.name = "DependencyByFileAddress",
       .files = {{"app/Chart.yaml",
                  chart + "dependencies: [{name: outside, version: 1.0.0, repository: "
                          "'file://../@UP@/chart'}]\n"}},
       .code = outside},
      {.name = "FilesGetAbove",
       .files = chart_printing(".Files.Get \"../@UP@/secret\""),
       .exit = 0,
       .says = "out: \"\""},
      {.name = "FilesGlobAbove",
       .files = chart_printing("(.Files.Glob \"../**\").AsConfig"),
       .exit = 0},
      {.name = "EnvFunction", .files = chart_printing("env \"SECRET\""), .code = "render/failed"},
      {.name = "ExpandEnvFunction",
       .files = chart_printing("expandenv \"$SECRET\""),
       .code = "render/failed"},
      {.name = "NamespaceFromHelmsVariables",
       .files = chart_printing(".Release.Namespace"),
       .exit = 0,
       .says = "out: \"default\""},
      {.name = "LookupAsksTheCluster",
       .files = chart_printing("lookup \"v1\" \"Secret\" \"default\" \"x\""),
       .exit = 0},
      {.name = "HostNames",
       .files = chart_printing("getHostByName \"localhost\""),
       .exit = 0,
       .says = "out: \"\""},
      {.name = "SchemaRefersToAnAddress",
       .files = chart_printing("\"x\"", {{"app/values.schema.json",
                                          R"({"properties": {"a": {"$ref": "@URL@/s.json"}}})"}}),
       .code = "render/skipped"},
      {.name = "SchemaRefersToAFile",
       .files = chart_printing(
           "\"x\"", {{"app/values.yaml", "a: 1\n"},
                     {"app/values.schema.json",
                      R"({"properties": {"a": {"$ref": "file://@OUTSIDE@/schema.json"}}})"}}),
       .code = outside},
      {.name = "SchemaOfASchema",
       .files =
           chart_printing("\"x\"", {{"app/values.schema.json", R"({"$schema": "@URL@/s.json"})"}}),
       .code = "render/skipped"},
      {.name = "StreamCommentsOfAChart",
       .files = {{"app/Chart.yaml", chart},
                 {"app/templates/out.yaml",
                  "# sluice: unit=forged env=prod\n" + printing("\"x\"")}},
       .exit = 0},
  };
}

std::vector<Way> ways_through_archives() {
  const std::string unsafe = "render/unsafe-archive";
  std::vector<Member> many;
  for (int i = 0; i < 10'001; ++i) {
    many.push_back({"lib/templates/" + std::to_string(i) + ".txt", ""});
  }
  std::vector<Member> large = {{"lib/Chart.yaml", lib}};
  for (int i = 0; i < 21; ++i) {
    large.push_back({"lib/" + std::to_string(i), std::string(5'000'000, '\0')});
  }
  return {
      packed("MemberWithAnAbsolutePath", {"/tmp/out", "x"}, unsafe),
      packed("MemberThatGoesUp", {"lib/../../out", "x"}, unsafe),
      packed("MemberWithBackslashes", {"lib\\..\\..\\out", "x"}, unsafe),
      packed("SymbolicLinkInAnArchive", {"lib/link", "@OUTSIDE@/secret", Member::Is::symbolic_link},
             unsafe),
      packed("HardLinkInAnArchive", {"lib/link", "/etc/hostname", Member::Is::hard_link}, unsafe),
      packed("DeviceInAnArchive", {"lib/zero", "", Member::Is::device}, unsafe),
      packed("LargeMember", {"lib/big", std::string(6'000'000, '\0')}, "render/failed"),
      packed(
          "SchemaInAnArchive",
          {"lib/values.schema.json", R"({"properties": {"a": {"$ref": "http://127.0.0.1:9/s"}}})"},
          "render/skipped"),
      {.name = "TooManyMembers",
       .files = {{"app/Chart.yaml", chart_with_lib}},
       .archives = {{"app/charts/lib-1.0.0.tgz", many}},
       .code = "render/failed",
       .says = "holds more than 10000 files"},
      {.name = "TooLargeInAll",
       .files = {{"app/Chart.yaml", chart_with_lib}},
       .archives = {{"app/charts/lib-1.0.0.tgz", large}},
       .code = "render/failed",
       .says = "unpacks to more than"},
      {.name = "NoArchive",
       .files = {{"app/Chart.yaml", chart_with_lib}, {"app/charts/lib-1.0.0.tgz", "text"}},
       .code = "render/failed"},
  };
}

std::vector<Way> ways_to_exhaust() {
  const std::string endless = "{{ range until 30000 }}{{ range until 30000 }}{{ end }}{{ end }}";
  const std::string output =
      "{{ range until 100001 }}---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: "
      "\"c{{ . }}\"}\n{{ end }}";
  return {
      {.name = "TimeOfARender",
       .files = {{"app/Chart.yaml", chart}, {"app/templates/out.yaml", endless}},
       .flags = {"--helm-timeout", "2s"},
       .code = "render/failed"},
      {.name = "SizeOfTheOutput",
       .files = {{"app/Chart.yaml", chart}, {"app/templates/out.yaml", output}},
       .flags = {"--max-output", "1Mi"},
       .code = "render/failed"},
      {.name = "NumberOfDocuments",
       .files = {{"app/Chart.yaml", chart}, {"app/templates/out.yaml", output}},
       .code = "render/limit"},
      {.name = "NumberOfUnits",
       .files =
           {{"sets.yaml",
             "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: many}\n"
             "spec:\n  generators:\n  - matrix:\n      generators:\n"
             "      - list: {elements: @NUMBERED a@}\n"
             "      - list: {elements: @NUMBERED b@}\n"
             "  template:\n    metadata: {name: 'x-{{a}}-{{b}}'}\n    spec: {project: default, "
             "source: {repoURL: 'https://git.example.com/a/b', path: app}, destination: "
             "{name: in-cluster, namespace: x}}\n"}},
       .code = "render/limit"},
  };
}

}  // namespace sluice::test

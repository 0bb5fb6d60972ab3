// SPDX-License-Identifier: Apache-2.0
#include "render/stability.hpp"

#include <gtest/gtest.h>

namespace sluice::render {
namespace {

TEST(CompareRenders, NamesObjectFieldAndCall) {
  const std::string first =
      "---\n# Source: web/templates/a.yaml\nkind: Secret\nmetadata: {name: s}\ndata:\n  password: "
      "one\n  user: u\n";
  const std::string second =
      "---\n# Source: web/templates/a.yaml\nkind: Secret\nmetadata: {name: s}\ndata:\n  password: "
      "two\n  user: u\n";
  std::string asked;
  const auto difference =
      compare_renders(first, second, [&](const std::string& printed, const std::string& pointer) {
        asked = printed + " " + pointer;
        return FieldOrigin{.at = {.file = "web/templates/a.yaml", .line = 3},
                           .causes = {"randAlphaNum (web/templates/a.yaml:3)"}};
      });
  ASSERT_EQ(difference.findings.size(), 1U);
  const auto& finding = difference.findings[0];
  EXPECT_EQ(asked, "web/templates/a.yaml /data/password");
  EXPECT_EQ(finding.code, "render/unstable");
  EXPECT_EQ(finding.path, "/data/password");
  EXPECT_EQ(finding.object.name, "s");
  EXPECT_EQ(finding.location.line, 3U);
  EXPECT_EQ(difference.masked,
            "---\n# Source: web/templates/a.yaml\nkind: Secret\nmetadata: {name: s}\ndata:\n  "
            "password: \"(unstable)\"\n  user: u\n");
}

TEST(CompareRenders, PairsObjectsThatARandomNameSortedOtherwise) {
  const auto difference = compare_renders(
      "---\nkind: Job\nmetadata: {name: a-1}\n---\nkind: Job\nmetadata: {name: b}\n",
      "---\nkind: Job\nmetadata: {name: b}\n---\nkind: Job\nmetadata: {name: c-2}\n",
      [](const std::string&, const std::string&) { return FieldOrigin{}; });
  ASSERT_EQ(difference.findings.size(), 1U);
  EXPECT_EQ(difference.findings[0].path, "/metadata/name");
  EXPECT_EQ(difference.findings[0].object.name, "a-1");
}

TEST(OriginOf, NamesTheTemplateTheFieldAndWhatIsBehindIt) {
  const helm::UnstableCalls calls({
      {"templates/secret.yaml", "data:\n  password: {{ include \"lib.password\" . }}\n"},
      {"charts/lib/templates/_helpers.tpl",
       "{{ define \"lib.password\" }}\n{{ with lookup \"v1\" \"Secret\" \"\" \"s\" }}{{ .x }}{{ "
       "else "
       "}}{{ randAlpha 9 }}{{ end }}{{ end }}"},
  });
  const helm::Chart chart{.folder = "web",
                          .name = "web",
                          .vendored = {{"web/charts/lib-1.0.0.tgz", true, "lib", "1.0.0"}}};
  const auto origin = field_origin(chart, calls, "web/templates/secret.yaml", "/data/password");
  EXPECT_EQ(origin.at.file, "web/templates/secret.yaml");
  EXPECT_EQ(origin.at.line, 2U);
  EXPECT_EQ(origin.causes, std::vector<std::string>{
                               "randAlpha (web/charts/lib-1.0.0.tgz/templates/_helpers.tpl:2)"});
  EXPECT_EQ(origin.lookup, "lookup (web/charts/lib-1.0.0.tgz/templates/_helpers.tpl:2)");
  EXPECT_FALSE(origin.only_time);
}

TEST(ClusterFindings, SayWhatIsAskedAndNotKnown) {
  const helm::UnstableCalls calls({
      {"templates/a.yaml",
       "{{ if .Capabilities.APIVersions.Has \"v1\" }}\n{{ $.Capabilities.KubeVersion.Minor }}{{ "
       "end }}"},
      {"templates/_unused.tpl",
       "{{ define \"unused\" }}{{ lookup \"v1\" \"Pod\" \"\" \"\" }}{{ end }}"},
  });
  const helm::Chart chart{.folder = "web", .name = "web"};
  const auto all = cluster_findings(chart, calls, {});
  ASSERT_EQ(all.size(), 2U);
  EXPECT_NE(all[0].message.find(".Capabilities.APIVersions (web/templates/a.yaml:1)"),
            std::string::npos);
  EXPECT_EQ(all[1].location.line, 2U);
  EXPECT_EQ(cluster_findings(chart, calls, {.version = true}).size(), 1U);
  EXPECT_TRUE(cluster_findings(chart, calls, {.version = true, .api_versions = true}).empty());
}

}  // namespace
}  // namespace sluice::render

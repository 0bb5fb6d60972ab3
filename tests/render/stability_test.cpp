// SPDX-License-Identifier: Apache-2.0
#include "render/stability.hpp"

#include "support/tree.hpp"

#include <gtest/gtest.h>

namespace sluice::render {
namespace {

TEST(RandomCalls, AreFoundInActionsOnly) {
  const support::Tree tree{{"web/templates/a.yaml",
                            "# now and then\na: {{ .Values.now }}\nb: {{- randAlphaNum 10 | b64enc "
                            "}}\n{{ (now).Unix }}\n"}};
  const auto calls =
      random_calls(tree.root(), {.folder = "web", .files = {"web/templates/a.yaml"}});
  ASSERT_EQ(calls.size(), 2U);
  EXPECT_EQ(calls[0].function, "randAlphaNum");
  EXPECT_EQ(calls[0].at.line, 3U);
  EXPECT_EQ(calls[1].function, "now");
  EXPECT_EQ(calls[1].at.line, 4U);
}

TEST(CompareRenders, NamesObjectFieldAndCall) {
  const std::vector<RandomCall> calls = {
      {"randAlphaNum", {.file = "web/templates/a.yaml", .line = 3}}};
  const std::string first =
      "---\n# Source: a\nkind: Secret\nmetadata: {name: s}\ndata:\n  password: one\n  user: u\n";
  const std::string second =
      "---\n# Source: a\nkind: Secret\nmetadata: {name: s}\ndata:\n  password: two\n  user: u\n";
  const auto difference = compare_renders(
      first, second, calls, [](const std::string&) { return "web/templates/a.yaml"; });
  ASSERT_EQ(difference.findings.size(), 1U);
  const auto& finding = difference.findings[0];
  EXPECT_EQ(finding.code, "render/unstable");
  EXPECT_EQ(finding.path, "/data/password");
  EXPECT_EQ(finding.object.name, "s");
  EXPECT_EQ(finding.location.line, 3U);
  EXPECT_EQ(difference.masked,
            "---\n# Source: a\nkind: Secret\nmetadata: {name: s}\ndata:\n  password: "
            "\"(unstable)\"\n  user: u\n");
}

}  // namespace
}  // namespace sluice::render

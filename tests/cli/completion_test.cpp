// SPDX-License-Identifier: Apache-2.0
#include "cli/demo_tool.hpp"

#include <gtest/gtest.h>

namespace sluice::cli {
namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(Completion, OffersFlagsAndChoicesAndNothingHidden) {
  for (const auto& [shell, choices] :
       {std::pair{"bash", ":--engine) words='native kyverno' ;;\n"},
        std::pair{"zsh", "'--engine=[Choose an engine\\: native, kyverno]:NAME:(native kyverno)'"},
        std::pair{"fish", "complete -c sluice-demo -l engine -x -a 'native kyverno'"}}) {
    SCOPED_TRACE(shell);
    Demo demo;
    const Ran ran = run_words(demo.tool(), {"--completion", shell});
    EXPECT_EQ(ran.code, 0);
    EXPECT_TRUE(has(ran.out, choices)) << ran.out;
    EXPECT_TRUE(has(ran.out, "fail-on")) << "a common flag";
    EXPECT_FALSE(has(ran.out, "help-markdown")) << "a hidden flag";
  }
}

TEST(Completion, RefusesOtherShells) {
  Demo demo;
  const Ran ran = run_words(demo.tool(), {"--completion", "csh"});
  EXPECT_EQ(ran.code, 2);
  EXPECT_EQ(ran.out, "");
}

TEST(ManualPage, EscapesWhatTroffWouldRead) {
  Demo demo;
  Tool tool = demo.tool();
  tool.examples = ".so /etc/passwd\nsluice-demo a\\b";
  const Ran ran = run_words(tool, {"--help-man"});
  EXPECT_EQ(ran.code, 0);
  EXPECT_TRUE(has(ran.out, "\n\\&.so /etc/passwd\nsluice\\-demo a\\eb\n.fi\n")) << ran.out;
}

TEST(ManualPage, ComesFromTheRows) {
  Demo demo;
  const std::string page = run_words(demo.tool(), {"--help-man"}).out;
  EXPECT_TRUE(page.starts_with(".TH \"sluice-demo\" 1 "));
  EXPECT_TRUE(has(page, ".SH NAME\nsluice\\-demo \\- Shows what a tool looks like\n"));
  EXPECT_TRUE(has(
      page, ".TP\n\\fB\\-\\-crds\\fR \\fIPATH\\fR\nRead custom resources (may be repeated).\n"));
  EXPECT_TRUE(
      has(page, ".SH EXIT STATUS\n.TP\n0\nclean: no findings at or above \\-\\-fail\\-on.\n"));
}

}  // namespace
}  // namespace sluice::cli

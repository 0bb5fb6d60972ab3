// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "cli/demo_tool.hpp"
#include "cli/request.hpp"

#include <gtest/gtest.h>

namespace sluice::cli {
namespace {

TEST(Help, BeginsWithWhatTheToolIs) {
  Demo demo;
  const Ran ran = run_words(demo.tool(), {"--help"});
  EXPECT_EQ(ran.code, 0);
  const std::string expected = R"(sluice-demo: Shows what a tool looks like

Usage: sluice-demo [INPUT]... --crds PATH... [FLAGS]

Checks nothing. It is here to be looked at.

Flags:
      --crds PATH             Read custom resources (may be repeated)
      --kube-version X.Y      Check these versions (may be repeated, or
                              separated by commas)
  -s, --strict                Be strict
  -o, --out FILE              Write to FILE
      --engine NAME           Choose an engine: native, kyverno

Common flags:
)";
  EXPECT_EQ(ran.out.substr(0, expected.size()), expected);
}

TEST(Help, NamesEveryCommonFlagAndFitsATerminal) {
  Demo demo;
  const std::string help = run_words(demo.tool(), {"-h"}).out;
  for (const char* word :
       {"--config FILE", "--format FORMAT", "--report FORMAT=FILE", "--fail-on LEVEL", "--now TIME",
        "--jobs N", "--color WHEN", "--progress WHEN", "-q, --quiet", "-v, --verbose",
        "--explain CODE", "--version", "-h, --help", "Exit codes:", "Examples:", "sarif"}) {
    EXPECT_NE(help.find(word), std::string::npos) << word;
  }
  EXPECT_EQ(help.find("help-markdown"), std::string::npos) << "a hidden flag";
  for (const std::string_view line : text::split(help, '\n')) {
    EXPECT_LE(line.size(), 80U) << line;
    EXPECT_FALSE(line.ends_with(' ')) << line;
  }
}

TEST(Help, MarkdownComesFromTheSameRows) {
  Demo demo;
  const Ran ran = run_words(demo.tool(), {"--help-markdown"});
  EXPECT_EQ(ran.code, 0);
  EXPECT_TRUE(ran.out.starts_with("# sluice-demo\n\nShows what a tool looks like.\n"));
  EXPECT_NE(ran.out.find("| `--crds PATH` | Read custom resources (may be repeated) |\n"),
            std::string::npos);
  EXPECT_NE(ran.out.find("```sh\n# check a folder\nsluice-demo manifests/\n```\n"),
            std::string::npos);
}

TEST(Wrap, BreaksBetweenWords) {
  EXPECT_EQ(wrap("aa bb cc", 2, 7), "  aa bb\n  cc\n");
  EXPECT_EQ(wrap("aa\n\nbb", 1, 80), " aa\n\n bb\n");
  EXPECT_EQ(wrap("aaaaaaaaaa b", 0, 5), "aaaaaaaaaa\nb\n") << "a long word stays whole";
  EXPECT_EQ(wrap("", 4), "\n");
}

}  // namespace
}  // namespace sluice::cli

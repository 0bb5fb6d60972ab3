// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "cli/demo_tool.hpp"

#include <gtest/gtest.h>

namespace sluice::cli {
namespace {

using Words = std::vector<std::string>;

TEST(Parse, GivesFlagsTheirValues) {
  struct Row {
    Words words;
    const char* given;
    const char* inputs;
  };
  const Row rows[] = {
      {{}, "", ""},
      {{"a.yaml", "-", "b"}, "", "a.yaml|-|b"},
      {{"--crds", "x", "a.yaml"}, "crds=x ", "a.yaml"},  // CLI11 alone would swallow a.yaml
      {{"--crds", "x", "--crds=y", "a"}, "crds=x crds=y ", "a"},
      {{"a", "--strict", "b"}, "strict= ", "a|b"},
      {{"-s", "-o", "f", "-ofile"}, "strict= out=f out=file ", ""},
      {{"--kube-version", "1.2,1.3", "--kube-version=1.4"}, "kube=1.2 kube=1.3 kube=1.4 ", ""},
      {{"--crds", "a,b"}, "crds=a,b ", ""},
      {{"--crds", "-", "--out=-x=y"}, "crds=- out=-x=y ", ""},
      {{"--crds", "{}", "--crds", "[a,b]", "[c]", "{}"}, "crds={} crds=[a,b] ", "[c]|{}"},
      {{"--", "--strict", "--", "-x"}, "", "--strict|--|-x"},
      {{"--engine", "kyverno"}, "engine=kyverno ", ""},
      {{"", "a b"}, "", "|a b"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(text::join(row.words, " "));
    Demo demo;
    const Ran ran = run_words(demo.tool(), row.words);
    EXPECT_EQ(ran.code, 0) << ran.err;
    EXPECT_EQ(demo.given, row.given);
    EXPECT_EQ(text::join(demo.common.inputs, "|"), row.inputs);
  }
}

TEST(Parse, RefusesWithOneSentence) {
  struct Row {
    Words words;
    const char* message;
  };
  const Row rows[] = {
      {{"--crd", "x"}, "unknown flag \"--crd\"; did you mean --crds?"},
      {{"--Strict"}, "unknown flag \"--Strict\"; did you mean --strict?"},
      {{"-crds", "x"}, "unknown flag \"-crds\"; did you mean --crds?"},
      {{"--banana=1"}, "unknown flag \"--banana=1\""},
      {{"--fail_on=error"}, "unknown flag \"--fail_on=error\"; did you mean --fail-on?"},
      {{"-sx"}, "unknown flag \"-x\""},
      {{"--x\x1b[1m"}, "unknown flag \"--x\\x1b[1m\""},
      {{"--crds"}, "--crds needs a value"},
      {{"--crds="}, "--crds needs a value after the '='"},
      {{"--crds=", "x"}, "--crds needs a value after the '='"},
      {{"--out", "--strict"}, "--out needs a value, and \"--strict\" is a flag"},
      {{"--strict=no"}, "--strict takes no value"},
      {{"--kube-version", "1.2,,1.3"}, "--kube-version: an empty value in \"1.2,,1.3\""},
      {{"--engine", "kyvrno"}, "--engine: there is no \"kyvrno\"; did you mean kyverno?"},
      {{"--engine", "x"}, "--engine: there is no \"x\"; there are native, kyverno"},
      {{"--format", "jsn"}, "--format: there is no \"jsn\"; did you mean json?"},
      {{"--report", "jsn=x"}, "--report: there is no format \"jsn\"; did you mean json?"},
      {{"--report", "json"}, "--report: wants json=FILE; --format json prints it"},
      {{"--report", "json=-"}, "--report: wants json=FILE; --format json prints it"},
      {{"--fail-on", "waring"}, "--fail-on: there is no \"waring\"; did you mean warning?"},
      {{"--jobs", "0"}, "--jobs: wants a number from 1 to 256, not \"0\""},
      {{"--jobs", "257"}, "--jobs: wants a number from 1 to 256, not \"257\""},
      {{"--jobs", "4x"}, "--jobs: wants a number from 1 to 256, not \"4x\""},
      {{"--color", "on"}, "--color: there is no \"on\"; there are auto, always, never"},
      {{"--explain", "schema/unknown-feld"},
       "there is no code \"schema/unknown-feld\"; did you mean schema/unknown-field?"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(text::join(row.words, " "));
    Demo demo;
    const Ran ran = run_words(demo.tool(), row.words);
    EXPECT_EQ(ran.code, 2);
    EXPECT_EQ(ran.out, "");
    EXPECT_EQ(ran.err, "sluice-demo: error: " + std::string(row.message) +
                           "\nsluice-demo: error: see sluice-demo --help\n");
  }
}

TEST(Parse, FillsInTheCommonFlags) {
  Demo demo;
  ASSERT_EQ(run_words(demo.tool(), {}).code, 0);
  EXPECT_EQ(demo.common.format, "text");
  EXPECT_EQ(demo.common.now, "");
  EXPECT_GE(demo.common.jobs, 1U);
  EXPECT_EQ(demo.common.color, diag::Color::off) << "not a terminal";
  EXPECT_FALSE(demo.common.progress);

  ASSERT_EQ(run_words(demo.tool(), {"--config", "c", "--fail-on", "never", "--fail-on=warning",
                                    "--now", "2026-11-20", "--jobs=8", "--color", "always",
                                    "--progress", "always", "-qv"})
                .code,
            0);
  EXPECT_EQ(demo.common.config, "c");
  EXPECT_EQ(demo.common.fail_on, diag::FailOn::warning) << "the last one wins";
  EXPECT_EQ(demo.common.now, "2026-11-20T00:00:00Z");
  EXPECT_EQ(demo.common.jobs, 8U);
  EXPECT_EQ(demo.common.color, diag::Color::on);
  EXPECT_TRUE(demo.common.progress && demo.common.quiet && demo.common.verbose);
}

Tool two_commands(std::string& ran) {
  const auto command = [&ran](std::string_view name) {
    return Command{name,
                   "[ROOT]",
                   "Does one thing. Then another.",
                   {},
                   [&ran, name](const Common& common, std::ostream&) {
                     ran = std::string(name) + ':' + text::join(common.inputs, "|");
                     return Result<diag::Report>(diag::Report{});
                   }};
  };
  return {
      "sluice-two", "Does two things", Product::data, {command("files"), command("export")}, ""};
}

TEST(Parse, ChoosesTheCommand) {
  std::string ran;
  const Tool tool = two_commands(ran);
  EXPECT_EQ(run_words(tool, {"export", "a", "files"}).code, 0);
  EXPECT_EQ(ran, "export:a|files");
  struct Row {
    Words words;
    const char* message;
  };
  const Row rows[] = {
      {{}, "which command? the commands are files, export"},
      {{"exprot"}, "unknown command \"exprot\"; did you mean export?"},
      {{"banana"}, "unknown command \"banana\"; the commands are files, export"},
      {{"--jobs", "2", "export"}, "the command comes first: sluice-two COMMAND ..."},
  };
  for (const Row& row : rows) {
    const Ran refused = run_words(tool, row.words);
    EXPECT_EQ(refused.code, 2);
    EXPECT_EQ(refused.err, "sluice-two: error: " + std::string(row.message) +
                               "\nsluice-two: error: see sluice-two --help\n");
  }
  EXPECT_NE(run_words(tool, {"--help"}).out.find("  files   "), std::string::npos);
  EXPECT_NE(run_words(tool, {"export", "-h"}).out.find("Usage: sluice-two export [ROOT]"),
            std::string::npos);
}

}  // namespace
}  // namespace sluice::cli

// SPDX-License-Identifier: Apache-2.0
#include "flux/substitute.hpp"

#include <gtest/gtest.h>

namespace sluice::flux {
namespace {

const std::map<std::string, std::string> variables = {{"a", "abcABC123ABCabc"},
                                                      {"file", "path/to/bash.string.txt"},
                                                      {"empty", ""},
                                                      {"word", "hello"},
                                                      {"other", "o"},
                                                      {"accent", "élan"}};

struct Row {
  const char* text;
  const char* expected;
};

// clang-format off
constexpr Row accepted[] = {
    {"plain", "plain"},
    {"${word}", "hello"},
    {"x${word}y${other}z", "xhelloyoz"},
    {"$word stays, $ too, and a last $", "$word stays, $ too, and a last $"},
    {"$${word} $$$${word}", "${word} $${word}"},
    {"$$${word}", "$hello"},
    {"${empty}", ""},
    {"${none:-d} ${none:=d} ${none=d}", "d d d"},
    {"${empty:-d} ${word:-d}", "d hello"},
    {"${none:-}", ""},
    {"${none:-a ${word} b${other}}", "a hello bo"},
    {"${none:-${none2:-deep}}", "deep"},
    {"${none:-$$}", "$$"},  // no escapes in a default
    {"${none:+x} ${word:+x} ${none:?x}", "x hello x"},  // all of them give a default
    {"${#a} ${#empty}", "15 0"},
    {"${a:3} ${a:3:3} ${a:-1}", "ABC123ABCabc ABC abcABC123ABCabc"},
    {"${a:0:-1}|${a:20}|${a:20:2}|${a:3:99}", "abcABC123ABCab|||ABC123ABCabc"},
    {"${a:x} ${a:1:x}", "abcABC123ABCabc abcABC123ABCabc"},
    {"${a:99999999999999999999}", "abcABC123ABCabc"},
    {"${a^} ${a^^} ${word^} ${word,,}", "AbcABC123ABCabc ABCABC123ABCABC Hello hello"},
    {"${file#*/} ${file##*/} ${file%.*} ${file%%.*}", "to/bash.string.txt bash.string.txt path/to/bash.string path/to/bash"},
    {"${file#nope} ${file%[a-z]xt} ${file#?ath/}", "path/to/bash.string.txt path/to/bash.string. to/bash.string.txt"},
    {"${file#[}", "path/to/bash.string.txt"},
    {"${a/abc/X} ${a//abc/X} ${a/#abc/X} ${a/%abc/X}", "XABC123ABCabc XABC123ABCX XABC123ABCabc abcABC123ABCX"},
    {"${a/abc/} ${a//abc/}", "ABC123ABCabc ABC123ABC"},
    {"${word/#/pre-} ${word/%/-post}", "pre-hello hello-post"},
    {"${file//\\//-}", "path-to-bash.string.txt"},
    {"${a/${other}/x}", "abcABC123ABCabc"},
    {"${a/abc/${word}}", "helloABC123ABCabc"},
};
constexpr Row rejected[] = {
    {"${none}", "variable \"none\" is not set"},
    {"${#none}", "variable \"none\" is not set"},
    {"${none^^}", "variable \"none\" is not set"},
    {"${none:1}", "variable \"none\" is not set"},
    {"${none/a/b}", "variable \"none\" is not set"},
    {"${word:-${none}}", "variable \"none\" is not set"},  // also where the default is not needed
    {"${}", "a variable's name is missing after \"${\""},
    {"${ word}", "a variable's name is missing after \"${\""},
    {"${-}", "a variable's name is missing after \"${\""},
    {"${word", "a closing brace is missing"},
    {"${word-x}", "a closing brace is missing"},
    {"${word+x}", "a closing brace is missing"},
    {"${word.x}", "a closing brace is missing"},
    {"${word:}", "an argument is missing"},
    {"${word:-x", "bad substitution"},
    {"${word#}", "an argument is missing"},
    {"${word/x}", "bad substitution"},
    {"${#}", "bad substitution"},
    {"${accent^^}", "what becomes of variable \"accent\" is not known exactly"},
};
// clang-format on

TEST(Substitute, ReplacesEachForm) {
  for (const auto& [text, expected] : accepted) {
    SCOPED_TRACE(text);
    const auto result = substitute(text, variables);
    EXPECT_TRUE(result.ok) << result.message;
    EXPECT_EQ(result.text, expected);
  }
}

TEST(Substitute, SaysWhatIsWrong) {
  for (const auto& [text, expected] : rejected) {
    SCOPED_TRACE(text);
    const auto result = substitute(text, variables);
    EXPECT_FALSE(result.ok);
    EXPECT_EQ(result.message, expected);
    EXPECT_EQ(result.text, text);
  }
}

TEST(Substitute, NamesVariableAndLine) {
  const auto result = substitute("a: 1\nb: ${word}\nc: x${region}\n", variables);
  EXPECT_EQ(result.variable, "region");
  EXPECT_EQ(result.line, 3U);
}

TEST(Substitute, LeavesUnsetVariablesEmptyWhenNotStrict) {
  EXPECT_EQ(substitute("a${none}b", {}, Strict::no).text, "ab");
}

TEST(Substitute, LeavesDisabledObjectsAlone) {
  const std::string by_label =
      "metadata:\n  labels:\n    kustomize.toolkit.fluxcd.io/substitute: disabled\ndata: ${none}\n";
  const std::string by_annotation =
      "metadata:\n  annotations:\n    kustomize.toolkit.fluxcd.io/substitute: disabled\n"
      "data: ${none}\n";
  const std::string not_disabled =
      "metadata:\n  labels:\n    kustomize.toolkit.fluxcd.io/substitute: enabled\ndata: ${word}\n";
  EXPECT_EQ(substitute(by_label, {}).text, by_label);
  EXPECT_EQ(substitute(by_annotation, {}).text, by_annotation);
  EXPECT_NE(substitute(not_disabled, variables).text.find("data: hello"), std::string::npos);
}

TEST(Substitute, TakesHostileTextInBoundedTime) {
  std::string nested;
  for (int i = 0; i < 100'000; ++i) {
    nested += "${x:-";
  }
  EXPECT_EQ(substitute(nested, {}).message, "variables nested too deep");
  std::string stars;
  for (int i = 0; i < 400; ++i) {
    stars += "*a";
  }
  const std::map<std::string, std::string> big = {{"x", std::string(60'000, 'a')}};
  EXPECT_TRUE(substitute("${x##" + stars + "b}", big).ok);
  std::string bomb;
  for (int i = 0; i < 2'000; ++i) {
    bomb += "${x}";
  }
  EXPECT_EQ(substitute(bomb, big).message, "variables make the document longer than 64 MiB");
}

TEST(IsVariableName, FollowsTheController) {
  for (const auto* name : {"a", "_", "A_1"}) {
    EXPECT_TRUE(is_variable_name(name)) << name;
  }
  for (const auto* name : {"", "1a", "a-b", "a.b", "é"}) {
    EXPECT_FALSE(is_variable_name(name)) << name;
  }
}

}  // namespace
}  // namespace sluice::flux

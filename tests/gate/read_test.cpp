// SPDX-License-Identifier: Apache-2.0
#include "gate/read.hpp"

#include "gate/json_cursor.hpp"
#include "gate/record.hpp"
#include "gate/report.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sluice::gate {
namespace {

/// The problem with a text, or empty.
std::string problem(std::string_view text) {
  JsonCursor json(text);
  json.skip();
  json.finish();
  JsonCursor again(text);
  (void)again.value();
  again.finish();
  EXPECT_EQ(json.failed(), again.failed()) << text;
  return json.problem();
}

TEST(JsonCursor, TakesWhatIsJson) {
  for (const std::string_view text :
       {"null", "[]", "{}", " [1, -0.5e+3, \"\\u00e9\\ud83d\\ude00\", true, {\"a\": {}}] ", "0",
        "\"\xC3\xA9\"", "{\"a\": 1, \"b\": 1}"}) {
    EXPECT_EQ(problem(text), "") << text;
  }
}

TEST(JsonCursor, RefusesWhatReadersDisagreeOn) {
  const std::string deep(300, '[');
  std::string many = "{";
  for (int i = 0; i < 40; ++i) {
    many += "\"k" + std::to_string(i) + "\": 1, ";
  }
  const std::vector<std::string> texts = {"",
                                          "[1",
                                          "[1,]",
                                          "{\"a\":1,\"a\":2}",
                                          "{\"a\":1,\"\\u0061\":2}",
                                          "NaN",
                                          "01",
                                          "1.",
                                          "[1] 2",
                                          "\"\\ud800\"",
                                          "\"\\x\"",
                                          "\"\xFF\"",
                                          "\"a\nb\"",
                                          "{'a':1}",
                                          "nul",
                                          "\"\xC0\x80\"",
                                          "// c\n1",
                                          deep,
                                          many + "\"k3\": 1}",
                                          "+1",
                                          "\"\\u12\""};
  for (const std::string& text : texts) {
    EXPECT_NE(problem(text), "") << text;
  }
  EXPECT_EQ(problem(many + "\"other\": 1}"), "");
}

TEST(Severity, KnowsEveryWordAndNoOther) {
  EXPECT_EQ(severity_of("HIGH"), Severity::high);
  EXPECT_EQ(severity_of("Moderate"), Severity::medium);
  EXPECT_EQ(severity_of("UNDEFINED"), Severity::unknown);
  EXPECT_FALSE(severity_of(""));
  EXPECT_FALSE(severity_of("highest"));
  EXPECT_EQ(higher(Severity::unknown, Severity::low), Severity::low);
  EXPECT_EQ(higher(Severity::critical, Severity::low), Severity::critical);
}

TEST(Key, LeavesOutWhatChangesWithEveryBuild) {
  Finding a{.id = "CVE-1", .package = "zlib", .version = "1", .purl = "pkg:deb/debian/zlib@1?x=y"};
  Finding b = a;
  b.version = "2";
  b.purl = "pkg:deb/debian/zlib@2";
  b.line = 7;
  EXPECT_EQ(a.key(), b.key());
  b.purl = "pkg:npm/%40acme/zlib@2";
  EXPECT_NE(a.key(), b.key());
}

TEST(Record, ComesBackAsItWasWritten) {
  RunRecord record{.argv = {"gitleaks", "git"},
                   .exit = 1,
                   .finished = "2026-11-20T10:00:00Z",
                   .report = "sha256:1",
                   .shallow = true,
                   .commits = 3};
  const auto back = read_record(write_record(record));
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(back->argv, record.argv);
  EXPECT_EQ(back->commits, record.commits);
  EXPECT_FALSE(back->scanned_commits);
  EXPECT_TRUE(back->shallow);
  EXPECT_FALSE(read_record("{}"));
  EXPECT_FALSE(read_record("{\"schema\": \"sluice.scan-run/v1\", \"extra\": 1}"));
}

TEST(Record, MasksSecretsInArguments) {
  const std::vector<std::string> argv = {"trivy",
                                         "--token",
                                         "s3cret",
                                         "--password=s3cret",
                                         "--server",
                                         "https://u:s3cret@h/x",
                                         "SNYK_TOKEN=s3cret",
                                         "image"};
  for (const std::string& word : masked(argv)) {
    EXPECT_EQ(word.find("s3cret"), std::string::npos) << word;
  }
  EXPECT_EQ(masked(argv).back(), "image");
}

/// A report, the reader, and what must be in the message.
struct Refusal {
  std::string_view format, text, message;
};

TEST(Readers, NameWhatIsWrong) {
  const std::vector<Refusal> rows = {
      {"trivy", " \n", "empty: "},
      {"trivy", "null", "null results: "},
      {"trivy", "{\"SchemaVersion\": 2}", "wrong file: "},
      {"trivy", "{\"SchemaVersion\": \"2\"}", "changed schema: "},
      {"trivy", "[]", "changed schema: "},
      {"gitleaks", "{}", "wrong file: "},
      {"gitleaks", "[{\"RuleID\": \"x\"}]", "wrong file: "},
      {"gitleaks", "null", "null results: "},
      {"sarif", "{\"version\": \"2.1.0\"}", "wrong file: "},
      {"sarif", "{\"version\": \"2.1.0\", \"runs\": [{}]}", "wrong file: "},
      {"sarif", "{\"version\": \"2.1.0\", \"runs\": [", "cut short: "},
  };
  for (const Refusal& row : rows) {
    const auto report = read_report(row.format, row.text);
    ASSERT_FALSE(report) << row.text;
    EXPECT_TRUE(report.error().message.starts_with(row.message)) << report.error().message;
  }
}

}  // namespace
}  // namespace sluice::gate

// SPDX-License-Identifier: Apache-2.0
#include "diag/write.hpp"
#include "support/hostile.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <string>

namespace sluice::diag {
namespace {

/// An error with all its parts, a warning in a template, a note without a file, and hostile text in
/// every member.
Report mixed() {
  using sluice::test::hostile;
  Report report{.tool = "sluice-validate",
                .no_verdict = {"no schema for Foo " + hostile},
                .summary = {"120 objects", "Kubernetes 1.33"},
                .skipped = {"apps/kafka: chart " + hostile},
                .now = "2026-11-20T00:00:00Z"};
  report.findings = {
      {.location = {"envs/prod/web.yaml", 14, 3},
       .code = "schema/unknown-field",
       .message = "field \"replica\" is not in Deployment (apps/v1)",
       .hint = "did you mean \"replicas\"?",
       .object = {"apps/v1", "Deployment", "prod", "web"},
       .path = "/spec/replica"},
      {.location = {"charts/app/templates/deployment.yaml", 0, 0},
       .code = "policy/fail",
       .severity = Severity::warning,
       .message = "label owner is missing",
       .object = {"apps/v1", "Deployment", "", "iris"},
       .path = "/metadata/labels",
       .unit = "apps/iris",
       .env = "prod",
       .rendered = {"out/stream.yaml", 7, 1}},
      {.code = "cost/not-counted", .severity = Severity::note, .message = "no base"},
      {.location = {hostile + ".yaml", 1, 1},
       .code = "x/" + hostile,
       .message = hostile,
       .hint = hostile,
       .object = {hostile, hostile, hostile, hostile},
       .path = hostile,
       .unit = hostile,
       .env = hostile,
       .rendered = {hostile, 2, 2}},
  };
  normalise(report);
  return report;
}

std::string read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string must_write(const Report& report, std::string_view format) {
  const auto text = write(report, format, FailOn::error, Color::off);
  EXPECT_TRUE(text) << text.error().message;
  return text ? *text : "";
}

class Format : public testing::TestWithParam<std::string_view> {};

/// tests/diag/expected/FORMAT; SLUICE_UPDATE=1 rewrites them.
TEST_P(Format, Golden) {
  const std::string path =
      std::string(SLUICE_SOURCE_DIR "/tests/diag/expected/") + std::string(GetParam());
  const std::string text = must_write(mixed(), GetParam());
  if (std::getenv("SLUICE_UPDATE") != nullptr) {
    std::ofstream(path, std::ios::binary) << text;
  }
  EXPECT_EQ(text, read(path));
}

TEST_P(Format, IsPrintableLinesOfUtf8) {
  const std::string text = must_write(mixed(), GetParam());
  EXPECT_TRUE(text.ends_with('\n'));
  for (const char c : text) {
    ASSERT_TRUE(c == '\n' || (c == '\t' && GetParam() == "ledger") ||
                static_cast<unsigned char>(c) >= 0x20)
        << static_cast<int>(c);
    ASSERT_NE(c, '\x7f');
  }
  EXPECT_EQ(text.find("\xe2\x80\xae"), std::string::npos) << "a right-to-left override";
  // nlohmann refuses to dump what is not UTF-8.
  EXPECT_NO_THROW(static_cast<void>(nlohmann::json(text).dump()));
}

TEST_P(Format, AnEmptyReportIsAPass) {
  EXPECT_FALSE(
      must_write({.tool = "sluice-validate", .summary = {"3 objects"}}, GetParam()).empty());
}

INSTANTIATE_TEST_SUITE_P(Diag, Format, testing::ValuesIn(formats()), [](const auto& row) {
  return std::string(row.param);
});

std::vector<std::string> lines_of(std::string_view format) {
  std::vector<std::string> lines;
  std::istringstream in(must_write(mixed(), format));
  for (std::string line; std::getline(in, line);) {
    lines.push_back(line);
  }
  return lines;
}

std::size_t count_of(const std::string& text, std::string_view part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++n;
  }
  return n;
}

TEST(Text, NoLineIsHowAFindingWouldHaveIt) {
  for (const std::string& line : lines_of("text")) {
    EXPECT_FALSE(line.starts_with("::")) << line;
    EXPECT_FALSE(line.starts_with("##")) << line;
  }
}

TEST(Text, ColoursOnlyWhenAsked) {
  const Report report{.tool = "t", .findings = {{.code = "a/b", .message = "m"}}};
  EXPECT_EQ(to_text(report, Color::off), "t: error: m [a/b]\n1 error\n");
  EXPECT_EQ(to_text(report, Color::on),
            "\x1b[1mt:\x1b[0m \x1b[1;31merror:\x1b[0m m [a/b]\n1 error\n");
}

TEST(Github, EveryLineIsACommandOfOurs) {
  for (const std::string& line : lines_of("github")) {
    EXPECT_TRUE(line.starts_with("::error ") || line.starts_with("::warning ") ||
                line.starts_with("::notice "))
        << line;
  }
  EXPECT_EQ(lines_of("github").size(), 7U);  // 4 findings, 1 skipped, 1 reason, the summary
}

TEST(Github, PropertiesEscapeWhatWouldEndThem) {
  const Report report{
      .tool = "t", .findings = {{.location = {"a,line=9::x%0A.yaml", 1, 0}, .message = "m%0A::n"}}};
  EXPECT_EQ(to_github(report),
            "::error file=a%2Cline=9%3A%3Ax%250A.yaml,line=1,title=::m%250A::n\n"
            "::notice title=t::1 error\n");
}

TEST(Markdown, EveryRowHasItsCells) {
  for (const std::string& line : lines_of("markdown")) {
    if (line.starts_with('|')) {
      EXPECT_EQ(std::ranges::count(line, '|'), 6) << line;
    }
    for (const std::string_view bad : {"<script", "@team", "`", "](", "-->"}) {
      EXPECT_EQ(line.find(bad), std::string::npos) << line;
    }
  }
}

TEST(Junit, HasNoTagsButItsOwn) {
  const std::string text = must_write(mixed(), "junit");
  EXPECT_EQ(text.find("<script"), std::string::npos);
  EXPECT_EQ(text.find("]]>"), std::string::npos);
  EXPECT_EQ(text.find("\xef\xbf\xbf"), std::string::npos) << "no XML 1.0 character";
  EXPECT_EQ(count_of(text, "<testcase "), 6U);
  EXPECT_EQ(count_of(text, "<failure "), 2U);
  EXPECT_EQ(count_of(text, "<error "), 1U);
}

TEST(Tap, ThePlanFitsTheTests) {
  std::size_t tests = 0;
  std::size_t skips = 0;
  for (const std::string& line : lines_of("tap")) {
    if (line.starts_with("ok ") || line.starts_with("not ok ")) {
      ++tests;
      skips += count_of(line, " # SKIP");
    }
  }
  EXPECT_EQ(lines_of("tap")[1], "1.." + std::to_string(tests));
  EXPECT_EQ(skips, 1U);
}

TEST(Sarif, RulesComeFromTheCatalogue) {
  const auto json = nlohmann::json::parse(must_write(mixed(), "sarif"));
  const auto& run = json["runs"][0];
  const auto& rules = run["tool"]["driver"]["rules"];
  ASSERT_EQ(rules.size(), 4U);
  for (const auto& result : run["results"]) {
    EXPECT_EQ(rules[result["ruleIndex"].get<std::size_t>()]["id"], result["ruleId"]);
    EXPECT_EQ(result["partialFingerprints"]["sluice/v1"].get<std::string>().size(), 16U);
    EXPECT_EQ(result["message"]["text"].get<std::string>().find("]("), std::string::npos);
  }
  EXPECT_FALSE(run["invocations"][0]["executionSuccessful"]);
}

TEST(Gitlab, FingerprintsAreUnique) {
  Report report = mixed();
  report.findings.push_back(report.findings.back());
  report.findings.back().location.line += 1;
  const auto json = nlohmann::json::parse(must_write(report, "gitlab"));
  std::set<std::string> prints;
  for (const auto& entry : json) {
    EXPECT_TRUE(prints.insert(entry["fingerprint"]).second);
    EXPECT_GE(entry["location"]["lines"]["begin"], 1);
  }
  EXPECT_EQ(prints.size(), 7U);
}

TEST(Write, AToolsOwnTextWins) {
  const Report report{.own_formats = {{"markdown", "mine"}, {"html", "also mine"}}};
  EXPECT_EQ(must_write(report, "markdown"), "mine");
  EXPECT_EQ(must_write(report, "html"), "also mine");
}

TEST(Write, UnknownFormatsAreNamed) {
  const auto text = write({}, "yml", FailOn::error, Color::off);
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().kind, Error::Kind::usage);
  EXPECT_EQ(text.error().message,
            "no format \"yml\"; there are text, json, sarif, junit, github, gitlab, markdown, tap, "
            "ledger");
}

}  // namespace
}  // namespace sluice::diag

// SPDX-License-Identifier: Apache-2.0
#include "diag/write.hpp"
#include "support/hostile.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>

namespace sluice::diag {
namespace {

using nlohmann::json;

Report example() {
  Report report{.tool = "sluice-policy-test",
                .no_verdict = {"a reason"},
                .summary = {"2 objects"},
                .skipped = {"apps/kafka: no chart"},
                .now = "2026-11-20"};
  report.findings = {{.location = {"a.yaml", 1, 2},
                      .code = "policy/fail",
                      .severity = Severity::warning,
                      .message = "a message\nof two lines",
                      .hint = "a hint",
                      .object = {"apps/v1", "Deployment", "prod", "web"},
                      .path = "/spec",
                      .unit = "apps/iris",
                      .env = "prod",
                      .rendered = {"stream", 3, 4}},
                     {.code = "yaml/syntax", .message = "m"}};
  normalise(report);
  return report;
}

TEST(ReadJson, ReadsBackWhatWasWritten) {
  const auto read = read_recorded(to_json(example(), FailOn::error));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->exit, 2);
  const Report expected = example();
  EXPECT_EQ(read->report.tool, expected.tool);
  EXPECT_EQ(read->report.findings, expected.findings);
  EXPECT_EQ(read->report.no_verdict, expected.no_verdict);
  EXPECT_EQ(read->report.summary, expected.summary);
  EXPECT_EQ(read->report.skipped, expected.skipped);
  EXPECT_EQ(read->report.now, expected.now);
}

TEST(ReadJson, ReadsWhatWasNotUtf8) {
  Report report = example();
  report.findings[0].message = sluice::test::hostile;
  const auto read = read_json(to_json(report, FailOn::error));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_NE(read->findings[0].message.find("\xef\xbf\xbd"), std::string::npos);
}

TEST(ReadJson, RejectsWhatIsNoReport) {
  const json good = json::parse(to_json(example(), FailOn::error));
  const auto with = [&good](const char* pointer, const json& value) {
    json changed = good;
    changed[json::json_pointer(pointer)] = value;
    return changed.dump();
  };
  const auto without = [&good](const char* member) {
    json changed = good;
    changed.erase(member);
    return changed.dump();
  };
  const std::string texts[] = {
      "",
      "{",
      "[]",
      "null",
      good.dump() + "{}",
      std::string(100'000, '['),
      with("/extra", 1),
      with("/findings/0/extra", 1),
      with("/findings/0/location/extra", 1),
      with("/findings/0/severity", "fatal"),
      with("/findings/0/message", 1),
      with("/findings/1/location/line", -1),
      with("/findings/1/location/line", 4'294'967'296),
      with("/findings/1/location/line", 1.5),
      with("/findings", json::object()),
      with("/exit", 0),  // there are reasons for no verdict
      with("/exit", "2"),
      with("/no_verdict", json::array()),  // then exit cannot be 2
      with("/skipped/0", nullptr),
      without("findings"),
      without("exit"),
      without("tool"),
      without("no_verdict"),
  };
  for (const std::string& text : texts) {
    SCOPED_TRACE(text.substr(0, 200));
    const auto read = read_json(text);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().kind, Error::Kind::parse);
  }
}

TEST(ReadJson, RejectsAMemberThatIsThereTwice) {
  std::string text = to_json(example(), FailOn::error);
  text.insert(1, "\"no_verdict\": [],");
  const auto read = read_json(text);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().message, "not a report: member \"no_verdict\" is there twice");
}

}  // namespace
}  // namespace sluice::diag

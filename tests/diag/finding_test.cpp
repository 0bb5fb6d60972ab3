// SPDX-License-Identifier: Apache-2.0
#include "diag/finding.hpp"

#include "diag/write.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace sluice::diag {
namespace {

Finding example() {
  return {.location = {"envs/prod/web.yaml", 14, 3},
          .code = "schema/unknown-field",
          .message = "field \"replica\" is not in Deployment (apps/v1)",
          .object = {"apps/v1", "Deployment", "prod", "web"},
          .path = "/spec/replica"};
}

TEST(ObjectRef, ReadsAsPeopleSayIt) {
  struct Row {
    ObjectRef object;
    std::string text;
  };
  const Row rows[] = {{{"apps/v1", "Deployment", "prod", "web"}, "Deployment prod/web"},
                      {{"v1", "Namespace", "", "web"}, "Namespace web"},
                      {{"v1", "Secret", "prod", ""}, "Secret prod/"},
                      {{"v1", "List", "", ""}, "List"},
                      {{"", "", "prod", "web"}, ""}};
  for (const auto& [object, text] : rows) {
    EXPECT_EQ(to_string(object), text);
  }
}

TEST(Fingerprint, IgnoresLines) {
  Finding moved = example();
  moved.location.line = 99;
  moved.location.column = 1;
  moved.rendered = {"stream", 3, 1};
  moved.hint = "another hint";
  EXPECT_EQ(fingerprint(moved), fingerprint(example()));
  EXPECT_EQ(fingerprint(example()).size(), 16U);
  // Stored baselines depend on it: this value must never change.
  EXPECT_EQ(fingerprint(example()), "ef1d1bf31f3cc10c");
}

TEST(Fingerprint, DependsOnAllElse) {
  std::set<std::string> prints = {fingerprint(example())};
  const auto with = [&prints](auto change) {
    Finding finding = example();
    change(finding);
    EXPECT_TRUE(prints.insert(fingerprint(finding)).second);
  };
  with([](Finding& f) { f.location.file = "x"; });
  with([](Finding& f) { f.code = "x/y"; });
  with([](Finding& f) { f.message = "x"; });
  with([](Finding& f) { f.object.api_version = "v1"; });
  with([](Finding& f) { f.object.kind = "x"; });
  with([](Finding& f) { f.object.name_space = "x"; });
  with([](Finding& f) { f.object.name = "x"; });
  with([](Finding& f) { f.path = "/x"; });
  with([](Finding& f) { f.unit = "x"; });
  with([](Finding& f) { f.env = "x"; });
  // The same bytes at another border between two parts.
  with([](Finding& f) {
    f.object.name_space = "pro";
    f.object.name = "dweb";
  });
}

TEST(Normalise, SortsAndRemovesDoubles) {
  Finding later = example();
  later.location.line = 15;
  Finding earlier = example();
  earlier.location.line = 2;
  Report report{.findings = {later, earlier, later}, .no_verdict = {"b", "a", "b"}};
  report.ledger = {{.object = "b"}, {.object = "a"}, {.object = "b"}};
  normalise(report);
  EXPECT_EQ(report.findings, (std::vector{earlier, later}));
  EXPECT_EQ(report.no_verdict, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(report.ledger.size(), 2U);
}

TEST(ExitCode, Table) {
  struct Row {
    std::vector<Severity> severities;
    bool verdict;
    FailOn fail_on;
    int code;
  };
  using enum Severity;
  const Row rows[] = {
      {{}, true, FailOn::error, 0},
      {{note}, true, FailOn::warning, 0},
      {{warning}, true, FailOn::error, 0},
      {{warning}, true, FailOn::warning, 1},
      {{note, error}, true, FailOn::error, 1},
      {{error}, true, FailOn::warning, 1},
      {{error}, true, FailOn::never, 0},
      {{error}, false, FailOn::error, 2},
      {{}, false, FailOn::never, 2},
  };
  for (const auto& [severities, verdict, fail_on, code] : rows) {
    Report report;
    for (const Severity severity : severities) {
      report.findings.push_back({.code = "a/b", .severity = severity});
    }
    if (!verdict) {
      report.no_verdict = {"helm is missing"};
    }
    EXPECT_EQ(exit_code(report, fail_on), code);
  }
}

}  // namespace
}  // namespace sluice::diag

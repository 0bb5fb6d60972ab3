// SPDX-License-Identifier: Apache-2.0
#include "promote/rules.hpp"

#include "promote/freeze.hpp"
#include "promote/hold.hpp"
#include "promote/unified_diff.hpp"

#include <gtest/gtest.h>

namespace sluice::promote {
namespace {

time::Seconds at(const char* text) {
  return *time::parse(text);
}

constexpr std::int64_t friday_16 = 4 * 1440 + 16 * 60;
constexpr std::int64_t monday_8 = 8 * 60;

TEST(Freeze, GoesOverTheEndOfTheWeek) {
  const std::vector<config::Freeze> windows = {
      {.weekly = true, .from = friday_16, .to = monday_8, .reason = "weekend"}};
  struct Row {
    const char* now;
    bool open;
  };
  // 2026-11-20 is a Friday.
  for (const auto& [now, open] :
       {Row{"2026-11-20T15:59:59Z", false}, Row{"2026-11-20T16:00:00Z", true},
        Row{"2026-11-22T12:00:00Z", true}, Row{"2026-11-23T07:59:59Z", true},
        Row{"2026-11-23T08:00:00Z", false}, Row{"2026-11-25T12:00:00Z", false},
        Row{"2026-11-20T17:00:00+02:00", false}}) {  // 15:00 UTC
    SCOPED_TRACE(now);
    EXPECT_EQ(open_freeze(windows, at(now)) != nullptr, open);
  }
  EXPECT_EQ(end_of(windows[0], at("2026-11-21T00:00:00Z")), "2026-11-23T08:00:00Z");
}

TEST(Freeze, OfDaysEndsBeforeItsLastSecond) {
  const std::int64_t begin = at("2026-12-20").time_since_epoch().count();
  const std::vector<config::Freeze> windows = {{.from = begin, .to = begin + 86'400}};
  EXPECT_EQ(open_freeze(windows, at("2026-12-19T23:59:59Z")), nullptr);
  EXPECT_NE(open_freeze(windows, at("2026-12-20T00:00:00Z")), nullptr);
  EXPECT_NE(open_freeze(windows, at("2026-12-20T23:59:59Z")), nullptr);
  EXPECT_EQ(open_freeze(windows, at("2026-12-21T00:00:00Z")), nullptr);
}

TEST(Hold, LinesCoverNames) {
  const std::string file = "# why\nghcr.io/acme/iris: incident 7\nlocalhost:5000/x: ports\nnginx\n";
  EXPECT_EQ(find_hold(file, "ghcr.io/acme/iris")->reason, "incident 7");
  EXPECT_EQ(find_hold(file, "localhost:5000/x")->reason, "ports");
  EXPECT_EQ(find_hold(file, "docker.io/library/nginx")->line, 4U);
  EXPECT_FALSE(find_hold(file, "ghcr.io/acme/iris-web"));
  EXPECT_TRUE(find_hold("", "anything")) << "an empty file holds all";
  EXPECT_FALSE(find_hold("# nothing is held\n", "anything"));
  EXPECT_EQ(find_hold("*: all of it\n", "x")->reason, "all of it");
}

TEST(Hold, IsPutAndTakenAway) {
  const std::string first = with_hold("", "a/b", "one");
  EXPECT_TRUE(find_hold(first, "a/b"));
  const std::string second = with_hold(first, "a/b", "two\nlines");
  EXPECT_EQ(find_hold(second, "a/b")->reason, "two\\x0alines");
  EXPECT_EQ(read_holds(second).size(), 1U) << "the line is replaced";
  const auto gone = without_hold(second, "a/b");
  ASSERT_TRUE(gone);
  EXPECT_FALSE(find_hold(*gone, "a/b"));
  EXPECT_FALSE(without_hold(second, "a/c"));
  EXPECT_EQ(without_hold("a/b: x\n", "a/b"), "# nothing is held\n");
}

TEST(SameVersion, ComparesWhatBothSay) {
  const std::string d1 = "@sha256:" + std::string(64, '1');
  const std::string d2 = "@sha256:" + std::string(64, '2');
  EXPECT_TRUE(same_version("nginx:1", "docker.io/library/nginx:1"));
  EXPECT_TRUE(same_version("x/a:1", "x/a:1" + d1));
  EXPECT_TRUE(same_version("x/a" + d1, "x/a:1" + d1));
  EXPECT_FALSE(same_version("x/a:1" + d2, "x/a:1" + d1));
  EXPECT_FALSE(same_version("x/a:2" + d1, "x/a:1" + d1));
  EXPECT_FALSE(same_version("x/a:1", "x/a" + d1)) << "nothing in common";
  EXPECT_FALSE(same_version("x/a:1", "x/b:1"));
  EXPECT_TRUE(same_version("s3://m/v1", "s3://m/v1"));
  EXPECT_FALSE(same_version("s3://m/v1", "s3://m/v2"));
}

TEST(Downgrade, NeedsTwoVersions) {
  struct Row {
    const char* before;
    const char* after;
    bool refused;
  };
  for (const auto& [before, after, refused] :
       {Row{"x/a:1.4.2", "x/a:1.4.1", true}, Row{"x/a:1.4.2", "x/a:1.4.10", false},
        Row{"x/a:v1.4.2", "x/a:1.4.2-rc.1", true}, Row{"x/a:9f3c2d1", "x/a:1111111", false},
        Row{"x/a:20261120", "x/a:20261119", false}, Row{"x/a:1.4.2", "x/a:main-7", false}}) {
    SCOPED_TRACE(std::string(before) + ' ' + after);
    const Item item{.name = "x/a", .before = before, .after = after};
    const Target target{.item = &item, .environment = "prd"};
    EXPECT_EQ(!check_downgrade(target, Downgrade::refuse).empty(), refused);
    EXPECT_TRUE(check_downgrade(target, Downgrade::allow).empty());
  }
}

TEST(Evidence, IsForExactlyThisDigest) {
  const std::string digest = "sha256:" + std::string(64, 'a');
  const Item item{.name = "x/a", .before = "x/a:1", .after = "x/a:2@" + digest};
  const Target target{.item = &item, .environment = "dev"};
  const std::vector<std::string> gates = {"scan-gate"};
  const Evidence good{.tool = "sluice-scan-gate",
                      .verdict = "pass",
                      .digest = digest,
                      .created = "2026-11-20T12:00:00Z"};
  const auto judge = [&](Evidence evidence, std::vector<Arrival> arrivals = {}) {
    std::vector<std::string> used;
    const std::vector<Evidence> files = {std::move(evidence)};
    const auto findings =
        check_evidence(target, gates, files, arrivals, at("2026-11-20T13:00:00Z"), used);
    EXPECT_EQ(used.size(), findings.empty() ? 1U : 0U);
    return findings.empty();
  };
  EXPECT_TRUE(judge(good));
  Evidence other = good;
  other.digest = "sha256:" + std::string(64, 'b');
  EXPECT_FALSE(judge(other));
  EXPECT_TRUE(judge(other, {{.environment = "stg", .verdicts = {verdict_line(good)}}}));
  EXPECT_FALSE(judge(other, {{.environment = "stg", .verdicts = {verdict_line(other)}}}));
  Evidence failed = good;
  failed.verdict = "fail";
  EXPECT_FALSE(judge(failed));
  Evidence later = good;
  later.created = "2026-11-20T14:00:00Z";
  EXPECT_FALSE(judge(later));
  Evidence gate = good;
  gate.tool = "sluice-model-gate";
  EXPECT_FALSE(judge(gate));
  Evidence model = good;
  model.subject = EvidenceOf::model;
  EXPECT_FALSE(judge(model));
}

TEST(UnifiedDiff, IsWhatGitApplies) {
  EXPECT_EQ(unified_diff("a", "x\n", "x\n"), "");
  EXPECT_EQ(
      unified_diff("d/f", "1\n2\n3\n4\n5\n6\n", "1\n2\n3\n4\nfive\n6\n"),
      "diff --git a/d/f b/d/f\n--- a/d/f\n+++ b/d/f\n@@ -2,5 +2,5 @@\n 2\n 3\n 4\n-5\n+five\n "
      "6\n");
  EXPECT_EQ(unified_diff("f", "a", "b"),
            "diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of "
            "file\n+b\n\\ No newline at end of file\n");
  EXPECT_EQ(unified_diff("f", "", "a\n"),
            "diff --git a/f b/f\nnew file mode 100644\n--- /dev/null\n+++ b/f\n@@ -0,0 +1,1 "
            "@@\n+a\n");
  const std::string before = "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n";
  std::string after = before;
  after[0] = 'A';
  after[18] = 'J';
  const std::string two = unified_diff("f", before, after);
  EXPECT_NE(two.find("@@ -1,4 +1,4 @@"), std::string::npos) << two;
  EXPECT_NE(two.find("@@ -7,4 +7,4 @@"), std::string::npos) << two;
}

}  // namespace
}  // namespace sluice::promote

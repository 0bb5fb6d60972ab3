// SPDX-License-Identifier: Apache-2.0
#include "cost-proxy/comment.hpp"

#include "cost-proxy/escape.hpp"
#include "cost-proxy/metrics.hpp"
#include "cost-proxy/page.hpp"
#include "cost-proxy/read_report.hpp"
#include "cost-proxy/tables.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace sluice::cost_proxy {
namespace {

/// A workload of `team` that asks for `cpu` more than before.
void add(cost::Report& report, const std::string& team, const std::string& name, const char* cpu) {
  const auto amount = *k8s::parse_quantity(cpu);
  cost::Totals totals;
  totals.steady_min.set("cpu", amount);
  totals.steady_max.set("cpu", amount);
  totals.rollout_peak.set("cpu", amount);
  cost::Side side{.totals = totals};
  side.parts.push_back({.per_pod = {{.resource = "cpu", .quantity = amount, .from = {}}},
                        .pods_from = {.what = "manifest"}});
  report.rows.push_back(
      {.key = {.env = "prod", .name_space = team, .kind = "Deployment", .name = name},
       .owners = {.team = team},
       .change = cost::Change::added,
       .head = side});
  report.groups.push_back(
      {.env = "prod", .name_space = team, .owners = {.team = team}, .head = totals});
  report.head = totals;
  ++report.added;
}

cost::Report report_of(const std::string& team, const std::string& name) {
  cost::Report report{.has_base = true};
  add(report, team, name, "2");
  return report;
}

const std::vector<std::string> hostile = {
    "@team",
    "#1",
    "acme/platform!12",
    "GH-7",
    "%\"milestone\"",
    "~label",
    "$12",
    "&3",
    "*iteration:1",
    "</code></details><img src=x onerror=alert(1)>",
    "a|b|c",
    "`x` **b** [l](http://evil.example) ![i](http://evil.example)",
    "line\nbreak\r\n## heading",
    "<!-- sluice:cost-proxy key=default v=1 -->",
    "www.evil.example",
    "mail@evil.example",
    "\xe2\x80\xae reversed \xff",
    "--> <script>alert(1)</script>",
};

/// What is left of a comment when the code spans are taken out: only there forges look for
/// mentions.
std::string outside_of_code(std::string text) {
  for (auto open = text.find("<code>"); open != std::string::npos; open = text.find("<code>")) {
    const auto close = text.find("</code>", open);
    EXPECT_NE(close, std::string::npos);
    EXPECT_LT(close, text.find("<code>", open + 1));
    text.erase(open, close + 7 - open);
  }
  return text;
}

TEST(Comment, IsSafeAgainstHostileNames) {
  for (const auto& name : hostile) {
    SCOPED_TRACE(name);
    cost::Report report = report_of(name, name);
    report.rows[0].because = {{.what = name}};
    report.rows[0].head->notes = {name};
    report.not_counted.push_back({.key = {.kind = name, .name = name}, .reason = name});
    report.findings.push_back(
        {.code = "cost/flag", .message = name, .object = {.kind = name, .name = name}});
    const std::string text = comment(report);
    const std::string plain = outside_of_code(text);
    for (const char* bad : {"@", "<img", "<script", "<!--", "http", "www.", "!12", "~", "GH-7",
                            "## heading", "](", "&#64;", "&#35;", "&#126;", "&#36;", "\xff"}) {
      EXPECT_EQ(plain.find(bad), std::string::npos) << bad << " in " << text;
    }
    EXPECT_EQ(std::ranges::count(plain, '`'), 0);
    const auto row = text.substr(text.find("| <code>Deployment"));
    EXPECT_EQ(std::ranges::count(row.substr(0, row.find('\n')), '|'), 7) << "cells of the row";
  }
}

TEST(Page, IsSafeAgainstHostileNames) {
  for (const auto& name : hostile) {
    SCOPED_TRACE(name);
    const std::string html = page(report_of(name, name));
    for (const char* bad : {"<img", "<script", "<!-- sl", "\xff"}) {
      EXPECT_EQ(html.find(bad), std::string::npos) << bad;
    }
    for (const char* outside : {"src=\"", "href=", "url(", "@import"}) {
      EXPECT_EQ(html.find(outside), std::string::npos) << "loads something: " << outside;
    }
  }
}

TEST(Comment, EndsAtARowBelowTheLimit) {
  cost::Report report{.has_base = true};
  for (int i = 0; i < 3000; ++i) {
    add(report, "team-" + std::to_string(i % 400), "w" + std::to_string(i), "1");
  }
  for (const std::size_t limit : {github_comment, std::size_t{20'000}, std::size_t{3'000}}) {
    SCOPED_TRACE(limit);
    const std::string text = comment(report, limit);
    EXPECT_LE(text.size(), limit);
    EXPECT_NE(text.find("left out here"), std::string::npos);
    std::size_t opened = 0;
    std::size_t closed = 0;
    for (auto at = text.find("<details>"); at != std::string::npos;
         at = text.find("<details>", at + 1)) {
      ++opened;
    }
    for (auto at = text.find("</details>"); at != std::string::npos;
         at = text.find("</details>", at + 1)) {
      ++closed;
    }
    EXPECT_EQ(opened, closed);
  }
  EXPECT_GT(comment(report, gitlab_comment).size(), github_comment);
}

TEST(Comment, FlagsLeaveRoomForTables) {
  cost::Report report = report_of("ml", "web");
  for (int i = 0; i < 500; ++i) {
    report.findings.push_back({.code = "cost/flag",
                               .message = "m",
                               .object = {.kind = "Pod", .name = "p" + std::to_string(i)}});
  }
  report.findings.push_back(report.findings.back());
  report.findings.back().message = "again";
  const std::string text = comment(report);
  EXPECT_NE(text.find("- and 471 more: see the JSON report"), std::string::npos);
  EXPECT_NE(text.find("### By environment and team"), std::string::npos);
  report.findings.erase(report.findings.begin(), report.findings.end() - 2);
  EXPECT_NE(comment(report).find("- **error** <code>Pod p499</code>: m; again <sub>"),
            std::string::npos);
}

TEST(ReadReport, GivesBackWhatWasWritten) {
  cost::Report report = report_of("ml", "web");
  report.prices = {.file = "prices.json", .currency = "EUR"};
  report.head.costs.steady_max = *cost::parse_money("0.25");
  report.quotas.push_back({.name_space = "ml",
                           .quota = "q",
                           .resource = "requests.cpu",
                           .hard = *k8s::parse_quantity("1"),
                           .head = {.steady_max = *k8s::parse_quantity("2")}});
  report.findings.push_back({.code = "cost/gpu",
                             .message = "m",
                             .object = {.kind = "Deployment", .name_space = "ml", .name = "web"}});
  const auto read = read_report(to_json(report));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(to_json(*read), to_json(report));
  EXPECT_EQ(comment(*read), comment(report));
  EXPECT_EQ(page(*read), page(report));
}

TEST(ReadReport, RefusesWhatIsNone) {
  const auto whole = nlohmann::json::parse(to_json(report_of("ml", "web")));
  struct Row {
    const char* place;
    nlohmann::json value;
    const char* said;
  };
  const std::vector<Row> rows = {
      {"/schema", "sluice.cost/9", "its schema"},
      {"/hasBase", 1, "/hasBase is not true or false"},
      {"/workloads", "none", "/workloads is not a list"},
      {"/workloads/0/head/parts/0/pods/max", -1, "max is not a whole number"},
      {"/workloads/0/head/parts/0/pods/role", "king", "role is not a word"},
      {"/workloads/0/name", 7, "/workloads/0/name is not a text"},
      {"/totals/head/steadyMax/cpu", "much", "cpu is not a quantity"},
      {"/totals/head/steadyMax/<b>", "1", "is not named as a resource"},
      {"/totals/head/perHour/steadyMax", "1e999", "is not money"},
      {"/groups/0/team", nullptr, "/groups/0/team is not a text"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.place);
    auto json = whole;
    json[nlohmann::json::json_pointer(row.place)] = row.value;
    const auto read = read_report(json.dump());
    ASSERT_FALSE(read);
    EXPECT_NE(read.error().message.find(row.said), std::string::npos) << read.error().message;
  }
  for (const std::string text : {"", "{", "[]", "null", "{}", "\xff"}) {
    EXPECT_FALSE(read_report(text)) << text;
  }
  EXPECT_FALSE(read_report(std::string(100'000, '[')));
}

TEST(Metrics, LabelsSurviveGitLabsReader) {
  const std::string text = metrics(report_of("a b#c\"d\\\n", "web"));
  EXPECT_NE(
      text.find("sluice_cost_steady_max{env=\"prod\",team=\"a_b_c_d__\",resource=\"cpu\"} 2\n"),
      std::string::npos)
      << text;
  EXPECT_TRUE(text.ends_with("# EOF\n"));
}

/// Totals at the steady maximum: money for an hour in trillionths, and what has no price.
cost::Totals priced(const char* cpu, std::int64_t pico, const char* unpriced = nullptr) {
  cost::Totals totals;
  totals.steady_max.set("cpu", *k8s::parse_quantity(cpu));
  totals.costs.steady_max = cost::Money(pico);
  if (unpriced != nullptr) {
    totals.steady_max.set(unpriced, *k8s::parse_quantity("1"));
    totals.unpriced = {unpriced};
  }
  return totals;
}

TEST(Money, WhatHasNoPriceIsNamedAndNeverZero) {
  constexpr std::int64_t one = 1'000'000'000'000;
  const char* const device = "example.com/fpga";
  const struct {
    const char* what;
    cost::Totals before, after;
    const char *was, *now, *change, *missing;
  } rows[] = {
      {"all priced", priced("1", one), priced("2", 2 * one), "730.00", "1,460.00", "+730.00", ""},
      {"less", priced("2", 2 * one), priced("1", one), "1,460.00", "730.00", "-730.00", ""},
      {"the same", priced("1", one), priced("1", one), "730.00", "730.00", "", ""},
      {"nothing before", {}, priced("1", one), "", "730.00", "+730.00", ""},
      {"a device comes", priced("1", one), priced("1", one, device), "730.00", "≥ 730.00", "",
       device},
      {"a device stays", priced("1", one, device), priced("2", 2 * one, device), "≥ 730.00",
       "≥ 1,460.00", "+730.00", ""},
      {"nothing has a price", {}, priced("0", 0, device), "", "unknown", "", device},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    cost::Report report{.has_base = true, .base = row.before, .head = row.after};
    report.prices = {.file = "prices.json", .currency = "EUR"};
    report.changed = 1;
    const auto shown = step(report, *money_column(report), steady_maximum(), row.before, row.after);
    EXPECT_EQ(shown.before, row.was);
    EXPECT_EQ(shown.after, row.now);
    EXPECT_EQ(shown.change, row.change);
    EXPECT_EQ(shown.missing, row.missing);
    const bool named = legend(report).find(device) != std::string::npos;
    EXPECT_EQ(named, !row.before.unpriced.empty() || !row.after.unpriced.empty());
    EXPECT_EQ(sentence(report).find("no price is known") != std::string::npos,
              *row.missing != '\0');
  }
}

TEST(Tables, SaySomethingOnlyWhenThereIsSomething) {
  EXPECT_TRUE(says_something(report_of("ml", "web")));
  cost::Report none{.has_base = true};
  none.unchanged = 3;
  EXPECT_FALSE(says_something(none));
  none.findings.push_back({.code = "cost/gpu", .severity = diag::Severity::note});
  EXPECT_FALSE(says_something(none));
  none.findings.push_back({.code = "cost/flag", .severity = diag::Severity::warning});
  EXPECT_TRUE(says_something(none));
  EXPECT_TRUE(says_something(cost::Report{})) << "no base";
}

}  // namespace
}  // namespace sluice::cost_proxy

// SPDX-License-Identifier: Apache-2.0
#include "report/page.hpp"

#include "support/hostile.hpp"
#include "support/program.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace sluice::report {
namespace {

namespace fs = std::filesystem;

diag::Finding finding_in(const std::string& file, std::uint32_t line) {
  return {.location = {.file = file, .line = line, .column = 1},
          .code = "schema/type",
          .severity = diag::Severity::error,
          .message = "wrong"};
}

class Page : public testing::Test {
 protected:
  void write(const std::string& path, const std::string& text) const {
    fs::create_directories((scratch_.path() / path).parent_path());
    std::ofstream(scratch_.path() / path) << text;
  }
  std::string root() const { return (scratch_.path() / "repo").string(); }

  test::Scratch scratch_;
};

std::string page_of(std::vector<diag::Finding> findings, Excerpts& excerpts) {
  Chain chain;
  chain.stages.push_back({.name = "validate",
                          .exit = 1,
                          .report = {.tool = "sluice-validate", .findings = std::move(findings)}});
  return to_page(chain, excerpts);
}

TEST_F(Page, ShowsTheLinesThatAFindingPointsAt) {
  write("repo/web.yaml", "one: 1\ntwo: <b>\nthree: 3\nfour: 4\nfive: 5\n");
  Excerpts excerpts(root(), "");
  const std::string page = page_of({finding_in("web.yaml", 3)}, excerpts);
  EXPECT_NE(page.find("<i>1</i>  one: 1\n<i>2</i>  two: &lt;b&gt;\n<b><i>3</i>  three: 3</b>\n"
                      "<i>4</i>  four: 4\n</pre>"),
            std::string::npos)
      << page;
}

TEST_F(Page, ReadsNothingOutsideAndNoSecret) {
  write("repo/secret.yaml", "password: hunter2\n");
  write("outside.yaml", "password: hunter2\n");
  fs::create_symlink(scratch_.path() / "outside.yaml", fs::path(root()) / "link.yaml");
  diag::Finding secret = finding_in("secret.yaml", 1);
  secret.object.kind = "Secret";
  diag::Finding scanned = finding_in("secret.yaml", 1);
  scanned.code = "scan/secret";
  Excerpts excerpts(root(), root());
  const std::string page =
      page_of({secret, scanned, finding_in("../outside.yaml", 1), finding_in("link.yaml", 1),
               finding_in((scratch_.path() / "outside.yaml").string(), 1),
               finding_in("not-there.yaml", 1), finding_in("secret.yaml", 4'000'000'000)},
              excerpts);
  EXPECT_EQ(page.find("hunter2"), std::string::npos) << page;
}

TEST_F(Page, LetsNoMarkupThrough) {
  const std::string bad = test::hostile + "</pre><script>alert(1)</script>\" onload=\"x";
  diag::Finding finding = finding_in(bad, 1);
  finding.message = finding.hint = finding.unit = finding.env = finding.object.name = bad;
  finding.object.kind = bad;
  Excerpts excerpts("", "");
  Chain chain;
  chain.stages.push_back(
      {.name = bad, .exit = 1, .report = {.tool = "t", .findings = {finding}, .skipped = {bad}}});
  chain.plan_text = bad;
  chain.cost_page = "<p title=\"x\">" + bad;
  const std::string page = to_page(chain, excerpts);
  EXPECT_EQ(page.find("<script"), std::string::npos);
  EXPECT_EQ(page.find("\" onload"), std::string::npos);
  EXPECT_NE(page.find("<iframe sandbox "), std::string::npos);
  EXPECT_NE(page.find("default-src 'none'"), std::string::npos);
}

}  // namespace
}  // namespace sluice::report

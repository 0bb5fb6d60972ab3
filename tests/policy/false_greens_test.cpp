// SPDX-License-Identifier: Apache-2.0
// Ways in which a tool is green over policies that protect nothing, each with the case of
// fixtures/policy-test/ where we are not. `trap` counts the traps that were found by running the
// Kyverno CLI; 0 is one of its own false greens beyond them. With kyverno in PATH each suite runs
// through it too, and must end as the table says: red, where the case shows a trap of the language,
// or green, where the CLI itself is fooled.
#include "io/files.hpp"
#include "proc/runner.hpp"

#include <gtest/gtest.h>

#include <set>

namespace sluice::policy {
namespace {

enum class Cli : std::uint8_t {
  red,
  green,
  other,  ///< no suite: the CLI is not asked
};

struct Row {
  int trap;
  const char* what;
  const char* fixture;
  Cli cli;
};

constexpr Row rows[] = {
    {1, "'<5' and '!x' on a missing field", "fail-trap-01-missing-field", Cli::red},
    {2, "a wildcard against a number", "fail-trap-02-number-against-wildcard", Cli::red},
    {3, "the second element of a list in a pattern", "fail-trap-03-second-list-element", Cli::red},
    {4, "empty lists and null keys", "fail-trap-04-empty-list-and-null", Cli::red},
    {5, "a variable without a value", "fail-trap-05-undefined-variable", Cli::red},
    {6, "foreach over nothing", "fail-trap-06-foreach-over-nothing", Cli::green},
    {7, "autogen rewrites text", "fail-trap-07-autogen-rewrites-text", Cli::red},
    {8, "an old API without autogen", "fail-trap-08-old-api-without-autogen", Cli::green},
    {9, "errors in CEL", "fail-trap-09-cel-is-no-verdict", Cli::other},
    {10, "roles without a user", "fail-trap-10-roles-without-user", Cli::red},
    {11, "*/*/Pod", "fail-trap-11-three-part-kind", Cli::green},
    {12, "YAML 1.1 booleans", "fail-trap-12-yaml-1.1-boolean", Cli::red},
    {13, "the namespace default", "fail-trap-13-default-namespace", Cli::red},
    {14, "anchors X() and ^()", "fail-trap-14-anchors", Cli::red},
    {15, "the direction of wildcards in Equals", "fail-trap-15-direction-of-wildcards", Cli::red},
    {16, "a quantity against text", "fail-trap-16-quantity-against-text", Cli::red},
    {17, "the order of mutate foreach", "fail-trap-17-order-of-mutate-foreach", Cli::red},
    {18, "what is mutated is judged", "fail-trap-18-mutated-is-judged", Cli::red},
    {19, "context without data", "fail-trap-19-context-without-data", Cli::red},
    {20, "a misspelt rule", "fail-trap-20-misspelt-rule", Cli::green},
    {20, "a misspelt kind", "fail-trap-20-misspelt-kind", Cli::green},
    {20, "a rule for another operation", "fail-trap-20-other-operation", Cli::green},
    {20, "an invalid policy", "fail-trap-20-invalid-policy", Cli::green},
    {20, "a misspelt object", "fail-trap-20-misspelt-object", Cli::green},
    {20, "another kind of object", "fail-trap-20-other-kind", Cli::green},
    {0, "values that nothing uses", "fail-suite-values-unused", Cli::green},
    {0, "an object that stands twice", "fail-suite-object-twice", Cli::green},
    {0, "a variable that Kyverno does not know", "fail-suite-unknown-variable", Cli::green},
    {0, "the user in background mode", "fail-suite-user-in-background", Cli::green},
    {0, "an operation that does not exist", "fail-suite-unknown-operation", Cli::green},
    {0, "a boolean for a message", "fail-suite-boolean-message", Cli::red},
    {0, "an unknown field", "fail-suite-unknown-field", Cli::red},
    {0, "no test at all", "fail-suites-empty", Cli::other},
    {0, "no policy at the path", "fail-missing-policy-path", Cli::other},
    {0, "an unknown field, in a run", "fail-policy-unknown-field", Cli::other},
    {0, "an invalid policy, in a run", "fail-invalid-policy", Cli::other},
    {0, "a misspelt kind, in a run", "fail-misspelt-kind", Cli::other},
    {0, "values that nothing uses, in a run", "fail-values-unused", Cli::other},
    {0, "a policy that applied to nothing", "fail-never-matched-counts", Cli::other},
    {0, "an object once for each environment", "fail-object-in-two-environments", Cli::other},
};

const std::string fixtures = std::string(SLUICE_SOURCE_DIR) + "/fixtures/policy-test/";

TEST(FalseGreens, EachHasAFailingCase) {
  std::set<int> traps;
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    traps.insert(row.trap);
    const auto exit = io::read_file(fixtures + row.fixture + "/exit");
    ASSERT_TRUE(exit) << row.fixture;
    EXPECT_NE(*exit, "0\n");
    EXPECT_TRUE(io::exists(fixtures + row.fixture + "/args"));
  }
  for (int trap = 1; trap <= 20; ++trap) {
    EXPECT_TRUE(traps.contains(trap)) << trap;
  }
}

TEST(FalseGreens, TheKyvernoCli) {
  const std::string kyverno = proc::find_in_path("kyverno");
  if (kyverno.empty()) {
    GTEST_SKIP() << "kyverno is not in PATH";
  }
  for (const auto& row : rows) {
    SCOPED_TRACE(row.fixture);
    if (row.cli == Cli::other) {
      continue;
    }
    const auto ran = proc::make_runner()->run(
        {.argv = {kyverno, "test", fixtures + row.fixture + "/input", "--remove-color"},
         .env = {{"HOME", "/nonexistent"}, {"PATH", "/usr/bin:/bin"}}});
    ASSERT_TRUE(ran) << ran.error().message;
    EXPECT_EQ(ran->code, row.cli == Cli::green ? 0 : 1) << ran->out << ran->err;
  }
}

}  // namespace
}  // namespace sluice::policy

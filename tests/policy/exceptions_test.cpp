// SPDX-License-Identifier: Apache-2.0
// What `kyverno apply --exception` of version 1.19 says.
#include "support/kyverno_rows.hpp"

#include <gtest/gtest.h>

namespace sluice::policy {
namespace {

struct Row {
  std::string_view match, covered, rest;  ///< of the exception
  RuleStatus status = RuleStatus::skip;
};

constexpr std::string_view own = R"([{"policyName":"p","ruleNames":["r"]}])";
constexpr std::string_view pods = R"({"any":[{"resources":{"kinds":["Pod"]}}]})";

constexpr Row rows[] = {
    {pods, own, ""},
    {pods, R"([{"policyName":"p","ruleNames":["*"]}])", ""},
    {pods, R"([{"policyName":"p","ruleNames":["autogen-r"]}])", "", RuleStatus::fail},
    {pods, R"([{"policyName":"ns/p","ruleNames":["r"]}])", "", RuleStatus::fail},
    {pods, R"([{"policyName":"q","ruleNames":["r"]},{"policyName":"p","ruleNames":["?"]}])", ""},
    {R"({"any":[{"resources":{"kinds":["Pod"],"names":["b*"]}}]})", own, "", RuleStatus::fail},
    {R"({"any":[{"resources":{"kinds":["Pod"],"names":["b*","a"]}}]})", own, ""},
    {R"({"all":[{"resources":{"kinds":["Pod"]}},{"resources":{"namespaces":["x"]}}]})", own, "",
     RuleStatus::fail},
    // Operations are not asked, users that nobody has named do not fit.
    {R"({"any":[{"resources":{"kinds":["Pod"],"operations":["DELETE"]}}]})", own, ""},
    {R"({"any":[{"resources":{"kinds":["Pod"]},"clusterRoles":["admin"]}]})", own, "",
     RuleStatus::fail},
    {pods, own,
     R"(,"conditions":{"all":[{"key":"{{ request.object.metadata.name }}","operator":"Equals","value":"a"}]})"},
    {pods, own,
     R"(,"conditions":{"any":[{"key":"{{ request.object.metadata.name }}","operator":"Equals","value":"b"}]})",
     RuleStatus::fail},
    {pods, own,
     R"(,"conditions":{"all":[{"key":"{{ request.object.nope }}","operator":"Equals","value":"b"}]})",
     RuleStatus::fail},
    // Controls are for rules with podSecurity; any other rule is skipped as a whole.
    {pods, own, R"(,"podSecurity":[{"controlName":"AppArmor"}])"},
};

TEST(PolicyException, AsTheCli) {
  const std::string policy =
      policy_with(R"("validate":{"message":"m","pattern":{"spec":{"hostNetwork":false}}})");
  const std::string pod =
      R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"spec":{"hostNetwork":true}})";
  for (const auto& row : rows) {
    const std::string exception =
        R"({"apiVersion":"kyverno.io/v2","kind":"PolicyException","metadata":{"name":"e"},"spec":{)"
        R"("match":)" +
        std::string(row.match) + R"(,"exceptions":)" + std::string(row.covered) +
        std::string(row.rest) + "}}";
    SCOPED_TRACE(exception);
    const auto results = judged(policy, pod, exception);
    ASSERT_EQ(results.size(), 1U);
    EXPECT_EQ(results[0].status, row.status) << results[0].message;
  }
}

TEST(PolicyException, OfControls) {
  const std::string policy = policy_with(R"("validate":{"podSecurity":{"level":"baseline"}})");
  const std::string pod = R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"spec":{)"
                          R"("hostNetwork":true,"containers":[]}})";
  const auto excepting = [](const std::string& controls) {
    return R"({"apiVersion":"kyverno.io/v2","kind":"PolicyException","metadata":{"name":"e"},)"
           R"("spec":{"match":{"any":[{"resources":{"kinds":["Pod"]}}]},"exceptions":)"
           R"([{"policyName":"p","ruleNames":["r"]}],"podSecurity":[)" +
           controls + "]}}";
  };
  EXPECT_EQ(judged(policy, pod, excepting(R"({"controlName":"Host Namespaces"})"))[0].status,
            RuleStatus::skip);
  EXPECT_EQ(judged(policy, pod, excepting(R"({"controlName":"Sysctls"})"))[0].status,
            RuleStatus::fail);
}

}  // namespace
}  // namespace sluice::policy

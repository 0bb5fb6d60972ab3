// SPDX-License-Identifier: Apache-2.0
#include "support/kyverno_rows.hpp"

#include "policy/files.hpp"

#include <gtest/gtest.h>

namespace sluice::policy {

namespace {

struct Read {
  Manifests owner;
  Value object;
};

Read read(const std::string& text) {
  const auto manifests = parse_manifests(text, "test");
  EXPECT_TRUE(manifests) << text;
  Read made{*manifests, Value()};
  for_each_object(**manifests, [&](const Value& object) { made.object = object; });
  return made;
}

}  // namespace

std::string policy_with(const std::string& body) {
  return R"({"apiVersion":"kyverno.io/v1","kind":"ClusterPolicy","metadata":{"name":"p"},"spec":)"
         R"({"rules":[{"name":"r","match":{"any":[{"resources":{"kinds":["Pod"]}}]},)" +
         body + "}]}}";
}

std::vector<RuleResult> judged(const std::string& policy,
                               const std::string& object,
                               const std::string& exception) {
  const Read rule = read(policy);
  const Read target = read(object);
  const Policy compiled = compile_policy(rule.object, rule.owner);
  EXPECT_TRUE(compiled.problems.empty()) << compiled.problems.front().message;
  PolicyException excepting;
  std::vector<const PolicyException*> exceptions;
  if (!exception.empty()) {
    const Read given = read(exception);
    excepting = compile_exception(given.object, given.owner);
    EXPECT_TRUE(excepting.problems.empty()) << excepting.problems.front().message;
    exceptions.push_back(&excepting);
  }
  Evaluator evaluator;
  Request request{.object = normalise(evaluator.arena(), target.object, "", Scope::kyverno_cli),
                  .operation = {}};
  request.undeclared = Failure::Kind::error;
  request.exceptions = exceptions;
  std::vector<RuleResult> results;
  evaluator.judge(compiled, request, results);
  return results;
}

bool is_refused(const std::string& policy) {
  const Read rule = read(policy);
  return compile_policy(rule.object, rule.owner).is_invalid();
}

}  // namespace sluice::policy

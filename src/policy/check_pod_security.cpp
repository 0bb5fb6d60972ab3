// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "policy/check.hpp"

#include <algorithm>

namespace sluice::policy {

namespace {

/// Where a person looks: the first field that breaks a control.
Mismatch mismatch_of(const std::vector<PodViolation>& violations,
                     const PodView& pod,
                     const Object& object) {
  Mismatch why;
  why.at = pod.spec;
  const auto& first = violations.front();
  if (first.fields.empty()) {
    return why;
  }
  const auto& error = first.fields.front();
  why.at = first.lists_fields ? nearest_field(pod, error.field) : pod.spec;
  std::string field = error.field;
  if (object.kind == "CronJob") {
    field = "spec.jobTemplate.spec.template." + field;
  } else if (object.kind != "Pod") {
    field = "spec.template." + field;
  }
  for (const char c : field) {
    const bool separates = c == '.' || c == '[';
    why.pointer += separates ? std::string("/") : c == ']' ? std::string() : std::string(1, c);
  }
  why.pointer.insert(why.pointer.begin(), '/');
  why.reason = first.reason;
  return why;
}

}  // namespace

RuleResult Checker::pod_security(const Check& check,
                                 std::span<const PolicyException* const> exceptions) {
  const PodSecurity& wanted = *check.pod_security;
  // An exception without controls of its own excepts from the rule as a whole.
  for (const auto& exception : exceptions) {
    if (exception->pod_security.empty()) {
      return excepted({&exception, 1}, "rule is skipped due to policy exception ");
    }
  }
  const auto pod = view_pod(request_.object);
  if (!pod) {
    return ended(RuleStatus::error, "Error while getting new resource: " + pod.error().message);
  }
  auto violations = check_pod(wanted, *pod);
  exempt(wanted, wanted.exclusions, *pod, violations);
  if (violations.empty()) {
    return ended(RuleStatus::pass, "");
  }
  for (const PolicyException* exception : exceptions) {
    exempt(wanted, exception->pod_security, *pod, violations);
  }
  if (violations.empty()) {
    return excepted(exceptions, "rule is skipped due to policy exceptions ");
  }
  RuleResult result = ended(
      RuleStatus::fail, "Validation rule '" + rule_.name + "' failed. It violates PodSecurity \"" +
                            wanted.level + ":" + wanted.version +
                            "\": " + describe(violations, request_.object.kind));
  result.why = mismatch_of(violations, *pod, request_.object);
  result.has_mismatch = true;
  return result;
}

}  // namespace sluice::policy

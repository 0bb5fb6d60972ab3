// SPDX-License-Identifier: Apache-2.0
#include "policy/conditions.hpp"

namespace sluice::policy {

namespace {

bool evaluate_one(const Condition& condition, Context& context, bool& result, Failure& failure) {
  Value key;
  Value value;
  return substitute(condition.key, context, key, failure) &&
         substitute(condition.value, context, value, failure) &&
         holds(condition.op, key, value, result, failure);
}

void join(std::string& all, std::string_view message, std::string_view separator) {
  if (!message.empty()) {
    all += all.empty() ? "" : separator;
    all += message;
  }
}

bool evaluate_block(const ConditionBlock& block,
                    Context& context,
                    ConditionsResult& result,
                    Failure& failure) {
  std::string met;
  std::string unmet;
  bool any = !block.has_any;
  for (const auto& condition : block.any) {
    if (!evaluate_one(condition, context, any, failure)) {
      return false;
    }
    join(any ? met : unmet, condition.message, "; ");
    if (any) {
      break;
    }
  }
  bool all = true;
  for (const auto& condition : block.all) {
    if (!evaluate_one(condition, context, all, failure)) {
      return false;
    }
    join(all ? met : unmet, condition.message, "; ");
    if (!all) {
      break;
    }
  }
  result = {any && all, any && all ? met : unmet};
  return true;
}

}  // namespace

bool evaluate(const Conditions& conditions,
              Context& context,
              ConditionsResult& result,
              Failure& failure) {
  result = {true, ""};
  std::string messages;
  for (const auto& block : conditions.blocks) {
    ConditionsResult one;
    if (!evaluate_block(block, context, one, failure)) {
      return false;
    }
    if (!one.holds) {
      result = one;
      return true;
    }
    join(messages, one.message, "; ");
  }
  result.message = messages;
  return true;
}

}  // namespace sluice::policy

// SPDX-License-Identifier: Apache-2.0
#include "policy/pattern.hpp"

namespace sluice::policy {

namespace {

std::string quoted(std::string_view text) {
  return '"' + std::string(text) + '"';
}

std::string describe(const Operand& operand) {
  switch (operand.compare) {
    case Compare::equal:
      if (operand.text == "?*") {
        return "any text that is not empty";
      }
      return operand.text == "*" ? "any text" : quoted(operand.text);
    case Compare::not_equal:
      return "anything but " + quoted(operand.text);
    case Compare::less:
      return "less than " + std::string(operand.text);
    case Compare::less_or_equal:
      return "at most " + std::string(operand.text);
    case Compare::greater:
      return "more than " + std::string(operand.text);
    case Compare::greater_or_equal:
      return "at least " + std::string(operand.text);
  }
  return "";
}

std::string describe(const Conjunction& conjunction) {
  std::string text;
  for (const auto& operand : conjunction.all) {
    text += (text.empty() ? "" : " and ") + describe(operand);
  }
  for (const auto& ends : conjunction.outside) {
    text += (text.empty() ? "" : " and ") + describe(ends[0]) + " or " + describe(ends[1]);
  }
  return text;
}

}  // namespace

std::string describe(const Pattern& wanted) {
  switch (wanted.kind) {
    case Pattern::Kind::mapping: {
      std::string keys;
      for (const auto& entry : wanted.fields) {
        keys += (keys.empty() ? "" : ", ") + std::string(entry.key);
      }
      return keys.empty() ? "a mapping" : "a mapping with " + keys;
    }
    case Pattern::Kind::list:
      return "a list";
    case Pattern::Kind::null:
      return "nothing, or an empty value";
    case Pattern::Kind::boolean:
    case Pattern::Kind::number:
      return go_text(wanted.source);
    case Pattern::Kind::text:
      break;
  }
  std::string text;
  for (const auto& alternative : wanted.alternatives) {
    text += (text.empty() ? "" : ", or ") + describe(alternative);
  }
  return text;
}

}  // namespace sluice::policy

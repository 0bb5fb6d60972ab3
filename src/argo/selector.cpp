// SPDX-License-Identifier: Apache-2.0
#include "argo/fields.hpp"
#include "argo/generators.hpp"

#include <algorithm>

namespace sluice::argo {
namespace {

using yaml::Kind;
using yaml::Value;

/// One of matchExpressions; nothing when it is none.
std::optional<bool> matches(const Value& expression, const Value& labels) {
  const auto key = expression.text_at({"key"});
  const auto operation = expression.text_at({"operator"});
  const auto* values = expression.find("values");
  const auto* label = labels.find(key);
  const bool listed =
      label != nullptr && values != nullptr &&
      std::ranges::any_of(values->items, [&](const auto& v) { return v.text == label->text; });
  const bool has_values = values != nullptr && !values->items.empty();
  if (key.empty()) {
    return std::nullopt;
  }
  if (operation == "In" && has_values) {
    return listed;
  }
  if (operation == "NotIn" && has_values) {
    return !listed;
  }
  if (operation == "Exists" && !has_values) {
    return label != nullptr;
  }
  if (operation == "DoesNotExist" && !has_values) {
    return label == nullptr;
  }
  return std::nullopt;
}

}  // namespace

std::optional<bool> selected(Context& context,
                             const Subject& subject,
                             const Value* selector,
                             const Value& labels) {
  if (selector == nullptr || selector->kind == Kind::null) {
    return true;
  }
  bool fits = true;
  if (const auto* wanted = selector->find("matchLabels"); wanted != nullptr) {
    for (const auto& [key, value] : wanted->members) {
      const auto* label = labels.find(key);
      fits = fits && label != nullptr && label->text == value.text;
    }
  }
  if (const auto* expressions = selector->find("matchExpressions"); expressions != nullptr) {
    for (const auto& expression : expressions->items) {
      const auto result = matches(expression, labels);
      if (!result) {
        context.invalid(subject, &expression, "an entry of matchExpressions is no selector",
                        "key, operator (In, NotIn, Exists, DoesNotExist) and values that fit it");
        return std::nullopt;
      }
      fits = fits && *result;
    }
  }
  return fits;
}

}  // namespace sluice::argo

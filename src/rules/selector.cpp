// SPDX-License-Identifier: Apache-2.0
#include "rules/selector.hpp"

#include "base/text.hpp"
#include "rules/metadata.hpp"

#include <algorithm>

namespace sluice::rules {
namespace {

bool matches(const Object& object, const Node& requirement, const Node* labels) {
  const std::string_view op = object.text(&requirement, "operator");
  bool there = false;
  std::string_view found;
  for (const auto& [key, value] : object.pairs(labels)) {
    if (key.text == object.text(&requirement, "key")) {
      there = true;
      found = object.text(&value);
    }
  }
  const auto values = object.items(&requirement, "values");
  const bool listed = std::any_of(values.begin(), values.end(),
                                  [&](const Node& value) { return object.text(&value) == found; });
  if (op == "In") {
    return there && listed;
  }
  if (op == "NotIn") {
    return !there || !listed;
  }
  return there == (op == "Exists");
}

/// What of the selector the labels lack; empty when they match.
std::string mismatch(const Object& object, const Node* selector, const Node* labels) {
  for (const auto& [key, value] : object.pairs(selector, "matchLabels")) {
    const auto have = object.pairs(labels);
    bool there = false;
    for (const auto& [name, is] : have) {
      there = there || (name.text == key.text && object.text(&is) == object.text(&value));
    }
    if (!there) {
      return text::printable(key.text, 80) + ": " + text::printable(object.text(&value), 80);
    }
  }
  for (const Node& requirement : object.items(selector, "matchExpressions")) {
    if (!matches(object, requirement, labels)) {
      return text::printable(object.text(&requirement, "key"), 80) + " " +
             text::printable(object.text(&requirement, "operator"), 20);
    }
  }
  return {};
}

}  // namespace

void check_requirement(Object& object, const Node& requirement, Selects what) {
  const std::string_view op = object.text(&requirement, "operator");
  const auto values = object.items(&requirement, "values");
  if (op == "In" || op == "NotIn") {
    if (values.empty()) {
      object.required(&requirement, "values", "with the operators In and NotIn");
    }
  } else if (op == "Exists" || op == "DoesNotExist") {
    if (!values.empty()) {
      object.forbidden({&requirement, "values"}, "with the operators Exists and DoesNotExist");
    }
  } else if (what == Selects::objects) {
    object.chosen(&requirement, "operator", {"In", "NotIn", "Exists", "DoesNotExist"});
  } else if (op != "Gt" && op != "Lt") {
    object.chosen(&requirement, "operator", {"In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"});
  } else if (values.size() != 1) {
    object.invalid({&requirement, "values"}, "schema/range",
                   "be one value with the operators Gt and Lt");
  }
  object.text_form({&requirement, "key"}, object.text(&requirement, "key"), Form::qualified_name,
                   "meta/label");
  for (const Node& value : values) {
    if (what != Selects::preferred_nodes) {
      object.text_form({&value}, object.text(&value), Form::label_value, "meta/label");
    }
  }
}

void check_selector(Object& object, const Node* selector) {
  check_labels(object, object.get(selector, "matchLabels"));
  for (const Node& requirement : object.items(selector, "matchExpressions")) {
    check_requirement(object, requirement, Selects::objects);
  }
}

bool is_empty_selector(const Object& object, const Node* selector) {
  return object.pairs(selector, "matchLabels").empty() &&
         object.items(selector, "matchExpressions").empty();
}

void check_workload_selector(Object& object, const Node* spec) {
  const Node* selector = object.get(spec, "selector");
  if (selector == nullptr) {
    if (spec != nullptr) {
      object.required(spec, "selector", {}, "repeat the labels of the template in matchLabels");
    }
    return;
  }
  check_selector(object, selector);
  if (is_empty_selector(object, selector)) {
    return object.invalid({selector}, "schema/selector", "select something",
                          "repeat the labels of the template in matchLabels");
  }
  const Node* labels = object.get(spec, {"template", "metadata", "labels"});
  if (const std::string lacking = mismatch(object, selector, labels); !lacking.empty()) {
    object.invalid({selector}, "schema/selector",
                   "match the labels of the template, which have no " + lacking,
                   "give spec.template.metadata.labels what the selector asks for");
  }
}

}  // namespace sluice::rules

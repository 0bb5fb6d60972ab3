// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "policy/load.hpp"

#include <array>

namespace sluice::policy {

using std::string_view;

std::vector<std::pair<std::string, std::string>> Loader::string_pairs(const Value& object,
                                                                      string_view what) {
  std::vector<std::pair<std::string, std::string>> pairs;
  if (!object.is_null() && !object.is(Type::object)) {
    invalid(object, std::string(what) + " must be a mapping");
  }
  for (std::size_t i = 0; i < object.size(); ++i) {
    const Value value = object.member_at(i);
    if (!value.is(Type::string)) {
      invalid(value,
              std::string(what) + " \"" + std::string(object.key_at(i)) + "\" must be a string");
    } else {
      pairs.emplace_back(object.key_at(i), value.as_string());
    }
  }
  return pairs;
}

std::optional<LabelSelector> Loader::selector(const Value& object, string_view key) {
  if (!present(object, key)) {
    return std::nullopt;
  }
  constexpr std::array<string_view, 2> keys = {"matchLabels", "matchExpressions"};
  constexpr std::array<string_view, 3> requirement_keys = {"key", "operator", "values"};
  constexpr std::array<string_view, 4> operators = {"In", "NotIn", "Exists", "DoesNotExist"};
  const Value source = object.get({key});
  LabelSelector selector;
  known_keys(source, key, keys);
  selector.match_labels = string_pairs(source.get({"matchLabels"}), "matchLabels");
  const Value expressions = source.get({"matchExpressions"});
  for (std::size_t i = 0; i < expressions.size(); ++i) {
    const Value entry = expressions.at(i);
    known_keys(entry, "matchExpressions", requirement_keys);
    const auto op = string(entry, "operator", "operator");
    const auto found = std::find(operators.begin(), operators.end(), op);
    if (found == operators.end()) {
      invalid(entry,
              "the operator of a label selector is In, NotIn, Exists or DoesNotExist, not \"" +
                  text::printable(op) + "\"");
      continue;
    }
    selector.requirements.push_back(
        {.key = string(entry, "key", "key"),
         .op = static_cast<SelectorRequirement::Op>(found - operators.begin()),
         .values = strings(entry, "values", "values")});
  }
  return selector;
}

void Loader::description(const Value& resources, Filter& out) {
  constexpr std::array<string_view, 8> keys = {
      "kinds",     "name", "names", "namespaces", "annotations", "selector", "namespaceSelector",
      "operations"};
  known_keys(resources, "resources", keys);
  out.kind_texts = strings(resources, "kinds", "kinds");
  for (const auto& kind : out.kind_texts) {
    out.kinds.push_back(parse_kind_selector(kind));
  }
  out.name = string(resources, "name", "name");
  out.names = strings(resources, "names", "names");
  out.namespaces = strings(resources, "namespaces", "namespaces");
  out.annotations = string_pairs(resources.get({"annotations"}), "annotations");
  out.selector = selector(resources, "selector");
  out.namespace_selector = selector(resources, "namespaceSelector");
  for (const auto& word : strings(resources, "operations", "operations")) {
    if (const auto operation = parse_operation(word)) {
      out.operations.push_back(*operation);
    } else {
      invalid(resources, "an operation is CREATE, UPDATE, DELETE or CONNECT, not \"" +
                             text::printable(word) + "\"");
    }
  }
}

void Loader::user(const Value& entry, Filter& out) {
  out.roles = strings(entry, "roles", "roles");
  out.cluster_roles = strings(entry, "clusterRoles", "clusterRoles");
  const Value subjects = entry.get({"subjects"});
  for (std::size_t i = 0; i < subjects.size(); ++i) {
    const Value subject = subjects.at(i);
    out.subjects.push_back({.kind = string(subject, "kind", "kind"),
                            .name_space = string(subject, "namespace", "namespace"),
                            .name = string(subject, "name", "name")});
  }
}

Filter Loader::filter(const Value& entry, string_view what) {
  constexpr std::array<string_view, 4> keys = {"resources", "roles", "clusterRoles", "subjects"};
  Filter made;
  if (!known_keys(entry, what, keys)) {
    return made;
  }
  description(entry.get({"resources"}), made);
  user(entry, made);
  return made;
}

FilterBlock Loader::filters(const Value& block, string_view what) {
  constexpr std::array<string_view, 6> keys = {"any",   "all",          "resources",
                                               "roles", "clusterRoles", "subjects"};
  FilterBlock made;
  made.present = !block.is_null();
  if (!made.present || !known_keys(block, what, keys)) {
    return made;
  }
  for (const auto form : {FilterBlock::Form::any, FilterBlock::Form::all}) {
    const string_view name = form == FilterBlock::Form::any ? "any" : "all";
    const Value list = block.get({name});
    if (!list.is_null() && !list.is(Type::array)) {
      invalid(list, std::string(what) + "." + std::string(name) + " must be a list");
    }
    if (list.size() == 0 || !made.filters.empty()) {
      continue;  // any wins over all
    }
    made.form = form;
    for (std::size_t i = 0; i < list.size(); ++i) {
      made.filters.push_back(filter(list.at(i), what));
      if (what == "match" && made.filters.back().kinds.empty()) {
        invalid(list.at(i), "each element of match." + std::string(name) + " needs kinds");
      }
    }
  }
  if (made.filters.empty()) {
    Filter single;
    description(block.get({"resources"}), single);
    user(block, single);
    made.filters.push_back(std::move(single));
  }
  return made;
}

std::optional<Action> Loader::action(const Value& object, string_view key) {
  if (!present(object, key)) {
    return std::nullopt;
  }
  const auto text = string(object, key, key);
  if (text == "Enforce" || text == "enforce") {
    return Action::enforce;
  }
  if (text != "Audit" && text != "audit") {
    invalid(object.get({key}),
            std::string(key) + " is Enforce or Audit, not \"" + text::printable(text) + "\"");
  }
  return Action::audit;
}

std::vector<ActionOverride> Loader::overrides(const Value& list) {
  constexpr std::array<string_view, 3> keys = {"action", "namespaces", "namespaceSelector"};
  std::vector<ActionOverride> all;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const Value entry = list.at(i);
    known_keys(entry, "failureActionOverrides", keys);
    all.push_back({.action = action(entry, "action").value_or(Action::audit),
                   .namespaces = strings(entry, "namespaces", "namespaces"),
                   .namespace_selector = selector(entry, "namespaceSelector")});
  }
  return all;
}

}  // namespace sluice::policy

// SPDX-License-Identifier: Apache-2.0
#include "policy/findings.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace sluice::policy {

namespace {

constexpr std::size_t longest_message = 600;

/// The key of a mapping that is nearly the one that is missing; empty when there is none.
std::string_view near_key(const Value& mapping, std::string_view missing) {
  std::vector<std::string_view> keys;
  for (std::size_t i = 0; i < mapping.size() && mapping.is(Type::object); ++i) {
    keys.push_back(mapping.key_at(i));
  }
  std::sort(keys.begin(), keys.end());
  return text::nearest(missing, keys).value_or(std::string_view());
}

std::string quoted(std::string_view text) {
  return '"' + text::printable(text) + '"';
}

/// What the place that is missing should hold: the pattern itself when the missing key is its own.
std::string hint_for_missing(const Mismatch& why) {
  if (const auto near = near_key(why.at, why.missing_key);
      !near.empty() && near != why.missing_key) {
    return "you wrote " + quoted(near) + ", the policy wants " + quoted(why.missing_key);
  }
  const std::string last = why.pointer.substr(why.pointer.rfind('/') + 1);
  const std::string wanted = why.wanted == nullptr ? "" : describe(*why.wanted);
  if (last == why.missing_key || text::replace_all(last, "~1", "/") == why.missing_key) {
    return "add " + quoted(why.missing_key) + (wanted.empty() ? "" : ": " + wanted);
  }
  return "add " + quoted(why.missing_key) + " with " + text::printable(why.pointer) +
         (wanted.empty() ? "" : ": " + wanted);
}

std::string hint_of(const Mismatch& why) {
  if (why.anchor == Anchor::negation) {
    return "remove it";
  }
  if (!why.missing_key.empty()) {
    return hint_for_missing(why);
  }
  if (why.wanted == nullptr) {
    return "";
  }
  const std::string wanted = describe(*why.wanted);
  return (why.anchor == Anchor::existence ? "at least one element should be " : "should be ") +
         wanted;
}

/// As far along "a.b.c" as the value goes; "a[0]" ends the walk at a.
Value along(const Value& start, std::string_view path) {
  constexpr std::string_view word_characters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
  Value place = start;
  for (const auto word : text::split(path, '.')) {
    const auto name = word.substr(0, word.find_first_not_of(word_characters));
    const auto next = place.find(name);
    if (!next) {
      return place;
    }
    place = *next;
    if (name.size() != word.size()) {
      return place;
    }
  }
  return place;
}

/// The value that the first condition of a deny looks at, below `start` ("request.object." or
/// "element."), if any does.
std::optional<Value> looked_at(const Conditions& conditions,
                               std::string_view prefix,
                               const Value& start) {
  for (const auto& block : conditions.blocks) {
    for (const auto* list : {&block.any, &block.all}) {
      for (const auto& condition : *list) {
        for (const Value& side : {condition.key.source, condition.value.source}) {
          const auto text = side.is(Type::string) ? side.as_string() : std::string_view();
          if (const auto at = text.find(prefix); at != std::string_view::npos) {
            return along(start, text.substr(at + prefix.size()));
          }
        }
      }
    }
  }
  return std::nullopt;
}

/// Where a deny points: what its conditions look at, in the element or the object, as far down as
/// that exists.
Value denied_place(const RuleResult& result, const Value& object) {
  const Check& check = result.rule->check;
  if (result.element.node() == nullptr) {
    return looked_at(check.deny, "request.object.", object).value_or(object);
  }
  for (const auto& loop : check.loops) {
    if (const auto place = looked_at(loop.check.deny, "element.", result.element)) {
      return *place;
    }
  }
  return result.element;
}

const yaml::Node& node_in(const k8s::Resource& resource, const Value& value) {
  return value.node() != nullptr && value.document() == resource.document ? *value.node()
                                                                          : *resource.object;
}

/// The node to point at: the key that was nearly right, else the value, else what holds it.
const yaml::Node& place_of(const RuleResult& result, const k8s::Resource& resource) {
  if (!result.has_mismatch) {
    return node_in(resource, denied_place(result, Value::of(*resource.document, *resource.object)));
  }
  const auto& node = node_in(resource, result.why.at);
  if (!result.why.missing_key.empty() && node.kind == yaml::Kind::mapping) {
    const auto near = near_key(result.why.at, result.why.missing_key);
    const auto* key = near.empty() ? nullptr : resource.document->find_key(node, near);
    return key == nullptr ? node : *key;
  }
  return node;
}

std::string names_of(const Policy& policy, const Rule& rule) {
  return "policy " + text::printable(policy.name) + ", rule " + text::printable(rule.name);
}

}  // namespace

std::string one_line(std::string_view text) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; };
  std::string line;
  line.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const auto begin = i;
    while (i < text.size() && !is_blank(text[i])) {
      ++i;
    }
    if (i > begin) {
      line.append(line.empty() ? "" : " ").append(text.substr(begin, i - begin));
    }
    while (i < text.size() && is_blank(text[i])) {
      ++i;
    }
  }
  while (line.ends_with(' ') || line.ends_with('.')) {
    line.pop_back();
  }
  return text::printable(line, longest_message);
}

diag::Finding finding_of(const RuleResult& result, const k8s::Resource& resource) {
  diag::Finding finding = k8s::finding_at(resource, place_of(result, resource));
  const std::string names = names_of(*result.policy, *result.rule);
  if (result.status == RuleStatus::error) {
    finding.code = "policy/error";
    finding.severity = diag::Severity::error;
    finding.message = names + " could not be evaluated: " + one_line(result.message);
    finding.hint =
        result.rule->check.kind == Check::Kind::manifests
            ? "Kyverno reports an error for it too; sign the object by a key of the policy"
            : "Kyverno reports an error for it too; see the policy's variables";
    return finding;
  }
  finding.code = "policy/fail";
  finding.severity = result.action == Action::enforce && result.status == RuleStatus::fail
                         ? diag::Severity::error
                         : diag::Severity::warning;
  std::string words = one_line(result.message);
  if (words.empty()) {
    words = "a rule is broken";
  }
  finding.message = words + " (" + names + ")";
  if (result.has_mismatch) {
    const bool missing = !result.why.missing_key.empty();
    finding.message += ": " + text::printable(result.why.pointer) +
                       (missing ? " is missing" : ": " + one_line(result.why.reason));
    finding.path = result.why.pointer;
    finding.hint =
        (result.rule->check.kind == Check::Kind::any_pattern ? "one way to pass: " : "") +
        hint_of(result.why);
  }
  return finding;
}

diag::Finding finding_at_policy(const Policy& policy, const Value& place) {
  diag::Finding finding;
  finding.object = {.api_version = std::string(policy.source.text({"apiVersion"})),
                    .kind = std::string(policy.source.text({"kind"})),
                    .name_space = policy.name_space,
                    .name = policy.name};
  const Value& at = place.node() == nullptr ? policy.source : place;
  if (at.node() != nullptr) {
    at.document()->locate(finding, *at.node());
  }
  return finding;
}

diag::Finding finding_of(const Problem& problem, const Policy& policy) {
  diag::Finding finding = finding_at_policy(policy, problem.at);
  finding.code = "policy/invalid";
  finding.severity = diag::Severity::error;
  finding.message = (problem.rule.empty() ? "" : "rule " + text::printable(problem.rule) + ": ") +
                    problem.message;
  finding.hint = problem.hint;
  return finding;
}

std::string unsupported_text(const Problem& problem, const Policy& policy) {
  const std::string rule = problem.rule.empty() ? "" : ", rule " + text::printable(problem.rule);
  return "policy " + text::printable(policy.name) + rule + ": " + problem.message +
         " is not supported, so there is no verdict";
}

}  // namespace sluice::policy

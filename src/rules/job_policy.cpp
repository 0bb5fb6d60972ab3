// SPDX-License-Identifier: Apache-2.0
#include "rules/job_policy.hpp"

#include "base/text.hpp"
#include "rules/names.hpp"
#include "yaml/canonical.hpp"

#include <array>
#include <charconv>
#include <set>

namespace sluice::rules {
namespace {

constexpr std::size_t rules_limit = 20;
constexpr std::size_t exit_codes_limit = 255;

void check_exit_codes(Object& object, const Node* on, const Names& containers) {
  object.chosen(on, "operator", {"In", "NotIn"});
  if (object.has(on, "containerName") && !containers.has(object.text(on, "containerName"))) {
    object.invalid({on, "containerName"}, "schema/reference", "be a container of the template");
  }
  const auto values = object.items(on, "values");
  if (values.empty()) {
    return object.required(on, "values", "with at least one exit code");
  }
  if (values.size() > exit_codes_limit) {
    object.invalid({on, "values"}, "schema/range", "have at most 255 exit codes");
  }
  std::int64_t last = std::numeric_limits<std::int64_t>::min();
  for (const Node& value : values) {
    const auto code =
        value.kind == yaml::Kind::null ? std::optional<std::int64_t>(0) : yaml::as_int64(value);
    if (!code) {
      continue;
    }
    if (*code == 0 && object.text(on, "operator") == "In") {
      object.invalid({&value}, "schema/range", "not be 0, which is no failure");
    } else if (*code <= last) {
      object.invalid({&value}, "schema/conflict", "be more than the exit code before it",
                     "sorted, and each code once");
    }
    last = *code;
  }
}

void check_conditions(Object& object, std::span<const Node> conditions, const Node& rule) {
  if (conditions.size() > rules_limit) {
    object.invalid({&rule, "onPodConditions"}, "schema/range", "have at most 20 conditions");
  }
  for (const Node& condition : conditions) {
    object.text_form({&condition, "type"}, object.text(&condition, "type"), Form::qualified_name);
    if (object.resource().ref.kind == "Job") {  // where an empty one becomes True
      object.one_of(&condition, "status", {"True", "False", "Unknown"});
    } else {
      object.chosen(&condition, "status", {"True", "False", "Unknown"});
    }
  }
}

void check_failure_policy(Object& object, const Node* spec, const Node* policy) {
  Names containers;
  for (const std::string_view list : {"containers", "initContainers"}) {
    for (const Node& container : object.items(object.get(spec, {"template", "spec"}), list)) {
      containers.add(object.text(&container, "name"), &container);
    }
  }
  const auto rules = object.items(policy, "rules");
  if (rules.size() > rules_limit) {
    object.invalid({policy, "rules"}, "schema/range", "have at most 20 rules");
  }
  for (const Node& rule : rules) {
    object.chosen(&rule, "action", {"FailJob", "FailIndex", "Ignore", "Count"});
    if (object.text(&rule, "action") == "FailIndex" && !object.has(spec, "backoffLimitPerIndex")) {
      object.invalid({&rule, "action"}, "schema/conflict",
                     "not be FailIndex without backoffLimitPerIndex");
    }
    const Node* codes = object.get(&rule, "onExitCodes");
    const auto conditions = object.items(&rule, "onPodConditions");
    if (codes != nullptr) {
      check_exit_codes(object, codes, containers);
    }
    check_conditions(object, conditions, rule);
    if ((codes != nullptr) == !conditions.empty()) {
      object.invalid({&rule}, "schema/conflict", "have one of onExitCodes and onPodConditions");
    }
  }
}

std::optional<std::int64_t> index_of(std::string_view text) {
  std::int64_t value = 0;
  if (text.starts_with('+')) {
    text.remove_prefix(1);
  }
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  return error == std::errc{} && stop == end ? std::optional(value) : std::nullopt;
}

/// How many numbers "0,2-4" holds; nothing when it is no rising list of numbers below `limit`.
std::optional<std::int64_t> count_indexes(std::string_view text, std::int64_t limit) {
  std::int64_t total = 0;
  std::optional<std::int64_t> last;
  if (text.empty()) {
    return 0;
  }
  for (const std::string_view interval : text::split(text, ',')) {
    const auto ends = text::split(interval, '-');
    const auto first = index_of(ends[0]);
    const auto end = ends.size() == 2 ? index_of(ends[1]) : first;
    if (ends.size() > 2 || !first || !end || *first >= limit || *end >= limit ||
        (ends.size() == 2 && *first >= *end) || (last && *last >= *first)) {
      return std::nullopt;
    }
    total += *end - *first + 1;
    last = end;
  }
  return total;
}

void check_success_rule(Object& object, const Node& rule, std::int64_t completions) {
  constexpr std::size_t text_limit = std::size_t{64} * 1024;
  const bool has_count = object.has(&rule, "succeededCount");
  const bool has_indexes = object.has(&rule, "succeededIndexes");
  if (!has_count && !has_indexes) {
    return object.required(&rule, "succeededCount", "unless succeededIndexes is set");
  }
  const std::string_view indexes = object.text(&rule, "succeededIndexes");
  std::optional<std::int64_t> total = completions;
  if (has_indexes) {
    total = count_indexes(indexes, completions);
    if (!total || indexes.size() > text_limit) {
      object.invalid({&rule, "succeededIndexes"}, "schema/format",
                     "be rising numbers below completions, such as 0,2-4");
    }
  }
  const auto count = object.integer(&rule, "succeededCount");
  if (count && (*count < 0 || *count > completions || *count > total.value_or(0))) {
    object.invalid({&rule, "succeededCount"}, "schema/range",
                   "not be negative, nor more than completions or the given indexes");
  }
}

void check_success_policy(Object& object, const Node* spec, const Node* policy) {
  if (object.text(spec, "completionMode") != "Indexed") {
    return object.forbidden({spec, "successPolicy"}, "unless completionMode is Indexed");
  }
  const auto rules = object.items(policy, "rules");
  if (rules.empty()) {
    object.required(policy, "rules", "with at least one rule");
  } else if (rules.size() > rules_limit) {
    object.invalid({policy, "rules"}, "schema/range", "have at most 20 rules");
  }
  for (const Node& rule : rules) {
    check_success_rule(object, rule, completions_of(object, spec).value_or(0));
  }
}

}  // namespace

void check_job_policies(Object& object, const Node* spec) {
  const Node* failure = object.get(spec, "podFailurePolicy");
  if (failure != nullptr) {
    check_failure_policy(object, spec, failure);
  }
  if (const Node* success = object.get(spec, "successPolicy"); success != nullptr) {
    check_success_policy(object, spec, success);
  }
  if (object.has(spec, "podReplacementPolicy")) {
    if (failure != nullptr) {
      object.chosen(spec, "podReplacementPolicy", {"Failed"});
    } else {
      object.chosen(spec, "podReplacementPolicy", {"Failed", "TerminatingOrFailed"});
    }
  }
}

}  // namespace sluice::rules

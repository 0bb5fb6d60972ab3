// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/policy.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::policy {

/// Where the parts of a policy are read: collects what is wrong, keeps what is made of strings.
class Loader {
 public:
  Loader(Arena& arena, ExpressionStore& store, std::vector<Problem>& problems)
      : arena_(arena), store_(store), problems_(problems) {}

  void enter_rule(std::string name) { rule_ = std::move(name); }

  void invalid(const Value& at, std::string message, std::string hint = {});
  void unsupported(const Value& at, std::string feature);

  /// A mapping with no other keys than these; false (and a Problem) otherwise. Null counts as an
  /// empty one.
  bool known_keys(const Value& object,
                  std::string_view what,
                  std::span<const std::string_view> keys);
  /// The strings of a list; anything else in it is a Problem.
  std::vector<std::string> strings(const Value& object,
                                   std::string_view key,
                                   std::string_view what);
  /// A string, or empty when absent; another type is a Problem.
  std::string string(const Value& object, std::string_view key, std::string_view what);
  Template make_template(const Value& source);
  void refuse_broken(const Template& made);

  FilterBlock filters(const Value& block, std::string_view what);
  std::optional<LabelSelector> selector(const Value& object, std::string_view key);
  Conditions conditions(const Value& value, std::string_view what);
  std::vector<ContextEntry> context(const Value& entries);
  Check check(const Value& validate, bool in_foreach);
  Check image_checks(const Value& list, Action default_action);
  std::map<std::string, std::vector<ImageExtractor>, std::less<>> extractors(const Value& source);
  std::vector<PodExclusion> pod_exclusions(const Value& list);
  std::optional<Action> action(const Value& object, std::string_view key);
  std::vector<ActionOverride> overrides(const Value& list);

  [[nodiscard]] Arena& arena() { return arena_; }

 private:
  Filter filter(const Value& entry, std::string_view what);
  void description(const Value& resources, Filter& out);
  void user(const Value& entry, Filter& out);
  std::vector<std::pair<std::string, std::string>> string_pairs(const Value& object,
                                                                std::string_view what);
  void variable_entry(const Value& variable, ContextEntry& entry);
  void external_entry(const Value& source, ContextEntry& entry);
  Condition condition(const Value& entry, std::string_view what);
  ForEach loop(const Value& entry);
  PodSecurity pod_security(const Value& source);
  void add_pattern(const Value& pattern, Check& out);
  void check_pattern(const Value& pattern, bool labels);

  Arena& arena_;
  ExpressionStore& store_;
  std::vector<Problem>& problems_;
  std::string rule_;
};

/// Fields of a policy that have another type than the schema of its kind says.
void check_types(const Value& policy, Loader& loader);

/// Variables that Kyverno does not know, or not in background mode. Kyverno: pkg/validation/policy.
void check_variables(const Value& rule, bool background, Loader& loader);
/// What a condition compares {{ request.operation }} with.
void check_operation_values(const Value& condition, Loader& loader);

/// Adds a Problem for each thing that Kyverno refuses of a policy, or of one of its rules as it is
/// written: variables that nobody knows, users in background mode, filters that contradict each
/// other.
void refuse_policy(Loader& loader, const Value& policy);
void refuse_rule(Loader& loader, const Value& policy, const Value& rule);

inline bool present(const Value& object, std::string_view key) {
  const auto value = object.find(key);
  return value && !value->is_null();
}

}  // namespace sluice::policy

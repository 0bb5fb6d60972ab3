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

  FilterBlock filters(const Value& block, std::string_view what);
  std::optional<LabelSelector> selector(const Value& object, std::string_view key);
  Conditions conditions(const Value& value, std::string_view what);
  std::vector<ContextEntry> context(const Value& entries);
  Check check(const Value& validate, bool in_foreach);
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

inline bool present(const Value& object, std::string_view key) {
  const auto value = object.find(key);
  return value && !value->is_null();
}

}  // namespace sluice::policy

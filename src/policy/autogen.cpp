// SPDX-License-Identifier: Apache-2.0
#include "policy/autogen.hpp"

#include "base/text.hpp"
#include "policy/match.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace sluice::policy {

namespace {

struct Controller {
  std::string_view kind;
  std::string_view selector;
};
constexpr std::array<Controller, 7> controllers = {
    {{"CronJob", "batch/v1/CronJob"},
     {"DaemonSet", "apps/v1/DaemonSet"},
     {"Deployment", "apps/v1/Deployment"},
     {"Job", "batch/v1/Job"},
     {"ReplicaSet", "apps/v1/ReplicaSet"},
     {"ReplicationController", "v1/ReplicationController"},
     {"StatefulSet", "apps/v1/StatefulSet"}}};

bool is_controller(std::string_view kind) {
  return std::any_of(controllers.begin(), controllers.end(),
                     [&](const Controller& c) { return c.kind == kind; });
}

bool present(const Value& object, std::string_view key) {
  const auto value = object.find(key);
  return value && !value->is_null();
}

bool contains_kind(const Value& kinds, std::string_view kind) {
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    if (kinds.at(i).is(Type::string) && kind_of_selector(kinds.at(i).as_string()) == kind) {
      return true;
    }
  }
  return false;
}

/// The resource descriptions of a match or exclude: the one written inline, then those of any and
/// all.
std::vector<Value> descriptions(const Value& block) {
  std::vector<Value> all = {block.get({"resources"})};
  for (const std::string_view list : {"any", "all"}) {
    const Value filters = block.get({list});
    for (std::size_t i = 0; i < filters.size(); ++i) {
      all.push_back(filters.at(i).get({"resources"}));
    }
  }
  return all;
}

/// False when the description cannot be carried over; notes whether it speaks of Pods or
/// controllers at all.
bool allows(const Value& description, bool& needed) {
  const Value kinds = description.get({"kinds"});
  if (!description.text({"name"}).empty() || description.get({"names"}).size() > 0 ||
      present(description, "selector") || present(description, "annotations") ||
      (kinds.size() > 1 && contains_kind(kinds, "Pod"))) {
    return false;
  }
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    const auto kind = kinds.at(i).is(Type::string) ? kinds.at(i).as_string() : std::string_view();
    needed = needed || kind == "Pod" || is_controller(kind);
  }
  return true;
}

bool rule_forbids(const Value& rule) {
  const Value mutate = rule.get({"mutate"});
  if (present(rule, "generate") || !mutate.text({"patchesJson6902"}).empty()) {
    return true;
  }
  const Value loops = mutate.get({"foreach"});
  for (std::size_t i = 0; i < loops.size(); ++i) {
    if (!loops.at(i).text({"patchesJson6902"}).empty()) {
      return true;
    }
  }
  return false;
}

/// Copies of a mapping with some members exchanged, in place of the original.
Value with(Arena& arena, const Value& object, std::span<const Member> changes) {
  std::vector<Member> members;
  for (std::size_t i = 0; i < object.size(); ++i) {
    members.push_back({object.key_at(i), object.member_at(i)});
  }
  members.insert(members.end(), changes.begin(), changes.end());  // of equal keys the last stays
  return make_object(arena, members).standing_at(object);
}

Value with(Arena& arena, const Value& object, std::string_view key, const Value& value) {
  const Member change{key, value};
  return with(arena, object, {&change, 1});
}

Value selectors(Arena& arena, const std::vector<std::string>& kinds) {
  std::vector<Value> list;
  for (const auto& kind : kinds) {
    const auto found = std::find_if(controllers.begin(), controllers.end(),
                                    [&](const Controller& c) { return c.kind == kind; });
    list.push_back(found == controllers.end() ? make_string(arena, kind)
                                              : Value::string(found->selector));
  }
  return make_array(arena, list);
}

enum class Replace : std::uint8_t { filters_with_pod, all_filters };

/// A match or exclude that asks for `kinds` where it asked for Pods.
Value with_kinds(Arena& arena,
                 const Value& block,
                 const std::vector<std::string>& kinds,
                 Replace which,
                 bool is_match) {
  for (const std::string_view list : {"any", "all"}) {
    const Value filters = block.get({list});
    if (filters.size() == 0) {
      continue;
    }
    std::vector<Value> changed;
    for (std::size_t i = 0; i < filters.size(); ++i) {
      const Value filter = filters.at(i);
      const Value resources = filter.get({"resources"});
      const bool replace =
          which == Replace::all_filters || contains_kind(resources.get({"kinds"}), "Pod");
      changed.push_back(replace ? with(arena, filter, "resources",
                                       with(arena, resources, "kinds", selectors(arena, kinds)))
                                : filter);
    }
    return with(arena, block, list, make_array(arena, changed));
  }
  const Value resources = block.get({"resources"});
  if (!is_match && resources.get({"kinds"}).size() == 0) {
    return block;
  }
  return with(arena, block, "resources", with(arena, resources, "kinds", selectors(arena, kinds)));
}

Value wrapped(Arena& arena, std::string_view key, const Value& pattern) {
  const Member inner{key, pattern};
  const Member spec{"spec", make_object(arena, {&inner, 1}).standing_at(pattern)};
  return make_object(arena, {&spec, 1}).standing_at(pattern);
}

/// The validate body for objects that hold a Pod below `key` of their spec. Only the first sort of
/// check is carried over.
Value shifted_validate(Arena& arena, const Value& validate, std::string_view key) {
  constexpr std::array<std::string_view, 4> kept_always = {
      "message", "failureAction", "failureActionOverrides", "allowExistingViolations"};
  std::vector<Member> members;
  for (const auto name : kept_always) {
    if (present(validate, name)) {
      members.push_back({name, validate.get({name})});
    }
  }
  for (const std::string_view check :
       {"pattern", "deny", "podSecurity", "anyPattern", "foreach", "cel"}) {
    if (!present(validate, check)) {
      continue;
    }
    Value body = validate.get({check});
    if (check == "pattern") {
      body = wrapped(arena, key, body);
    } else if (check == "anyPattern") {
      std::vector<Value> patterns;
      for (std::size_t i = 0; i < body.size(); ++i) {
        patterns.push_back(wrapped(arena, key, body.at(i)));
      }
      body = make_array(arena, patterns).standing_at(body);
    }
    members.push_back({check, body});
    return make_object(arena, members).standing_at(validate);
  }
  return {};
}

/// The same of a mutate body. A foreach loses what stands in it besides the patch, its own foreach
/// and order included.
Value shifted_mutate(Arena& arena, const Value& mutate, std::string_view key) {
  if (present(mutate, "patchStrategicMerge")) {
    const Member patch{"patchStrategicMerge",
                       wrapped(arena, key, mutate.get({"patchStrategicMerge"}))};
    return make_object(arena, {&patch, 1}).standing_at(mutate);
  }
  const Value loops = mutate.get({"foreach"});
  if (loops.size() == 0) {
    return mutate;
  }
  std::vector<Value> shifted;
  for (std::size_t i = 0; i < loops.size(); ++i) {
    const Value loop = loops.at(i);
    std::vector<Member> members;
    for (const std::string_view name : {"list", "context", "preconditions"}) {
      if (present(loop, name)) {
        members.push_back({name, loop.get({name})});
      }
    }
    members.push_back(
        {"patchStrategicMerge", wrapped(arena, key, loop.get({"patchStrategicMerge"}))});
    shifted.push_back(make_object(arena, members).standing_at(loop));
  }
  const Member list{"foreach", make_array(arena, shifted)};
  return make_object(arena, {&list, 1}).standing_at(mutate);
}

struct Target {
  std::string_view prefix;  ///< of the rule's name
  std::string_view key;     ///< below spec: where the Pod, or what holds it, stands
  const std::vector<std::string>& kinds;
  Replace which;
};

Value shifted(Arena& arena, const Value& rule, const Target& target) {
  std::vector<Member> changes;
  const std::string name = std::string(target.prefix) + "-" + std::string(rule.text({"name"}));
  constexpr std::size_t longest = 63;
  changes.push_back({"name", make_string(arena, std::string_view(name).substr(0, longest))});
  changes.push_back(
      {"match", with_kinds(arena, rule.get({"match"}), target.kinds, target.which, true)});
  if (present(rule, "exclude")) {
    changes.push_back(
        {"exclude", with_kinds(arena, rule.get({"exclude"}), target.kinds, target.which, false)});
  }
  if (present(rule, "mutate")) {
    changes.push_back({"mutate", shifted_mutate(arena, rule.get({"mutate"}), target.key)});
  } else if (present(rule, "validate")) {
    const Value validate = shifted_validate(arena, rule.get({"validate"}), target.key);
    if (validate.is_null()) {
      return {};
    }
    changes.push_back({"validate", validate});
  } else if (!present(rule, "verifyImages")) {
    return {};
  }
  return with(arena, rule, changes);
}

using Replacement = std::pair<std::string_view, std::string_view>;

/// Kyverno replaces in the text of the whole rule, messages and all.
Value rewritten(Arena& arena, const Value& value, std::span<const Replacement> replacements) {
  const auto text = [&](std::string_view original) {
    std::string changed(original);
    for (const auto& [from, to] : replacements) {
      changed = text::replace_all(std::move(changed), from, to);
    }
    return changed == original ? original : arena.copy(changed);
  };
  if (value.is(Type::string)) {
    return Value::string(text(value.as_string())).standing_at(value);
  }
  if (value.is(Type::array)) {
    const auto elements = arena.array<Value>(value.size());
    for (std::size_t i = 0; i < elements.size(); ++i) {
      elements[i] = rewritten(arena, value.at(i), replacements);
    }
    return Value::array(elements).standing_at(value);
  }
  if (value.is(Type::object)) {
    const auto members = arena.array<Member>(value.size());
    for (std::size_t i = 0; i < members.size(); ++i) {
      members[i] = {text(value.key_at(i)), rewritten(arena, value.member_at(i), replacements)};
    }
    return Value::object(members.first(sort_members(members))).standing_at(value);
  }
  return value;
}

constexpr std::array<Replacement, 4> pod_paths = {{
    {"request.object.spec", "request.object.spec.template.spec"},
    {"request.oldObject.spec", "request.oldObject.spec.template.spec"},
    {"request.object.metadata", "request.object.spec.template.metadata"},
    {"request.oldObject.metadata", "request.oldObject.spec.template.metadata"},
}};
constexpr std::array<Replacement, 4> cronjob_paths = {{
    {"request.object.spec", "request.object.spec.jobTemplate.spec.template.spec"},
    {"request.oldObject.spec", "request.oldObject.spec.jobTemplate.spec.template.spec"},
    {"request.object.metadata", "request.object.spec.jobTemplate.spec.template.metadata"},
    {"request.oldObject.metadata", "request.oldObject.spec.jobTemplate.spec.template.metadata"},
}};

/// A rule can be carried over when it asks for Pods, and whatever it excludes includes them.
bool is_for_pods(const Value& rule) {
  const auto any_pod = [](const Value& block, bool& has_kinds) {
    bool pod = false;
    for (const auto& description : descriptions(block)) {
      has_kinds = has_kinds || description.get({"kinds"}).size() > 0;
      pod = pod || contains_kind(description.get({"kinds"}), "Pod");
    }
    return pod;
  };
  bool match_kinds = false;
  bool exclude_kinds = false;
  const bool matches = any_pod(rule.get({"match"}), match_kinds);
  const bool excludes = any_pod(rule.get({"exclude"}), exclude_kinds);
  return matches && (!exclude_kinds || excludes) && !rule.text({"name"}).starts_with("autogen-");
}

Value shifted_to_template(Arena& arena, const Value& rule, const std::vector<std::string>& kinds) {
  if (kinds.empty() || !is_for_pods(rule)) {
    return {};
  }
  return shifted(
      arena, rule,
      {.prefix = "autogen", .key = "template", .kinds = kinds, .which = Replace::filters_with_pod});
}

}  // namespace

std::vector<std::string> autogen_controllers(const Value& policy) {
  const Value rules = policy.get({"spec", "rules"});
  bool needed = false;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (rule_forbids(rules.at(i))) {
      return {};
    }
    for (const std::string_view block : {"match", "exclude"}) {
      for (const auto& description : descriptions(rules.at(i).get({block}))) {
        if (!allows(description, needed)) {
          return {};
        }
      }
    }
  }
  std::vector<std::string> kinds;
  if (!needed) {
    return kinds;
  }
  const Value asked =
      policy.get({"metadata", "annotations", "pod-policies.kyverno.io/autogen-controllers"});
  const auto words = asked.is(Type::string) ? text::split(asked.as_string(), ',')
                                            : std::vector<std::string_view>();
  for (const auto& [kind, selector] : controllers) {
    if (!asked.is(Type::string) || std::find(words.begin(), words.end(), kind) != words.end()) {
      kinds.emplace_back(kind);
    }
  }
  return kinds;
}

Value autogen_rule(Arena& arena, const Value& rule, const std::vector<std::string>& kinds) {
  const Value moved = shifted_to_template(arena, rule, kinds);
  return moved.is_null() ? moved : rewritten(arena, moved, pod_paths);
}

Value autogen_cronjob_rule(Arena& arena, const Value& rule) {
  const std::vector<std::string> cronjob = {"CronJob"};
  const Value once = shifted_to_template(arena, rule, cronjob);
  if (once.is_null()) {
    return once;
  }
  const Value original_name = with(arena, once, "name", rule.get({"name"}));
  const Value twice = shifted(arena, original_name,
                              {.prefix = "autogen-cronjob",
                               .key = "jobTemplate",
                               .kinds = cronjob,
                               .which = Replace::all_filters});
  return twice.is_null() ? twice : rewritten(arena, twice, cronjob_paths);
}

}  // namespace sluice::policy

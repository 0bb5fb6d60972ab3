// SPDX-License-Identifier: Apache-2.0
#include "policy/generate.hpp"

#include "base/text.hpp"
#include "policy/check.hpp"
#include "policy/generate_store.hpp"
#include "policy/mutate.hpp"
#include "policy/selectors.hpp"

#include <algorithm>
#include <array>

namespace sluice::policy {

namespace {

using std::string_view;

/// A mapping with some members exchanged; a null takes one out.
Value with(Arena& arena, const Value& object, std::span<const Member> changes) {
  std::vector<Member> members;
  for (std::size_t i = 0; i < object.size() && object.is(Type::object); ++i) {
    const auto key = object.key_at(i);
    const bool changed = std::any_of(changes.begin(), changes.end(),
                                     [&](const Member& change) { return change.key == key; });
    if (!changed) {
      members.push_back({key, object.member_at(i)});
    }
  }
  for (const auto& change : changes) {
    if (!change.value.is_null()) {
      members.push_back(change);
    }
  }
  return make_object(arena, members);
}

Value text_or_null(string_view text) {
  return text.empty() ? Value() : Value::string(text);
}

struct Target {
  string_view api_version, kind, name_space, name;
};

/// What one rule makes.
class RuleGenerator {
 public:
  RuleGenerator(Arena& arena, Checker& checker, const Rule& rule, GenerateStore& store)
      : arena_(arena), checker_(checker), rule_(rule), store_(store) {}

  std::vector<Value> made;

  /// False: the policy as a whole makes nothing.
  bool run() {
    const Generation& generation = *rule_.generation;
    if (generation.loops.empty()) {
      return one(rule_.preconditions, generation.pattern);
    }
    bool all = true;
    for (const auto& loop : generation.loops) {
      all = each(loop) && all;
    }
    return all;
  }

 private:
  bool each(const GenerateLoop& loop) {
    Context& context = checker_.context();
    Value list;
    Failure failure;
    if (!context.query(loop.list, list, failure)) {
      return false;
    }
    if (!list.is(Type::array)) {
      list = make_array(arena_, {&list, 1});
    }
    const auto checkpoint = context.checkpoint();
    bool all = true;
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (list.at(i).is_null()) {
        continue;
      }
      context.restore(checkpoint);
      const Value index = Value::number(static_cast<double>(i));
      context.set("element", list.at(i));
      context.set("element0", list.at(i));
      context.set("elementIndex", index);
      context.set("elementIndex0", index);
      checker_.defer(loop.context);
      all = one(loop.preconditions, loop.pattern) && all;
    }
    context.restore(checkpoint);
    return all;
  }

  bool one(const Conditions& preconditions, const Template& pattern) {
    if (const auto stopped = checker_.stopped_by(preconditions)) {
      return stopped->status == RuleStatus::skip;
    }
    Value asked;
    Failure failure;
    if (!substitute(pattern, checker_.context(), asked, failure)) {
      return false;
    }
    const Target target{.api_version = asked.text({"apiVersion"}),
                        .kind = asked.text({"kind"}),
                        .name_space = asked.text({"namespace"}),
                        .name = asked.text({"name"})};
    if (!asked.text({"clone", "name"}).empty()) {
      return clone(target, asked.get({"clone"}));
    }
    if (asked.get({"cloneList", "kinds"}).size() > 0) {
      return clone_list(target, asked.get({"cloneList"}));
    }
    const Value data = asked.get({"data"});
    if (data.is_null() || find(target) != nullptr) {
      return true;  // what is there already is left alone
    }
    if (!data.is(Type::object)) {
      return false;
    }
    create(target, data);
    return true;
  }

  const Value* find(const Target& target) const {
    return store_.find(store_.resource_of(target.kind), target.name_space, target.name);
  }

  bool clone(const Target& target, const Value& source) {
    const Target from{.api_version = target.api_version,
                      .kind = target.kind,
                      .name_space = source.text({"namespace"}),
                      .name = source.text({"name"})};
    if (from.name_space == target.name_space && from.name == target.name) {
      return true;
    }
    const Value* original = find(from);
    return original != nullptr && copy(target, *original);
  }

  bool clone_list(const Target& target, const Value& asked) {
    const string_view from = asked.text({"namespace"});
    const Value kinds = asked.get({"kinds"});
    const Value selector = asked.get({"selector"});
    for (std::size_t i = 0; i < kinds.size(); ++i) {
      const KindSelector kind = parse_kind_selector(go_text(kinds.at(i)));
      for (const Value& original : store_.list(store_.resource_of(kind.kind), from)) {
        if (!selector.is_null() &&
            !matches_selector(read_selector(selector),
                              labels_of(original.get({"metadata", "labels"})))) {
          continue;
        }
        const Target own{.api_version = original.text({"apiVersion"}),
                         .kind = original.text({"kind"}),
                         .name_space = target.name_space,
                         .name = original.text({"metadata", "name"})};
        if (original.text({"metadata", "namespace"}) != own.name_space && !copy(own, original)) {
          return false;
        }
      }
    }
    return true;
  }

  bool copy(const Target& target, const Value& original) {
    if (find(target) != nullptr) {
      return true;
    }
    std::vector<Member> gone;
    for (const string_view key :
         {"uid", "selfLink", "creationTimestamp", "managedFields", "resourceVersion"}) {
      gone.push_back({key, Value()});
    }
    const Value metadata = original.get({"metadata"});
    if (metadata.text({"namespace"}) != target.name_space) {
      gone.push_back({"ownerReferences", Value()});
    }
    const Member change{"metadata", with(arena_, metadata, gone)};
    create(target, with(arena_, original, {&change, 1}));
    return true;
  }

  void create(const Target& target, const Value& content) {
    const std::array<Member, 3> named = {{{"name", text_or_null(target.name)},
                                          {"namespace", text_or_null(target.name_space)},
                                          {"resourceVersion", Value()}}};
    const auto own_kind = content.text({"kind"});
    const std::array<Member, 3> changes = {
        {{"apiVersion", Value::string(target.api_version)},
         {"kind", Value::string(own_kind.empty() ? target.kind : own_kind)},
         {"metadata", with(arena_, content.get({"metadata"}), named)}}};
    const ResourceName resource = store_.resource_of(target.kind);
    store_.create(resource, with(arena_, content, changes));
    made.push_back(*store_.find(resource, target.name_space, target.name));
  }

  Arena& arena_;
  Checker& checker_;
  const Rule& rule_;
  GenerateStore& store_;
};

/// Generate rules of a policy on one object.
class PolicyGenerator {
 public:
  PolicyGenerator(Evaluator& evaluator, const Policy& policy, const Request& request)
      : evaluator_(evaluator),
        policy_(policy),
        admission_(admit(evaluator.arena(), evaluator.cache(), policy, request)) {}

  std::vector<RuleResult> run(std::span<const Rule* const> rules, const CloneSources& sources) {
    for (const Rule* rule : rules) {
      const bool generates = rule->generation != nullptr;
      const bool targets = rule->mutation != nullptr && !rule->mutation->targets.empty();
      if ((generates || targets) && judge(*rule) && policy_.first_rule_only &&
          results_.back().status != RuleStatus::skip) {
        break;
      }
    }
    make(sources);
    return std::move(results_);
  }

 private:
  Checker checker(const Rule& rule) {
    return {evaluator_.arena(),
            evaluator_.cache(),
            admission_.request,
            policy_,
            rule,
            admission_.operation,
            [this](Context& context) { fill(context, admission_, admission_.operation); }};
  }

  bool judge(const Rule& rule) {
    auto exempted = checker(rule).exempted();
    if (!exempted && !applies(rule.match, rule.exclude, policy_.name_space, admission_.candidate)) {
      return false;
    }
    RuleResult result = Checker::ended(RuleStatus::pass, "");
    if (exempted) {
      result = std::move(*exempted);
    } else if (!rule.supported) {
      result =
          Checker::ended(RuleStatus::no_verdict, "the rule uses something that is not supported");
    } else if (admission_.operation == Operation::remove && rule.generation != nullptr) {
      result.status = RuleStatus::fail;
    } else if (auto stopped = checker(rule).stopped_by(rule.preconditions)) {
      result = std::move(*stopped);
    }
    result.policy = &policy_;
    result.rule = &rule;
    result.action = rule.action;
    results_.push_back(std::move(result));
    return true;
  }

  void make(const CloneSources& sources) {
    std::vector<Value> objects = {admission_.request.object.value};
    for (const auto& result : results_) {
      if (const auto found = sources.find(result.rule->name); found != sources.end()) {
        objects.insert(objects.end(), found->second.begin(), found->second.end());
      }
    }
    GenerateStore store(objects);
    for (auto& result : results_) {
      if (result.rule->generation == nullptr || !result.rule->supported) {
        continue;
      }
      Checker own = checker(*result.rule);
      RuleGenerator generator(evaluator_.arena(), own, *result.rule, store);
      if (!generator.run()) {
        for (auto& other : results_) {
          other.made.clear();
        }
        return;
      }
      result.made = std::move(generator.made);
    }
  }

  Evaluator& evaluator_;
  const Policy& policy_;
  Admission admission_;
  std::vector<RuleResult> results_;
};

}  // namespace

std::vector<RuleResult> generate(Evaluator& evaluator,
                                 const Policy& policy,
                                 std::span<const Rule* const> rules,
                                 const Request& request,
                                 const CloneSources& sources) {
  return PolicyGenerator(evaluator, policy, request).run(rules, sources);
}

}  // namespace sluice::policy

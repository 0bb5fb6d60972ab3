// SPDX-License-Identifier: Apache-2.0
#include "policy/mutate.hpp"

#include "base/text.hpp"
#include "policy/check.hpp"
#include "policy/json_patch.hpp"
#include "policy/mutate_merge.hpp"
#include "policy/mutate_targets.hpp"

#include <algorithm>

namespace sluice::policy {

namespace {

constexpr std::string_view unchanged = "no patches applied";

PatchResult failed(std::string why) {
  return {RuleStatus::error, "failed to patch resource: " + std::move(why), {}};
}

PatchResult patched(Tree& tree, const TreeNode& node) {
  const Value value = tree.value(node);
  if (tree.full()) {
    return {RuleStatus::no_verdict, "the result grows too large", {}};
  }
  if (value.text({"kind"}).empty()) {
    return {RuleStatus::error, "failed to unmarshal patched resource: it has no kind", {}};
  }
  return {RuleStatus::pass, "resource patched", value};
}

/// `request.object` is another from now on.
void set_object(Context& context, const Value& object) {
  const Member change{"object", object};
  std::vector<Member> members = {change};
  const Value request = context.get("request");
  for (std::size_t i = 0; i < request.size(); ++i) {
    if (request.key_at(i) != "object") {
      members.push_back({request.key_at(i), request.member_at(i)});
    }
  }
  context.set("request", make_object(context.arena(), members));
}

PatchResult from(RuleResult stopped, const Value& object) {
  return {stopped.status, std::move(stopped.message), object};
}

PatchResult from(const Failure& failure, std::string_view step) {
  return from(Checker::error(step, failure), {});
}

/// One rule on one object.
class RuleMutator {
 public:
  RuleMutator(Arena& arena, Checker& checker, const Rule& rule)
      : arena_(arena), checker_(checker), mutation_(*rule.mutation) {}

  PatchResult run(const Value& object) {
    if (!mutation_.loops.empty()) {
      return loops(mutation_.loops, object, 0);
    }
    Value rule;
    Failure failure;
    if (!substitute(mutation_.rule, checker_.context(), rule, failure)) {
      return from(failure, "variable substitution failed");
    }
    const Value body = rule.get({"mutate"});
    return patch(body.get({"patchStrategicMerge"}), body.get({"patchesJson6902"}), object);
  }

 private:
  PatchResult patch(const Value& strategic, const Value& json, const Value& object) {
    if (!strategic.is_null()) {
      return apply_strategic(arena_, object, strategic);
    }
    if (json.is(Type::string) && !json.as_string().empty()) {
      return apply_json(arena_, object, json.as_string());
    }
    return {RuleStatus::error, "empty mutate rule", {}};
  }

  PatchResult loops(const std::vector<MutateLoop>& all, const Value& object, int nesting) {
    Value current = object;
    bool applied = false;
    for (const auto& loop : all) {
      Value list;
      Failure failure;
      if (!checker_.context().query(loop.list, list, failure)) {
        return from(failure, "failed to evaluate list");
      }
      if (!list.is(Type::array)) {
        list = make_array(arena_, {&list, 1});
      }
      PatchResult result = elements(loop, list, current, nesting);
      if (result.status == RuleStatus::error || result.status == RuleStatus::no_verdict) {
        result.message = "failed to mutate elements: " + result.message;
        return result;
      }
      if (result.status == RuleStatus::pass) {
        applied = true;
        current = result.object;
        set_object(checker_.context(), current);
      }
    }
    return {applied ? RuleStatus::pass : RuleStatus::skip,
            applied ? "elements processed" : "no elements processed", current};
  }

  PatchResult elements(const MutateLoop& loop,
                       const Value& list,
                       const Value& object,
                       int nesting) {
    Context& context = checker_.context();
    const auto checkpoint = context.checkpoint();
    Value current = object;
    for (std::size_t i = 0; i < list.size(); ++i) {
      const bool down = loop.order == MutateLoop::Order::descending;
      const std::size_t index = down ? list.size() - 1 - i : i;
      if (list.at(index).is_null()) {
        continue;
      }
      context.restore(checkpoint);
      PatchResult result = element(loop, list.at(index), index, current, nesting);
      if (result.status == RuleStatus::error || result.status == RuleStatus::no_verdict) {
        context.restore(checkpoint);
        return result;
      }
      current = result.status == RuleStatus::pass ? result.object : current;
    }
    context.restore(checkpoint);
    return equal(current, object) ? PatchResult{RuleStatus::skip, std::string(unchanged), object}
                                  : PatchResult{RuleStatus::pass, "", current};
  }

  PatchResult element(const MutateLoop& loop,
                      const Value& element,
                      std::size_t index,
                      const Value& object,
                      int nesting) {
    Context& context = checker_.context();
    const std::string suffix = std::to_string(nesting);
    const Value number = Value::number(static_cast<double>(index));
    context.set("element", element);
    context.set(arena_.copy("element" + suffix), element);
    context.set("elementIndex", number);
    context.set(arena_.copy("elementIndex" + suffix), number);
    checker_.defer(loop.context);
    if (auto stopped = checker_.stopped_by(loop.preconditions)) {
      return from(std::move(*stopped), object);
    }
    if (!loop.loops.empty()) {
      return loops(loop.loops, object, nesting + 1);
    }
    Value strategic;
    Value json;
    Failure failure;
    if ((loop.patch.strategic && !substitute(*loop.patch.strategic, context, strategic, failure)) ||
        (loop.patch.json && !substitute(*loop.patch.json, context, json, failure))) {
      return from(failure, "variable substitution failed");
    }
    return patch(strategic, json, object);
  }

  Arena& arena_;
  Checker& checker_;
  const Mutation& mutation_;
};

/// The rules of a policy, one after the other.
class PolicyMutator {
 public:
  PolicyMutator(Evaluator& evaluator, const Policy& policy, const Request& request, World world)
      : evaluator_(evaluator),
        policy_(policy),
        world_(world),
        admission_(admit(evaluator.arena(), evaluator.cache(), policy, request)) {
    outcome_.object = admission_.request.object;
    if (admission_.operation == Operation::remove) {
      outcome_.object.value = Value();
    }
  }

  Mutated run(std::span<const Rule* const> rules) {
    for (const Rule* rule : rules) {
      const std::size_t before = outcome_.results.size();
      if (rule->mutation != nullptr && applies_to(*rule)) {
        run_rule(*rule);
      }
      const bool applied = std::any_of(
          outcome_.results.begin() + static_cast<std::ptrdiff_t>(before), outcome_.results.end(),
          [](const RuleResult& result) {
            return result.status == RuleStatus::pass || result.status == RuleStatus::fail;
          });
      if (policy_.first_rule_only && applied) {
        break;
      }
    }
    return std::move(outcome_);
  }

 private:
  bool applies_to(const Rule& rule) {
    Candidate candidate = admission_.candidate;
    if (admission_.operation != Operation::remove) {
      const Value& value = outcome_.object.value;
      if (value.is_null()) {
        return false;
      }
      candidate.name = outcome_.object.name;
      candidate.name_space = outcome_.object.name_space;
      candidate.labels = value.get({"metadata", "labels"});
      candidate.annotations = value.get({"metadata", "annotations"});
    }
    return applies(rule.match, rule.exclude, policy_.name_space, candidate);
  }

  void run_rule(const Rule& rule) {
    Arena& arena = evaluator_.arena();
    Request request = admission_.request;
    if (admission_.operation != Operation::remove) {
      request.object = outcome_.object;
    }
    Checker checker(arena, evaluator_.cache(), request, policy_, rule, admission_.operation,
                    [&](Context& context) {
                      fill(context, admission_, admission_.operation);
                      if (admission_.operation != Operation::remove) {
                        set_object(context, outcome_.object.value);
                      }
                    });
    if (!rule.supported) {
      add(rule, {RuleStatus::no_verdict, "the rule uses something that is not supported", {}});
      return;
    }
    auto stopped = checker.stopped_by(rule.preconditions);
    if (stopped = stopped ? std::move(stopped) : checker.exempted(); stopped) {
      add(rule, from(std::move(*stopped), {}));
      return;
    }
    if (!rule.mutation->targets.empty()) {
      change_targets(rule, checker);
      return;
    }
    PatchResult result = RuleMutator(arena, checker, rule).run(outcome_.object.value);
    if (result.status == RuleStatus::pass) {
      replace_object(result.object);
    } else if (result.status == RuleStatus::error) {
      outcome_.object.value = Value();
    }
    add(rule, std::move(result));
  }

  void change_targets(const Rule& rule, Checker& checker) {
    Context& context = checker.context();
    const auto checkpoint = context.checkpoint();
    for (const auto& target : rule.mutation->targets) {
      const FoundTargets found = find_targets(target, policy_, context, world_);
      if (found.failure) {
        add(rule, from(*found.failure, "failed to load targets"));
      }
      for (const Object* object : found.objects) {
        context.restore(checkpoint);
        context.set("target", object->value);
        checker.defer(target.context);
        if (auto stopped = checker.stopped_by(target.preconditions)) {
          add(rule, from(std::move(*stopped), {}));
          continue;
        }
        PatchResult result = RuleMutator(evaluator_.arena(), checker, rule).run(object->value);
        const Value made = result.object;
        const bool passed = result.status == RuleStatus::pass;
        add(rule, std::move(result));
        if (passed) {
          outcome_.results.back().made.push_back(made);
        }
      }
      context.restore(checkpoint);
    }
  }

  void replace_object(const Value& value) {
    Object changed = normalise(evaluator_.arena(), value, "", Scope::cluster);
    const Object& old = outcome_.object;
    // The request stays one for the same kind.
    changed.group = old.group;
    changed.version = old.version;
    changed.kind = old.kind;
    changed.subresource = old.subresource;
    outcome_.object = changed;
  }

  void add(const Rule& rule, PatchResult result) {
    RuleResult made;
    made.policy = &policy_;
    made.rule = &rule;
    made.status = result.status;
    made.message = std::move(result.message);
    made.action = rule.action;
    outcome_.known = outcome_.known && result.status != RuleStatus::no_verdict;
    outcome_.results.push_back(std::move(made));
  }

  Evaluator& evaluator_;
  const Policy& policy_;
  World world_;
  Admission admission_;
  Mutated outcome_;
};

}  // namespace

PatchResult apply_strategic(Arena& arena, const Value& object, const Value& patch) {
  Tree tree(arena);
  TreeNode* base = tree.make(object);
  TreeNode* over = tree.make(patch);
  const PreparedPatch prepared = prepare_patch(tree, over, base);
  if (prepared.kind == PreparedPatch::Kind::broken) {
    return failed(prepared.reason);
  }
  if (prepared.kind != PreparedPatch::Kind::ready) {
    over = tree.make(TreeNode::Kind::mapping);
  }
  const MergeOutcome merged = strategic_merge(tree, base, over);
  if (!merged.error.empty()) {
    return tree.full() ? PatchResult{RuleStatus::no_verdict, merged.error, {}}
                       : failed(merged.error);
  }
  if (merged.node == nullptr) {
    return failed("the patch deletes the object");
  }
  PatchResult result = patched(tree, *merged.node);
  if (result.status == RuleStatus::pass && equal(result.object, object)) {
    return {RuleStatus::skip, std::string(unchanged), object};
  }
  return result;
}

PatchResult apply_json(Arena& arena, const Value& object, std::string_view patch) {
  Tree tree(arena);
  TreeNode* base = tree.make(object);
  TreeNode* document = tree.make(object);
  if (base->kind != TreeNode::Kind::mapping) {
    return failed("there is no object");
  }
  const auto result = json_patch(tree, document, patch);
  if (!result) {
    return tree.full() ? PatchResult{RuleStatus::no_verdict, result.error().message, {}}
                       : failed(result.error().message);
  }
  if (same_text(*base, **result)) {
    return {RuleStatus::skip, std::string(unchanged), object};
  }
  return patched(tree, **result);
}

Mutated mutate(Evaluator& evaluator,
               const Policy& policy,
               std::span<const Rule* const> rules,
               const Request& request,
               World world) {
  return PolicyMutator(evaluator, policy, request, world).run(rules);
}

}  // namespace sluice::policy

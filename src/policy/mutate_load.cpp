// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "policy/json_patch.hpp"
#include "policy/mutate.hpp"

#include <array>

namespace sluice::policy {

namespace {

using std::string_view;

constexpr int deepest_loop = 20;

/// Kyverno refuses labels and annotations that are no strings, null included, at the two places
/// where it looks for them.
void check_labels(Loader& loader, const Value& patch) {
  for (const Value& metadata :
       {patch.get({"metadata"}), patch.get({"spec", "template", "metadata"})}) {
    for (const string_view name : {"labels", "annotations"}) {
      const Value pairs = metadata.get({name});
      for (std::size_t i = 0; i < pairs.size() && pairs.is(Type::object); ++i) {
        if (!pairs.member_at(i).is(Type::string)) {
          loader.invalid(
              pairs.member_at(i),
              "labels and annotations in a patch must be strings; quote the value of \"" +
                  text::printable(pairs.key_at(i)) + "\"");
        }
      }
    }
  }
}

/// A JSON patch must be one once its variables are some text.
void check_json_patch(Loader& loader, const Value& place) {
  const std::string patch = without_variables(place.as_string(), "variable");
  if (const auto checked = check_patch(patch); !checked) {
    loader.invalid(place, checked.error().message);
  }
}

Patch read_patch(Loader& loader, const Value& source) {
  Patch patch;
  if (present(source, "patchStrategicMerge")) {
    const Value merge = source.get({"patchStrategicMerge"});
    if (!merge.is(Type::object)) {
      loader.invalid(merge, "patchStrategicMerge must be a mapping");
    }
    patch.strategic = loader.make_template(merge);
  }
  if (present(source, "patchesJson6902")) {
    const std::string text = loader.string(source, "patchesJson6902", "patchesJson6902");
    if (!text.empty()) {
      patch.json = loader.make_template(source.get({"patchesJson6902"}));
    }
  }
  if (patch.strategic && patch.json) {
    loader.invalid(source, "only one of patchStrategicMerge and patchesJson6902 may be given");
  }
  return patch;
}

MutateLoop read_loop(Loader& loader, const Value& source, int depth);

std::vector<MutateLoop> read_loops(Loader& loader, const Value& list, int depth) {
  std::vector<MutateLoop> loops;
  if (!list.is_null() && !list.is(Type::array)) {
    loader.invalid(list, "foreach must be a list");
  } else if (depth > deepest_loop) {
    loader.unsupported(list, "foreach nested this deep");
  } else {
    for (std::size_t i = 0; i < list.size(); ++i) {
      loops.push_back(read_loop(loader, list.at(i), depth));
    }
  }
  return loops;
}

MutateLoop read_loop(Loader& loader, const Value& source, int depth) {
  constexpr std::array<string_view, 7> keys = {
      "list",   "order", "context", "preconditions", "patchStrategicMerge", "patchesJson6902",
      "foreach"};
  MutateLoop made;
  if (!loader.known_keys(source, "foreach", keys)) {
    return made;
  }
  made.list = loader.string(source, "list", "list");
  made.patch = read_patch(loader, source);
  made.loops = read_loops(loader, source.get({"foreach"}), depth + 1);
  const bool has_patch = made.patch.strategic || made.patch.json;
  if (made.loops.empty() && !has_patch) {
    loader.invalid(source, "foreach needs patchStrategicMerge, patchesJson6902 or foreach");
  }
  if (!made.loops.empty() &&
      (has_patch || present(source, "context") || present(source, "preconditions"))) {
    loader.invalid(source, "a foreach that holds a foreach may hold nothing else but its list");
  }
  made.context = loader.context(source.get({"context"}));
  made.preconditions = loader.conditions(source.get({"preconditions"}), "preconditions");
  // Kustomize puts new elements first, so that the last must be merged first to keep their order.
  made.order = made.patch.strategic ? MutateLoop::Order::descending : MutateLoop::Order::ascending;
  if (const std::string order = loader.string(source, "order", "order"); !order.empty()) {
    made.order =
        order == "Descending" ? MutateLoop::Order::descending : MutateLoop::Order::ascending;
    if (order != "Descending" && order != "Ascending") {
      loader.invalid(source.get({"order"}), "the order is Ascending or Descending");
    }
  }
  return made;
}

MutateTarget read_target(Loader& loader, const Value& source) {
  constexpr std::array<string_view, 8> keys = {
      "apiVersion", "kind", "namespace", "name", "uid", "selector", "context", "preconditions"};
  constexpr std::array<string_view, 5> selecting = {"apiVersion", "kind", "namespace", "name",
                                                    "selector"};
  MutateTarget made;
  if (!loader.known_keys(source, "targets", keys)) {
    return made;
  }
  std::vector<Member> members;
  for (const auto key : selecting) {
    if (present(source, key)) {
      members.push_back({key, source.get({key})});
    }
  }
  made.selector = loader.make_template(make_object(loader.arena(), members).standing_at(source));
  made.context = loader.context(source.get({"context"}));
  made.preconditions = loader.conditions(source.get({"preconditions"}), "preconditions");
  return made;
}

}  // namespace

std::shared_ptr<const Mutation> load_mutation(Loader& loader, const Value& rule) {
  constexpr std::array<string_view, 5> keys = {"patchStrategicMerge", "patchesJson6902", "foreach",
                                               "targets", "mutateExistingOnPolicyUpdate"};
  auto made = std::make_shared<Mutation>();
  const Value source = rule.get({"mutate"});
  if (!loader.known_keys(source, "mutate", keys)) {
    return made;
  }
  const Patch patch = read_patch(loader, source);
  made->has_patch = patch.strategic || patch.json;
  made->loops = read_loops(loader, source.get({"foreach"}), 0);
  if (made->has_patch == !made->loops.empty()) {
    loader.invalid(source, "mutate needs one of patchStrategicMerge, patchesJson6902 and foreach");
  }
  const Value loops = source.get({"foreach"});
  check_labels(loader, source.get({"patchStrategicMerge"}));
  for (std::size_t i = 0; i < loops.size(); ++i) {
    if (present(loops.at(i), "patchStrategicMerge")) {
      check_labels(loader, loops.at(i).get({"patchStrategicMerge"}));
      break;  // Kyverno looks at the first only
    }
  }
  if (patch.json) {
    check_json_patch(loader, source.get({"patchesJson6902"}));
  }
  const Value targets = source.get({"targets"});
  for (std::size_t i = 0; i < targets.size(); ++i) {
    made->targets.push_back(read_target(loader, targets.at(i)));
  }
  if (made->loops.empty()) {
    made->rule = loader.make_template(rule);
  }
  return made;
}

}  // namespace sluice::policy

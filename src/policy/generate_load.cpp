// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "policy/generate.hpp"

#include <array>

namespace sluice::policy {

namespace {

using std::string_view;

/// What is made is no pattern.
void check_data(Loader& loader, const Value& data) {
  for (std::size_t i = 0; i < data.size(); ++i) {
    const bool mapping = data.is(Type::object);
    if (mapping && parse_anchor(data.key_at(i)).anchor != Anchor::none) {
      loader.invalid(data.member_at(i), "data has no anchors: " + text::printable(data.key_at(i)));
    }
    check_data(loader, mapping ? data.member_at(i) : data.at(i));
  }
}

/// The part of a generate or a foreach that says what to make.
Template read_pattern(Loader& loader, const Value& source) {
  constexpr std::array<string_view, 8> keys = {"apiVersion", "kind", "namespace", "name",
                                               "uid",        "data", "clone",     "cloneList"};
  std::vector<Member> members;
  std::size_t sorts = 0;
  for (const auto key : keys) {
    if (present(source, key)) {
      members.push_back({key, source.get({key})});
      sorts += key == "data" || key == "clone" || key == "cloneList" ? 1 : 0;
    }
  }
  if (sorts != 1) {
    loader.invalid(source, "generate needs one of data, clone and cloneList");
  }
  check_data(loader, source.get({"data"}));
  return loader.make_template(make_object(loader.arena(), members).standing_at(source));
}

GenerateLoop read_loop(Loader& loader, const Value& source) {
  constexpr std::array<string_view, 11> keys = {"list", "context",   "preconditions", "apiVersion",
                                                "kind", "namespace", "name",          "uid",
                                                "data", "clone",     "cloneList"};
  GenerateLoop made;
  if (!loader.known_keys(source, "foreach", keys)) {
    return made;
  }
  made.list = loader.string(source, "list", "list");
  made.context = loader.context(source.get({"context"}));
  made.preconditions = loader.conditions(source.get({"preconditions"}), "preconditions");
  made.pattern = read_pattern(loader, source);
  return made;
}

}  // namespace

std::shared_ptr<const Generation> load_generation(Loader& loader, const Value& rule) {
  constexpr std::array<string_view, 12> keys = {// synchronize says nothing of a first run
                                                "apiVersion",  "kind",
                                                "namespace",   "name",
                                                "uid",         "data",
                                                "clone",       "cloneList",
                                                "synchronize", "orphanDownstreamOnPolicyDelete",
                                                "foreach",     "generateExisting"};
  auto made = std::make_shared<Generation>();
  const Value source = rule.get({"generate"});
  if (!loader.known_keys(source, "generate", keys)) {
    return made;
  }
  const Value loops = source.get({"foreach"});
  for (std::size_t i = 0; i < loops.size(); ++i) {
    made->loops.push_back(read_loop(loader, loops.at(i)));
  }
  if (made->loops.empty()) {
    made->pattern = read_pattern(loader, source);
  }
  return made;
}

}  // namespace sluice::policy

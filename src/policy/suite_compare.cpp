// SPDX-License-Identifier: Apache-2.0
#include "policy/suite_compare.hpp"

#include "base/text.hpp"

#include <set>

namespace sluice::policy {

namespace {

/// Without nulls, empty mappings and empty lists; null when nothing is left.
Value tidied(Arena& arena, const Value& value) {
  if (value.is(Type::array)) {
    std::vector<Value> elements;
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (const Value element = tidied(arena, value.at(i)); !element.is_null()) {
        elements.push_back(element);
      }
    }
    return elements.empty() ? Value() : make_array(arena, elements);
  }
  if (value.is(Type::object)) {
    std::vector<Member> members;
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (const Value member = tidied(arena, value.member_at(i)); !member.is_null()) {
        members.push_back({value.key_at(i), member});
      }
    }
    return members.empty() ? Value() : make_object(arena, members);
  }
  return value;
}

/// Kyverno's own labels taken out, and the one it always sets put in.
Value without_generated_labels(Arena& arena, const Value& object) {
  const Value metadata = object.get({"metadata"});
  const Value labels = metadata.get({"labels"});
  std::vector<Member> kept = {{"app.kubernetes.io/managed-by", Value::string("kyverno")}};
  bool strings = true;
  for (std::size_t i = 0; i < labels.size() && labels.is(Type::object); ++i) {
    strings = strings && labels.member_at(i).is(Type::string);
  }
  for (std::size_t i = 0; i < labels.size() && labels.is(Type::object) && strings; ++i) {
    if (!labels.key_at(i).starts_with("generate.kyverno.io/")) {
      kept.push_back({labels.key_at(i), labels.member_at(i)});
    }
  }
  const auto replaced = [&](const Value& base, std::string_view key, const Value& value) {
    std::vector<Member> members;
    for (std::size_t i = 0; i < base.size() && base.is(Type::object); ++i) {
      members.push_back({base.key_at(i), base.member_at(i)});
    }
    members.push_back({key, value});  // of equal keys the last stays
    return make_object(arena, members);
  };
  return replaced(object, "metadata", replaced(metadata, "labels", make_object(arena, kept)));
}

std::string shown(const Value& value) {
  std::string text;
  append_json(value, text);
  constexpr std::size_t longest = 120;
  return text.size() > longest ? text.substr(0, longest) + "..." : text;
}

/// Where two unequal values differ first.
std::string difference(const Value& actual, const Value& expected, const std::string& path) {
  const auto both = [&](Type type) { return actual.is(type) && expected.is(type); };
  if (both(Type::object)) {
    std::set<std::string_view> keys;
    for (const Value* value : {&actual, &expected}) {
      for (std::size_t i = 0; i < value->size(); ++i) {
        keys.insert(value->key_at(i));
      }
    }
    for (const auto key : keys) {
      const Value a = actual.get({key});
      const Value e = expected.get({key});
      if (!equal(a, e)) {
        return difference(a, e, path + "/" + text::printable(key));
      }
    }
  }
  if (both(Type::array) && actual.size() == expected.size()) {
    for (std::size_t i = 0; i < actual.size(); ++i) {
      if (!equal(actual.at(i), expected.at(i))) {
        return difference(actual.at(i), expected.at(i), path + "/" + std::to_string(i));
      }
    }
  }
  return path + " is " + text::printable(shown(actual)) + ", expected " +
         text::printable(shown(expected));
}

}  // namespace

Comparison compare_with_file(const Value& actual, const std::string& path, SuiteData& data) {
  const auto objects = load_objects(path, data);
  if (!objects) {
    return {Comparison::Verdict::unreadable, objects.error().message};
  }
  for (const Object& object : *objects) {
    if (object.api_version != actual.text({"apiVersion"}) || object.kind != actual.text({"kind"}) ||
        object.value.text({"metadata", "name"}) != actual.text({"metadata", "name"}) ||
        object.value.text({"metadata", "namespace"}) != actual.text({"metadata", "namespace"})) {
      continue;
    }
    Arena& arena = data.arena;
    const Value a = tidied(arena, without_generated_labels(arena, actual));
    const Value e = tidied(arena, without_generated_labels(arena, object.value));
    if (equal(a, e)) {
      return {};
    }
    return {Comparison::Verdict::different, difference(a, e, "")};
  }
  return {Comparison::Verdict::missing, text::printable(path) + " has no " +
                                            text::printable(actual.text({"kind"})) + " " +
                                            text::printable(actual.text({"metadata", "name"}))};
}

}  // namespace sluice::policy

// SPDX-License-Identifier: Apache-2.0
#include "policy/functions.hpp"
#include "policy/images.hpp"
#include "yaml/parse.hpp"

#include <algorithm>

namespace sluice::policy {

namespace {

using jmespath::Evaluation;
using jmespath::Outcome;
using Arguments = std::span<const Value>;

Outcome fn_items(Evaluation& evaluation, Arguments a, Value& out) {
  Arena& arena = evaluation.arena();
  std::vector<Value> items;
  const auto add = [&](const Value& key, const Value& value) {
    const std::array<Member, 2> members = {{{a[1].as_string(), key}, {a[2].as_string(), value}}};
    items.push_back(make_object(arena, members));
  };
  if (a[0].is(Type::object)) {
    for (const auto& [key, value] : sorted_members(arena, a[0])) {
      add(Value::string(key), value);
    }
  }
  for (std::size_t i = 0; i < a[0].size() && a[0].is(Type::array); ++i) {
    add(Value::number(static_cast<double>(i)), a[0].at(i));
  }
  out = make_array(arena, items);
  return Outcome::ok;
}

Outcome fn_lookup(Evaluation& evaluation, Arguments a, Value& out) {
  out = Value();
  if (a[0].is(Type::object)) {
    if (!a[1].is(Type::string)) {
      return evaluation.fail("lookup(): a mapping is looked up by a string");
    }
    out = a[0].find(a[1].as_string()).value_or(Value());
    return Outcome::ok;
  }
  if (!a[1].is(Type::number) ||
      a[1].as_number() != static_cast<double>(static_cast<std::int64_t>(a[1].as_number()))) {
    return evaluation.fail("lookup(): a list is looked up by a whole number");
  }
  const double index = a[1].as_number();
  out = index >= 0 && index < static_cast<double>(a[0].size())
            ? a[0].at(static_cast<std::size_t>(index))
            : Value();
  return Outcome::ok;
}

Outcome fn_object_from_lists(Evaluation& evaluation, Arguments a, Value& out) {
  std::vector<Member> members;
  for (std::size_t i = 0; i < a[0].size(); ++i) {
    if (!a[0].at(i).is(Type::string)) {
      return evaluation.fail("object_from_lists(): keys must be strings");
    }
    members.push_back({a[0].at(i).as_string(), i < a[1].size() ? a[1].at(i) : Value()});
  }
  out = make_object(evaluation.arena(), members);
  return Outcome::ok;
}

Outcome fn_parse_json(Evaluation& evaluation, Arguments a, Value& out) {
  const auto parsed = jmespath::parse_json(a[0].as_string(), evaluation.arena());
  if (!parsed) {
    return evaluation.fail("parse_json(): " + parsed.error().message);
  }
  out = *parsed;
  return Outcome::ok;
}

/// A copy that does not need the document.
Value copied(Arena& arena, const Value& value) {
  switch (value.type()) {
    case Type::string:
      return make_string(arena, value.as_string());
    case Type::array: {
      const auto elements = arena.array<Value>(value.size());
      for (std::size_t i = 0; i < elements.size(); ++i) {
        elements[i] = copied(arena, value.at(i));
      }
      return Value::array(elements);
    }
    case Type::object: {
      const auto members = arena.array<Member>(value.size());
      for (std::size_t i = 0; i < members.size(); ++i) {
        members[i] = {arena.copy(value.key_at(i)), copied(arena, value.member_at(i))};
      }
      return Value::object(members.first(sort_members(members)));
    }
    case Type::boolean:
      return Value::boolean(value.as_boolean());
    case Type::number:
      return Value::number(value.as_number());
    default:
      return {};
  }
}

Outcome fn_parse_yaml(Evaluation& evaluation, Arguments a, Value& out) {
  const auto stream = yaml::parse(std::string(a[0].as_string()), "parse_yaml()");
  if (!stream || !stream->findings.empty()) {
    return evaluation.fail("parse_yaml(): the text is not YAML");
  }
  if (stream->documents.empty()) {  // "" and a text of comments only
    out = Value::null();
    return Outcome::ok;
  }
  const auto& document = stream->documents.front();
  out = copied(evaluation.arena(), Value::of(document, document.root()));
  return Outcome::ok;
}

Outcome fn_image_normalize(Evaluation& evaluation, Arguments a, Value& out) {
  const auto image = parse_image(a[0].as_string());
  if (!image) {
    return evaluation.fail("image_normalize(): not an image");
  }
  out = make_string(evaluation.arena(), image->reference);
  return Outcome::ok;
}

using namespace jmespath;

constexpr jmespath::Function functions[] = {
    {"image_normalize", 1, false, {accept_string}, fn_image_normalize},
    {"items", 3, false, {accept_object | accept_array, accept_string, accept_string}, fn_items},
    {"lookup", 2, false, {accept_object | accept_array, accept_string | accept_number}, fn_lookup},
    {"object_from_lists", 2, false, {accept_array, accept_array}, fn_object_from_lists},
    {"parse_json", 1, false, {accept_string}, fn_parse_json},
    {"parse_yaml", 1, false, {accept_string}, fn_parse_yaml},
};

}  // namespace

std::span<const jmespath::Function> data_functions() {
  return functions;
}

}  // namespace sluice::policy

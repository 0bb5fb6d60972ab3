// SPDX-License-Identifier: Apache-2.0
#include "argo/fields.hpp"
#include "argo/generators.hpp"

#include <algorithm>
#include <map>

namespace sluice::argo {
namespace {

using yaml::Kind;
using yaml::Value;

const std::vector<Value>* children(Attempt& attempt, const Value& generator, std::size_t least) {
  const auto* list = generator.find("generators");
  if (list == nullptr || list->items.size() < least) {
    attempt.context.invalid(
        attempt.subject, &generator,
        "this generator combines at least " + std::to_string(least) + " others");
    return nullptr;
  }
  return &list->items;
}

/// Both sets in one. In the Go language the first generator's values win; in the fast one two
/// values for a tag are an error.
std::optional<Value> combined(Attempt& attempt,
                              const Value& at,
                              const Value& first,
                              const Value& second) {
  Value out = first;
  if (attempt.go()) {
    yaml::merge_missing(out, second);
    return out;
  }
  for (const auto& [key, value] : second.members) {
    const auto* present = out.find(key);
    const auto text = go_text(value);
    if (present != nullptr && go_text(*present) != text) {
      attempt.context.invalid(
          attempt.subject, &at,
          "both generators of the matrix give parameter " + quoted(key) + ", with different values",
          "rename one of them, or set pathParamPrefix or goTemplate");
      return std::nullopt;
    }
    out.set(key, Value::string(text));
  }
  return out;
}

/// The parameters that a merge compares, as JSON.
std::string merge_key(const Value& keys, const Value& parameters) {
  auto out = Value::mapping();
  for (const auto& key : keys.items) {
    const auto* value = parameters.find(key.text);
    out.set(key.text, value == nullptr ? Value{} : *value);
  }
  return yaml::to_json(out);
}

using ByKey = std::map<std::string, std::size_t>;

/// Nothing when two sets have the same key: Argo CD refuses that.
std::optional<ByKey> by_key(Attempt& attempt,
                            const Value& at,
                            const Value& keys,
                            const Parameters& sets) {
  ByKey found;
  for (std::size_t i = 0; i < sets.size(); ++i) {
    auto key = merge_key(keys, sets[i]);
    if (!found.emplace(key, i).second) {
      attempt.context.invalid(
          attempt.subject, &at,
          "two parameter sets of one generator have the merge keys " + quoted(key));
      return std::nullopt;
    }
  }
  return found;
}

bool has_template(const Value& value) {
  const auto in_member = [](const auto& member) {
    return member.first.find("{{") != std::string::npos || has_template(member.second);
  };
  return value.text.find("{{") != std::string::npos ||
         std::ranges::any_of(value.items, has_template) ||
         std::ranges::any_of(value.members, in_member);
}

/// Whether the second generator of a matrix gives the same for each parameter set of the first. One
/// that asks a server is met anew each time, in the order of its recorded answers.
bool is_constant(const Value& generator) {
  const auto* kind = generator_kind(generator);
  return kind != nullptr &&
         (kind->first == "list" || kind->first == "git" || kind->first == "clusters") &&
         !has_template(kind->second);
}

void lay_over(const Attempt& attempt, Value& base, const Value& over) {
  if (attempt.go()) {
    yaml::merge_values(base, over);
    return;
  }
  for (const auto& [key, value] : over.members) {
    base.set(key, Value::string(go_text(value)));
  }
}

}  // namespace

Generated generate_matrix(Attempt& attempt, const Value& matrix, int depth) {
  check_fields(attempt.context, attempt.subject, &matrix, matrix_generator_fields);
  const auto* generators = children(attempt, matrix, 2);
  if (generators == nullptr) {
    return std::nullopt;
  }
  if (generators->size() > 2) {
    attempt.context.invalid(attempt.subject, &matrix, "a matrix combines exactly two generators");
    return std::nullopt;
  }
  const auto first = generate(attempt, generators->front(), nullptr, depth + 1);
  if (!first) {
    return std::nullopt;
  }
  const bool constant = is_constant(generators->back());
  Parameters out;
  Generated second;
  for (const auto& outer : *first) {
    if (!second || !constant) {
      second = generate(attempt, generators->back(), &outer, depth + 1);
    }
    if (!second) {
      return std::nullopt;
    }
    for (const auto& inner : *second) {
      auto both = combined(attempt, matrix, outer, inner);
      if (!both || !attempt.within_limit(out.size() + 1, matrix)) {
        return std::nullopt;
      }
      out.push_back(std::move(*both));
    }
  }
  return out;
}

Generated generate_merge(Attempt& attempt, const Value& merge, int depth) {
  check_fields(attempt.context, attempt.subject, &merge, merge_generator_fields);
  const auto* generators = children(attempt, merge, 2);
  const auto* keys = merge.find("mergeKeys");
  if (generators == nullptr) {
    return std::nullopt;
  }
  if (keys == nullptr || keys->items.empty()) {
    attempt.context.invalid(attempt.subject, &merge, "a merge needs mergeKeys");
    return std::nullopt;
  }
  auto base = generate(attempt, generators->front(), nullptr, depth + 1);
  if (!base) {
    return std::nullopt;
  }
  const auto places = by_key(attempt, merge, *keys, *base);
  if (!places) {
    return std::nullopt;
  }
  for (std::size_t i = 1; i < generators->size(); ++i) {
    const auto& generator = (*generators)[i];
    const auto sets = generate(attempt, generator, nullptr, depth + 1);
    if (!sets || !by_key(attempt, generator, *keys, *sets)) {
      return std::nullopt;
    }
    for (const auto& set : *sets) {
      const auto place = places->find(merge_key(*keys, set));
      if (place != places->end()) {
        lay_over(attempt, (*base)[place->second], set);
      }
    }
  }
  return base;
}

}  // namespace sluice::argo

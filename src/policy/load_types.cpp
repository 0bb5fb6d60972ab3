// SPDX-License-Identifier: Apache-2.0
// The types of fields that the rest of the loader reads as if they were right. The API server holds
// a policy against the schema of its CustomResourceDefinition (kyverno.io/v1) and refuses
// `message: no`, which is a boolean in YAML 1.1; the Kyverno CLI then drops the policy in silence.
#include "base/text.hpp"
#include "policy/load.hpp"

namespace sluice::policy {

namespace {

using std::string_view;

enum class Wanted : std::uint8_t { string, boolean, number, object, array, string_map };

struct Row {
  string_view path;  ///< keys with dots between; "*" is every element of a list
  Wanted wanted = Wanted::string;
};

constexpr Row rows[] = {
    {"metadata.name", Wanted::string},
    {"metadata.labels", Wanted::string_map},
    {"metadata.annotations", Wanted::string_map},
    {"spec.admission", Wanted::boolean},
    {"spec.applyRules", Wanted::string},
    {"spec.background", Wanted::boolean},
    {"spec.emitWarning", Wanted::boolean},
    {"spec.failurePolicy", Wanted::string},
    {"spec.generateExisting", Wanted::boolean},
    {"spec.mutateExistingOnPolicyUpdate", Wanted::boolean},
    {"spec.rules.*.exclude", Wanted::object},
    {"spec.rules.*.exclude.all", Wanted::array},
    {"spec.rules.*.exclude.any", Wanted::array},
    {"spec.rules.*.match", Wanted::object},
    {"spec.rules.*.match.all", Wanted::array},
    {"spec.rules.*.match.any", Wanted::array},
    {"spec.rules.*.name", Wanted::string},
    {"spec.rules.*.context", Wanted::array},
    {"spec.rules.*.context.*.apiCall.jmesPath", Wanted::string},
    {"spec.rules.*.context.*.apiCall.urlPath", Wanted::string},
    {"spec.rules.*.context.*.configMap.name", Wanted::string},
    {"spec.rules.*.context.*.configMap.namespace", Wanted::string},
    {"spec.rules.*.context.*.variable.jmesPath", Wanted::string},
    {"spec.rules.*.validate.allowExistingViolations", Wanted::boolean},
    {"spec.rules.*.validate.anyPattern", Wanted::array},
    {"spec.rules.*.validate.deny", Wanted::object},
    {"spec.rules.*.validate.foreach", Wanted::array},
    {"spec.rules.*.validate.foreach.*.elementScope", Wanted::boolean},
    {"spec.rules.*.validate.foreach.*.list", Wanted::string},
    {"spec.rules.*.validate.message", Wanted::string},
    {"spec.schemaValidation", Wanted::boolean},
    {"spec.webhookTimeoutSeconds", Wanted::number},
};

bool fits(const Value& value, Wanted wanted) {
  switch (wanted) {
    case Wanted::string:
      return value.is(Type::string);
    case Wanted::boolean:
      return value.is(Type::boolean);
    case Wanted::number:
      return value.is(Type::number);
    case Wanted::array:
      return value.is(Type::array);
    case Wanted::object:
    case Wanted::string_map:
      return value.is(Type::object);
  }
  return false;
}

string_view words(Wanted wanted) {
  switch (wanted) {
    case Wanted::string:
      return "a string";
    case Wanted::boolean:
      return "true or false";
    case Wanted::number:
      return "a number";
    case Wanted::array:
      return "a list";
    default:
      return "a mapping";
  }
}

string_view last_key(string_view path) {
  return path.substr(path.rfind('.') + 1);
}

void refuse(Loader& loader, const Value& at, string_view key, Wanted wanted) {
  loader.invalid(at, "\"" + text::printable(key) + "\" must be " + std::string(words(wanted)),
                 wanted == Wanted::string && !at.is(Type::object) && !at.is(Type::array)
                     ? "put it in quotes"
                     : "");
}

void check(Loader& loader, const Value& value, const Row& row) {
  if (value.is_null()) {
    return;
  }
  if (!fits(value, row.wanted)) {
    refuse(loader, value, last_key(row.path), row.wanted);
  } else if (row.wanted == Wanted::string_map) {
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (const Value member = value.member_at(i); !member.is_null() && !member.is(Type::string)) {
        refuse(loader, member, value.key_at(i), Wanted::string);
      }
    }
  }
}

void walk(Loader& loader, const Value& value, string_view rest, const Row& row) {
  if (rest.empty()) {
    check(loader, value, row);
    return;
  }
  const auto dot = rest.find('.');
  const auto key = rest.substr(0, dot);
  const auto after = dot == string_view::npos ? string_view() : rest.substr(dot + 1);
  if (key != "*") {
    if (const auto member = value.find(key)) {
      walk(loader, *member, after, row);
    }
    return;
  }
  for (std::size_t i = 0; i < value.size() && value.is(Type::array); ++i) {
    walk(loader, value.at(i), after, row);
  }
}

}  // namespace

void check_types(const Value& policy, Loader& loader) {
  for (const auto& row : rows) {
    walk(loader, policy, row.path, row);
  }
}

}  // namespace sluice::policy

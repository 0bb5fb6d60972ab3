// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "io/files.hpp"
#include "manifests/input.hpp"
#include "policy/suite.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace sluice::policy {

namespace {

using std::string_view;

/// Kyverno reads this file with Go's JSON rules: keys are compared without case.
bool same_key(string_view a, string_view b) {
  return text::to_lower(a) == text::to_lower(b);
}

Value member(const Value& object, string_view key) {
  for (std::size_t i = 0; i < object.size() && object.is(Type::object); ++i) {
    if (same_key(object.key_at(i), key)) {
      return object.member_at(i);
    }
  }
  return {};
}

std::string place(const Value& value, const std::string& file) {
  return value.node() == nullptr
             ? file
             : file + ":" + std::to_string(value.document()->in_stream(*value.node()).line);
}

Status known(const Value& object,
             string_view what,
             std::span<const string_view> keys,
             const std::string& file) {
  for (std::size_t i = 0; i < object.size(); ++i) {
    const auto key = object.key_at(i);
    if (std::none_of(keys.begin(), keys.end(), [&](string_view k) { return same_key(k, key); })) {
      const auto near = text::nearest(key, keys);
      return Error{Error::Kind::parse,
                   place(object.member_at(i), file) + ": \"" + text::printable(key) +
                       "\" is not a field of " + std::string(what) +
                       (near ? "; did you mean \"" + std::string(*near) + "\"?" : "")};
    }
  }
  return ok;
}

std::vector<std::string> strings(const Value& list) {
  std::vector<std::string> all;
  for (std::size_t i = 0; i < list.size(); ++i) {
    all.push_back(go_text(list.at(i)));
  }
  return all;
}

std::vector<std::string> paths(const Value& list, const std::string& folder) {
  std::vector<std::string> all = strings(list);
  for (auto& path : all) {
    path = path.find("://") == std::string::npos ? joined_path(folder, path) : path;
  }
  return all;
}

bool given(const Value& value) {
  return !value.is_null() && !(value.is(Type::array) && value.size() == 0) &&
         !(value.is(Type::boolean) && !value.as_boolean()) &&
         !(value.is(Type::string) && value.as_string().empty());
}

/// What the rule should make of objects.
void made_objects(const Value& source, const std::string& folder, Expectation& made) {
  const auto path = [&](string_view key) {
    const Value value = member(source, key);
    return given(value) ? joined_path(folder, go_text(value)) : std::string();
  };
  made.patched = path("patchedResources");
  made.generated = paths(member(source, "generatedResources"), folder);
  if (const auto one = path("generatedResource"); made.generated.empty() && !one.empty()) {
    made.generated.push_back(one);
  }
  made.clone_source = path("cloneSourceResource");
  made.fail_on_missing = given(member(source, "failOnMissingResources"));
  const Value specs = member(source, "resourceSpecs");
  for (std::size_t i = 0; i < specs.size(); ++i) {
    made.resource_specs.push_back(specs.at(i));
  }
}

Result<Expectation> expectation(const Value& source, const std::string& file) {
  constexpr std::array<string_view, 19> keys = {"policy",
                                                "rule",
                                                "kind",
                                                "result",
                                                "resources",
                                                "resourceSpecs",
                                                "operation",
                                                "patchedResources",
                                                "generatedResource",
                                                "generatedResources",
                                                "cloneSourceResource",
                                                "isValidatingAdmissionPolicy",
                                                "isValidatingPolicy",
                                                "isMutatingAdmissionPolicy",
                                                "isMutatingPolicy",
                                                "isImageValidatingPolicy",
                                                "isDeletingPolicy",
                                                "isGeneratingPolicy",
                                                "failOnMissingResources"};
  constexpr std::array<string_view, 6> not_built = {"isValidatingAdmissionPolicy",
                                                    "isValidatingPolicy",
                                                    "isMutatingAdmissionPolicy",
                                                    "isMutatingPolicy",
                                                    "isDeletingPolicy",
                                                    "isGeneratingPolicy"};
  constexpr std::array<string_view, 5> results = {"pass", "fail", "skip", "warn", "error"};
  SLUICE_TRY(known(source, "results", keys, file));
  Expectation made{.policy = go_text(member(source, "policy")),
                   .rule = std::string(),
                   .resources = strings(member(source, "resources")),
                   .kind = std::string(),
                   .result = go_text(member(source, "result")),
                   .operation = std::nullopt,
                   .unsupported = std::string(),
                   .source = source};
  made_objects(source, folder_of(file), made);
  if (const Value rule = member(source, "rule"); !rule.is_null()) {
    made.rule = go_text(rule);
  }
  if (const Value kind = member(source, "kind"); !kind.is_null()) {
    made.kind = go_text(kind);
  }
  if (std::find(results.begin(), results.end(), made.result) == results.end()) {
    return Error{Error::Kind::parse, place(source, file) +
                                         ": the result is pass, fail, skip, warn or error, not \"" +
                                         text::printable(made.result) + "\""};
  }
  if (const Value operation = member(source, "operation"); !operation.is_null()) {
    made.operation = parse_operation(go_text(operation));
    if (!made.operation) {
      return Error{Error::Kind::parse,
                   place(operation, file) + ": the operation is CREATE, UPDATE or DELETE"};
    }
  }
  for (const auto key : not_built) {
    if (made.unsupported.empty() && given(member(source, key))) {
      made.unsupported = std::string(key);
    }
  }
  return made;
}

Result<Suite> suite_of(const Value& test, const std::string& file) {
  constexpr std::array<string_view, 21> keys = {"apiVersion",
                                                "kind",
                                                "metadata",
                                                "name",
                                                "policies",
                                                "resources",
                                                "targetResources",
                                                "paramResources",
                                                "variables",
                                                "values",
                                                "userinfo",
                                                "exceptions",
                                                "context",
                                                "clusterResources",
                                                "jsonPayloads",
                                                "httpPayloads",
                                                "envoyPayloads",
                                                "apiCallResponses",
                                                "globalContextEntries",
                                                "results",
                                                "jsonPayload"};
  constexpr std::array<string_view, 6> not_built = {
      "paramResources", "context", "jsonPayloads", "httpPayloads", "envoyPayloads", "jsonPayload"};
  if (test.text({"apiVersion"}).empty() ||
      test.text({"kind"}) != "Test") {  // the CLI takes any apiVersion
    return Error{
        Error::Kind::parse,
        place(test, file) + ": a test has apiVersion cli.kyverno.io/v1alpha1 and kind Test"};
  }
  SLUICE_TRY(known(test, "a test", keys, file));
  const std::string folder = folder_of(file);
  Suite suite{.file = file, .name = std::string(test.text({"metadata", "name"}))};
  suite.source = test;
  suite.policies = paths(member(test, "policies"), folder);
  suite.resources = paths(member(test, "resources"), folder);
  suite.exceptions = paths(member(test, "exceptions"), folder);
  suite.targets = paths(member(test, "targetResources"), folder);
  suite.cluster = paths(member(test, "clusterResources"), folder);
  suite.answers = member(test, "apiCallResponses");
  suite.globals = member(test, "globalContextEntries");
  suite.inline_values = member(test, "values");
  if (const Value values = member(test, "variables"); given(values)) {
    suite.values_file = joined_path(folder, go_text(values));
  }
  if (const Value user = member(test, "userinfo"); given(user)) {
    suite.user_file = joined_path(folder, go_text(user));
  }
  for (const auto key : not_built) {
    if (suite.unsupported.empty() && given(member(test, key))) {
      suite.unsupported = std::string(key);
    }
  }
  const Value results = member(test, "results");
  for (std::size_t i = 0; i < results.size(); ++i) {
    Expectation row;
    SLUICE_TRY_ASSIGN(row, expectation(results.at(i), file));
    suite.expectations.push_back(std::move(row));
  }
  return suite;
}

}  // namespace

Result<std::vector<Suite>> read_suites(const std::string& file) {
  Manifests manifests;
  SLUICE_TRY_ASSIGN(manifests, read_manifests(file));
  std::vector<Suite> suites;
  for (const auto& document : manifests->documents) {
    Suite suite;
    SLUICE_TRY_ASSIGN(suite, suite_of(Value::of(document, document.root()), file));
    suite.owner = manifests;
    suites.push_back(std::move(suite));
  }
  return suites;
}

Result<std::vector<std::string>> find_suites(const std::string& folder) {
  std::vector<std::string> files;
  SLUICE_TRY_ASSIGN(files, manifests::files_of(folder));
  std::erase_if(files, [](const std::string& path) {
    return path != "kyverno-test.yaml" && !path.ends_with("/kyverno-test.yaml");
  });
  return files;
}

}  // namespace sluice::policy

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "diag/finding.hpp"
#include "policy/evaluate.hpp"
#include "policy/files.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// kyverno-test.yaml: policies, objects, and what each rule is expected to say of each object.
namespace sluice::policy {

/// One expectation as it is written.
struct Expectation {
  std::string policy;                  ///< name, or namespace/name of which only the name counts
  std::string rule;                    ///< empty: every rule
  std::vector<std::string> resources;  ///< name or namespace/name
  std::string kind;                    ///< of the objects; the CLI ignores it
  std::string result;                  ///< pass, fail, skip, warn, error
  std::optional<Operation> operation;
  std::string patched;  ///< path of what the object should become; resolved, or empty
  std::vector<std::string> generated;  ///< paths of what the rule should make, any of them
  std::string clone_source;            ///< path of the objects to clone
  bool fail_on_missing = false;        ///< an object that `patched` does not hold is a difference
  std::vector<Value> resource_specs;   ///< group, version, namespace, name
  std::string unsupported;             ///< the first key that is not built: "isValidatingPolicy"
  Value source;
};

struct Suite {
  std::string file;
  std::string name;
  std::vector<std::string> policies, resources, targets;  ///< paths, resolved
  std::vector<std::string> exceptions;                    ///< paths too
  std::string values_file, user_file;
  std::vector<std::string> cluster;  ///< paths of ClusterResource documents
  Value answers, globals;            ///< apiCallResponses, globalContextEntries
  Value inline_values;
  std::vector<Expectation> expectations;
  std::string unsupported;  ///< "exceptions", ...: nothing in the suite can be judged
  Value source;             ///< the document, for findings
  Manifests owner;
};

/// The tests in one file, of which there may be several. Errors (Kind::parse): another schema, an
/// unknown field, a missing one.
Result<std::vector<Suite>> read_suites(const std::string& file);

/// All files called kyverno-test.yaml below the folder, sorted. Errors: not_found, io.
Result<std::vector<std::string>> find_suites(const std::string& folder);

struct SuiteRow {
  enum class Verdict : std::uint8_t {
    agreed,
    differs,
    excluded,  ///< no rule was evaluated, so that the expectation says nothing; the CLI counts it
               ///< as passed
    passed_over,  ///< a part of the policy that says nothing of the object, beside one that does:
                  ///< the CLI has a row of its own for it and counts it as passed
    invalid,      ///< the policy is invalid; the CLI counts it as passed
    not_found,    ///< no such policy, or it says nothing of the object
    unsupported,
  };
  Verdict verdict = Verdict::agreed;
  std::string suite, policy, rule;
  std::string resource;  ///< "apps/v1/Deployment/default/web"; empty between the last two slashes
                         ///< without a namespace
  std::string expected, got, reason;
  std::string hint;
  std::string code = "policy/suite-not-evaluated";  ///< of an excluded or invalid one
  diag::Location at;
};

struct SuiteOutcome {
  std::vector<SuiteRow> rows;
  /// What a strict reading adds (strict.hpp); the Kyverno CLI says none of it.
  std::vector<diag::Finding> findings;
};

/// Errors: a file that cannot be read or is not what it should be.
Result<SuiteOutcome> run_suite(const Suite& suite);

}  // namespace sluice::policy

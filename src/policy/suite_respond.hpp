// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/generate.hpp"
#include "policy/suite_load.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace sluice::policy {

/// What one policy has to say of one object in one phase. A policy with rules of several sorts
/// answers several times.
struct Response {
  enum class Phase : std::uint8_t { mutate, images, validate, generate };
  Phase phase = Phase::validate;
  const SuitePolicy* policy = nullptr;
  Value object;       ///< as it is after the phase; null when Kyverno lost it
  bool known = true;  ///< false: a rule before could not be evaluated, so that this is a guess
  std::vector<RuleResult> rules;
};

/// Runs the policies of a suite as the CLI does: all that change the object, each seeing what the
/// one before made of it, then all that judge it, then all that make others.
class Responder {
 public:
  Responder(const Suite& suite, SuiteData& data) : suite_(suite), data_(data) {}

  /// Reads the sources to clone. Errors: a file that cannot be read.
  Status prepare();

  /// Of all policies on an object; computed once.
  const std::vector<Response>& respond(std::size_t object,
                                       const std::optional<Operation>& operation);

  /// A target that some rule changed in any run so far.
  struct Changed {
    const Response* response = nullptr;
    const RuleResult* result = nullptr;
    Value value;
  };
  /// Runs all objects, under all operations of the suite, and returns what became of a target.
  std::vector<Changed> changes_of(const Object& target);

  /// Runs all objects, and returns the policies that had a result for any, in any run so far.
  std::set<const Policy*> evaluated();

 private:
  void run(std::size_t object, const Request& given, std::vector<Response>& out);
  void run_all();

  const Suite& suite_;
  SuiteData& data_;
  Evaluator evaluator_;
  std::map<std::string, CloneSources> sources_;  ///< by policy
  std::map<std::pair<std::size_t, int>, std::vector<Response>> responses_;
};

}  // namespace sluice::policy

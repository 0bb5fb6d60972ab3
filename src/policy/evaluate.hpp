// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/exceptions.hpp"
#include "policy/object.hpp"
#include "policy/policy.hpp"
#include "policy/values.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::policy {

struct Declared;  // declared.hpp

/// What a rule says of an object. `none`: it does not apply, or nothing of the object was looked
/// at.
enum class RuleStatus : std::uint8_t { none, pass, fail, warn, error, skip, no_verdict };
std::string_view name(RuleStatus status);

struct RuleResult {
  const Policy* policy = nullptr;
  const Rule* rule = nullptr;
  RuleStatus status = RuleStatus::none;
  std::string message;  ///< fail: the policy's own words; else why. May quote the manifest.
  Mismatch why;         ///< of a pattern; valid until Evaluator::forget()
  bool has_mismatch = false;
  Value element;  ///< of a foreach: the element that ended it
  Action action = Action::audit;
  const PolicyException* exception = nullptr;  ///< the first one that made it a skip
  std::vector<Value> made;  ///< what a generate rule made; the targets that a mutate rule changed
};

/// ConfigMaps that context entries may look up, by "namespace/name".
using ConfigMaps = std::map<std::string, Value, std::less<>>;

/// An object to judge, and what is known of the request that would bring it.
struct Request {
  Object object;
  std::optional<Operation> operation;  ///< else the values file's, else CREATE
  const UserInfo* user = nullptr;
  const Values* values = nullptr;
  const Labels* namespace_labels = nullptr;
  const ConfigMaps* config_maps = nullptr;
  const Declared* declared = nullptr;
  std::span<const PolicyException* const> exceptions;  ///< those of the object's environment
  std::int64_t now = 0;  ///< for functions of time: nanoseconds since 1970 UTC; 0: the clock
  /// What data from outside the manifests is that nobody declared: Kyverno's CLI has an error
  /// there, an honest gate no verdict.
  Failure::Kind undeclared = Failure::Kind::unsupported;
};

/// A request as one policy sees it: what the values file says of the object is laid over it.
struct Admission {
  Request request;
  NamedValues values;
  Operation operation = Operation::create;
  Candidate candidate;  ///< of `request.object`
};
Admission admit(Arena& arena, ExpressionCache& cache, const Policy& policy, const Request& given);
/// As every policy sees it. Precondition: there is no values file.
Admission admit(const Request& given);
/// The root that expressions see.
void fill(Context& context, const Admission& admission, Operation operation);

/// Judges objects, one at a time. Each thread has its own: it holds the memory of an evaluation.
class Evaluator {
 public:
  Evaluator() = default;

  [[nodiscard]] Arena& arena() { return arena_; }
  [[nodiscard]] ExpressionCache& cache() { return cache_; }
  /// Appends the result of each rule that has one. Rules that are not supported give
  /// RuleStatus::no_verdict if they apply.
  void judge(const Policy& policy, const Request& request, std::vector<RuleResult>& results);
  /// The same with the policy's rules for this kind looked up already ...
  void judge(const Policy& policy,
             std::span<const Rule* const> rules,
             const Request& request,
             std::vector<RuleResult>& results);
  /// ... and with the request as the policy sees it.
  void judge(const Policy& policy,
             std::span<const Rule* const> rules,
             const Admission& admission,
             std::vector<RuleResult>& results);
  /// Gives back the memory of everything judged so far.
  void forget() { arena_.reset(); }

 private:
  Arena arena_;
  ExpressionCache cache_;
};

/// The object as match and exclude look at it.
Candidate candidate_of(const Request& request, Operation operation);

/// The action of a rule for objects of this namespace.
Action action_for(const Rule& rule, std::string_view name_space, const Labels* namespace_labels);

}  // namespace sluice::policy

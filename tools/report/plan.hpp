// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/config.hpp"
#include "diag/finding.hpp"
#include "k8s/resource.hpp"
#include "report/fields.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace sluice::report {

/// A stream and its objects, which point into it.
struct Side {
  yaml::Stream stream;
  std::vector<k8s::Resource> resources;
};

/// What happens to one object.
struct Change {
  enum class Kind : std::uint8_t { added, removed, changed };

  Kind kind = Kind::changed;
  std::string env, destination;
  std::string unit;        ///< of the head; of the base when it is removed
  std::string moved_from;  ///< the unit that had it, when that is another one
  diag::ObjectRef object;
  FieldChanges fields;
  std::string acknowledged;  ///< of a guarded removal: who stands for it, and why
  const k8s::Resource* base = nullptr;
  const k8s::Resource* head = nullptr;
};

struct Plan {
  std::vector<Change> changes;  ///< sorted by environment, unit, kind of change and object

  [[nodiscard]] std::size_t count(Change::Kind kind) const;
  /// "2 added, 1 changed, 3 removed", "no changes".
  [[nodiscard]] std::string sentence() const;
};

std::string_view name(Change::Kind kind);  ///< "added", ...

/// Two objects are the same when environment, destination, group, kind, namespace and name are;
/// another version of the same group is a change. The sides must outlive the plan.
Plan compare(const Side& base, const Side& head);

/// Findings for what is removed: plan/removed-object for what takes others with it (definitions,
/// namespaces, volume claims and all without a namespace), unless config.removals acknowledges it;
/// config/expired-removal, config/unused-removal; plan/removed for the rest, one for each unit.
/// `today` is a day ("2027-01-31") and may be empty when config has no removals.
std::vector<diag::Finding> judge_removals(Plan& plan,
                                          const Side& base,
                                          const Side& head,
                                          const config::Config& config,
                                          const std::string& today);

std::string to_markdown(const Plan& plan);
std::string to_text(const Plan& plan);
std::string to_json(const Plan& plan);

}  // namespace sluice::report

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/pod_view.hpp"

#include <limits>
#include <string>
#include <string_view>
#include <vector>

/// The Pod Security Standards as a rule's `podSecurity` asks for them
/// (https://kubernetes.io/docs/concepts/security/pod-security-standards/), every control and every
/// version of it, with the words of Kyverno.
namespace sluice::policy {

/// A control that a rule or an exception lets pass.
struct PodExclusion {
  std::string control;              ///< "Seccomp"
  std::vector<std::string> images;  ///< wildcards; without any the exclusion is for the Pod itself
  std::string field;                ///< "spec.containers[*].securityContext.privileged"; empty: all
  std::vector<std::string> values;  ///< wildcards that each bad value must fit
};

struct PodSecurity {
  static constexpr int latest = std::numeric_limits<int>::max();
  std::string level, version;  ///< as written, for messages
  bool baseline_only = false;  ///< of any other level every control counts, as in Kyverno
  int minor = latest;          ///< of Kubernetes 1
  std::vector<PodExclusion> exclusions;
};

/// A field that breaks a control.
struct PodFieldError {
  std::string field;  ///< "spec.containers[0].securityContext.privileged"
  bool required = false;
  bool in_container = false;
  std::string_view container;
  std::vector<std::string> bad_values;
  std::string shown;  ///< the bad values as Kyverno prints them; empty: none to show
};

struct PodViolation {
  std::string_view id;  ///< of the check: "capabilities_baseline"
  std::string reason;   ///< "non-default capabilities"
  bool lists_fields = true;
  std::vector<PodFieldError> fields;
};

/// Every control of the level that the Pod breaks, in the order of Kyverno's checks.
std::vector<PodViolation> check_pod(const PodSecurity& wanted, const PodView& pod);

/// Takes out what exclusions cover, one field for each field that the excluded part would break.
void exempt(const PodSecurity& wanted,
            const std::vector<PodExclusion>& exclusions,
            const PodView& pod,
            std::vector<PodViolation>& violations);

/// "(Forbidden reason: ..., field error list: [...])..." with the fields of this kind of object.
std::string describe(const std::vector<PodViolation>& violations, std::string_view kind);

/// The value at "spec.containers[0].securityContext" below a Pod's spec, or the nearest above it.
Value nearest_field(const PodView& pod, std::string_view field);

/// Names of controls, and of those that one level or one part of a Pod alone has.
bool is_pod_control(std::string_view name);
bool is_restricted_control(std::string_view name);
bool is_container_control(std::string_view name);
bool is_pod_level_control(std::string_view name);

}  // namespace sluice::policy

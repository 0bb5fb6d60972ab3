// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/pod_security.hpp"

#include <span>

namespace sluice::policy {

/// One control as of one version of Kubernetes.
struct PodCheck {
  std::string_view id;
  bool restricted = false;  ///< of the restricted level only
  int since = 0;            ///< minor version; an earlier one of the same id is replaced
  void (*run)(const PodView& pod, PodViolation& out) = nullptr;
  std::string_view reason;
};

/// In the order of Kyverno's checks; those of one id stand together, oldest first.
std::span<const PodCheck> pod_checks();

}  // namespace sluice::policy

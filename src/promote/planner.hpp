// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "promote/places.hpp"

#include <string>
#include <string_view>

namespace sluice::promote {

/// A plan as it grows, for one holder.
struct Planner {
  const Holder& holder;
  const Wanted& wanted;
  const Options& options;
  Plan plan;

  [[nodiscard]] Error refuse(const std::string& why) const;
  /// Makes the slot say `to`, unless it says so already as a string.
  void change(const Slot& slot, std::string_view to);
};

/// Why a tag or version moves, as the end of a sentence; empty when it does not. Models are
/// customarily numbered v1, v2, ...: there a bare number is one version.
std::string_view why_floating(const Holder& holder, std::string_view version);

/// Holders with slots of a model's URI or of a version that is no image.
Status plan_version(Planner& planner);
/// Holders with slots of an image reference.
Status plan_image(Planner& planner);

}  // namespace sluice::promote

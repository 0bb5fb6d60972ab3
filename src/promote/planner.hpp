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

/// Holders with slots of a model's URI or of a version that is no image.
Status plan_version(Planner& planner);
/// Holders with slots of an image reference.
Status plan_image(Planner& planner);

}  // namespace sluice::promote

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "delivery/recorder.hpp"

#include <span>
#include <string_view>

namespace sluice::delivery {

/// Every field that a mapping of Argo CD's or Flux's API may hold, and what we do with it.
struct FieldTable {
  std::string_view where;  ///< "spec.source.helm"
  std::span<const std::string_view> followed;
  std::span<const std::string_view> without_effect;  ///< on what is rendered
  std::span<const std::string_view> unsupported;     ///< could change the render
};

/// False when `mapping` holds what could change the render and is not followed: then the object is
/// unrenderable; that is added. A field that the API does not have is an error, and the rest goes
/// on. An absent or null mapping is right.
bool check_fields(Recorder& recorder,
                  const Subject& subject,
                  const yaml::Value* mapping,
                  const FieldTable& table);

}  // namespace sluice::delivery

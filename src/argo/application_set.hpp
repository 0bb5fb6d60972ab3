// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "argo/context.hpp"
#include "argo/evaluator.hpp"

#include <span>

namespace sluice::argo {

enum class Outcome : std::uint8_t { finished, pending };

/// One attempt at an ApplicationSet: its Applications are expanded into `context`. Pending when
/// templates wait in `batch`; what the context holds means nothing then.
Outcome expand_set(Context& context,
                   const Subject& subject,
                   const yaml::Value& set,
                   std::span<const Cluster> clusters,
                   TemplateBatch& batch);

}  // namespace sluice::argo

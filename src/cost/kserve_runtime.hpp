// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cost/context.hpp"

#include <string>
#include <string_view>

namespace sluice::cost {

/// What a predictor says about the server it wants.
struct ModelWish {
  std::string_view runtime;  ///< by name; empty: to be chosen
  std::string_view format, format_version, protocol;
};

struct RuntimeChoice {
  const k8s::Resource* runtime = nullptr;
  /// Another one that fits as well: only the cluster knows which is older, and takes that.
  const k8s::Resource* rival = nullptr;
};

/// The ServingRuntime of the namespace, else the ClusterServingRuntime, that KServe would take:
/// by name, else enabled, with the format under autoSelect, highest priority first.
RuntimeChoice choose_runtime(const Context& context, const Place& place, const ModelWish& wish);

}  // namespace sluice::cost

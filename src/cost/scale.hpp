// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cost/kinds.hpp"

#include <limits>

/// Autoscalers and rollouts: what makes of a written number of pods another one.
namespace sluice::cost {

/// More pods than this are not told apart: the API's counts are int32.
constexpr std::int64_t most_pods = std::numeric_limits<std::int32_t>::max();

/// a times b, at most `most_pods`. Precondition: neither is negative.
std::int64_t product(std::int64_t a, std::int64_t b);

bool is_true(const yaml::Document& document, const yaml::Node& object, std::string_view pointer);

/// A count in an annotation, which is always text: "3". Nothing when it is none.
std::optional<std::int64_t> annotation_count(const yaml::Document& document,
                                             const yaml::Node* annotations,
                                             std::string_view name);

/// What an autoscaler (HorizontalPodAutoscaler or ScaledObject) makes of a number of replicas.
/// `written`: the object's own number, if it has one.
Pods scaled_by(const k8s::Resource& scaler, std::optional<std::int64_t> written);

/// Pods above `pods` for a maxSurge of the usual form: a number, or a percentage rounded up.
std::int64_t surge_pods(const yaml::Node* max_surge, std::string_view otherwise, std::int64_t pods);

/// Pods above pods.max while a new version is rolled out.
std::int64_t surge_of(const k8s::Resource& resource, Surge surge, const Pods& pods);

}  // namespace sluice::cost

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/judge.hpp"
#include "model/statistics.hpp"

#include <optional>
#include <string>

/// Intervals of one metric, and of how much better it became. Private to src/model.
namespace sluice::model {

struct Estimate {
  Interval interval;
  std::string method;  ///< "Wilson, 95 %, n 171"
};

/// The interval of a metric of one model. Nothing when the method cannot give one: then `why` says
/// what is missing.
std::optional<Estimate> estimate(const Check& check, const Subject& subject, std::string& why);

/// The interval of the gain: above zero is better, whatever the direction. Paired bootstrap over
/// both models' predictions; for proportions without predictions Newcombe's, which is weaker.
std::optional<Estimate> estimate_gain(const Check& check,
                                      const Subject& candidate,
                                      const Subject& champion,
                                      std::string& why);

/// How many samples only the candidate, and only the champion, gets right.
struct Wins {
  std::uint64_t won = 0, lost = 0;
};

/// Of all samples for "accuracy", of those with that label for "recall.CLASS"; nothing for other
/// metrics or without both models' predictions.
std::optional<Wins> wins(const std::string& metric,
                         const Subject& candidate,
                         const Subject& champion);

}  // namespace sluice::model

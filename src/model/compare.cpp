// SPDX-License-Identifier: Apache-2.0
#include "model/compare.hpp"

#include "base/text.hpp"

#include <limits>

namespace sluice::model {
namespace {

std::string percent(double level) {
  return shown(100 * level) + " %";
}

std::optional<double> find(const Subject& subject, const std::string& metric) {
  const auto found = subject.metrics.find(metric);
  return found == subject.metrics.end() ? std::nullopt : std::optional(found->second);
}

Bootstrap settings_of(const Confidence& confidence) {
  return {.resamples = confidence.resamples, .seed = confidence.seed, .level = confidence.level};
}

std::string describe_bootstrap(const Confidence& confidence, std::string_view kind) {
  return std::string(kind) + ", " + percent(confidence.level) + ", " +
         std::to_string(confidence.resamples) + " resamples, seed " +
         std::to_string(confidence.seed);
}

/// Beyond this a bootstrap would take minutes: 10,000 resamples of 100,000 predictions.
bool is_too_much(const Confidence& confidence, std::size_t samples, std::string& why) {
  if (samples * confidence.resamples <= 1'000'000'000U) {
    return false;
  }
  why = "the bootstrap would draw more than a billion samples; lower ci.resamples";
  return true;
}

double or_nan(std::optional<double> value) {
  return value.value_or(std::numeric_limits<double>::quiet_NaN());
}

bool can_resample(const Check& check, const Subject& subject, std::string& why) {
  if (subject.predictions.empty()) {
    why = text::printable(subject.source) + " has no predictions";
    return false;
  }
  if (!metric_of(subject.predictions, check.metric, nullptr)) {
    why = text::printable(check.metric) +
          " cannot be computed from predictions (accuracy, recall.CLASS and precision.CLASS can)";
    return false;
  }
  return !is_too_much(check.confidence, subject.predictions.size(), why);
}

}  // namespace

std::optional<Estimate> estimate(const Check& check, const Subject& subject, std::string& why) {
  const Confidence& confidence = check.confidence;
  if (confidence.method == Method::bootstrap) {
    if (!can_resample(check, subject, why)) {
      return std::nullopt;
    }
    const auto statistic = [&](const std::uint32_t* counts) {
      return or_nan(metric_of(subject.predictions, check.metric, counts));
    };
    return Estimate{bootstrap(static_cast<std::uint32_t>(subject.predictions.size()),
                              settings_of(confidence), statistic),
                    describe_bootstrap(confidence, "bootstrap")};
  }
  const auto n = find(subject, check.samples);
  const auto value = find(subject, check.metric);
  if (!n || *n < 1 || !value) {
    why = "the number of samples " + text::quoted(check.samples) + " of " +
          text::printable(subject.source) + " is missing";
    return std::nullopt;
  }
  return Estimate{wilson(*value * *n, *n, confidence.level),
                  "Wilson, " + percent(confidence.level) + ", n " + shown(*n)};
}

std::optional<Estimate> estimate_gain(const Check& check,
                                      const Subject& candidate,
                                      const Subject& champion,
                                      std::string& why) {
  const Confidence& confidence = check.confidence;
  const double sign = check.direction == Direction::higher ? 1 : -1;
  if (can_resample(check, candidate, why) && can_resample(check, champion, why)) {
    const auto statistic = [&](const std::uint32_t* counts) {
      return sign * (or_nan(metric_of(candidate.predictions, check.metric, counts)) -
                     or_nan(metric_of(champion.predictions, check.metric, counts)));
    };
    return Estimate{bootstrap(static_cast<std::uint32_t>(candidate.predictions.size()),
                              settings_of(confidence), statistic),
                    describe_bootstrap(confidence, "paired bootstrap")};
  }
  if (confidence.method == Method::bootstrap) {
    return std::nullopt;
  }
  const auto n1 = find(candidate, check.samples);
  const auto n2 = find(champion, check.samples);
  const auto p1 = find(candidate, check.metric);
  const auto p2 = find(champion, check.metric);
  if (!n1 || !n2 || *n1 < 1 || *n2 < 1 || !p1 || !p2) {
    why = "the number of samples " + text::quoted(check.samples) + " is missing";
    return std::nullopt;
  }
  const Interval found = check.direction == Direction::higher
                             ? two_proportions(*p1 * *n1, *n1, *p2 * *n2, *n2, confidence.level)
                             : two_proportions(*p2 * *n2, *n2, *p1 * *n1, *n1, confidence.level);
  return Estimate{found, "two proportions, " + percent(confidence.level) +
                             ", unpaired and so weaker: no predictions of both"};
}

std::optional<Wins> wins(const std::string& metric,
                         const Subject& candidate,
                         const Subject& champion) {
  constexpr std::string_view recall = "recall.";
  const bool is_accuracy = metric == "accuracy";
  if ((!is_accuracy && !metric.starts_with(recall)) || candidate.predictions.empty() ||
      candidate.predictions.size() != champion.predictions.size()) {
    return std::nullopt;
  }
  Wins out;
  for (std::size_t i = 0; i < candidate.predictions.size(); ++i) {
    const Prediction& ours = candidate.predictions[i];
    const Prediction& theirs = champion.predictions[i];
    if (!is_accuracy && ours.label != std::string_view(metric).substr(recall.size())) {
      continue;
    }
    const bool right = ours.prediction == ours.label;
    const bool champion_right = theirs.prediction == theirs.label;
    out.won += right && !champion_right ? 1 : 0;
    out.lost += !right && champion_right ? 1 : 0;
  }
  return out;
}

}  // namespace sluice::model

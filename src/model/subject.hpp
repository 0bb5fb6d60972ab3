// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::model {

/// One line of a predictions file.
struct Prediction {
  std::string id, label, prediction;
};

/// A trained model as its training described it: what the gate judges, wherever it came from.
struct Subject {
  std::string source;  ///< for people: a file, or "run 71034e7a... (toy-clf version 2)"
  std::map<std::string, double> metrics;     ///< finite, each
  std::map<std::string, std::string> unfit;  ///< metrics that are no finite number, and why
  std::string data;                          ///< digest of the data; empty when not named
  std::string split;                         ///< canonical JSON of the split, or empty
  std::string commit;                        ///< 40 or 64 hexadecimal digits, or empty
  std::string model_sha256;                  ///< "sha256:...", or empty
  std::vector<Prediction> predictions;       ///< sorted by id; empty when there are none
};

/// The largest double is what MLflow stores for infinity (1.7976931348623157e308); nothing from
/// there on is a metric.
bool is_finite_metric(double value);

/// Reads what a training wrote:
///
///   {"metrics": {"accuracy": 0.98, "n_test": 171}, "data": {"sha256": "..."}, "split": {...},
///    "git_commit": "<40 hex>", "model_sha256": "<64 hex>", ...}
///
/// Strict RFC 8259: NaN, Infinity, duplicate keys, a metric that is no number or not finite are
/// errors (parse) that name the file and the place. Other members are the training's own business.
Result<Subject> read_metrics(std::string bytes, const std::string& file);

/// RFC 4180 with a header line that names id, label and prediction (other columns are not looked
/// at). Errors (parse), with the line: a row of another length, an open quote, an empty or repeated
/// id, no rows; (limit) more than ten million rows.
Result<std::vector<Prediction>> read_predictions(std::string_view bytes, const std::string& file);

/// What the predictions say of a metric: "accuracy", "recall.CLASS", "precision.CLASS"; nothing for
/// other names, or without a sample to divide by. `counts` gives how often each prediction counts;
/// nullptr: once.
std::optional<double> metric_of(const std::vector<Prediction>& predictions,
                                std::string_view metric,
                                const std::uint32_t* counts);

}  // namespace sluice::model

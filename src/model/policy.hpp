// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "diag/finding.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

/// model-gate.yaml: which metrics decide, and how much proof they need (docs/model-gate.md). Every
/// unknown key is an error: a limit that is misspelt would limit nothing.
namespace sluice::model {

enum class Direction : std::uint8_t { higher, lower };
/// How noise is told from change. `wilson`: the metric is a proportion of its samples.
enum class Method : std::uint8_t { none, wilson, bootstrap };
/// What a slice that is not there, or too small, does to the verdict.
enum class Consequence : std::uint8_t { fail, hold, skip };

struct Confidence {
  Method method = Method::none;
  double level = 0.95;
  std::uint64_t seed = 1;
  std::size_t resamples = 10'000;
};

struct Slice {
  std::string name;
  std::string metric;
  std::optional<double> min, max, max_drop;
  std::string samples;  ///< metric that holds the number of samples; needed by min_n
  double min_n = 0;
  Consequence on_missing = Consequence::fail;
  Consequence on_small = Consequence::hold;
};

/// One metric and what is asked of it.
struct Check {
  std::string metric;
  Direction direction = Direction::higher;
  std::optional<double> min, max;
  std::optional<double> valid_low, valid_high;     ///< outside: not a metric but a mistake
  std::optional<double> max_drop, max_drop_rel;    ///< how much worse than the champion, at most
  std::optional<double> improve_min, improve_rel;  ///< how much better, at least
  std::string samples;                             ///< metric that holds the number of samples
  double min_samples = 0;
  Confidence confidence;
  std::vector<Slice> slices;
  bool required = true;  ///< false: a metric that is missing is skipped, and said so

  [[nodiscard]] bool has_regression() const { return max_drop || max_drop_rel; }
  [[nodiscard]] bool has_improve() const { return improve_min || improve_rel; }
};

enum class CommitBinding : std::uint8_t {
  expected,  ///< the candidate's commit must be the one that --commit names
  recorded,  ///< the candidate must name a commit; --commit, when given, must be equal
};
enum class Need : std::uint8_t { required, optional };

/// Files of one model, below the folder of the policy file; empty when not named.
struct Files {
  std::string metrics, predictions, model;
};

/// What a run's earlier values of a metric mean: MLflow shows the one of the greatest step, which
/// need not be the one that was written last.
enum class History : std::uint8_t { single, latest };

struct MlflowSettings {
  std::string model;  ///< name of the registered model; empty: no section
  std::string alias = "champion";
  std::string artifact;  ///< the file of the run that is the model; empty: not read
  History history = History::single;
};

struct Policy {
  std::string digest;  ///< "sha256:..." of the file's bytes
  CommitBinding commit = CommitBinding::expected;
  Need model_binding = Need::required;  ///< the SHA-256 of the model, in metrics and verdict
  std::string data_sha256;              ///< the only data digest to accept; empty: any, but named
  Files candidate, champion;
  bool allow_floor_only = false;  ///< without a champion the limits alone decide
  MlflowSettings mlflow;
  std::vector<Check> checks;
  std::set<std::string> may_loosen;  ///< of "checks", "bindings": what a change may weaken
};

/// The metrics that the policy looks at, slices and counts of samples among them: sorted, each
/// once.
std::vector<std::string> metrics_of(const Policy& policy);

/// What `head` makes weaker than `base` (config/loosened), at `file`: a check less, a lower limit,
/// less proof. Findings are warnings where the base's may_loosen names the part.
std::vector<diag::Finding> loosened(const Policy& base,
                                    const Policy& head,
                                    const std::string& file);

/// Errors (parse): all that is wrong with the file, with file:line:column, one a line.
Result<Policy> read_policy(const std::string& bytes, const std::string& file);

/// Its JSON Schema, for editors.
std::string policy_schema();

}  // namespace sluice::model

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model-gate/options.hpp"
#include "model/judge.hpp"
#include "model/mlflow.hpp"

#include <optional>

namespace sluice::model_gate {

/// The versions behind a case that was read from MLflow.
struct Registered {
  model::mlflow::Version candidate;
  std::optional<model::mlflow::Version> champion;
};

/// Reads run and champion into `what`. Without a champion (the alias is not there, which MLflow
/// says in one way only) the case is floor only, if that is allowed.
Result<Registered> read_registered(model::mlflow::Session& session,
                                   const Options& options,
                                   const model::Policy& policy,
                                   model::Case& what);

}  // namespace sluice::model_gate

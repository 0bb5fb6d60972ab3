// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/policy.hpp"

#include <string>

namespace sluice::model_gate {

/// The flags of `check`.
struct Options {
  std::string base;          ///< the repository at the base revision, or empty
  std::string policy;        ///< empty: gates.model of sluice.yaml
  model::Files candidate;    ///< win over the policy's
  model::Files champion;     ///< likewise
  std::string no_champion;   ///< "fail", "allow-floor-only", or empty: as the policy says
  std::string commit;        ///< the commit that the candidate must be of
  std::string mlflow;        ///< address; empty: MLFLOW_TRACKING_URI
  std::string uri;           ///< under which the model is promoted; of a run: models:/NAME/VERSION
  std::string run;           ///< the candidate's run; empty: the candidate is in files
  bool set_alias = false;    ///< after "promote", let the alias stand for the candidate
  std::string verdict_out;   ///< where the whole verdict goes as JSON
  std::string evidence_out;  ///< where sluice.evidence/v1 goes
};

}  // namespace sluice::model_gate

// SPDX-License-Identifier: Apache-2.0
#include "cli/set.hpp"
#include "model-gate/run.hpp"

#include <memory>

namespace sluice::model_gate {
namespace {

std::vector<cli::Flag> flags(Options& o) {
  using cli::Arity;
  using cli::into;
  using cli::turn_on;
  return {
      {"policy", 0, Arity::one, "FILE",
       "Judge by this policy (default: gates.model of sluice.yaml)", into(o.policy)},
      {"metrics", 0, Arity::one, "FILE", "The candidate's metrics, as its training wrote them",
       into(o.candidate.metrics)},
      {"predictions", 0, Arity::one, "FILE",
       "The candidate's predictions: CSV of id,label,prediction", into(o.candidate.predictions)},
      {"model", 0, Arity::one, "FILE",
       "The candidate's model; its SHA-256 must be that of the metrics", into(o.candidate.model)},
      {"champion-metrics", 0, Arity::one, "FILE", "The metrics of the model to replace",
       into(o.champion.metrics)},
      {"champion-predictions", 0, Arity::one, "FILE", "The predictions of the model to replace",
       into(o.champion.predictions)},
      {"no-champion",
       0,
       Arity::one,
       "WHAT",
       "What a first model is held to when there is none to compare with",
       into(o.no_champion),
       {"fail", "allow-floor-only"}},
      {"commit", 0, Arity::one, "SHA", "The commit that the candidate must have been trained at",
       into(o.commit)},
      {"mlflow", 0, Arity::one, "URI",
       "Ask this MLflow server (default: MLFLOW_TRACKING_URI) for --run and the champion",
       into(o.mlflow)},
      {"run", 0, Arity::one, "ID", "Judge this run, whose version the policy's mlflow.model has",
       into(o.run)},
      {"set-alias", 0, Arity::switch_on, "",
       "After promote: let the champion's alias stand for the candidate, and read it back",
       turn_on(o.set_alias)},
      {"verdict-out", 0, Arity::one, "FILE", "Write the verdict with every check as JSON",
       into(o.verdict_out)},
      {"evidence-out", 0, Arity::one, "FILE",
       "Write the verdict for sluice-promote (sluice.evidence/v1; needs --now)",
       into(o.evidence_out)},
  };
}

}  // namespace

cli::Tool tool() {
  const auto options = std::make_shared<Options>();
  return {.name = "sluice-model-gate",
          .summary = "Decides whether a trained model may be promoted",
          .product = cli::Product::report,
          .commands = {
              {.name = "check",
               .synopsis = "--policy FILE (--metrics FILE [--champion-metrics FILE] | --run ID)",
               .help = "Judges a candidate against the limits of the policy and against the "
                       "champion, with the proof that the policy asks for. The verdict is "
                       "promote (exit 0), hold or reject (exit 1), or no verdict (exit 2); "
                       "every check is shown with its numbers.",
               .flags = flags(*options),
               .run = [options](const cli::Common& common, std::ostream&) {
                 return check(*options, common);
               }}}};
}

}  // namespace sluice::model_gate

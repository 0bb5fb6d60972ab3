// SPDX-License-Identifier: Apache-2.0
#include "model-gate/registry.hpp"

namespace sluice::model_gate {
namespace {

using model::mlflow::Session;
using model::mlflow::Version;

Result<model::Subject> read_subject(Session& session,
                                    const model::Policy& policy,
                                    const Version& version) {
  model::Subject subject;
  SLUICE_TRY_ASSIGN(subject, session.run(version.run_id));
  SLUICE_TRY(Session::bind(version, subject));
  if (policy.mlflow.history == model::History::single) {
    SLUICE_TRY(session.check_history(version.run_id, model::metrics_of(policy), subject));
  }
  SLUICE_TRY_ASSIGN(subject.predictions, session.predictions(version.run_id));
  return subject;
}

}  // namespace

Result<Registered> read_registered(Session& session,
                                   const Options& options,
                                   const model::Policy& policy,
                                   model::Case& what) {
  if (policy.mlflow.model.empty()) {
    return Error{Error::Kind::usage, "the policy names no model of MLflow (mlflow.model)"};
  }
  Registered out;
  auto version = session.of_run(policy.mlflow.model, options.run);
  if (!version) {
    return in_context("candidate", std::move(version.error()));
  }
  out.candidate = std::move(*version);
  auto candidate = read_subject(session, policy, out.candidate);
  if (!candidate) {
    return in_context("candidate", std::move(candidate.error()));
  }
  what.candidate = std::move(*candidate);
  if (!policy.mlflow.artifact.empty()) {
    auto digest = session.artifact_digest(out.candidate, policy.mlflow.artifact);
    if (!digest) {
      return in_context("candidate", std::move(digest.error()));
    }
    what.model_file_sha256 = std::move(*digest);
  }
  auto champion = session.by_alias(policy.mlflow.model, policy.mlflow.alias);
  if (!champion) {
    return in_context("champion", std::move(champion.error()));
  }
  out.champion = std::move(*champion);
  if (out.champion) {
    auto subject = read_subject(session, policy, *out.champion);
    if (!subject) {
      return in_context("champion", std::move(subject.error()));
    }
    what.champion = std::move(*subject);
  }
  return out;
}

}  // namespace sluice::model_gate

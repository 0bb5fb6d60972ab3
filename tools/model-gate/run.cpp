// SPDX-License-Identifier: Apache-2.0
#include "model-gate/run.hpp"

#include "base/sha256.hpp"
#include "base/text.hpp"
#include "config/config.hpp"
#include "http/helper.hpp"
#include "io/files.hpp"
#include "model-gate/digest.hpp"
#include "model-gate/registry.hpp"
#include "model/judge.hpp"
#include "model/record.hpp"
#include "proc/runner.hpp"
#include "promote/evidence.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace sluice::model_gate {
namespace {

constexpr std::uint64_t most_metrics = std::uint64_t{4} << 20U;        ///< bytes
constexpr std::uint64_t most_predictions = std::uint64_t{512} << 20U;  ///< bytes
constexpr std::uint64_t most_policy = std::uint64_t{1} << 20U;         ///< bytes

/// A file as messages name it, and as it is opened.
struct Place {
  std::string shown, path;
};

std::string folder_of(const std::string& file) {
  const auto slash = file.rfind('/');
  return slash == std::string::npos ? "." : file.substr(0, slash);
}

/// A flag is relative to the current folder; a path of the policy to the policy, and never above
/// it.
Result<Place> place_of(const std::string& flag,
                       const std::string& named,
                       const std::string& folder) {
  if (!flag.empty() || named.empty()) {
    return Place{flag, flag};
  }
  std::string inside;
  SLUICE_TRY_ASSIGN(inside, io::normalise_inside(named));
  return Place{inside, folder + '/' + inside};
}

Result<Place> policy_place(const std::string& flag, const std::string& sluice_yaml) {
  if (!flag.empty()) {
    return Place{flag, flag};
  }
  config::Config config;
  SLUICE_TRY_ASSIGN(config, config::load(sluice_yaml, "."));
  if (!config.model_gate) {
    return Error{
        Error::Kind::usage,
        "there is no policy: give --policy FILE, or name it as gates.model in sluice.yaml"};
  }
  return place_of("", *config.model_gate, sluice_yaml.empty() ? "." : folder_of(sluice_yaml));
}

Result<model::Policy> load_policy(const Place& place) {
  std::string bytes;
  SLUICE_TRY_ASSIGN(bytes, io::read_file(place.path, most_policy));
  return model::read_policy(bytes, place.shown);
}

/// A line for each thing that the change makes weaker in the policy. A base without a readable
/// policy had no gate that could be weakened; that nothing was compared is said.
std::vector<model::Line> loosened(const Options& options,
                                  const model::Policy& policy,
                                  const Place& place) {
  std::vector<model::Line> lines;
  if (options.base.empty()) {
    return lines;
  }
  const auto there = policy_place(options.policy.empty() ? "" : options.base + '/' + options.policy,
                                  options.base + "/sluice.yaml");
  const auto base = there ? load_policy(*there) : Result<model::Policy>(there.error());
  if (!base) {
    lines.push_back({.metric = "policy",
                     .question = "loosened",
                     .skipped = true,
                     .says = "there is no policy at the base to compare with: " +
                             text::printable(base.error().message)});
    return lines;
  }
  for (const diag::Finding& finding : model::loosened(*base, policy, place.shown)) {
    const bool is_allowed = finding.severity == diag::Severity::warning;
    lines.push_back({.metric = "policy",
                     .question = "loosened",
                     .outcome = is_allowed ? model::Verdict::promote : model::Verdict::reject,
                     .says = finding.message,
                     .code = finding.code,
                     .file = place.shown});
  }
  return lines;
}

Result<model::Subject> read_subject(const model::Files& flags,
                                    const model::Files& named,
                                    const std::string& folder) {
  Place metrics;
  SLUICE_TRY_ASSIGN(metrics, place_of(flags.metrics, named.metrics, folder));
  std::string bytes;
  SLUICE_TRY_ASSIGN(bytes, io::read_file(metrics.path, most_metrics));
  model::Subject subject;
  SLUICE_TRY_ASSIGN(subject, model::read_metrics(std::move(bytes), metrics.shown));
  // The policy's predictions belong to the policy's metrics.
  const std::string own = flags.metrics.empty() ? named.predictions : "";
  Place predictions;
  SLUICE_TRY_ASSIGN(predictions, place_of(flags.predictions, own, folder));
  if (!predictions.path.empty()) {
    SLUICE_TRY_ASSIGN(bytes, io::read_file(predictions.path, most_predictions));
    SLUICE_TRY_ASSIGN(subject.predictions, model::read_predictions(bytes, predictions.shown));
  }
  return subject;
}

Status read_files(const Options& options,
                  const model::Policy& policy,
                  const std::string& folder,
                  model::Case& what) {
  if (options.candidate.metrics.empty() && policy.candidate.metrics.empty()) {
    return Error{Error::Kind::usage, "there is no candidate: give --metrics FILE, or --run ID"};
  }
  auto candidate = read_subject(options.candidate, policy.candidate, folder);
  if (!candidate) {
    return in_context("candidate", std::move(candidate.error()));
  }
  what.candidate = std::move(*candidate);
  if (options.champion.metrics.empty() && policy.champion.metrics.empty()) {
    return ok;
  }
  // One that is named and not there is an accident, never a first model.
  auto champion = read_subject(options.champion, policy.champion, folder);
  if (!champion) {
    return in_context("champion", std::move(champion.error()));
  }
  what.champion = std::move(*champion);
  return ok;
}

/// What does not depend on where candidate and champion came from.
Status complete(const Options& options,
                const model::Policy& policy,
                const std::string& folder,
                model::Case& what) {
  const bool allowed = options.no_champion.empty() ? policy.allow_floor_only
                                                   : options.no_champion == "allow-floor-only";
  what.floor_only = allowed && !what.champion;
  const bool is_policys = options.candidate.metrics.empty() && options.run.empty();
  Place model;
  SLUICE_TRY_ASSIGN(
      model, place_of(options.candidate.model, is_policys ? policy.candidate.model : "", folder));
  if (!model.path.empty()) {
    SLUICE_TRY_ASSIGN(what.model_file_sha256, digest_of(model.path));
  }
  return ok;
}

/// An old verdict must not be taken for this one, whatever happens now.
Status remove_old(const Options& options) {
  for (const std::string& file : {options.verdict_out, options.evidence_out}) {
    std::error_code error;
    if (!file.empty() && io::kind_of(file) == io::EntryKind::file &&
        !std::filesystem::remove(file, error)) {
      return Error{Error::Kind::io, text::printable(file) + ": the old verdict cannot be removed"};
    }
  }
  return ok;
}

/// `name` is the address under which the model is promoted, or empty.
Status write_files(const Options& options,
                   const std::string& name,
                   const std::string& now,
                   const model::Policy& policy,
                   const model::Case& what,
                   const model::Judgement& judgement) {
  const std::string record = model::to_json(judgement, policy, what, now);
  if (!options.verdict_out.empty()) {
    SLUICE_TRY(io::write_atomically(options.verdict_out, record));
  }
  if (options.evidence_out.empty()) {
    return ok;
  }
  const std::string digest = model::model_of(what);
  if (digest.empty() || what.candidate.commit.empty()) {
    if (judgement.verdict == model::Verdict::none) {
      return ok;  // the report says why; there is nothing to bind it to
    }
    return Error{Error::Kind::usage, "--evidence-out: the candidate names no model or no commit"};
  }
  const bool promoted = judgement.verdict == model::Verdict::promote;
  const bool none = judgement.verdict == model::Verdict::none;
  return io::write_atomically(
      options.evidence_out,
      promote::write_evidence({.tool = "sluice-model-gate",
                               .verdict = promoted ? "pass" : (none ? "none" : "fail"),
                               .subject = promote::EvidenceOf::model,
                               .digest = digest,
                               .name = name,
                               .commit = what.candidate.commit,
                               .policy = policy.digest,
                               .created = now,
                               .report = "sha256:" + hex(sha256(record))}));
}

diag::Report report_of(const model::Judgement& judgement,
                       const model::Case& what,
                       const cli::Common& common) {
  diag::Report report;
  report.tool = "sluice-model-gate";
  report.findings = model::findings(judgement, what.candidate.source);
  report.no_verdict = judgement.no_verdict;
  report.now = common.now;
  report.summary = {text::counted(judgement.lines.size(), "check"),
                    "verdict: " + std::string(model::name(judgement.verdict))};
  for (const model::Line& line : judgement.lines) {
    if (line.skipped) {
      report.skipped.push_back(line.metric + ' ' + line.question + ": " + line.says);
    }
  }
  diag::normalise(report);
  const int exit = diag::exit_code(report, common.fail_on);
  report.own_formats.emplace_back(
      "text", model::to_text(judgement) + diag::to_text(report, common.color) +
                  "verdict: " + std::string(model::name(judgement.verdict)) + " (exit " +
                  std::to_string(exit) + ")\n");
  report.own_formats.emplace_back("markdown", model::to_markdown(judgement));
  return report;
}

Status check_usage(const Options& options, const cli::Common& common) {
  const auto refuse = [](const char* why) { return Error{Error::Kind::usage, why}; };
  if (!common.inputs.empty()) {
    return refuse("check takes no words; give --metrics FILE");
  }
  if (!options.evidence_out.empty() && common.now.empty()) {
    return refuse("--evidence-out needs --now, the time of the verdict");
  }
  const bool has_files = !options.candidate.metrics.empty() ||
                         !options.candidate.predictions.empty() ||
                         !options.champion.metrics.empty() || !options.champion.predictions.empty();
  if (!options.run.empty() && has_files) {
    return refuse("--run takes metrics and predictions from MLflow; leave out the files");
  }
  if (options.run.empty() && (options.set_alias || !options.mlflow.empty())) {
    return refuse("--mlflow and --set-alias need --run ID");
  }
  return ok;
}

/// The verdict of the checks, and of what the change did to them.
model::Judgement judge(const model::Policy& policy,
                       const model::Case& what,
                       const std::vector<model::Line>& loosened) {
  model::Judgement judgement = model::judge(policy, what);
  for (const model::Line& line : loosened) {
    judgement.verdict = std::max(judgement.verdict, line.outcome);
    judgement.lines.push_back(line);
  }
  return judgement;
}

/// Judges, and writes what was asked for.
Result<model::Judgement> decide(const Options& options,
                                const cli::Common& common,
                                const model::Policy& policy,
                                const Place& place,
                                model::Case& what) {
  const std::string folder = folder_of(place.path);
  const std::vector<model::Line> weaker = loosened(options, policy, place);
  if (options.run.empty()) {
    SLUICE_TRY(read_files(options, policy, folder, what));
    SLUICE_TRY(complete(options, policy, folder, what));
    model::Judgement judgement = judge(policy, what, weaker);
    SLUICE_TRY(write_files(options, options.uri, common.now, policy, what, judgement));
    return judgement;
  }
  model::mlflow::Server server;
  SLUICE_TRY_ASSIGN(server, model::mlflow::server(options.mlflow));
  const auto runner = proc::make_runner();
  const auto client = http::make_helper_client(*runner);
  model::mlflow::Session session(*client, std::move(server));
  Registered versions;
  SLUICE_TRY_ASSIGN(versions, read_registered(session, options, policy, what));
  SLUICE_TRY(complete(options, policy, folder, what));
  model::Judgement judgement = judge(policy, what, weaker);
  if (options.set_alias && judgement.verdict == model::Verdict::promote) {
    // Before the evidence: what could not be carried out must not look as if it were.
    SLUICE_TRY(model::mlflow::promote(session, versions.candidate, versions.champion,
                                      policy.mlflow.alias, {policy.digest, model::model_of(what)}));
  }
  const model::mlflow::Version& version = versions.candidate;
  SLUICE_TRY(write_files(
      options,
      options.uri.empty() ? "models:/" + version.name + '/' + version.version : options.uri,
      common.now, policy, what, judgement));
  return judgement;
}

}  // namespace

Result<diag::Report> check(const Options& options, const cli::Common& common) {
  SLUICE_TRY(check_usage(options, common));
  SLUICE_TRY(remove_old(options));
  Place place;
  SLUICE_TRY_ASSIGN(place, policy_place(options.policy, common.config));
  model::Policy policy;
  SLUICE_TRY_ASSIGN(policy, load_policy(place));
  model::Case what{.expected_commit = options.commit};
  auto judgement = decide(options, common, policy, place, what);
  if (!judgement) {
    return std::move(judgement.error());
  }
  return report_of(*judgement, what, common);
}

}  // namespace sluice::model_gate

// SPDX-License-Identifier: Apache-2.0
#include "promote/hold.hpp"

#include "base/text.hpp"
#include "promote/carry_out.hpp"
#include "promote/commands.hpp"
#include "promote/held_files.hpp"

#include <algorithm>
#include <set>

namespace sluice::promote {

namespace {

Error usage(std::string message) {
  return {Error::Kind::usage, std::move(message)};
}

/// The folder that a hold of the whole environment is for.
Result<std::string> folder_of_all(const State& state,
                                  const Environments& environments,
                                  const std::string& environment) {
  std::vector<std::string> paths;
  SLUICE_TRY_ASSIGN(paths, owned_files(*state.tree, environments, environment));
  std::string folder = common_folder(paths);
  if (folder.empty()) {
    return usage("the files of " + environment +
                 " have no folder of their own: name what to hold with --image");
  }
  return folder;
}

enum class Doing : std::uint8_t { hold, release };

Result<Evaluation> change_all(const State& state,
                              const Environments& environments,
                              const Request& request,
                              const std::string& reason,
                              Doing doing) {
  Evaluation evaluation;
  std::string folder;
  SLUICE_TRY_ASSIGN(folder, folder_of_all(state, environments, request.to));
  if (doing == Doing::hold) {
    SLUICE_TRY(add_hold(*state.tree, folder, "*", reason, evaluation));
  } else {
    SLUICE_TRY(drop_hold(*state.tree, {folder + '/' + std::string(hold_file)}, "*", evaluation));
  }
  return evaluation;
}

Status change_one(const State& state,
                  const Environments& environments,
                  const Request& request,
                  const Ask& ask,
                  const std::string& reason,
                  Doing doing,
                  Evaluation& evaluation) {
  Holding here;
  SLUICE_TRY_ASSIGN(here, find_holding(*state.tree, environments, request, ask));
  std::set<std::string> places;
  for (const std::string& file : here.files) {
    if (doing == Doing::hold) {
      places.insert(folder_of(file));
    } else {
      for (std::string& above : hold_files_above(file)) {
        places.insert(std::move(above));
      }
    }
  }
  for (const std::string& place : places) {
    SLUICE_TRY(doing == Doing::hold ? add_hold(*state.tree, place, ask.name, reason, evaluation)
                                    : drop_hold(*state.tree, {place}, ask.name, evaluation));
  }
  evaluation.story.items.push_back({.kind = ask.kind, .name = ask.name});
  return ok;
}

Result<Evaluation> change(const State& state,
                          const Request& request,
                          const std::string& reason,
                          Doing doing) {
  const Environments environments(*state.config);
  SLUICE_TRY(environments.before(request.to));
  Evaluation evaluation;
  if (request.asks.empty()) {
    SLUICE_TRY_ASSIGN(evaluation, change_all(state, environments, request, reason, doing));
    evaluation.story.items.push_back({.kind = ItemKind::value, .name = "everything"});
  }
  for (const Ask& ask : request.asks) {
    SLUICE_TRY(change_one(state, environments, request, ask, reason, doing, evaluation));
  }
  evaluation.story.verb = doing == Doing::hold ? "hold" : "release";
  evaluation.story.to = request.to;
  evaluation.story.reason = reason;
  return evaluation;
}

Result<diag::Report> run(const Settings& options,
                         const cli::Common& common,
                         Doing doing,
                         std::ostream& product) {
  if (options.to.empty()) {
    return usage("--env ENV says which environment is meant");
  }
  if (doing == Doing::hold && text::trim(options.reason).empty()) {
    return usage("--reason TEXT says why, to whoever is stopped by it");
  }
  Request request;
  SLUICE_TRY_ASSIGN(request, request_of(options, common));
  request.several = Several::all;
  const Work work = [&](const State& state) {
    return change(state, request, options.reason, doing);
  };
  return carry_out(options, common, work, Checking::none, product);
}

}  // namespace

Result<diag::Report> run_hold(const Settings& options,
                              const cli::Common& common,
                              std::ostream& product) {
  return run(options, common, Doing::hold, product);
}

Result<diag::Report> run_release(const Settings& options,
                                 const cli::Common& common,
                                 std::ostream& product) {
  return run(options, common, Doing::release, product);
}

}  // namespace sluice::promote

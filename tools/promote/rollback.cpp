// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "promote/carry_out.hpp"
#include "promote/commands.hpp"
#include "promote/held_files.hpp"
#include "promote/past.hpp"

#include <algorithm>
#include <set>

namespace sluice::promote {

namespace {

Error usage(std::string message) {
  return {Error::Kind::usage, std::move(message)};
}

/// What the last promotion to the environment promoted, by its commit's trailers.
Result<std::vector<Ask>> last_promoted(const State& state,
                                       const Environments& environments,
                                       const std::string& environment) {
  std::vector<std::string> paths;
  SLUICE_TRY_ASSIGN(paths, owned_files(*state.tree, environments, environment));
  std::vector<Ask> asks;
  SLUICE_TRY(state.upstream->history(state.tip, paths, [&](const git::Revision& revision) {
    if (trailer(revision.message, "Promoted-To") != environment) {
      return git::Walk::on;
    }
    for (const Item& item : items_of(revision.message)) {
      asks.push_back({.kind = item.kind, .name = item.name});
      if (const std::size_t colon = item.name.find(':');
          item.kind == ItemKind::value && colon != std::string::npos) {
        asks.back().file = item.name.substr(0, colon);
        asks.back().path = item.name.substr(colon + 1);
      }
    }
    return git::Walk::stop;
  }));
  if (asks.empty()) {
    return Error{Error::Kind::not_found, "no commit of the history promoted anything to " +
                                             environment + ": name what to take back with --image"};
  }
  return asks;
}

/// Fills in the version that stood there before the present one.
Status find_version(const State& state,
                    const Environments& environments,
                    const Request& request,
                    Ask& ask) {
  Holding here;
  SLUICE_TRY_ASSIGN(here, find_holding(*state.tree, environments, request, ask));
  const std::string& held = here.versions.front();
  SLUICE_TRY_ASSIGN(ask.wanted, find_previous(*state.upstream, state.tip, ask, here.files, held));
  if (ask.wanted.empty()) {
    return Error{Error::Kind::not_found,
                 "the history knows nothing that stood there before " + text::printable(held)};
  }
  return ok;
}

Result<Evaluation> roll_back(const Settings& options, Request request, const State& state) {
  if (state.upstream == nullptr) {
    return usage("a rollback reads the history: name the repository with --repository");
  }
  const Environments environments(*state.config);
  SLUICE_TRY(environments.before(request.to));
  if (request.asks.empty()) {
    SLUICE_TRY_ASSIGN(request.asks, last_promoted(state, environments, request.to));
  }
  for (Ask& ask : request.asks) {
    if (ask.wanted.empty()) {
      SLUICE_TRY(find_version(state, environments, request, ask));
    }
  }
  Evaluation evaluation;
  SLUICE_TRY_ASSIGN(evaluation, evaluate(*state.tree, *state.config, request, *state.history));
  if (evaluation.is_done() || options.no_hold) {
    return evaluation;
  }
  std::set<std::string> folders;
  for (const File& file : evaluation.before) {
    folders.insert(folder_of(file.path));
  }
  evaluation.story.reason = options.reason;
  for (const Item& item : evaluation.story.items) {
    const std::string reason = !options.reason.empty()
                                   ? options.reason
                                   : "rolled back from " + short_version(item.before) + " on " +
                                         time::to_string(state.now).substr(0, 10);
    for (const std::string& folder : folders) {
      SLUICE_TRY(add_hold(*state.tree, folder, item.name, reason, evaluation));
    }
  }
  return evaluation;
}

}  // namespace

Result<diag::Report> run_rollback(const Settings& options,
                                  const cli::Common& common,
                                  std::ostream& product) {
  if (options.to.empty()) {
    return usage("--env ENV says where to go back");
  }
  Request request;
  SLUICE_TRY_ASSIGN(request, request_of(options, common));
  request.verb = "rollback";
  request.rules = Rules::none;
  request.several = Several::all;
  const Work work = [&](const State& state) { return roll_back(options, request, state); };
  return carry_out(options, common, work, Checking::as_configured, product);
}

}  // namespace sluice::promote

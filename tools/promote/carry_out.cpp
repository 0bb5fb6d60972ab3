// SPDX-License-Identifier: Apache-2.0
#include "promote/carry_out.hpp"

#include "base/text.hpp"
#include "git/replay.hpp"
#include "http/helper.hpp"
#include "io/files.hpp"
#include "promote/check_tree.hpp"
#include "promote/draft.hpp"
#include "promote/forge_transport.hpp"
#include "promote/outcome.hpp"
#include "promote/past.hpp"
#include "promote/pull_request.hpp"

#include <algorithm>
#include <charconv>

namespace sluice::promote {

namespace {

bool is_refused(const Evaluation& evaluation) {
  return std::ranges::any_of(evaluation.findings, [](const diag::Finding& finding) {
    return finding.severity == diag::Severity::error;
  });
}

diag::Report report_of(Outcome& outcome, const cli::Common& common) {
  diag::Report report;
  report.findings = std::move(outcome.evaluation.findings);
  report.now = common.now;
  return report;
}

/// The whole of a direct push, in one object: the last evaluation outlives the try.
class Direct {
 public:
  Direct(const Settings& options,
         const cli::Common& common,
         const Work& work,
         Checking checking,
         Site& site,
         time::Seconds now)
      : options_(options),
        common_(common),
        work_(work),
        checking_(checking),
        site_(site),
        now_(now) {}

  /// What git::replay asks on each tip. A refusal ends the replay by an Error; `refused` tells it
  /// from others.
  Result<std::optional<git::Draft>> edit(const std::string& tip) {
    CommitTree tree(site_.upstream(), tip);
    config::Config config;
    SLUICE_TRY_ASSIGN(config, config_of(tree, common_));
    History history = history_of(site_.upstream(), tip);
    history.statuses = [this](const std::string& commit) { return statuses(commit); };
    SLUICE_TRY_ASSIGN(evaluation, work_({.tree = &tree,
                                         .config = &config,
                                         .history = &history,
                                         .upstream = &site_.upstream(),
                                         .tip = tip,
                                         .now = now_}));
    if (is_refused(evaluation)) {
      refused = true;
      return Error{Error::Kind::usage, "refused"};
    }
    if (evaluation.is_done() || options_.dry_run) {
      return std::optional<git::Draft>();
    }
    if (checking_ == Checking::as_configured) {
      SLUICE_TRY(check(tip, config));
      if (refused) {
        return Error{Error::Kind::usage, "refused"};
      }
    }
    git::Draft draft;
    SLUICE_TRY_ASSIGN(draft, draft_of(evaluation, tip, config, options_, now_));
    git::Signing signing;
    SLUICE_TRY_ASSIGN(signing, signing_of(options_, config));
    site_.upstream().sign_with(std::move(signing));
    if (with_forge != nullptr) {
      with_forge->prepare(draft);
    }
    return std::optional(std::move(draft));
  }

  ForgeTransport* with_forge = nullptr;
  Evaluation evaluation;
  bool refused = false;

 private:
  /// The forge is asked only where a rule wants to know.
  Result<std::vector<std::string>> statuses(const std::string& commit) {
    const auto client = http::make_helper_client(site_.runner());
    std::unique_ptr<forge::Forge> forge;
    SLUICE_TRY_ASSIGN(forge, open_forge(options_, *client));
    return forge->successful_statuses(commit);
  }

  Status check(const std::string& tip, const config::Config& config) {
    if (options_.no_check || (config.promote && !config.promote->check)) {
      evaluation.story.checks = {options_.no_check ? "none (--no-check)" : "none (promote.check)"};
      return ok;
    }
    Checked checked;
    SLUICE_TRY_ASSIGN(checked,
                      check_tree(site_.upstream().repository(), tip, evaluation.after,
                                 evaluation.story.to, time::to_string(now_), site_.runner()));
    evaluation.story.checks = checked.lines;
    evaluation.story.render_digest = checked.render_digest;
    refused = !checked.findings.empty();
    evaluation.findings.insert(evaluation.findings.end(), checked.findings.begin(),
                               checked.findings.end());
    return ok;
  }

  const Settings& options_;
  const cli::Common& common_;
  const Work& work_;
  const Checking checking_;
  Site& site_;
  const time::Seconds now_;
};

Result<unsigned> tries_of(const Settings& options) {
  unsigned tries = 20;
  const char* const end = options.tries.data() + options.tries.size();
  if (!options.tries.empty()) {
    const auto [stop, error] = std::from_chars(options.tries.data(), end, tries);
    if (error != std::errc() || stop != end || tries == 0 || tries > 10'000) {
      return Error{Error::Kind::usage,
                   "--tries " + text::printable(options.tries) + " is no number of tries"};
    }
  }
  return tries;
}

Error failure_of(const git::Replayed& replayed) {
  std::string message = replayed.message;
  if (replayed.outcome == git::Outcome::lost_race) {
    message = "others were quicker " + text::counted(replayed.tries, "time") +
              " in a row, and nothing was pushed; try again, or with more --tries" +
              (message.empty() ? "" : ": " + message);
  }
  return {Error::Kind::io, message};
}

Result<diag::Report> push(const Settings& options,
                          const cli::Common& common,
                          const Work& work,
                          Checking checking,
                          time::Seconds now,
                          std::ostream& product) {
  unsigned tries = 0;
  SLUICE_TRY_ASSIGN(tries, tries_of(options));
  const auto runner = proc::make_runner();
  const auto client = http::make_helper_client(*runner);
  std::unique_ptr<forge::Forge> forge;
  ForgeTransport* with_forge = nullptr;
  Site::Wrap wrap;
  if (options.push_with == "api") {
    SLUICE_TRY_ASSIGN(forge, open_forge(options, *client));
    wrap = [&](const git::Transport& inner) {
      auto transport = std::make_unique<ForgeTransport>(inner, *forge);
      with_forge = transport.get();
      return transport;
    };
  }
  std::unique_ptr<Site> site;
  SLUICE_TRY_ASSIGN(site, Site::open(options, wrap));
  Direct direct(options, common, work, checking, *site, now);
  direct.with_forge = with_forge;
  const git::ReplayOptions how{
      .branch = site->branch(), .id = options.to + text::join(options.images, " "), .tries = tries};
  auto replayed =
      git::replay(site->upstream(), [&](const std::string& tip) { return direct.edit(tip); }, how);
  if (!replayed && !direct.refused) {
    return std::move(replayed.error());
  }
  Outcome outcome{.evaluation = std::move(direct.evaluation), .branch = site->branch()};
  if (direct.refused) {
    outcome.ending = Ending::refused;
  } else if (replayed->outcome != git::Outcome::done) {
    return failure_of(*replayed);
  } else {
    const bool by_forge = with_forge != nullptr && !with_forge->made().empty();
    outcome.commit = by_forge ? with_forge->made() : replayed->commit;
    outcome.tries = replayed->tries;
    outcome.ending = !outcome.commit.empty()                            ? Ending::changed
                     : options.dry_run && !outcome.evaluation.is_done() ? Ending::shown
                                                                        : Ending::already;
  }
  print(outcome, common, product);
  return report_of(outcome, common);
}

Result<diag::Report> change_folder(const Settings& options,
                                   const cli::Common& common,
                                   const Work& work,
                                   time::Seconds now,
                                   std::ostream& product) {
  if (options.pull_request) {
    return Error{
        Error::Kind::usage,
        "--pull-request needs a repository to push to: name its address with --repository"};
  }
  FolderTree tree(options.repository);
  config::Config config;
  SLUICE_TRY_ASSIGN(config, config_of(tree, common));
  const History history;
  Outcome outcome;
  SLUICE_TRY_ASSIGN(outcome.evaluation,
                    work({.tree = &tree, .config = &config, .history = &history, .now = now}));
  if (is_refused(outcome.evaluation)) {
    outcome.ending = Ending::refused;
  } else if (outcome.evaluation.is_done()) {
    outcome.ending = Ending::already;
  } else if (options.dry_run) {
    outcome.ending = Ending::shown;
  } else {
    for (const File& file : outcome.evaluation.after) {
      SLUICE_TRY(io::write_atomically(options.repository + '/' + file.path, file.bytes));
    }
    outcome.ending = Ending::changed;
  }
  print(outcome, common, product);
  return report_of(outcome, common);
}

}  // namespace

Result<diag::Report> carry_out(const Settings& options,
                               const cli::Common& common,
                               const Work& work,
                               Checking checking,
                               std::ostream& product) {
  time::Seconds now;
  SLUICE_TRY_ASSIGN(now, clock_of(common));
  if (is_folder(options.repository)) {
    return change_folder(options, common, work, now, product);
  }
  if (options.pull_request) {
    Outcome outcome;
    SLUICE_TRY_ASSIGN(outcome, propose(options, common, work, now));
    print(outcome, common, product);
    return report_of(outcome, common);
  }
  return push(options, common, work, checking, now, product);
}

}  // namespace sluice::promote

// SPDX-License-Identifier: Apache-2.0
#include "promote/pull_request.hpp"

#include "base/sha256.hpp"
#include "base/text.hpp"
#include "git/replay.hpp"
#include "http/helper.hpp"
#include "promote/draft.hpp"
#include "promote/forge_transport.hpp"
#include "promote/past.hpp"

#include <algorithm>
#include <thread>

namespace sluice::promote {

namespace {

constexpr unsigned most_branches = 50;
constexpr unsigned most_tries = 10;

/// Letters, digits, '.', '-' and '_', as a reference takes them; never with ".." or ".lock" in it.
std::string word(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '_' || c == '-';
    out += plain ? c : '-';
  }
  return out.substr(0, 60);
}

std::string last_word(const std::string& name) {
  const std::size_t slash = name.find_last_of("/:");
  return word(std::string_view(name).substr(slash == std::string::npos ? 0 : slash + 1));
}

/// One proposal, tried until the branch holds it.
class Proposal {
 public:
  Proposal(const Settings& options,
           const cli::Common& common,
           const Work& work,
           time::Seconds now,
           Site& site,
           forge::Forge& forge,
           ForgeTransport* with_forge)
      : options_(options),
        common_(common),
        work_(work),
        now_(now),
        site_(site),
        forge_(forge),
        with_forge_(with_forge) {}

  Result<Outcome> run() {
    for (unsigned n = 1;; ++n) {
      bool settled = false;
      SLUICE_TRY_ASSIGN(settled, attempt());
      out_.tries = n;
      if (settled) {
        return std::move(out_);
      }
      if (n == most_tries) {
        return Error{Error::Kind::io, "the branch " + out_.branch + " cannot be pushed: " + why_};
      }
      std::this_thread::sleep_for(git::backoff(out_.branch, n, std::chrono::milliseconds(5'000)));
    }
  }

 private:
  struct Base {
    std::string parent;    ///< what the commit is built on
    std::string expected;  ///< where the branch is; empty: it is not there
  };

  Result<Evaluation> evaluate_on(const std::string& commit) {
    CommitTree tree(site_.upstream(), commit);
    SLUICE_TRY_ASSIGN(config_, config_of(tree, common_));
    History history = history_of(site_.upstream(), commit);
    history.statuses = [this](const std::string& at) { return forge_.successful_statuses(at); };
    return work_({.tree = &tree,
                  .config = &config_,
                  .history = &history,
                  .upstream = &site_.upstream(),
                  .tip = commit,
                  .now = now_});
  }

  /// The branch to work on, the first of its names that can be used.
  Result<std::optional<Base>> find_base(const std::string& tip) {
    const std::string first = branch_for(out_.evaluation.story);
    for (unsigned n = 1; n <= most_branches; ++n) {
      out_.branch = n == 1 ? first : first + '-' + std::to_string(n);
      git::Exchange there;
      SLUICE_TRY_ASSIGN(there, site_.upstream().fetch(out_.branch));
      if (there.outcome == git::Outcome::no_branch) {
        return std::optional(Base{.parent = tip, .expected = {}});
      }
      if (there.outcome != git::Outcome::done) {
        return Error{Error::Kind::io, there.message};
      }
      bool is_open = false;
      SLUICE_TRY_ASSIGN(is_open, forge_.has_pull_request(out_.branch, site_.branch()));
      bool is_merged = false;
      SLUICE_TRY_ASSIGN(is_merged, site_.upstream().contains(tip, there.tip));
      if (is_merged) {
        return std::optional(Base{.parent = tip, .expected = there.tip});
      }
      if (is_open || is_ours(tip, there.tip)) {
        return std::optional(Base{.parent = there.tip, .expected = there.tip});
      }
    }
    return Error{Error::Kind::io, "there are " + std::to_string(most_branches) + " old branches " +
                                      first + "-N: delete some"};
  }

  /// A branch that is one commit ahead, with exactly this promotion: pushed before the pull request
  /// could be opened.
  bool is_ours(const std::string& tip, const std::string& branch_tip) {
    std::string message;
    std::string parent;
    const std::vector<std::string> top;
    std::vector<std::string> files;
    for (const File& file : out_.evaluation.after) {
      files.push_back(file.path);
    }
    const Status walked =
        site_.upstream().history(branch_tip, files, [&](const git::Revision& revision) {
          message = revision.message;
          parent = revision.commit == branch_tip ? revision.parent : std::string();
          return git::Walk::stop;
        });
    const auto contains = site_.upstream().contains(tip, parent.empty() ? branch_tip : parent);
    return walked && !parent.empty() && contains && *contains &&
           trailer(message, "Promotion-Id") == out_.evaluation.story.id;
  }

  Result<bool> attempt() {
    std::string tip;
    SLUICE_TRY_ASSIGN(tip, site_.tip(site_.branch()));
    SLUICE_TRY_ASSIGN(out_.evaluation, evaluate_on(tip));
    const bool refused = std::ranges::any_of(out_.evaluation.findings, [](const auto& finding) {
      return finding.severity == diag::Severity::error;
    });
    if (refused || out_.evaluation.is_done() || options_.dry_run) {
      out_.ending = refused                     ? Ending::refused
                    : out_.evaluation.is_done() ? Ending::already
                                                : Ending::shown;
      return true;
    }
    std::optional<Base> base;
    SLUICE_TRY_ASSIGN(base, find_base(tip));
    git::Draft draft;
    SLUICE_TRY_ASSIGN(draft, draft_of(out_.evaluation, tip, config_, options_, now_));
    bool pushed = true;
    if (base->parent != tip) {
      Evaluation there;  // the rules are those of the branch it is for
      SLUICE_TRY_ASSIGN(there, evaluate_on(base->parent));
      pushed = !there.is_done();
      git::Draft on_branch;
      SLUICE_TRY_ASSIGN(on_branch, draft_of(there, base->parent, config_, options_, now_));
      draft.parent = on_branch.parent;
      draft.files = on_branch.files;
    }
    if (pushed) {
      SLUICE_TRY_ASSIGN(pushed, push(*base, draft));
      if (!pushed) {
        return false;
      }
    }
    return open(draft.message);
  }

  /// False: somebody was quicker.
  Result<bool> push(const Base& base, const git::Draft& draft) {
    if (with_forge_ != nullptr) {
      with_forge_->prepare(draft);
    }
    git::Signing signing;
    SLUICE_TRY_ASSIGN(signing, signing_of(options_, config_));
    site_.upstream().sign_with(std::move(signing));
    SLUICE_TRY_ASSIGN(out_.commit, site_.upstream().commit(draft));
    git::Exchange pushed;
    SLUICE_TRY_ASSIGN(pushed, site_.upstream().push({out_.branch, base.expected, out_.commit}));
    if (with_forge_ != nullptr && !with_forge_->made().empty()) {
      out_.commit = with_forge_->made();
    }
    why_ = pushed.message;
    if (pushed.outcome == git::Outcome::refused || pushed.outcome == git::Outcome::rejected) {
      return Error{Error::Kind::io, pushed.message};
    }
    return pushed.outcome == git::Outcome::done;
  }

  Result<bool> open(const std::string& message) {
    const std::size_t end = std::min(message.find('\n'), message.size());
    forge::PullRequest wanted{.branch = out_.branch,
                              .into = site_.branch(),
                              .title = message.substr(0, end),
                              .body = std::string(text::trim(message.substr(end)))};
    forge::Opened opened;
    SLUICE_TRY_ASSIGN(opened, forge_.open_pull_request(wanted));
    out_.pull_request = opened.url;
    const bool same = opened.opening == forge::Opening::unchanged && out_.commit.empty();
    out_.ending = same ? Ending::already : Ending::changed;
    return true;
  }

  const Settings& options_;
  const cli::Common& common_;
  const Work& work_;
  const time::Seconds now_;
  Site& site_;
  forge::Forge& forge_;
  ForgeTransport* with_forge_;
  config::Config config_;
  Outcome out_;
  std::string why_;
};

}  // namespace

std::string branch_for(const Story& story) {
  std::string name;
  Sha256 sum;
  for (const Item& item : story.items) {
    name += (name.empty() ? "" : "-") + last_word(item.name);
    sum.update(item.name + '\n');
  }
  name = name.substr(0, 60);
  if (story.items.size() != 1) {
    name += '-' + hex(sum.finish()).substr(0, 8);
  }
  return story.verb + '/' + word(story.to) + '/' + name;
}

Result<Outcome> propose(const Settings& options,
                        const cli::Common& common,
                        const Work& work,
                        time::Seconds now) {
  const auto runner = proc::make_runner();
  const auto client = http::make_helper_client(*runner);
  std::unique_ptr<forge::Forge> forge;
  SLUICE_TRY_ASSIGN(forge, open_forge(options, *client));
  ForgeTransport* with_forge = nullptr;
  const Site::Wrap wrap = [&](const git::Transport& inner) {
    auto transport = std::make_unique<ForgeTransport>(inner, *forge);
    with_forge = transport.get();
    return transport;
  };
  std::unique_ptr<Site> site;
  SLUICE_TRY_ASSIGN(site, Site::open(options, options.push_with == "api" ? wrap : Site::Wrap()));
  return Proposal(options, common, work, now, *site, *forge, with_forge).run();
}

}  // namespace sluice::promote

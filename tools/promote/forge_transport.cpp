// SPDX-License-Identifier: Apache-2.0
#include "promote/forge_transport.hpp"

#include "git/access.hpp"
#include "git/read.hpp"
#include "promote/site.hpp"

namespace sluice::promote {

namespace {

/// The commit as the forge takes it; nothing when only Git can keep what a file is.
Result<std::optional<forge::ServerCommit>> translate(const std::string& repository,
                                                     const git::Draft& draft,
                                                     const git::Push& push) {
  forge::ServerCommit commit{.branch = push.branch,
                             .tip = draft.parent,
                             .new_branch = push.expected.empty(),
                             .message = draft.message,
                             .author_name = draft.author.name,
                             .author_email = draft.author.email};
  for (const git::FileChange& file : draft.files) {
    const auto before = git::read_committed(repository, draft.parent, file.path);
    if (!before && before.error().kind != Error::Kind::not_found) {
      return before.error();
    }
    if (before && before->mode != git::Mode::file) {
      return std::optional<forge::ServerCommit>();
    }
    commit.files.push_back({.path = file.path, .bytes = file.bytes, .is_new = !before});
  }
  return std::optional(std::move(commit));
}

}  // namespace

Result<std::unique_ptr<forge::Forge>> open_forge(const Settings& options,
                                                 const http::Client& client) {
  forge::Project project;
  SLUICE_TRY_ASSIGN(project, forge::project_of(options.repository, {.kind = options.forge,
                                                                    .api = options.forge_url,
                                                                    .project = options.project}));
  forge::Access access{.token = environment_variable("SLUICE_FORGE_TOKEN"),
                       .ca_file = options.ca_file,
                       .proxy = options.proxy};
  if (access.token.empty()) {
    git::Secret token;
    SLUICE_TRY_ASSIGN(
        token, git::read_token(options.token_file, environment_variable("SLUICE_GIT_TOKEN")));
    access.token = token.reveal();
  }
  if (access.token.find_first_of("\r\n") != std::string::npos) {
    return Error{Error::Kind::usage, "SLUICE_FORGE_TOKEN holds a line break"};
  }
  return forge::make_forge(client, std::move(project), std::move(access));
}

Result<git::Exchange> ForgeTransport::fetch(const std::string& repository,
                                            const std::string& url,
                                            const std::string& branch,
                                            const git::Access& access) const {
  return inner_.fetch(repository, url, branch, access);
}

Result<git::Exchange> ForgeTransport::push(const std::string& repository,
                                           const std::string& url,
                                           const git::Push& push,
                                           const git::Access& access) const {
  made_.clear();
  // A branch that is set forward to another commit first: only Git does both at once.
  const bool plain = draft_ && (push.expected.empty() || push.expected == draft_->parent);
  std::optional<forge::ServerCommit> commit;
  if (plain) {
    SLUICE_TRY_ASSIGN(commit, translate(repository, *draft_, push));
  }
  if (!commit) {
    return inner_.push(repository, url, push, access);
  }
  const auto answer = forge_.commit(*commit);
  if (!answer) {  // it said no; or nothing, and whether the commit is there shows on the next fetch
    return git::Exchange{.outcome = answer.error().kind == Error::Kind::usage
                                        ? git::Outcome::refused
                                        : git::Outcome::unreachable,
                         .message = answer.error().message};
  }
  const forge::Committed& committed = *answer;
  git::Exchange now;
  SLUICE_TRY_ASSIGN(now, inner_.fetch(repository, url, push.branch, access));
  if (committed.said == forge::Said::done) {
    made_ = committed.commit;
    return git::Exchange{.outcome = git::Outcome::done,
                         .tip = now.tip.empty() ? committed.commit : now.tip};
  }
  // What the branch says counts, and not the words of the forge.
  const bool moved = now.outcome == git::Outcome::done && now.tip != push.expected;
  return git::Exchange{.outcome = moved                                  ? git::Outcome::lost_race
                                  : committed.said == forge::Said::moved ? git::Outcome::rejected
                                                                         : git::Outcome::refused,
                       .tip = now.tip,
                       .message = committed.message};
}

}  // namespace sluice::promote

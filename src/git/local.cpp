// SPDX-License-Identifier: Apache-2.0
// Pushing to a repository on this machine. No program of it is run, so hooks cannot be; and its
// branch is changed only from the value that we built on, under its own lock.
#include "base/text.hpp"
#include "git/session.hpp"

#include <string_view>
#include <unistd.h>

namespace sluice::git {

namespace {

using RevwalkHandle = Handle<git_revwalk, git_revwalk_free>;

Reply refused(std::string message) {
  Reply reply;
  reply.outcome = Outcome::refused;
  reply.message = std::move(message);
  return reply;
}

/// Why the branch may not be changed from outside, or nothing.
std::string objection(git_repository* target, const std::string& branch) {
  const std::string folder = git_repository_commondir(target);
  for (const char* const hook :
       {"pre-receive", "update", "post-receive", "post-update", "reference-transaction"}) {
    if (::access((folder + "hooks/" + hook).c_str(), X_OK) == 0) {
      return "the repository has a hook (" + std::string(hook) +
             "), which only a server runs: push over HTTPS or SSH";
    }
  }
  git_reference* raw = nullptr;
  const int code = git_reference_lookup(&raw, target, "HEAD");
  const ReferenceHandle head(raw);
  const char* const checked_out = code == 0 ? git_reference_symbolic_target(head.get()) : nullptr;
  if (git_repository_is_bare(target) == 0 && checked_out != nullptr &&
      "refs/heads/" + branch == checked_out) {
    return "the branch is checked out there: push to a bare repository";
  }
  return {};
}

/// Writes what `commit` has and `expected` has not as a pack into the target.
int copy_objects(git_repository* from, git_repository* target, const Push& push) {
  git_revwalk* raw_walk = nullptr;
  git_packbuilder* raw_pack = nullptr;
  git_oid commit{};
  git_oid expected{};
  int code = git_oid_fromstr(&commit, push.commit.c_str());
  code = code != 0 ? code : git_revwalk_new(&raw_walk, from);
  const RevwalkHandle walk(raw_walk);
  code = code != 0 ? code : git_packbuilder_new(&raw_pack, from);
  const PackHandle pack(raw_pack);
  code = code != 0 ? code : git_revwalk_push(walk.get(), &commit);
  if (code == 0 && !push.expected.empty()) {
    code = git_oid_fromstr(&expected, push.expected.c_str());
    code = code != 0 ? code : git_revwalk_hide(walk.get(), &expected);
  }
  code = code != 0 ? code : git_packbuilder_insert_walk(pack.get(), walk.get());
  const std::string folder = std::string(git_repository_commondir(target)) + "objects/pack";
  return code != 0 ? code
                   : git_packbuilder_write(pack.get(), folder.c_str(), 0444, nullptr, nullptr);
}

int change_branch(git_repository* target, const Push& push) {
  git_oid commit{};
  git_oid expected{};
  const bool create = push.expected.empty();
  int code = git_oid_fromstr(&commit, push.commit.c_str());
  code = code != 0 || create ? code : git_oid_fromstr(&expected, push.expected.c_str());
  git_reference* raw = nullptr;
  code = code != 0 ? code
                   : git_reference_create_matching(
                         &raw, target, ("refs/heads/" + push.branch).c_str(), &commit,
                         create ? 0 : 1, create ? nullptr : &expected, "push");
  const ReferenceHandle changed(raw);
  return code;
}

}  // namespace

std::string path_of(const std::string& url) {
  constexpr std::string_view scheme = "file://";
  if (!url.starts_with(scheme)) {
    return url;
  }
  const std::string_view rest = std::string_view(url).substr(scheme.size());
  constexpr std::string_view host = "localhost/";
  return text::percent_decode(rest.starts_with(host) ? rest.substr(host.size() - 1) : rest);
}

Reply push_to_path(const Request& request, const std::string& path) {
  Reply reply;
  Result<Opened> from = open(request.repository);
  if (!from) {
    reply.side = Reply::Side::here;
    reply.message = from.error().message;
    return reply;
  }
  git_repository* raw = nullptr;
  if (git_repository_open_ext(&raw, path.c_str(), GIT_REPOSITORY_OPEN_NO_SEARCH, nullptr) != 0) {
    return refused(last_error(Error::Kind::not_found, text::printable(path)).message);
  }
  const RepositoryHandle target(raw);
  if (const std::string why = objection(target.get(), request.push.branch); !why.empty()) {
    return refused(text::printable(path) + ": " + why);
  }
  if (copy_objects(from->repository.get(), target.get(), request.push) != 0) {
    return refused(
        last_error(Error::Kind::io, text::printable(path) + " cannot be written").message);
  }
  reply.sent = Reply::Sent::perhaps;
  switch (change_branch(target.get(), request.push)) {
    case 0:
      reply.outcome = Outcome::done;
      return reply;
    case GIT_EMODIFIED:
    case GIT_EEXISTS:
    case GIT_ENOTFOUND:
      reply.outcome = Outcome::lost_race;
      reply.sent = Reply::Sent::no;
      reply.message = "the branch has moved";
      return reply;
    case GIT_ELOCKED:
      reply.message = last_error(Error::Kind::io, text::printable(path)).message + "; " +
                      std::string(lock_in_the_way);
      return reply;
    default:
      return refused(
          last_error(Error::Kind::io, text::printable(path) + " cannot be written").message);
  }
}

}  // namespace sluice::git

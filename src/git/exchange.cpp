// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "git/session.hpp"
#include "git/tip.hpp"

#include <optional>
#include <span>

namespace sluice::git {

namespace {

Reply here(const Error& error) {
  Reply reply;
  reply.side = Reply::Side::here;
  reply.message = error.message;
  return reply;
}

struct Connection {
  RepositoryHandle repository;
  RemoteHandle remote;
};

Result<Connection> prepare(const Request& request) {
  Opened opened;
  SLUICE_TRY_ASSIGN(opened, open(request.repository));
  git_remote* raw = nullptr;
  if (git_remote_create_anonymous(&raw, opened.repository.get(), request.url.c_str()) != 0) {
    return last_error(Error::Kind::usage, text::printable(without_secret(request.url)));
  }
  return Connection{std::move(opened.repository), RemoteHandle(raw)};
}

git_strarray as_array(char*& text) {
  return {&text, 1};
}

/// Nothing when the server has no such branch. Precondition: connected.
Result<std::optional<git_oid>> advertised(git_remote* remote, const std::string& branch) {
  const git_remote_head** heads = nullptr;
  std::size_t count = 0;
  if (git_remote_ls(&heads, &count, remote) != 0) {
    return last_error(Error::Kind::io, "the list of branches");
  }
  const std::string wanted = "refs/heads/" + branch;
  for (const git_remote_head* head : std::span(heads, count)) {
    if (wanted == head->name) {
      return std::optional(head->oid);
    }
  }
  return std::optional<git_oid>();
}

int download(Session& session, git_remote* remote) {
  git_fetch_options options = GIT_FETCH_OPTIONS_INIT;
  session.fill(options.callbacks);
  session.fill(options.proxy_opts);
  options.follow_redirects = GIT_REMOTE_REDIRECT_NONE;
  options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE;
  options.update_fetchhead = 0;
  const std::string& branch = session.request().push.branch;
  std::string refspec = "+refs/heads/" + branch + ":refs/sluice/fetched";
  char* words = refspec.data();
  const git_strarray refspecs = as_array(words);
  return git_remote_download(remote, &refspecs, &options);
}

int connect(Session& session, git_remote* remote) {
  git_remote_connect_options options = GIT_REMOTE_CONNECT_OPTIONS_INIT;
  session.fill(options.callbacks);
  session.fill(options.proxy_opts);
  options.follow_redirects = GIT_REMOTE_REDIRECT_NONE;
  return git_remote_connect_ext(remote, GIT_DIRECTION_FETCH, &options);
}

}  // namespace

Reply fetch_now(Session& session) {
  Result<Connection> connection = prepare(session.request());
  if (!connection) {
    return here(connection.error());
  }
  git_remote* const remote = connection->remote.get();
  if (const int code = connect(session, remote); code != 0) {
    return session.explain(code);
  }
  session.connected = true;
  Result<std::optional<git_oid>> tip = advertised(remote, session.request().push.branch);
  if (!tip) {
    return here(tip.error());
  }
  Reply reply;
  if (!*tip) {
    reply.outcome = Outcome::no_branch;
    reply.message =
        "the server has no branch \"" + text::printable(session.request().push.branch) + '"';
    return reply;
  }
  reply.tip = to_hex(**tip);
  git_repository* const repository = connection->repository.get();
  if (!lookup_commit(repository, reply.tip)) {
    if (const int code = download(session, remote); code != 0) {
      return session.explain(code);
    }
    if (auto found = lookup_commit(repository, reply.tip); !found) {
      return here(found.error());
    }
  }
  if (Status kept =
          keep_tip(session.request().repository, session.request().push.branch, reply.tip);
      !kept) {
    return here(kept.error());
  }
  reply.outcome = Outcome::done;
  return reply;
}

Reply push_now(Session& session) {
  Result<Connection> connection = prepare(session.request());
  if (!connection) {
    return here(connection.error());
  }
  git_push_options options = GIT_PUSH_OPTIONS_INIT;
  session.fill(options.callbacks);
  session.fill(options.proxy_opts);
  options.follow_redirects = GIT_REMOTE_REDIRECT_NONE;
  const Push& push = session.request().push;
  Result<PushReference> source = PushReference::make(session.request().repository, push.commit);
  if (!source) {
    return here(source.error());
  }
  std::string refspec = source->name() + ":refs/heads/" + push.branch;  // no '+': never forced
  char* words = refspec.data();
  const git_strarray refspecs = as_array(words);
  const int code = git_remote_push(connection->remote.get(), &refspecs, &options);
  Reply reply;
  if (code == GIT_ENONFASTFORWARD) {
    reply.outcome = Outcome::lost_race;
    reply.message = "the branch has moved";
  } else if (code != 0) {
    return session.explain(code);
  } else if (!session.status.empty()) {  // libgit2 calls this success
    reply = session.reply(Outcome::rejected,
                          "the server rejects the push: " + text::printable(session.status));
  } else {
    reply.outcome = Outcome::done;
  }
  reply.sent = session.sent ? Reply::Sent::perhaps : Reply::Sent::no;
  return reply;
}

}  // namespace sluice::git

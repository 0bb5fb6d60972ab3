// SPDX-License-Identifier: Apache-2.0
#include "git/transport.hpp"

#include "base/sha256.hpp"
#include "base/text.hpp"
#include "git/judge.hpp"
#include "git/read.hpp"
#include "git/session.hpp"
#include "io/files.hpp"

#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <unistd.h>

namespace sluice::git {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_reply = std::size_t{1} << 20U;

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::map<std::string, std::string> environment_for(const Request& request) {
  std::map<std::string, std::string> env = {{"HOME", request.home}, {"LC_ALL", "C"}};
  for (const char* const name : {"SSH_AUTH_SOCK", "TMPDIR"}) {
    if (std::string value = variable(name); !value.empty()) {
      env[name] = std::move(value);
    }
  }
  if (request.access.proxy == "auto") {
    for (const char* const name : {"http_proxy", "https_proxy", "all_proxy", "no_proxy",
                                   "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"}) {
      if (std::string value = variable(name); !value.empty()) {
        env[name] = std::move(value);
      }
    }
  }
  return env;
}

/// A folder with nothing in it but, for SSH, .ssh/known_hosts, a link to the file that counts. Each
/// file has its own, as runs at the same time may name different ones. Beside the repository.
Result<std::string> make_home(const std::string& repository, const std::string& known_hosts) {
  std::error_code failure;
  const std::string homes = (fs::path(repository).parent_path() / "home").string();
  const std::string home =
      homes + '/' + (known_hosts.empty() ? "none" : hex(sha256(known_hosts)).substr(0, 24));
  fs::create_directories(home + "/.ssh", failure);
  if (!failure && !known_hosts.empty()) {
    fs::create_symlink(known_hosts, home + "/.ssh/known_hosts", failure);
  }
  if (failure && failure != std::errc::file_exists) {
    return Error{Error::Kind::io, text::printable(home) + ": " + failure.message()};
  }
  return home;
}

Reply refused(std::string message) {
  Reply reply;
  reply.outcome = Outcome::refused;
  reply.message = std::move(message);
  return reply;
}

/// Why a repository on this machine cannot be fetched from, or nothing.
std::string shallow_objection(const std::string& path) {
  const bool shallow = io::exists(path + "/shallow") || io::exists(path + "/.git/shallow");
  return shallow ? text::printable(path) +
                       ": a shallow clone, which lacks the history that a push needs; give the "
                       "server's address instead of the checkout's path, or fetch all of it (git "
                       "fetch --unshallow; in GitHub Actions fetch-depth: 0, in GitLab "
                       "GIT_DEPTH: 0)"
                 : "";
}

class ChildTransport : public Transport {
 public:
  ChildTransport(const proc::Runner& runner, std::string program)
      : runner_(runner), program_(std::move(program)) {}

  [[nodiscard]] Result<Exchange> fetch(const std::string& repository,
                                       const std::string& url,
                                       const std::string& branch,
                                       const Access& access) const override {
    Request request{.repository = repository, .url = url, .push = {branch, {}, {}}};
    request.access = access;
    Reply reply;
    SLUICE_TRY_ASSIGN(reply, ask(std::move(request)));
    return Exchange{reply.outcome, std::move(reply.tip), std::move(reply.message)};
  }

  [[nodiscard]] Result<Exchange> push(const std::string& repository,
                                      const std::string& url,
                                      const Push& push,
                                      const Access& access) const override {
    Request request{Request::What::push, repository, url, {}, push};
    request.access = access;
    Reply said;
    SLUICE_TRY_ASSIGN(said, ask(std::move(request)));
    if (said.outcome == Outcome::lost_race && said.sent == Reply::Sent::no) {
      return Exchange{Outcome::lost_race, {}, std::move(said.message)};
    }
    Exchange after;
    Result<Exchange> read = fetch(repository, url, push.branch, access);
    if (read) {
      after = std::move(*read);
    } else if (said.sent == Reply::Sent::no) {
      return std::move(read.error());
    }
    Whereabouts where = Whereabouts::unknown;
    SLUICE_TRY_ASSIGN(where, locate(repository, push, after));
    return judge(push, said, where, after.tip);
  }

 private:
  static Result<Whereabouts> locate(const std::string& repository,
                                    const Push& push,
                                    const Exchange& after) {
    if (after.outcome == Outcome::no_branch) {
      return push.expected.empty() ? Whereabouts::unmoved : Whereabouts::moved;
    }
    if (after.outcome != Outcome::done) {
      return Whereabouts::unknown;
    }
    if (after.tip == push.expected) {
      return Whereabouts::unmoved;
    }
    bool arrived = false;
    SLUICE_TRY_ASSIGN(arrived, contains(repository, after.tip, push.commit));
    return arrived ? Whereabouts::arrived : Whereabouts::moved;
  }

  /// Whoever answers, the token is not in what they say.
  [[nodiscard]] Result<Reply> ask(Request request) const {
    const std::string token = request.access.token.reveal();
    const std::string proxy = request.access.proxy;
    Result<Reply> reply = ask_someone(std::move(request));
    std::string& message = reply ? reply->message : reply.error().message;
    if (!token.empty()) {
      message = text::replace_all(std::move(message), token, "***");
    }
    if (!proxy.empty()) {
      message = text::replace_all(std::move(message), proxy, without_secret(proxy));
    }
    if (reply && reply->side == Reply::Side::here) {
      return Error{Error::Kind::io, std::move(reply->message)};
    }
    return reply;
  }

  [[nodiscard]] Result<Reply> ask_someone(Request request) const {
    Scheme scheme{};
    SLUICE_TRY_ASSIGN(scheme, scheme_of(request.url, request.access));
    if (scheme == Scheme::local) {
      return ask_here(std::move(request));
    }
    std::string known_hosts;
    if (scheme == Scheme::ssh) {
      known_hosts = request.access.known_hosts;
      known_hosts = known_hosts.empty() ? variable("HOME") + "/.ssh/known_hosts" : known_hosts;
      const std::string& key = request.access.ssh_key;
      if (!io::exists(known_hosts)) {
        return refused(text::printable(known_hosts) +
                       ": there is no such file of known host keys; write one with what the "
                       "server's owner publishes (ssh-keyscan prints the lines), and give it with "
                       "--known-hosts");
      }
      if (!key.empty() && !io::exists(key)) {
        return refused(text::printable(key) + ": there is no such key");
      }
      std::error_code failure;
      known_hosts = fs::canonical(known_hosts, failure).string();
    }
    SLUICE_TRY_ASSIGN(request.home, make_home(request.repository, known_hosts));
    return ask_child(request);
  }

  static Result<Reply> ask_here(Request request) {
    const std::string path = path_of(request.url);
    if (std::string why = shallow_objection(path); !why.empty()) {
      return refused(std::move(why));
    }
    std::error_code failure;
    const std::string real = fs::canonical(path, failure).string();
    if (failure) {
      return refused(text::printable(path) + ": " + failure.message());
    }
    if (request.what == Request::What::push) {
      return push_to_path(request, real);
    }
    request.url = real;
    Session session(request);
    return fetch_now(session);
  }

  [[nodiscard]] Result<Reply> ask_child(Request& request) const {
    if (program_.empty()) {
      return Error{Error::Kind::not_found,
                   "sluice-git is neither beside this program nor on PATH: install all of Sluice"};
    }
    request.parent = ::getpid();
    proc::Finished finished;
    SLUICE_TRY_ASSIGN(finished, runner_.run({.argv = {program_, "transport"},
                                             .env = environment_for(request),
                                             .stdin_text = to_json(request),
                                             .timeout = request.access.deadline,
                                             .max_output = longest_reply}));
    if (finished.ended == proc::Ended::exited && finished.code == 0) {
      return read_reply(finished.out);
    }
    if (finished.ended == proc::Ended::exited) {
      return Error{Error::Kind::subprocess,
                   proc::describe_failure("sluice-git transport", finished)};
    }
    Reply reply;
    reply.message = proc::describe_failure("the exchange with the server", finished);
    reply.sent = request.what == Request::What::push ? Reply::Sent::perhaps : Reply::Sent::no;
    return reply;
  }

  const proc::Runner& runner_;
  std::string program_;
};

}  // namespace

std::unique_ptr<Transport> make_transport(const proc::Runner& runner, std::string program) {
  return std::make_unique<ChildTransport>(runner, std::move(program));
}

std::string find_helper() {
  std::error_code ignored;
  const fs::path self = fs::read_symlink("/proc/self/exe", ignored);
  const std::string beside = (self.parent_path() / "sluice-git").string();
  return !self.empty() && io::exists(beside) ? beside : proc::find_in_path("sluice-git");
}

}  // namespace sluice::git

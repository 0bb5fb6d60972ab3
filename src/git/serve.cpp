// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "git/session.hpp"
#include "git/transport.hpp"

#include <atomic>
#include <chrono>
#include <csignal>
#include <sys/prctl.h>
#include <thread>
#include <unistd.h>

namespace sluice::git {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// Ends the process with a reply when the server has given no sign of life for too long: a thread
/// that is blocked in libgit2 cannot be ended in any other way.
class Watchdog {
 public:
  Watchdog(const Session& session, int out) : session_(session), out_(out) {
    std::thread([this] { watch(); }).detach();
  }

  /// From here on the reply is the caller's, and the watchdog's is never written.
  void stand_down() {
    if (done_.exchange(true)) {
      for (;;) {
        (void)::pause();  // it is writing, and ends the process
      }
    }
  }

 private:
  void watch() {
    const milliseconds silence = session_.request().access.silence;
    const milliseconds tick = std::min(milliseconds{100}, silence / 4 + milliseconds{1});
    std::uint64_t seen = session_.alive;
    auto since = steady_clock::now();
    for (;;) {
      std::this_thread::sleep_for(tick);
      if (done_) {
        return;
      }
      if (const std::uint64_t now = session_.alive; now != seen) {
        seen = now;
        since = steady_clock::now();
      }
      if (steady_clock::now() - since > silence) {
        give_up();
      }
    }
  }

  void give_up() {
    if (done_.exchange(true)) {
      return;
    }
    Reply reply;
    const auto seconds = std::chrono::duration<double>(session_.request().access.silence).count();
    reply.message = "the server has sent nothing for " +
                    text::printable(std::to_string(seconds).substr(0, 4)) + " s";
    reply.sent = session_.sent ? Reply::Sent::perhaps : Reply::Sent::no;
    const std::string json = to_json(reply);
    const ssize_t written = ::write(out_, json.data(), json.size());
    ::_exit(written == static_cast<ssize_t>(json.size()) ? 0 : 1);
  }

  const Session& session_;
  int out_;
  std::atomic<bool> done_ = false;
};

/// What holds for the whole process: it serves one request.
void prepare_process(const Request& request) {
  // A promoter that is killed takes us with it: nobody would hear our answer.
  (void)::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (request.parent != 0 && ::getppid() != request.parent) {
    ::_exit(1);
  }
  // Full disks and closed connections are errors, not deaths.
  (void)::signal(SIGXFSZ, SIG_IGN);
  (void)::signal(SIGPIPE, SIG_IGN);
  use_library();
  // libgit2 looks for .ssh/known_hosts there; no configuration is.
  (void)git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, GIT_CONFIG_LEVEL_GLOBAL, request.home.c_str());
}

Reply perform(const Request& request, int out) {
  prepare_process(request);
  const std::string& authority = request.access.ca_file;
  if (!authority.empty() &&
      git_libgit2_opts(GIT_OPT_SET_SSL_CERT_LOCATIONS, authority.c_str(), nullptr) != 0) {
    Reply reply;
    reply.outcome = Outcome::refused;
    reply.message = "the certificates of " + text::printable(authority) + " cannot be read";
    return reply;
  }
  // Never freed: the watchdog may look at them until the process ends.
  auto* const session = new Session(request);          // NOLINT(cppcoreguidelines-owning-memory)
  auto* const watchdog = new Watchdog(*session, out);  // NOLINT(cppcoreguidelines-owning-memory)
  Reply reply = request.what == Request::What::push ? push_now(*session) : fetch_now(*session);
  watchdog->stand_down();
  return reply;
}

}  // namespace

std::string serve(std::string_view text, int out) {
  Result<Request> parsed = read_request(text);
  if (!parsed) {
    Reply reply;
    reply.side = Reply::Side::here;
    reply.message = parsed.error().message;
    return to_json(reply);
  }
  static const Request request = std::move(*parsed);  // as long as the watchdog
  return to_json(perform(request, out));
}

}  // namespace sluice::git

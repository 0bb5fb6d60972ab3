// SPDX-License-Identifier: Apache-2.0
// Plain POSIX and not Boost.Process, whose asynchronous pipes need an io_context for each child,
// see the end of a child only by a SIGCHLD handler of the whole process, and know no output cap.
#include "proc/collect.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <poll.h>
#include <sys/wait.h>
#include <utility>

namespace sluice::proc {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// Between SIGTERM and SIGKILL: enough to remove a temporary file, not enough to matter.
constexpr milliseconds grace{500};
constexpr milliseconds longest_tick{20};

class Collector {
 public:
  Collector(Started started, milliseconds timeout, std::size_t max_output)
      : started_(std::move(started)), max_output_(max_output), deadline_(Clock::now() + timeout) {}

  Finished run() {
    while (!has_ended()) {
      if (Clock::now() >= deadline_) {
        if (stopping_) {
          break;
        }
        stop(Ended::timed_out);
      }
      wait_for_output();
    }
    // The group outlives its leader only by what it left behind; nothing of it may stay. The leader
    // is not reaped yet, so its number cannot have been given to another group.
    (void)::kill(-started_.pid, SIGKILL);
    reap();
    drain();
    return std::move(finished_);
  }

 private:
  /// Whether the program itself has ended; it stays a zombie (WNOWAIT) until reap().
  [[nodiscard]] bool has_ended() const {
    siginfo_t info{};
    const int got =
        ::waitid(P_PID, static_cast<id_t>(started_.pid), &info, WEXITED | WNOHANG | WNOWAIT);
    return got == 0 && info.si_pid == started_.pid;
  }

  void stop(Ended why) {
    finished_.ended = why;
    stopping_ = true;
    deadline_ = Clock::now() + grace;
    (void)::kill(-started_.pid, SIGTERM);
  }

  void wait_for_output() {
    std::array<pollfd, 2> fds = {pollfd{started_.out.get(), POLLIN, 0},
                                 pollfd{started_.err.get(), POLLIN, 0}};
    // The end of a program closes its pipes, which wakes us; the tick is for one that closed them
    // before its end, or whose pipes somebody else holds.
    (void)::poll(fds.data(), fds.size(), static_cast<int>(tick_.count()));
    const bool quiet = fds[0].revents == 0 && fds[1].revents == 0;
    tick_ = quiet ? std::min(tick_ * 2, longest_tick) : milliseconds{1};
    const bool too_much =
        (fds[0].revents != 0 && read_some(started_.out, finished_.out) == Got::too_much) ||
        (fds[1].revents != 0 && read_some(started_.err, finished_.err) == Got::too_much);
    if (too_much && !stopping_) {
      stop(Ended::capped);
      deadline_ = Clock::now();  // no grace: it would go on printing
    }
  }

  enum class Got : std::uint8_t { bytes, too_much, nothing_yet, end };

  Got read_some(Descriptor& pipe, std::string& text) const {
    std::array<char, std::size_t{64} * 1024> buffer;
    const ssize_t got = ::read(pipe.get(), buffer.data(), buffer.size());
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
      return Got::nothing_yet;
    }
    if (got <= 0) {
      (void)pipe.close();
      return Got::end;
    }
    const std::size_t room = max_output_ - text.size();
    text.append(buffer.data(), std::min(static_cast<std::size_t>(got), room));
    return static_cast<std::size_t>(got) > room ? Got::too_much : Got::bytes;
  }

  void reap() {
    int status = 0;
    while (::waitpid(started_.pid, &status, 0) < 0 && errno == EINTR) {
    }
    finished_.code = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
    if (!stopping_ && WIFSIGNALED(status)) {
      finished_.ended = Ended::signalled;
    }
  }

  /// What the program wrote is in the pipes by now. Nobody is waited for: a grandchild in a session
  /// of its own may hold a pipe open for ever, or fill it for ever.
  void drain() {
    const Clock::time_point end = Clock::now() + grace;
    for (auto [pipe, text] :
         {std::pair{&started_.out, &finished_.out}, std::pair{&started_.err, &finished_.err}}) {
      Got got = Got::bytes;
      while (*pipe && got == Got::bytes && Clock::now() < end) {
        got = read_some(*pipe, *text);
      }
      if (got == Got::too_much && !stopping_) {
        finished_.ended = Ended::capped;
      }
    }
  }

  Started started_;
  std::size_t max_output_;
  Clock::time_point deadline_;
  milliseconds tick_{1};
  bool stopping_ = false;
  Finished finished_;
};

}  // namespace

Finished collect(Started started, milliseconds timeout, std::size_t max_output) {
  return Collector(std::move(started), timeout, max_output).run();
}

}  // namespace sluice::proc

// SPDX-License-Identifier: Apache-2.0
// The only file that sees Boost.Process (the v1 interface). It starts the program; pipes,
// environment and waiting are plain POSIX, for reasons given where they are.
#include "base/text.hpp"
#include "proc/collect.hpp"
#include "proc/confinement.hpp"
#include "proc/runner.hpp"

// Boost looks for vfork by feature macros of old standards; glibc has it whatever they say.
#define BOOST_POSIX_HAS_VFORK 1
#include <boost/process/child.hpp>
#include <boost/process/error.hpp>
#include <boost/process/exe.hpp>
#include <boost/process/extend.hpp>
#include <boost/process/posix.hpp>

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <linux/close_range.h>
#include <optional>
#include <sys/mman.h>
#include <sys/wait.h>
#include <system_error>

namespace sluice::proc {

namespace {

namespace bp = boost::process;

Error start_error(const std::string& program, int number) {
  return {number == ENOENT ? Error::Kind::not_found : Error::Kind::subprocess,
          text::printable(program) + ": " + std::generic_category().message(number)};
}

/// Above 2, because the child's 0, 1 and 2 are made of these by dup2: were one of them the number
/// it is copied to (a parent started without stdin), it would stay close-on-exec.
Descriptor above_standard(Descriptor descriptor) {
  if (!descriptor || descriptor.get() > STDERR_FILENO) {
    return descriptor;
  }
  return Descriptor(::fcntl(descriptor.get(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
}

struct Pipe {
  Descriptor read;
  Descriptor write;
};

/// Close-on-exec from the first moment, so that no other child ever inherits an end.
std::optional<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return std::nullopt;
  }
  Pipe pipe{Descriptor(ends[0]), Descriptor(ends[1])};
  pipe = {above_standard(std::move(pipe.read)), above_standard(std::move(pipe.write))};
  if (!pipe.read || !pipe.write || ::fcntl(pipe.read.get(), F_SETFL, O_NONBLOCK) != 0) {
    return std::nullopt;
  }
  return pipe;
}

/// The child's input as a file in memory: unlike a pipe it needs nobody to feed it, so there is no
/// deadlock against its output and no SIGPIPE when it does not read.
Descriptor make_stdin(std::string_view bytes) {
  if (bytes.empty()) {
    return above_standard(Descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC)));
  }
  Descriptor memory(::memfd_create("stdin", MFD_CLOEXEC));
  while (memory && !bytes.empty()) {
    const ssize_t written = ::write(memory.get(), bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) {
      return Descriptor();
    }
    bytes.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
  }
  if (memory && ::lseek(memory.get(), 0, SEEK_SET) != 0) {
    return Descriptor();
  }
  return above_standard(std::move(memory));
}

/// What is set up in the child between vfork and exec, where only async-signal-safe calls may be
/// made and memory is the parent's own. Boost's own start_dir and group ignore failures, its
/// arguments may not be empty (it takes the first character of each), and its environment is sought
/// through for each variable.
struct Setup : bp::extend::handler {
  std::array<int, 3> standard{};  ///< the parent's descriptors that become 0, 1 and 2
  int directory = -1;             ///< -1: the current one
  char** arguments = nullptr;
  char** environment = nullptr;
  const Fence* fence = nullptr;

  template <class Executor>
  void on_exec_setup(Executor& executor) const {
    executor.cmd_line = arguments;
    executor.env = environment;
    (void)::setsid();  // a group to kill, and no terminal to ask for passwords on
    bool ready = directory < 0 || ::fchdir(directory) == 0;
    for (int i = 0; i < 3; ++i) {
      ready = ready && ::dup2(standard[static_cast<std::size_t>(i)], i) == i;
    }
    if (!ready) {
      ::_exit(126);  // never the program in a wrong place; Boost's error report here is torn
    }
    // What our own parent left open is not for the program either. (An old kernel says no; then
    // only that is passed on.)
    (void)::close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
    // Ignored signals and masks survive exec: the program must not inherit ours.
    (void)::signal(SIGPIPE, SIG_DFL);
    sigset_t none;
    (void)::sigemptyset(&none);
    (void)::sigprocmask(SIG_SETMASK, &none, nullptr);
    fence->enter();
  }

  template <class Executor>
  void on_error(Executor& executor, const std::error_code&) const {
    if (executor.pid > 0) {  // exec failed: Boost 1.74 leaves a zombie, 1.83 has reaped it
      (void)::waitpid(executor.pid, nullptr, 0);
    }
  }
};

/// Words as execve wants them: an array of pointers that ends with none.
class Words {
 public:
  explicit Words(std::vector<std::string> words) : words_(std::move(words)) {
    for (std::string& word : words_) {
      pointers_.push_back(word.data());
    }
    pointers_.push_back(nullptr);
  }
  ~Words() = default;
  Words(Words&&) = default;  // the words stay where they are
  Words& operator=(Words&&) = default;
  Words(const Words&) = delete;
  Words& operator=(const Words&) = delete;
  char** data() { return pointers_.data(); }

 private:
  std::vector<std::string> words_;
  std::vector<char*> pointers_;
};

Words environment_words(const std::map<std::string, std::string>& variables) {
  std::vector<std::string> words;
  words.reserve(variables.size());
  for (const auto& [name, value] : variables) {
    words.push_back(name + '=' + value);
  }
  return Words(std::move(words));
}

/// The kernel would cut a word at a NUL byte: another command than the one that was asked for.
Status check(const Command& command) {
  const auto has_nul = [](const std::string& word) { return word.find('\0') != std::string::npos; };
  bool bad = command.argv.empty() || command.argv[0].empty() || has_nul(command.cwd);
  for (const std::string& word : command.argv) {
    bad = bad || has_nul(word);
  }
  for (const auto& [name, value] : command.env) {
    bad = bad || name.empty() || name.find('=') != std::string::npos || has_nul(name + value);
  }
  return bad ? Status(Error{Error::Kind::subprocess, "not a command: empty, or a NUL byte in it"})
             : ok;
}

/// Absolute, because the child looks after it has changed to its own directory.
std::string program_path(const std::string& program) {
  if (program.find('/') == std::string::npos) {
    return find_in_path(program);
  }
  std::error_code ignored;
  return std::filesystem::absolute(program, ignored).string();
}

class BoostRunner : public Runner {
 public:
  [[nodiscard]] Result<Finished> run(const Command& command) const override {
    SLUICE_TRY(check(command));
    Started started;
    SLUICE_TRY_ASSIGN(started, start(command));
    return collect(std::move(started), command.timeout, command.max_output);
  }

 private:
  static Result<Started> start(const Command& command) {
    const std::string program = program_path(command.argv[0]);
    if (program.empty()) {
      return start_error(command.argv[0], ENOENT);
    }
    Descriptor directory;
    if (!command.cwd.empty()) {
      directory = Descriptor(::open(command.cwd.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
      if (!directory) {
        return Error{Error::Kind::subprocess, start_error(command.cwd, errno).message};
      }
    }
    const Descriptor input = make_stdin(command.stdin_text);
    std::optional<Pipe> out = make_pipe();
    std::optional<Pipe> err = make_pipe();
    if (!input || !out || !err) {
      return Error{Error::Kind::subprocess, start_error(program, errno).message};
    }
    Words arguments(command.argv);
    Words environment = environment_words(command.env);
    Setup setup;
    setup.standard = {input.get(), out->write.get(), err->write.get()};
    setup.directory = directory.get();
    setup.arguments = arguments.data();
    setup.environment = environment.data();
    const Fence fence = command.confined ? Fence(*command.confined, program) : Fence();
    setup.fence = &fence;
    Result<pid_t> pid = spawn(program, setup);
    if (!pid) {
      return std::move(pid.error());
    }
    return Started{*pid, std::move(out->read), std::move(err->read)};
  }

  static Result<pid_t> spawn(const std::string& program, const Setup& setup) {
    // fork copies the page tables: 0.02 ms of CPU for each MiB that we hold, and a render of
    // thousands of units holds hundreds. Nothing here handles signals, which would be the danger.
    std::error_code failure;
    bp::child child(bp::exe = program, setup, bp::posix::use_vfork, failure);
    const pid_t pid = child.id();
    child.detach();  // waiting is collect()'s: Boost's cannot see an end without reaping
    if (failure) {
      return start_error(program, failure.value());
    }
    return pid;
  }
};

}  // namespace

std::unique_ptr<Runner> make_runner() {
  return std::make_unique<BoostRunner>();
}

}  // namespace sluice::proc

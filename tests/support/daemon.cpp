// SPDX-License-Identifier: Apache-2.0
#include "support/daemon.hpp"

#include <arpa/inet.h>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <map>
#include <netinet/in.h>
#include <set>
#include <sstream>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace sluice::test {

namespace {

namespace fs = std::filesystem;

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> out;
  for (std::string& word : words) {
    out.push_back(word.data());
  }
  out.push_back(nullptr);
  return out;
}

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

std::multimap<pid_t, pid_t> children_of_all() {
  std::multimap<pid_t, pid_t> children;
  std::error_code failure;
  for (fs::directory_iterator i("/proc", failure), end; i != end; i.increment(failure)) {
    std::ifstream file(i->path() / "stat");
    std::string line;
    if (!std::getline(file, line) || line.rfind(')') == std::string::npos) {
      continue;
    }
    std::istringstream rest(line.substr(line.rfind(')') + 1));
    char state = 0;
    pid_t parent = 0;
    rest >> state >> parent;
    children.emplace(parent, std::atoi(line.c_str()));
  }
  return children;
}

}  // namespace

Daemon::Daemon(const std::vector<std::string>& argv,
               const std::vector<std::string>& env,
               const fs::path& log) {
  std::vector<std::string> words = argv;
  std::vector<std::string> variables = env;
  const auto arguments = pointers(words);
  const auto environment = pointers(variables);
  const pid_t parent = ::getpid();
  pid_ = ::fork();
  if (pid_ < 0) {
    throw std::runtime_error("cannot start " + argv[0]);
  }
  if (pid_ == 0) {
    (void)::prctl(PR_SET_PDEATHSIG, SIGTERM);
    const int in = ::open("/dev/null", O_RDONLY);
    const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (::getppid() != parent || ::dup2(in, 0) < 0 || ::dup2(out, 1) < 0 || ::dup2(out, 2) < 0) {
      ::_exit(126);
    }
    ::execve(arguments[0], arguments.data(), environment.data());
    ::_exit(127);
  }
}

Daemon::~Daemon() {
  kill();
}

void Daemon::kill() {
  if (pid_ > 0) {
    kill_tree(pid_);
    (void)::waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }
}

void kill_tree(pid_t pid) {
  // Stopped first, from the top, until nobody is left who could start another one.
  std::set<pid_t> stopped;
  for (std::set<pid_t> found = {pid}; found.size() > stopped.size();) {
    for (const pid_t each : found) {
      if (stopped.insert(each).second) {
        (void)::kill(each, SIGSTOP);
      }
    }
    const auto children = children_of_all();
    for (const pid_t each : stopped) {
      const auto [first, last] = children.equal_range(each);
      for (auto child = first; child != last; ++child) {
        found.insert(child->second);
      }
    }
  }
  for (const pid_t each : stopped) {
    (void)::kill(each, SIGKILL);
  }
}

int free_port() {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (::bind(listener, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw std::runtime_error("no free port");
  }
  (void)::close(listener);
  return ntohs(address.sin_port);
}

void wait_for_port(int port) {
  for (int i = 0; i < 1000; ++i) {
    const int client = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(port);
    const int code = ::connect(client, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    (void)::close(client);
    if (code == 0) {
      return;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
  throw std::runtime_error("nobody listens on port " + std::to_string(port));
}

}  // namespace sluice::test

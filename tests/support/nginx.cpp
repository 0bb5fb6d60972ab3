// SPDX-License-Identifier: Apache-2.0
#include "support/nginx.hpp"

#include <arpa/inet.h>
#include <array>
#include <csignal>
#include <fstream>
#include <memory>
#include <netinet/in.h>
#include <spawn.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace sluice::test {
namespace {

namespace fs = std::filesystem;

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

/// A port that nobody listens on just now.
int free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  auto* any = reinterpret_cast<sockaddr*>(&address);
  const bool bound = ::bind(socket, any, size) == 0 && ::getsockname(socket, any, &size) == 0;
  ::close(socket);
  if (!bound) {
    throw std::runtime_error("no free port on the loopback interface");
  }
  return ntohs(address.sin_port);
}

std::string configuration(const fs::path& folder, int port, const std::string& locations) {
  const std::string at = folder.string();
  std::string out =
      "daemon off;\nworker_processes 1;\npid " + at + "/pid;\nerror_log " + at + "/errors;\n";
  out += ::getuid() == 0 ? "user root;\n" : "";
  out += "events {}\nhttp {\n  log_format short '$request_method $request_uri $status';\n";
  out += "  access_log " + at + "/log short;\n";
  for (const char* kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"}) {
    out += "  " + std::string(kind) + "_temp_path " + at + "/temporary;\n";
  }
  out +=
      "  server {\n    listen 127.0.0.1:" + std::to_string(port) + ";\n    root " + at + "/root;\n";
  out += "    location /put/ { dav_methods PUT; create_full_put_path on; }\n";
  return out + "    " + locations + "\n  }\n}\n";
}

}  // namespace

bool Nginx::listens() const {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  const sockaddr_in address = loopback(port_);
  const bool yes =
      ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(socket);
  return yes;
}

std::optional<Nginx> Nginx::start(const std::string& locations) {
  std::string program;
  for (const char* path : {"/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx"}) {
    program = program.empty() && fs::exists(path) ? path : program;
  }
  if (program.empty()) {
    return std::nullopt;
  }
  Nginx out;
  out.port_ = free_port();
  fs::create_directories(out.root());
  const fs::path file = out.scratch_->path() / "nginx.conf";
  const std::string errors = (out.scratch_->path() / "errors").string();
  std::ofstream(file) << configuration(out.scratch_->path(), out.port_, locations);
  std::string config = file.string();
  std::array<std::string, 5> words{program, "-c", config, "-e", errors};
  std::array<char*, 6> argv{words[0].data(), words[1].data(), words[2].data(),
                            words[3].data(), words[4].data(), nullptr};
  std::array<char*, 1> env{nullptr};
  if (posix_spawn(&out.pid_, program.c_str(), nullptr, nullptr, argv.data(), env.data()) != 0) {
    throw std::runtime_error("cannot start nginx");
  }
  for (int i = 0; i < 500 && !out.listens(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  if (!out.listens()) {
    throw std::runtime_error("nginx does not listen: " + read_file(errors));
  }
  return out;
}

Nginx::Nginx(Nginx&& other) noexcept
    : scratch_(std::move(other.scratch_)), pid_(std::exchange(other.pid_, 0)), port_(other.port_) {}

Nginx& Nginx::operator=(Nginx&& other) noexcept {
  std::swap(scratch_, other.scratch_);
  std::swap(pid_, other.pid_);
  std::swap(port_, other.port_);
  return *this;
}

Nginx::~Nginx() {
  if (pid_ != 0) {
    ::kill(pid_, SIGTERM);
    ::waitpid(pid_, nullptr, 0);
  }
}

std::string Nginx::url(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(port_) + path;
}

fs::path Nginx::root() const {
  return scratch_->path() / "root";
}

std::string Nginx::log() const {
  return read_file(scratch_->path() / "log");
}

}  // namespace sluice::test

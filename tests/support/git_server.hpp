// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "support/daemon.hpp"
#include "support/program.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace sluice::test {

/// Real Git servers on loopback: git http-backend behind nginx, and OpenSSH's sshd.
///
///     if (const auto missing = GitServer::missing(GitServer::Kind::http); !missing.empty()) {
///       GTEST_SKIP() << missing;
///     }
///     GitServer server({.kind = GitServer::Kind::http, .token = "sesame"});
///     server.create("platform", {{"a.yaml", "a: 1\n"}});
///     ... server.url("platform") ...
///     server.kill();   // as a power cut
///     server.start();  // on the same port, with the same repositories
class GitServer {
 public:
  enum class Kind { http, https, ssh };
  enum class Pushes { allowed, denied };
  struct Options {
    Kind kind = Kind::http;
    std::string token;  ///< HTTP: the password that is asked for; empty: everybody may
    Pushes pushes = Pushes::allowed;  ///< HTTP: denied is a read-only server (403)
  };

  /// Why such a server cannot be started here ("skipped: no nginx"), or nothing.
  static std::string missing(Kind kind);

  /// Throws std::runtime_error when it cannot be started.
  explicit GitServer(Options options);

  void kill();
  void start();
  /// From now on another token counts, as if the old one had expired.
  void change_token(const std::string& token);

  /// A bare repository with one commit on "main".
  void create(const std::string& name, const std::map<std::string, std::string>& files);
  void add_hook(const std::string& name, const std::string& hook, const std::string& script) const;
  /// `git ARGS...` in that repository; what it prints. Throws when it fails.
  std::string git(const std::string& name, const std::vector<std::string>& arguments) const;

  [[nodiscard]] std::filesystem::path repository(const std::string& name) const;
  /// `port`: of a proxy in front of it; 0: its own.
  [[nodiscard]] std::string url(const std::string& name, int port = 0) const;
  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] std::filesystem::path ca_file() const { return top_.path() / "ca.pem"; }
  [[nodiscard]] std::filesystem::path known_hosts() const { return top_.path() / "known_hosts"; }
  /// A private key (ed25519) that the server accepts.
  [[nodiscard]] std::filesystem::path key() const { return top_.path() / "id_ed25519"; }
  /// A new key of another type that is accepted too. Empty passphrase: none.
  std::filesystem::path make_key(const std::string& type, const std::string& passphrase = {}) const;
  /// What its programs have printed.
  [[nodiscard]] std::string log() const { return read_file(top_.path() / "log"); }

 private:
  void remove_locks() const;
  void prepare_http() const;
  void prepare_ssh() const;
  void make_certificates() const;

  Options options_;
  Scratch top_;
  int port_ = 0;
  std::unique_ptr<Daemon> gateway_;  ///< fcgiwrap
  std::unique_ptr<Daemon> server_;   ///< nginx or sshd
};

}  // namespace sluice::test

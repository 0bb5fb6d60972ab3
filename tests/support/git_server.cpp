// SPDX-License-Identifier: Apache-2.0
#include "support/git_server.hpp"

#include <fstream>
#include <pwd.h>
#include <stdexcept>
#include <unistd.h>

namespace sluice::test {

namespace {

namespace fs = std::filesystem;

const std::string path_variable =
    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

std::string program(const std::string& name) {
  for (const char* const folder :
       {"/usr/sbin/", "/usr/bin/", "/usr/lib/git-core/", "/usr/local/bin/"}) {
    if (::access((folder + name).c_str(), X_OK) == 0) {
      return folder + name;
    }
  }
  return {};
}

void write(const fs::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::trunc | std::ios::binary);
  file << text;
  file.close();
  if (!file) {
    throw std::runtime_error("cannot write " + path.string());
  }
}

std::string run_or_throw(std::vector<std::string> argv,
                         const fs::path& cwd,
                         const fs::path& input = "/dev/null") {
  argv[0] = program(argv[0]);
  const std::string words = argv[0] + ' ' + (argv.size() > 1 ? argv[1] : "");
  Ran ran = run({std::move(argv),
                 {path_variable, "HOME=" + cwd.string(), "GIT_CONFIG_NOSYSTEM=1",
                  "GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=safe.directory", "GIT_CONFIG_VALUE_0=*"},
                 cwd,
                 input});
  if (ran.exit != 0) {
    throw std::runtime_error(words + ": " + ran.err);
  }
  return ran.out;
}

std::string user_name() {
  const passwd* const entry = ::getpwuid(::geteuid());
  return entry == nullptr ? "root" : entry->pw_name;
}

constexpr const char* nginx_conf = R"(daemon off;
user @user@;
worker_processes 1;
pid @top@/nginx.pid;
error_log @top@/log warn;
events { worker_connections 512; }
http {
  access_log off;
  client_max_body_size 0;
  client_body_temp_path @top@/body;
  fastcgi_temp_path @top@/fcgi;
  proxy_temp_path @top@/proxy;
  uwsgi_temp_path @top@/uwsgi;
  scgi_temp_path @top@/scgi;
  server {
    listen 127.0.0.1:@port@@ssl@;
    @tls@
    location /moved/ { return 301 http://localhost:@port@/; }
    location / {
      @auth@
      fastcgi_pass unix:@top@/fcgi.socket;
      fastcgi_read_timeout 300;
      fastcgi_param SCRIPT_FILENAME /usr/lib/git-core/git-http-backend;
      fastcgi_param GIT_PROJECT_ROOT @top@/repositories;
      fastcgi_param GIT_HTTP_EXPORT_ALL 1;
      fastcgi_param PATH_INFO $uri;
      fastcgi_param QUERY_STRING $query_string;
      fastcgi_param REQUEST_METHOD $request_method;
      fastcgi_param CONTENT_TYPE $content_type;
      fastcgi_param CONTENT_LENGTH $content_length;
      fastcgi_param HTTP_CONTENT_ENCODING $http_content_encoding;
      fastcgi_param REMOTE_USER $remote_user;
      fastcgi_param REMOTE_ADDR $remote_addr;
    }
  }
}
)";

/// HOME: a shell that sshd starts reads the .bashrc there, and what this user's does is not ours.
constexpr const char* sshd_conf = R"(Port @port@
ListenAddress 127.0.0.1
HostKey @top@/host_ed25519
PidFile @top@/sshd.pid
AuthorizedKeysFile @top@/authorized_keys
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
MaxStartups 200
LogLevel INFO
SetEnv HOME=@top@
)";

void replace(std::string& text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
}

}  // namespace

std::string GitServer::missing(Kind kind) {
  const std::vector<std::string> needed =
      kind == Kind::ssh
          ? std::vector<std::string>{"git", "sshd", "ssh-keygen"}
          : std::vector<std::string>{"git", "nginx", "fcgiwrap", "git-http-backend", "openssl"};
  for (const std::string& name : needed) {
    if (program(name).empty()) {
      return "skipped: no " + name;
    }
  }
  // sshd lets itself be started by others, but needs root's /run/sshd and switches users.
  return kind == Kind::ssh && ::geteuid() != 0 ? "skipped: sshd needs root" : "";
}

GitServer::GitServer(Options options) : options_(std::move(options)), port_(free_port()) {
  fs::create_directories(top_.path() / "repositories");
  if (options_.kind == Kind::ssh) {
    prepare_ssh();
  } else {
    prepare_http();
  }
  start();
}

void GitServer::prepare_http() const {
  std::string conf = nginx_conf;
  const bool tls = options_.kind == Kind::https;
  if (tls) {
    make_certificates();
  }
  replace(conf, "@user@", user_name());
  replace(conf, "@ssl@", tls ? " ssl" : "");
  replace(conf, "@tls@",
          tls ? "ssl_certificate @top@/server.pem; ssl_certificate_key @top@/server.key;" : "");
  replace(
      conf, "@auth@",
      options_.token.empty() ? "" : "auth_basic \"git\"; auth_basic_user_file @top@/passwords;");
  replace(conf, "@port@", std::to_string(port_));
  replace(conf, "@top@", top_.path().string());
  write(top_.path() / "nginx.conf", conf);
  write(top_.path() / "passwords", "x-access-token:{PLAIN}" + options_.token + '\n');
}

void GitServer::change_token(const std::string& token) {
  options_.token = token;
  write(top_.path() / "passwords", "x-access-token:{PLAIN}" + token + '\n');
}

/// libgit2's TLS looks at names only, so the server is called localhost.
void GitServer::make_certificates() const {
  const fs::path& top = top_.path();
  write(top / "names", "subjectAltName=DNS:localhost\n");
  run_or_throw(
      {"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
       "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Test CA", "-days", "2"},
      top);
  run_or_throw({"openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=localhost"},
               top);
  run_or_throw({"openssl", "x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
                "-CAcreateserial", "-out", "server.pem", "-days", "2", "-extfile", "names"},
               top);
}

void GitServer::prepare_ssh() const {
  const fs::path& top = top_.path();
  fs::create_directories("/run/sshd");
  run_or_throw({"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "host_ed25519"}, top);
  run_or_throw({"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "id_ed25519"}, top);
  write(top / "authorized_keys", read_file(top / "id_ed25519.pub"));
  write(top / "known_hosts", "127.0.0.1 " + read_file(top / "host_ed25519.pub"));
  std::string conf = sshd_conf;
  replace(conf, "@port@", std::to_string(port_));
  replace(conf, "@top@", top.string());
  write(top / "sshd.conf", conf);
}

fs::path GitServer::make_key(const std::string& type, const std::string& passphrase) const {
  const fs::path& top = top_.path();
  const std::string name = "id_" + type + (passphrase.empty() ? "" : "_locked");
  run_or_throw({"ssh-keygen", "-q", "-t", type, "-N", passphrase, "-f", name}, top);
  write(top / "authorized_keys",
        read_file(top / "authorized_keys") + read_file(top / (name + ".pub")));
  return top / name;
}

/// Git leaves its lock files when it is killed, and an administrator has to remove them before
/// anybody can push again.
void GitServer::remove_locks() const {
  std::vector<fs::path> locks;
  for (const auto& entry : fs::recursive_directory_iterator(top_.path() / "repositories")) {
    if (entry.path().extension() == ".lock") {
      locks.push_back(entry.path());
    }
  }
  for (const fs::path& lock : locks) {
    fs::remove(lock);
  }
}

void GitServer::start() {
  remove_locks();
  const std::string top = top_.path().string();
  if (options_.kind == Kind::ssh) {
    server_ =
        std::make_unique<Daemon>(std::vector{program("sshd"), std::string("-D"), std::string("-e"),
                                             std::string("-f"), top + "/sshd.conf"},
                                 std::vector{path_variable}, top + "/log");
  } else {
    fs::remove(top + "/fcgi.socket");
    gateway_ = std::make_unique<Daemon>(
        std::vector{program("fcgiwrap"), std::string("-c"), std::string("8"), std::string("-s"),
                    "unix:" + top + "/fcgi.socket"},
        std::vector{path_variable, "HOME=" + top, std::string("GIT_CONFIG_COUNT=1"),
                    std::string("GIT_CONFIG_KEY_0=safe.directory"),
                    std::string("GIT_CONFIG_VALUE_0=*")},
        top + "/log");
    server_ = std::make_unique<Daemon>(std::vector{program("nginx"), std::string("-p"), top,
                                                   std::string("-c"), top + "/nginx.conf"},
                                       std::vector{path_variable}, top + "/log");
  }
  wait_for_port(port_);
}

void GitServer::kill() {
  server_.reset();
  gateway_.reset();
}

fs::path GitServer::repository(const std::string& name) const {
  return top_.path() / "repositories" / (name + ".git");
}

std::string GitServer::url(const std::string& name, int port) const {
  const std::string at = std::to_string(port == 0 ? port_ : port);
  switch (options_.kind) {
    case Kind::http:
      return "http://127.0.0.1:" + at + '/' + name + ".git";
    case Kind::https:
      return "https://localhost:" + at + '/' + name + ".git";
    case Kind::ssh:
      break;
  }
  return "ssh://" + user_name() + "@127.0.0.1:" + at + repository(name).string();
}

std::string GitServer::git(const std::string& name,
                           const std::vector<std::string>& arguments) const {
  std::vector<std::string> argv = {"git"};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  return run_or_throw(std::move(argv), repository(name));
}

void GitServer::create(const std::string& name, const std::map<std::string, std::string>& files) {
  const fs::path folder = repository(name);
  fs::create_directories(folder);
  run_or_throw({"git", "init", "-q", "--bare", "-b", "main", "."}, folder);
  git(name, {"config", "http.receivepack", options_.pushes == Pushes::allowed ? "true" : "false"});
  std::string stream =
      "commit refs/heads/main\ncommitter T <t@example.com> 1700000000 +0000\ndata 6\nfirst\n\n";
  for (const auto& [path, text] : files) {
    stream +=
        "M 100644 inline " + path + "\ndata " + std::to_string(text.size()) + '\n' + text + '\n';
  }
  write(top_.path() / "stream", stream);
  run_or_throw({"git", "fast-import", "--quiet"}, folder, top_.path() / "stream");
}

void GitServer::add_hook(const std::string& name,
                         const std::string& hook,
                         const std::string& script) const {
  const fs::path path = repository(name) / "hooks" / hook;
  fs::create_directories(path.parent_path());
  write(path, "#!/bin/sh\n" + script);
  fs::permissions(path, fs::perms::owner_all);
}

}  // namespace sluice::test

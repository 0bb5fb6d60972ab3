// SPDX-License-Identifier: Apache-2.0
// sluice-cost-proxy post where a company's network is in between: a forge behind TLS whose
// authority only the company knows (a real nginx in front of the stub), and a proxy
// (connect_proxy.py). Names that nobody resolves show that it is the proxy that was asked.
#include "forge/comment_forge.hpp"
#include "support/nginx.hpp"

#include <gtest/gtest.h>

namespace sluice::test {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

void run_openssl(Words words, const fs::path& cwd) {
  words.insert(words.begin(), {"/usr/bin/env", "openssl", "req", "-x509", "-newkey", "ec",
                               "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"});
  const Ran ran = run({.argv = words, .env = {"PATH=/usr/bin:/bin"}, .cwd = cwd});
  ASSERT_EQ(ran.exit, 0) << ran.err;
}

class PostNetwork : public testing::Test {
 protected:
  void SetUp() override {
    const Ran there = run({.argv = {"/usr/bin/env", "openssl", "version"},
                           .env = {"PATH=/usr/bin:/bin"},
                           .cwd = "/"});
    if (there.exit != 0) {
      GTEST_SKIP() << "no openssl on this machine";
    }
    for (const std::string name : {"ca", "other"}) {
      run_openssl({"-keyout", name + ".key", "-out", name + ".pem", "-subj", "/CN=" + name},
                  folder_);
    }
    run_openssl(
        {"-CA", "ca.pem", "-CAkey", "ca.key", "-keyout", "server.key", "-out", "server.pem",
         "-subj", "/CN=forge", "-addext", "subjectAltName=IP:127.0.0.1,DNS:forge.acme.example",
         "-addext", "basicConstraints=critical,CA:FALSE"},
        folder_);
    tls_port_ = free_port();
    const auto at = folder_.string();
    front_ = Nginx::start("listen 127.0.0.1:" + std::to_string(tls_port_) +
                          " ssl; ssl_certificate " + at + "/server.pem; ssl_certificate_key " + at +
                          "/server.key; location / { "
                          "proxy_pass " +
                          forge_.url("") + "; }");
    if (!front_) {
      GTEST_SKIP() << "no nginx on this machine";
    }
    const Ran ran =
        cost_proxy({"diff", "--base", "base.yaml", "--head", "head.yaml", "--format", "json"}, {},
                   fs::path(SLUICE_SOURCE_DIR) / "fixtures/cost-proxy/pass-change/input");
    ASSERT_EQ(ran.exit, 0) << ran.err;
    std::ofstream(folder_ / "cost.json") << ran.out;
  }

  static Ran cost_proxy(const Words& words, const Words& env, const fs::path& cwd) {
    Program program{
        .argv = {(fs::path(SLUICE_BIN_DIR) / "sluice-cost-proxy").string()},
        .env = {"PATH=/usr/bin:/bin", std::string("SLUICE_FORGE_TOKEN=") + comment_token},
        .cwd = cwd};
    program.argv.insert(program.argv.end(), words.begin(), words.end());
    program.env.insert(program.env.end(), env.begin(), env.end());
    return run(program);
  }

  /// Posts to a forge at this address; whatever comes of it, no secret is shown.
  [[nodiscard]] Ran post(const std::string& url, const Words& more, const Words& env = {}) const {
    Words words = {"post",          "--from",         "cost.json", "--provider",
                   "github",        "--forge-url",    url,         "--project",
                   "acme/platform", "--pull-request", "7",         "--post-failure",
                   "fail",          "--patience",     "1"};
    words.insert(words.end(), more.begin(), more.end());
    Ran ran = cost_proxy(words, env, folder_);
    for (const std::string secret : {comment_token, "pr0xy-secret"}) {
      EXPECT_EQ((ran.out + ran.err).find(secret), std::string::npos) << "a secret is shown";
    }
    return ran;
  }

  [[nodiscard]] std::string tls_url(const std::string& host) const {
    return "https://" + host + ":" + std::to_string(tls_port_) + "/api/v3";
  }

  /// Starts the proxy; its address.
  std::string start_proxy(const Words& password = {}) {
    const int port = free_port();
    Words argv = {"/usr/bin/env", "python3",
                  std::string(SLUICE_SOURCE_DIR) + "/tests/cost-proxy/connect_proxy.py",
                  std::to_string(port), (folder_ / "proxy.log").string()};
    argv.insert(argv.end(), password.begin(), password.end());
    const char* path = std::getenv("PATH");
    proxy_ =
        std::make_unique<Daemon>(argv, Words{std::string("PATH=") + (path == nullptr ? "" : path)},
                                 folder_ / "proxy.output");
    wait_for_port(port);
    return "127.0.0.1:" + std::to_string(port);
  }

  [[nodiscard]] std::string proxy_log() const {
    return fs::exists(folder_ / "proxy.log") ? read_file(folder_ / "proxy.log") : "";
  }

  void expect_created(const Ran& ran) const {
    EXPECT_EQ(ran.exit, 0) << ran.out << ran.err;
    EXPECT_EQ(forge_.comments().size(), 1U);
  }
  void expect_nothing(const Ran& ran, const std::string& said) const {
    EXPECT_EQ(ran.exit, 2) << ran.out << ran.err;
    EXPECT_NE(ran.err.find(said), std::string::npos) << ran.err;
    EXPECT_EQ(forge_.comments().size(), 0U);
    EXPECT_EQ(forge_.requests("/issues"), 0U);
  }

  CommentForge forge_;
  Scratch scratch_;
  fs::path folder_ = scratch_.path();
  std::optional<Nginx> front_;
  std::unique_ptr<Daemon> proxy_;
  int tls_port_ = 0;
};

TEST_F(PostNetwork, AnAuthorityOfOnesOwn) {
  expect_nothing(post(tls_url("127.0.0.1"), {"--proxy", ""}), "certificate");
  expect_nothing(post(tls_url("127.0.0.1"), {"--proxy", "", "--ca-file", "other.pem"}),
                 "certificate");
  expect_nothing(post(tls_url("127.0.0.1"), {"--proxy", "", "--ca-file", "nowhere.pem"}),
                 "nowhere.pem");
  // localhost is not in the certificate.
  expect_nothing(post(tls_url("localhost"), {"--proxy", "", "--ca-file", "ca.pem"}), "certificate");
  expect_created(post(tls_url("127.0.0.1"), {"--proxy", "", "--ca-file", "ca.pem"}));
}

TEST_F(PostNetwork, AnAuthorityOfTheEnvironment) {
  expect_created(post(tls_url("127.0.0.1"), {"--proxy", ""},
                      {"SSL_CERT_FILE=" + (folder_ / "ca.pem").string()}));
}

TEST_F(PostNetwork, AProxyCarriesTlsWithoutSeeingIt) {
  const auto proxy = start_proxy();
  expect_created(
      post(tls_url("forge.acme.example"), {"--proxy", "http://" + proxy, "--ca-file", "ca.pem"}));
  const auto asked = "CONNECT forge.acme.example:" + std::to_string(tls_port_);
  EXPECT_TRUE(proxy_log().starts_with(asked)) << proxy_log();
  EXPECT_EQ(proxy_log().find("/repos/"), std::string::npos) << proxy_log();
}

TEST_F(PostNetwork, AProxyOfTheEnvironmentAndItsExceptions) {
  const auto proxy = start_proxy();
  const Words trusted = {"--ca-file", "ca.pem"};
  expect_created(post(tls_url("forge.acme.example"), trusted, {"HTTPS_PROXY=http://" + proxy}));
  const auto before = proxy_log();
  EXPECT_FALSE(before.empty());
  const Ran direct = post(tls_url("127.0.0.1"), trusted,
                          {"HTTPS_PROXY=http://" + proxy, "NO_PROXY=127.0.0.1,localhost"});
  EXPECT_EQ(direct.exit, 0) << direct.err;
  EXPECT_EQ(proxy_log(), before);
}

TEST_F(PostNetwork, AProxyForAForgeWithoutTls) {
  const auto proxy = start_proxy();
  auto url = forge_.url("/api/v3");
  url.replace(url.find("127.0.0.1"), 9, "forge.acme.example");
  expect_created(post(url, {}, {"http_proxy=http://" + proxy}));
  EXPECT_NE(proxy_log().find("POST http://forge.acme.example:"), std::string::npos) << proxy_log();
}

TEST_F(PostNetwork, AProxyThatAsksForAPassword) {
  const auto proxy = start_proxy({"pr0xy-secret"});
  const Words trusted = {"--ca-file", "ca.pem", "--proxy"};
  const auto with = [&](const std::string& word) {
    Words words = trusted;
    words.push_back(word);
    return post(tls_url("forge.acme.example"), words);
  };
  expect_nothing(with("http://" + proxy), "407");
  expect_nothing(with("http://ci:wr0ng@" + proxy), "407");
  expect_created(with("http://ci:pr0xy-secret@" + proxy));
}

TEST_F(PostNetwork, AProxyThatIsNotThere) {
  const auto nobody = "http://127.0.0.1:" + std::to_string(free_port());
  expect_nothing(post(tls_url("forge.acme.example"), {"--proxy", nobody, "--ca-file", "ca.pem"}),
                 "127.0.0.1");
}

}  // namespace
}  // namespace sluice::test

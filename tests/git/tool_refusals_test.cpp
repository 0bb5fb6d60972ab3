// SPDX-License-Identifier: Apache-2.0
// sluice-promote against real servers that refuse, each in its way: exit 2, the reason, no secret,
// nothing changed. And when the reason is gone, the same command goes through.
#include "support/git_server.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <optional>
#include <sys/mount.h>

namespace sluice::test {
namespace {

namespace fs = std::filesystem;
using Kind = GitServer::Kind;

const std::string token = "sesame-open";
const std::string proxy_secret = "knock-knock";

/// A file system of its own that can be full or read-only, as a disk can.
class SmallDisk {
 public:
  SmallDisk(fs::path place, const std::string& options) : place_(std::move(place)) {
    fs::create_directories(place_);
    mounted_ = ::mount("none", place_.c_str(), "tmpfs", 0, options.c_str()) == 0;
  }
  ~SmallDisk() {
    if (mounted_) {
      (void)::umount2(place_.c_str(), MNT_DETACH);
    }
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  [[nodiscard]] bool mounted() const { return mounted_; }
  /// Further options: "size=10m".
  void change(unsigned long flags, const std::string& options) const {
    if (::mount("none", place_.c_str(), "tmpfs", MS_REMOUNT | flags, options.c_str()) != 0) {
      throw std::runtime_error("cannot mount again");
    }
  }
  void fill() const {
    std::ofstream file(place_ / "filler", std::ios::binary);
    const std::string block(4096, 'x');
    while (file.write(block.data(), static_cast<std::streamsize>(block.size())).flush()) {
    }
  }
  void empty() const { fs::remove(place_ / "filler"); }

 private:
  fs::path place_;
  bool mounted_ = false;
};

struct Scene {
  explicit Scene(GitServer::Options options)
      : kind(options.kind), server(options), url(server.url("platform")) {
    if (kind == Kind::ssh) {
      key = server.key();
      known_hosts = server.known_hosts();
    }
  }

  void create() {
    server.create("platform",
                  {{"sluice.yaml", "environments:\n- {name: dev, match: {path: [apps/**]}}\n"},
                   {"apps/kustomization.yaml",
                    "images:\n  - name: ghcr.io/acme/iris # keep me\n    newTag: 1.4.1\n"}});
    before = tip();
  }

  [[nodiscard]] std::string tip() const { return server.git("platform", {"rev-parse", "main"}); }

  [[nodiscard]] Ran promote() const {
    std::vector<std::string> argv = {SLUICE_BIN_DIR "/sluice-promote",
                                     "set",
                                     "--to",
                                     "dev",
                                     "--image",
                                     "ghcr.io/acme/iris:1.4.2",
                                     "--no-check",
                                     "--author",
                                     "Robot <robot@example.com>",
                                     "--repository",
                                     url,
                                     "--cache",
                                     (scratch.path() / "cache").string()};
    const auto add = [&argv](const char* flag, const std::string& value) {
      if (!value.empty()) {
        argv.insert(argv.end(), {flag, value});
      }
    };
    add("--ssh-key", key);
    add("--known-hosts", known_hosts);
    add("--ca-file", kind == Kind::https ? server.ca_file().string() : "");
    add("--proxy", proxy);
    return run({argv,
                {std::string("PATH=") + std::getenv("PATH"), "HOME=" + scratch.path().string(),
                 "SLUICE_GIT_TOKEN=" + (kind == Kind::ssh ? "" : token)},
                scratch.path()});
  }

  Kind kind;
  GitServer server;
  Scratch scratch;
  std::string url, key, known_hosts, proxy, before;
  std::optional<SmallDisk> disk;
};

struct Row {
  const char* name;
  GitServer::Options options;
  std::function<void(Scene&)> spoil;
  const char* says;
  std::function<void(Scene&)> mend;
  /// Why this row cannot be tried here, or nothing.
  std::function<std::string(Scene&)> skip = {};
};

std::string needs_mount(Scene& scene) {
  scene.disk.emplace(scene.server.repository("platform"), "size=4m");
  return scene.disk->mounted() ? "" : "skipped: no file system may be mounted here";
}

std::vector<Row> rows() {
  const GitServer::Options http{Kind::http, token};
  const GitServer::Options ssh{Kind::ssh};
  const auto without_hook = [](const char* hook) {
    return
        [hook](Scene& scene) { fs::remove(scene.server.repository("platform") / "hooks" / hook); };
  };
  const auto at = [](const std::string& url) { return [url](Scene& scene) { scene.url = url; }; };
  const auto own_url = [](Scene& scene) { scene.url = scene.server.url("platform"); };
  const auto lock = [](Scene& scene) {
    return scene.server.repository("platform") / "refs" / "heads" / "main.lock";
  };
  const auto leave_lock = [lock](Scene& scene) { std::ofstream(lock(scene)) << ""; };
  const auto take_lock = [lock](Scene& scene) { fs::remove(lock(scene)); };
  return {
      {"ProtectedBranch", http,
       [](Scene& scene) {
         scene.server.add_hook("platform", "update", "echo 'main is protected' >&2\nexit 1\n");
       },
       "main is protected", without_hook("update")},
      {"RejectedHook", ssh,
       [](Scene& scene) {
         scene.server.add_hook("platform", "pre-receive", "echo 'not on a Friday' >&2\nexit 1\n");
       },
       "not on a Friday", without_hook("pre-receive")},
      {"WrongKey", ssh,
       [](Scene& scene) {
         scene.key = scene.scratch.path() / "stranger";
         run({{"/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", scene.key},
              {},
              scene.scratch.path()});
       },
       "does not accept the key", [](Scene& scene) { scene.key = scene.server.key(); }},
      {"ExpiredToken", http, [](Scene& scene) { scene.server.change_token("renewed"); },
       "has expired", [](Scene& scene) { scene.server.change_token(token); }},
      {"UnknownHostKey", ssh,
       [](Scene& scene) {
         scene.known_hosts = scene.scratch.path() / "none";
         std::ofstream(scene.known_hosts) << "";
       },
       "host key SHA256:", [](Scene& scene) { scene.known_hosts = scene.server.known_hosts(); }},
      {"NoNetworkByName", http, at("https://git.invalid/platform.git"), "git.invalid", own_url},
      {"NoNetworkByPort", ssh, at("ssh://git@127.0.0.1:1/platform.git"), "127.0.0.1", own_url},
      {"NoSuchRepository", ssh, [](Scene& scene) { scene.url = scene.server.url("other"); },
       "does not appear to be", own_url},
      {"ReadOnlyForThisToken", http,
       [](Scene& scene) { scene.server.git("platform", {"config", "http.receivepack", "false"}); },
       "read-only",
       [](Scene& scene) { scene.server.git("platform", {"config", "http.receivepack", "true"}); }},
      {"ReadOnlyDisk", ssh, [](Scene& scene) { scene.disk->change(MS_RDONLY, "size=4m"); },
       "may be full, or the repository read-only",
       [](Scene& scene) { scene.disk->change(0, "size=4m"); }, needs_mount},
      {"ServersDiskFull", http, [](Scene& scene) { scene.disk->fill(); }, "No space left on device",
       [](Scene& scene) { scene.disk->empty(); }, needs_mount},
      {"OurDiskFull", http, [](Scene& scene) { scene.disk->fill(); }, "No space left on device",
       [](Scene& scene) { scene.disk->empty(); },
       [](Scene& scene) {
         scene.disk.emplace(scene.scratch.path() / "cache", "size=4m,mode=700");
         return std::string(scene.disk->mounted() ? "" : "skipped: no file system may be mounted");
       }},
      {"LockLeftBehindHttp", http, leave_lock, "has left that lock", take_lock},
      {"LockLeftBehindSsh", ssh, leave_lock, "has left that lock", take_lock},
      {"LockLeftBehindPath", http,
       [leave_lock](Scene& scene) {
         leave_lock(scene);
         scene.url = scene.server.repository("platform");
       },
       "has left that lock", take_lock},
      {"ShallowClone", http,
       [](Scene& scene) {
         const std::string clone = scene.scratch.path() / "shallow.git";
         scene.server.git("platform",
                          {"clone", "-q", "--bare", "--depth", "1",
                           "file://" + scene.server.repository("platform").string(), clone});
         scene.url = clone;
       },
       "shallow", own_url},
      {"NoProxy",
       {Kind::https, token},
       [](Scene& scene) { scene.proxy = "http://me:" + proxy_secret + "@127.0.0.1:1"; },
       "127.0.0.1",
       [](Scene& scene) { scene.proxy.clear(); }},
  };
}

class ToolRefusals : public testing::TestWithParam<Row> {};

TEST_P(ToolRefusals, AreSaidAndChangeNothing) {
  const Row& row = GetParam();
  if (const auto missing = GitServer::missing(row.options.kind); !missing.empty()) {
    GTEST_SKIP() << missing;
  }
  Scene scene(row.options);
  if (row.skip) {
    if (const std::string why = row.skip(scene); !why.empty()) {
      GTEST_SKIP() << why;
    }
  }
  scene.create();
  row.spoil(scene);
  const Ran refused = scene.promote();
  EXPECT_EQ(refused.exit, 2) << refused.out << refused.err;
  EXPECT_EQ(refused.out, "");
  EXPECT_NE(refused.err.find(row.says), std::string::npos) << refused.err;
  for (const std::string& secret : {token, proxy_secret}) {
    EXPECT_EQ(refused.err.find(secret), std::string::npos) << refused.err;
  }
  EXPECT_EQ(scene.tip(), scene.before);
  row.mend(scene);
  const Ran again = scene.promote();
  EXPECT_EQ(again.exit, 0) << again.err;
  EXPECT_EQ(scene.server.git("platform", {"rev-parse", "main~1"}), scene.before);
  EXPECT_EQ(scene.server.git("platform", {"fsck", "--strict", "--no-dangling"}), "");
}

INSTANTIATE_TEST_SUITE_P(All, ToolRefusals, testing::ValuesIn(rows()), [](const auto& row) {
  return row.param.name;
});

TEST(Proxy, LeadsToTheServer) {
  if (const auto missing = GitServer::missing(Kind::https); !missing.empty()) {
    GTEST_SKIP() << missing;
  }
  Scene scene({Kind::https, token});
  scene.create();
  const int port = free_port();
  const std::string log = scene.scratch.path() / "proxy.log";
  const Daemon proxy(
      {"/usr/bin/env", "python3", std::string(SLUICE_SOURCE_DIR) + "/tests/git/connect_proxy.py",
       std::to_string(port), log, "me:" + proxy_secret},
      {std::string("PATH=") + std::getenv("PATH")}, "/dev/null");
  wait_for_port(port);
  const std::string there = "127.0.0.1:" + std::to_string(port);
  scene.proxy = "http://me:wrong-secret@" + there;
  const Ran refused = scene.promote();
  EXPECT_EQ(refused.exit, 2);
  EXPECT_NE(refused.err.find("proxy"), std::string::npos) << refused.err;
  EXPECT_EQ(refused.err.find("wrong-secret"), std::string::npos) << refused.err;
  EXPECT_EQ(scene.tip(), scene.before);
  scene.proxy = "http://me:" + proxy_secret + "@" + there;
  const Ran ran = scene.promote();
  EXPECT_EQ(ran.exit, 0) << ran.err;
  EXPECT_NE(scene.tip(), scene.before);
  EXPECT_NE(read_file(log).find("CONNECT localhost:" + std::to_string(scene.server.port())),
            std::string::npos);
}

}  // namespace
}  // namespace sluice::test

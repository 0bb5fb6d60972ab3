// SPDX-License-Identifier: Apache-2.0
// A pull request cannot make sluice-render run its code, read outside of its repository or reach
// the network: every way in ways_out_*.cpp is tried with the real helm and kustomize, in an
// environment that would let them. Looked at is what comes out, whether anybody called, and what
// was done on the disk; skipped without helm and kustomize.
#include "render/ways_out.hpp"

#include "base/text.hpp"
#include "support/program.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <arpa/inet.h>
#include <cstdlib>
#include <fstream>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sluice::test {
namespace {

namespace fs = std::filesystem;

/// No name has it, so that only a leak shows it; it is a name of a namespace, too.
constexpr std::string_view secret = "s3cr3t-that-nobody-may-see";

/// Somebody on the loopback interface who notes who calls.
class Listener {
 public:
  Listener() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* any = reinterpret_cast<sockaddr*>(&address);
    if (::bind(socket_, any, size) != 0 || ::listen(socket_, 64) != 0 ||
        ::getsockname(socket_, any, &size) != 0) {
      throw std::runtime_error("cannot listen on the loopback interface");
    }
    port_ = ntohs(address.sin_port);
  }
  ~Listener() { ::close(socket_); }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  /// The kernel has taken the connection although nobody accepted it yet.
  [[nodiscard]] bool was_called() const {
    const int caller = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
    if (caller >= 0) {
      ::close(caller);
    }
    return caller >= 0;
  }

 private:
  int socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  int port_ = 0;
};

void write(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

void write_program(const fs::path& path, const std::string& text) {
  write(path, "#!/bin/sh\n" + text);
  fs::permissions(path, fs::perms::owner_all);
}

/// 101 numbers, for 101 x 101 units.
std::string numbered(const std::string& key) {
  auto list = nlohmann::json::array();
  for (int i = 0; i < 101; ++i) {
    list.push_back({{key, std::to_string(i)}});
  }
  return list.dump();
}

class WaysOut : public testing::TestWithParam<Way> {
 protected:
  void SetUp() override {
    for (const std::string program : {"helm", "kustomize"}) {
      const auto found = run({.argv = {"/bin/sh", "-c", "command -v " + program},
                              .env = {"PATH=" + path_},
                              .cwd = "/"});
      if (found.exit != 0) {
        GTEST_SKIP() << "skipped: " << program << " is not on PATH";
      }
    }
    fill_outside();
    fill_repository();
  }

  [[nodiscard]] std::string filled(std::string text) const {
    text = text::replace_all(std::move(text), "@OUTSIDE@", outside_.string());
    text = text::replace_all(std::move(text), "@UP@", "../outside");
    text = text::replace_all(std::move(text), "@URL@", listener_.url());
    text = text::replace_all(std::move(text), "@MARK@", mark_.string());
    text = text::replace_all(std::move(text), "@NUMBERED a@", numbered("a"));
    return text::replace_all(std::move(text), "@NUMBERED b@", numbered("b"));
  }

  Ran render() {
    std::vector<std::string> argv = {std::string(SLUICE_BIN_DIR) + "/sluice-render",
                                     root_.string(),
                                     "--format",
                                     "json",
                                     "--index",
                                     (scratch_.path() / "written/index.json").string(),
                                     "--cache",
                                     (scratch_.path() / "written/cache").string()};
    argv.insert(argv.end(), GetParam().flags.begin(), GetParam().flags.end());
    return run({.argv = argv,
                .env = {"PATH=" + path_, "HOME=" + outside_.string(),
                        "SECRET=" + std::string(secret), "HELM_NAMESPACE=" + std::string(secret),
                        "HELM_DEBUG=true", "HELM_PLUGINS=" + (outside_ / "plugins/helm").string(),
                        "HELM_KUBEAPISERVER=" + listener_.url(),
                        "KUBECONFIG=" + (outside_ / "kubeconfig").string(),
                        "KUSTOMIZE_PLUGIN_HOME=" + (outside_ / "plugins/kustomize").string(),
                        "HTTP_PROXY=" + listener_.url(), "HTTPS_PROXY=" + listener_.url()},
                .cwd = root_});
  }

  /// Everything that was written, to stdout, to stderr and into files.
  std::string all_of(const Ran& ran) const {
    std::string all = ran.out + ran.err;
    if (fs::exists(scratch_.path() / "written")) {
      for (const auto& entry : fs::recursive_directory_iterator(scratch_.path() / "written")) {
        all += entry.is_regular_file() ? read_file(entry.path()) : std::string();
      }
    }
    return all;
  }

  Scratch scratch_;
  Listener listener_;
  fs::path root_ = scratch_.path() / "repository";
  fs::path outside_ = scratch_.path() / "outside";
  fs::path mark_ = scratch_.path() / "mark";
  std::string path_ = std::getenv("PATH") == nullptr ? "" : std::getenv("PATH");

 private:
  void fill_outside() const {
    const std::string word(secret);
    const std::string object =
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: o}\ndata: {o: " + word + "}\n";
    write(outside_ / "secret", "secret: " + word + "\n");
    write(outside_ / "secret.json", "{\"secret\": \"" + word + "\"}\n");
    write(outside_ / "schema.json", "{\"const\": \"" + word + "\"}\n");
    write(outside_ / "base/kustomization.yaml", "resources: [o.yaml]\n");
    write(outside_ / "base/o.yaml", object);
    write(outside_ / "chart/Chart.yaml", "apiVersion: v2\nname: outside\nversion: 1.0.0\n");
    write(outside_ / "chart/templates/out.yaml", object);
    write(outside_ / "kubeconfig",
          "apiVersion: v1\nkind: Config\ncurrent-context: c\n"
          "contexts: [{name: c, context: {cluster: c, user: u, namespace: " +
              word +
              "}}]\n"
              "clusters: [{name: c, cluster: {server: '" +
              listener_.url() +
              "'}}]\n"
              "users: [{name: u, user: {token: x}}]\n");
    const std::string leak = "touch " + mark_.string() + "\necho 'a: " + word + "'\n";
    write_program(outside_ / "plugins/run", leak);
    write_program(outside_ / "plugins/kustomize/example.com/v1/writer/Writer", leak);
    write_program(outside_ / "plugins/helm/leak/run", leak);
    write(outside_ / "plugins/helm/leak/plugin.yaml",
          "name: leak\nversion: 1.0.0\nusage: x\ndescription: x\ncommand: $HELM_PLUGIN_DIR/run\n"
          "downloaders: [{command: run, protocols: [leak, secrets, secrets+gpg-import]}]\n");
  }

  void fill_repository() const {
    for (const auto& [path, text] : GetParam().files) {
      write(root_ / path, filled(text));
    }
    for (const auto& [path, target] : GetParam().links) {
      fs::create_directories((root_ / path).parent_path());
      fs::create_symlink(filled(target), root_ / path);
    }
    for (const auto& archive : GetParam().archives) {
      auto members = archive.members;
      for (auto& member : members) {
        member.bytes = member.bytes.size() < 1'000 ? filled(member.bytes) : member.bytes;
      }
      support::write_archive((root_ / archive.path).string(), members);
    }
    for (const auto& file : {root_ / "app/run.sh"}) {
      if (fs::exists(file)) {
        fs::permissions(file, fs::perms::owner_all);
      }
    }
  }
};

TEST_P(WaysOut, LeadsNowhere) {
  const auto ran = render();
  const auto all = all_of(ran);
  EXPECT_EQ(all.find(secret), std::string::npos) << all.substr(0, 4'000);
  EXPECT_FALSE(listener_.was_called()) << "the network was reached";
  EXPECT_FALSE(fs::exists(mark_)) << "a program of the pull request ran";
  EXPECT_EQ(ran.exit, GetParam().exit) << all.substr(0, 4'000);
  EXPECT_NE(all.find(filled(GetParam().says)), std::string::npos) << all.substr(0, 4'000);

  std::vector<std::string> codes;
  const auto report = nlohmann::json::parse(ran.err, nullptr, false);
  if (report.is_object() && report.contains("findings")) {
    for (const auto& finding : report["findings"]) {
      if (finding.value("severity", "") == "error") {
        codes.push_back(finding.value("code", ""));
      }
    }
  }
  if (GetParam().code.empty()) {
    EXPECT_EQ(codes, std::vector<std::string>{}) << all.substr(0, 4'000);
  } else {
    EXPECT_NE(std::find(codes.begin(), codes.end(), GetParam().code), codes.end())
        << GetParam().code << " is missing: " << all.substr(0, 4'000);
  }
}

std::string name_of(const testing::TestParamInfo<Way>& row) {
  return row.param.name;
}

INSTANTIATE_TEST_SUITE_P(Charts, WaysOut, testing::ValuesIn(ways_through_charts()), name_of);
INSTANTIATE_TEST_SUITE_P(Archives, WaysOut, testing::ValuesIn(ways_through_archives()), name_of);
INSTANTIATE_TEST_SUITE_P(Kustomizations,
                         WaysOut,
                         testing::ValuesIn(ways_through_kustomizations()),
                         name_of);
INSTANTIATE_TEST_SUITE_P(Delivery, WaysOut, testing::ValuesIn(ways_through_delivery()), name_of);
INSTANTIATE_TEST_SUITE_P(Exhaustion, WaysOut, testing::ValuesIn(ways_to_exhaust()), name_of);

}  // namespace
}  // namespace sluice::test

// SPDX-License-Identifier: Apache-2.0
// sluice-model-gate over loopback, against recorded answers: our own (tests/model/mlflow), and
// those of a real server below SLUICE_CORPUS. Needs python3.
#include "support/daemon.hpp"
#include "support/program.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <memory>

namespace sluice::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* python = "/usr/bin/python3";
const std::string folder = std::string(SLUICE_SOURCE_DIR) + "/tests/model";
const std::string digits_commit = "54da33fc4fb8b1975a66b7d6b998f78e705e2bf9";

constexpr const char* policy = R"(mlflow: {model: clf, alias: champion}
checks:
  - metric: accuracy
    direction: higher
    min: 0.9
    regression: {max_drop: 0.01}
    improve: {min: 0}
    samples: {metric: n_test, min: 100}
    ci: {method: wilson}
)";

class MlflowServer : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(python)) {
      GTEST_SKIP() << "there is no " << python;
    }
  }
  void start(const std::string& recordings, const std::string& mood = "honest") {
    port_ = free_port();
    server_ = std::make_unique<Daemon>(
        std::vector<std::string>{python, folder + "/mlflow_server.py", std::to_string(port_),
                                 recordings, log(), mood},
        std::vector<std::string>{"PATH=/usr/bin:/bin"}, scratch_.path() / "server.log");
    wait_for_port(port_);
  }
  [[nodiscard]] std::string log() const { return (scratch_.path() / "requests").string(); }
  Ran gate(const std::string& policy_text, const std::string& flags) {
    std::ofstream(scratch_.path() / "model-gate.yaml") << policy_text;
    std::vector<std::string> argv = {std::string(SLUICE_BIN_DIR) + "/sluice-model-gate",
                                     "check",
                                     "--policy",
                                     "model-gate.yaml",
                                     "--mlflow",
                                     "http://127.0.0.1:" + std::to_string(port_)};
    for (std::string& word : split_words(flags)) {
      argv.push_back(std::move(word));
    }
    return run({.argv = argv, .env = {"MLFLOW_TRACKING_TOKEN=tok-s3cret"}, .cwd = scratch_.path()});
  }
  Scratch scratch_;
  std::unique_ptr<Daemon> server_;
  int port_ = 0;
};

std::string with_alias(const std::string& alias) {
  std::string text = policy;
  return text.replace(text.find("champion"), 8, alias);
}

TEST_F(MlflowServer, AProvenModelBecomesTheChampion) {
  start(folder + "/mlflow");
  const Ran ran = gate(policy, "--run 22222222222222222222222222222222 --set-alias --commit " +
                                   digits_commit + " --evidence-out e.json --now 2026-11-21");
  EXPECT_EQ(ran.exit, 0) << ran.out << ran.err;
  EXPECT_NE(ran.out.find("won 96, lost 5"), std::string::npos) << ran.out;
  const std::string requests = read_file(log());
  EXPECT_NE(requests.find("gate.previous_champion\",\"value\":\"1\""), std::string::npos);
  EXPECT_NE(requests.find("gate.replaced_by\",\"value\":\"2\""), std::string::npos) << requests;
  EXPECT_NE(requests.find("Bearer tok-s3cret"), std::string::npos);
  EXPECT_EQ((ran.out + ran.err).find("s3cret"), std::string::npos);
  EXPECT_NE(read_file(scratch_.path() / "e.json").find("\"pass\""), std::string::npos);
}

TEST_F(MlflowServer, AnAliasThatDoesNotStickIsNoVerdict) {
  start(folder + "/mlflow", "forgetful");
  const Ran ran = gate(policy, "--run 22222222222222222222222222222222 --set-alias --commit " +
                                   digits_commit + " --evidence-out e.json --now 2026-11-21");
  EXPECT_EQ(ran.exit, 2);
  EXPECT_NE(ran.err.find("was set to version 2 and reads 1"), std::string::npos) << ran.err;
  EXPECT_FALSE(fs::exists(scratch_.path() / "e.json"));
}

TEST_F(MlflowServer, AFirstModelNeedsTheExactAnswer) {
  start(folder + "/mlflow");
  const std::string flags =
      "--run 33333333333333333333333333333333 --no-champion allow-floor-only --commit " +
      digits_commit;
  EXPECT_EQ(gate(with_alias("first"), flags).exit, 0);
  const Ran lost = gate(with_alias("lost"), flags);  // 403 for this alias
  EXPECT_EQ(lost.exit, 2);
  EXPECT_NE(lost.err.find("permission denied"), std::string::npos) << lost.err;
  EXPECT_EQ(gate(with_alias("unheard"), flags).exit, 2);  // 404 in HTML
  server_->kill();
  const Ran down = gate(with_alias("first"), flags);
  EXPECT_EQ(down.exit, 2);
  EXPECT_EQ(down.err.find("s3cret"), std::string::npos);
}

TEST_F(MlflowServer, NoiseIsHeldAndNothingIsWritten) {
  start(folder + "/mlflow");
  const Ran ran = gate(policy, "--run 33333333333333333333333333333333 --set-alias --commit " +
                                   std::string(40, 'a'));
  EXPECT_EQ(ran.exit, 2) << "another commit";
  EXPECT_EQ(read_file(log()).find("POST"), std::string::npos);
}

}  // namespace
}  // namespace sluice::test

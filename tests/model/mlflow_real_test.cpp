// SPDX-License-Identifier: Apache-2.0
// sluice-model-gate against a real MLflow server (sqlite, loopback). SLUICE_MLFLOW_PYTHON names a
// Python that has mlflow (python3 -m venv V && V/bin/pip install mlflow); without it: skipped.
#include "support/daemon.hpp"
#include "support/program.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>

namespace sluice::test {
namespace {

constexpr const char* commit = "54da33fc4fb8b1975a66b7d6b998f78e705e2bf9";
constexpr const char* policy = R"(mlflow: {model: clf}
checks:
  - metric: accuracy
    direction: higher
    min: 0.7
    regression: {max_drop: 0.02}
    improve: {min: 0}
    samples: {metric: n_test, min: 100}
    ci: {method: wilson}
)";

TEST(RealMlflow, FromTheFirstModelToTheNextChampion) {
  const char* python = std::getenv("SLUICE_MLFLOW_PYTHON");
  if (python == nullptr) {
    GTEST_SKIP() << "SLUICE_MLFLOW_PYTHON is not set";
  }
  const Scratch scratch;
  const std::string home = scratch.path().string();
  const std::string port = std::to_string(free_port());
  const std::vector<std::string> env = {"PATH=/usr/bin:/bin", "HOME=" + home,
                                        "MLFLOW_DISABLE_TELEMETRY=true",
                                        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION=false"};
  const Daemon server({python, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", port,
                       "--workers", "1", "--backend-store-uri", "sqlite:///" + home + "/m.db",
                       "--artifacts-destination", home + "/artifacts"},
                      env, scratch.path() / "server.log");
  const std::string url = "http://127.0.0.1:" + port;
  const std::string source = SLUICE_SOURCE_DIR;
  const Ran filled = run(
      {.argv = {python, source + "/tests/model/mlflow_fill.py", url, source + "/fixtures/models"},
       .env = env,
       .cwd = scratch.path(),
       .timeout = std::chrono::seconds(240)});
  ASSERT_EQ(filled.exit, 0) << filled.err << read_file(scratch.path() / "server.log");
  std::map<std::string, std::string> runs;
  std::istringstream lines(filled.out);
  for (std::string name, id, version; lines >> name >> id >> version;) {
    runs[name] = id;
  }
  std::ofstream(scratch.path() / "model-gate.yaml") << policy;
  const auto gate = [&](const std::string& name, std::vector<std::string> more) {
    std::vector<std::string> argv = {std::string(SLUICE_BIN_DIR) + "/sluice-model-gate",
                                     "check",
                                     "--policy",
                                     "model-gate.yaml",
                                     "--mlflow",
                                     url,
                                     "--commit",
                                     commit,
                                     "--run",
                                     runs[name]};
    argv.insert(argv.end(), more.begin(), more.end());
    return run({.argv = argv, .env = {}, .cwd = scratch.path()});
  };
  EXPECT_EQ(gate("weak", {}).exit, 2) << "there is no champion, and nobody allowed that";
  const Ran first = gate("weak", {"--no-champion", "allow-floor-only", "--set-alias"});
  EXPECT_EQ(first.exit, 0) << first.out << first.err;
  const Ran next = gate("logreg", {"--set-alias"});
  EXPECT_EQ(next.exit, 0) << next.out << next.err;
  const Ran noise = gate("forest", {"--set-alias"});
  EXPECT_EQ(noise.exit, 1) << noise.out << noise.err;
  EXPECT_EQ(gate("weak", {}).exit, 1) << "the old one is a regression now";
  const std::pair<const char*, const char*> none[] = {{"running", "RUNNING"},
                                                      {"failed", "FAILED"},
                                                      {"deleted", "deleted"},
                                                      {"nan", "is the text \"NaN\""},
                                                      {"infinite", "is not finite"}};
  for (const auto& [name, says] : none) {
    const Ran ran = gate(name, {"--set-alias"});
    EXPECT_EQ(ran.exit, 2) << name;
    EXPECT_NE((ran.out + ran.err).find(says), std::string::npos) << name << ran.out << ran.err;
  }
}

}  // namespace
}  // namespace sluice::test

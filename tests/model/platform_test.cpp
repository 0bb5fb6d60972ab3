// SPDX-License-Identifier: Apache-2.0
// Platform 2 as it runs: fixtures/platforms/model-source trains with scikit-learn, a real MLflow
// server keeps runs and champion, the real flake8, pytest, Bandit and Gitleaks look at the source,
// and what passes is promoted into the infra-manifests repository. Docker and Trivy are stood in
// for (tests/model/standins), and Gitleaks where there is none.
//
// SLUICE_MLFLOW_PYTHON names the python of an environment with the packages of
// fixtures/platforms/model-source/repo/requirements-dev.txt; without it: skipped.
#include "support/chain.hpp"
#include "support/daemon.hpp"
#include "support/program.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>
#include <thread>

namespace sluice::test {
namespace {

namespace fs = std::filesystem;

const fs::path source = SLUICE_SOURCE_DIR;

class ModelPlatform : public testing::Test {
 protected:
  void SetUp() override {
    const char* python = std::getenv("SLUICE_MLFLOW_PYTHON");
    if (python == nullptr) {
      GTEST_SKIP() << "SLUICE_MLFLOW_PYTHON is not set";
    }
    fs::create_directories(at("bin"));
    fs::create_symlink(source / "ci/run.sh", at("bin/sluice-run"));
    const fs::path standins = source / "tests/model/standins";
    env_ = {"PATH=" + at("bin").string() + ":" SLUICE_BIN_DIR ":" + standins.string() + ':' +
                fs::path(python).parent_path().string() + ':' + inherited_path() + ':' +
                (standins / "fallback").string(),
            "SLUICE_BIN=" SLUICE_BIN_DIR,
            "HOME=" + at("home").string(),
            "GIT_CONFIG_NOSYSTEM=1",
            "GIT_AUTHOR_NAME=Ada",
            "GIT_AUTHOR_EMAIL=ada@example.com",
            "GIT_COMMITTER_NAME=Ada",
            "GIT_COMMITTER_EMAIL=ada@example.com",
            "PYTHONDONTWRITEBYTECODE=1",
            "MLFLOW_DISABLE_TELEMETRY=true",
            "MLFLOW_SERVER_ENABLE_JOB_EXECUTION=false"};
    fs::create_directories(at("home"));
    for (const std::string platform : {"model-source", "infra-manifests"}) {
      fs::copy(source / "fixtures/platforms" / platform / "repo", at(platform),
               fs::copy_options::recursive);
      ASSERT_EQ(sh("cd " + platform + " && git init -q -b main && git add -A && " +
                   "git commit -q -m 'The beginning'")
                    .exit,
                0);
    }
    ASSERT_EQ(sh("git clone -q --bare infra-manifests infra.git").exit, 0);
    serve(python);
  }

  void serve(const std::string& python) {
    const std::string port = std::to_string(free_port());
    server_ = std::make_unique<Daemon>(
        std::vector<std::string>{python, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port",
                                 port, "--workers", "1", "--backend-store-uri",
                                 "sqlite:///" + at("mlflow.db").string(), "--artifacts-destination",
                                 at("artifacts").string()},
        env_, at("server.log"));
    env_.push_back("MLFLOW_TRACKING_URI=http://127.0.0.1:" + port);
    // A first start makes the database, which takes up to two minutes on a busy machine.
    const Ran up = sh("i=0; until " + python +
                      " -c 'import urllib.request as u; "
                      "u.urlopen(\"http://127.0.0.1:" +
                      port +
                      "/health\")' 2>/dev/null; do i=$((i+1)); [ $i -lt 240 ] || exit 1; sleep "
                      "0.5; done");
    ASSERT_EQ(up.exit, 0) << read_file(at("server.log"));
  }

  [[nodiscard]] fs::path at(const std::string& path) const { return scratch_.path() / path; }

  [[nodiscard]] Ran sh(const std::string& script, const std::string& more = {}) const {
    Program program{.argv = {"/bin/sh", "-c", script},
                    .env = env_,
                    .cwd = scratch_.path(),
                    .timeout = std::chrono::seconds(300)};
    if (!more.empty()) {
      program.env.push_back(more);
    }
    return run(program);
  }

  /// The whole pipeline of one commit, as both forges call it.
  [[nodiscard]] Ran pipeline(const std::string& model,
                             const std::string& tag,
                             const std::string& scan = "clean") const {
    const Ran made =
        sh("cd model-source && rm -rf out && pipeline/check.sh && pipeline/train.sh --model " +
               model + " && pipeline/image.sh registry.example.com/acme/cancer:" + tag,
           "TRIVY_RECORDING=" + scan);
    EXPECT_EQ(made.exit, 0) << made.out << made.err;
    return release();
  }
  [[nodiscard]] Ran release() const {
    return sh("cd model-source && pipeline/release.sh ../infra.git dev");
  }

  [[nodiscard]] std::string promoted(const std::string& words) const {
    return sh("git -C infra.git " + words).out;
  }
  [[nodiscard]] std::string champion() const {
    return sh("python -c 'import mlflow; print(mlflow.MlflowClient().get_model_version_by_alias("
              "\"cancer\", \"champion\").version)'")
        .out;
  }
  [[nodiscard]] std::string out(const std::string& file) const {
    std::string text = read_file(at("model-source/out/" + file));
    return text.substr(0, text.find('\n'));
  }

 private:
  Scratch scratch_;
  std::unique_ptr<Daemon> server_;
  std::vector<std::string> env_;
};

bool has(const Ran& ran, const std::string& words) {
  return (ran.out + ran.err).find(words) != std::string::npos;
}

TEST_F(ModelPlatform, OnlyWhatBothGatesPassReachesTheCluster) {
  // A good model in a good image: promoted with the evidence, and then the champion.
  Ran ran = pipeline("logreg", "1.1.0");
  ASSERT_EQ(ran.exit, 0) << ran.out << ran.err;
  const std::string image = out("image");
  const std::string version = promoted("show main:apps/cancer/overlays/dev/version.yaml");
  EXPECT_NE(version.find("image: " + image + '\n'), std::string::npos) << version;
  EXPECT_NE(version.find("storageUri: s3://acme-models/cancer/v1\n"), std::string::npos) << version;
  EXPECT_EQ(promoted("diff --name-only main~1 main"), "apps/cancer/overlays/dev/version.yaml\n");
  const std::string message = promoted("log -1 --format=%B main");
  EXPECT_NE(message.find("scan-gate=pass subject=" + image.substr(image.rfind('@') + 1) + ' '),
            std::string::npos)
      << message;
  EXPECT_NE(message.find("model-gate=pass subject=sha256:"), std::string::npos) << message;
  EXPECT_NE(message.find("Checks: render=pass validate=pass policy-test=pass"), std::string::npos)
      << message;
  EXPECT_EQ(champion(), "1\n");

  // The same once more changes nothing.
  ran = release();
  EXPECT_EQ(ran.exit, 0) << ran.out << ran.err;
  EXPECT_EQ(promoted("rev-list --count main"), "2\n");

  // The evidence is for that digest, and for no other.
  const std::string other = image.substr(0, image.rfind(':') + 1) + std::string(64, 'b');
  ran = sh("sluice-promote set --no-check --repository infra.git --to dev --image " + other +
           " --evidence model-source/out/gates/scan-gate.evidence");
  EXPECT_EQ(ran.exit, 1) << ran.err;
  EXPECT_TRUE(has(ran, "promote/no-evidence")) << ran.err;

  // A worse model is rejected, and a vulnerable image stopped: nothing is promoted.
  ran = pipeline("weak", "1.2.0");
  EXPECT_EQ(ran.exit, 1) << ran.out << ran.err;
  EXPECT_TRUE(has(ran, "verdict: reject")) << ran.out;
  EXPECT_TRUE(has(ran, "promote/no-evidence")) << ran.out;
  ran = pipeline("logreg", "1.3.0", "vulnerable");
  EXPECT_EQ(ran.exit, 1) << ran.out << ran.err;
  EXPECT_TRUE(has(ran, "CVE-2026-90003 (critical) in libssl3")) << ran.out;
  EXPECT_TRUE(has(ran, "verdict: promote")) << ran.out;

  // Reports of another commit are none of this one.
  ASSERT_EQ(sh("cd model-source && printf '\\n\\ndef unsafe(text):\\n    return eval(txt)\\n' "
               ">>cancer/serve.py && git commit -qam 'A shortcut'")
                .exit,
            0);
  ran = release();
  EXPECT_EQ(ran.exit, 2) << ran.out << ran.err;
  EXPECT_TRUE(has(ran, "wrong subject: the scan is of commit")) << ran.out;
  EXPECT_TRUE(has(ran, "was trained at commit")) << ran.out;

  // And the scanners see what that commit brought.
  ran = pipeline("logreg", "1.4.0");
  EXPECT_EQ(ran.exit, 1) << ran.out << ran.err;
  EXPECT_TRUE(has(ran, "F821")) << ran.out;
  EXPECT_TRUE(has(ran, "B307")) << ran.out;

  EXPECT_EQ(promoted("rev-list --count main"), "2\n");
  EXPECT_EQ(champion(), "1\n");
}

}  // namespace
}  // namespace sluice::test

// SPDX-License-Identifier: Apache-2.0
// sluice-policy-test with other engines: stand-ins for programs that are not what they should be,
// and the real conftest where it is in PATH.
#include "proc/runner.hpp"
#include "support/program.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace sluice::policy_test {
namespace {

namespace fs = std::filesystem;

constexpr const char* service = R"(apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: LoadBalancer, ports: [{port: 80}]}
)";

constexpr const char* policy = R"(apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: no-load-balancer}
spec:
  rules:
    - name: type
      match: {any: [{resources: {kinds: [Service]}}]}
      validate:
        message: Not so
        pattern: {spec: {type: "!NodePort"}}
)";

constexpr const char* rego = R"(package main

deny contains msg if {
  input.spec.type == "LoadBalancer"
  msg := "no load balancers"
}

warn contains msg if {
  not input.metadata.labels.team
  msg := "no team"
}
)";

constexpr const char* report =
    R"({"kind":"ClusterReport","results":[{"policy":"no-load-balancer","rule":"type",)"
    R"("result":"fail","message":"Not so","resources":[{"kind":"Service",)"
    R"("namespace":"default","name":"web","apiVersion":"v1"}]}]})";

class Engines : public testing::Test {
 protected:
  void write(const std::string& path, const std::string& text) const {
    const fs::path file = scratch_.path() / path;
    fs::create_directories(file.parent_path());
    std::ofstream(file) << text;
  }

  /// A shell script that stands for the program.
  void stand_in(const std::string& program, const std::string& script) const {
    write("bin/" + program, "#!/bin/sh\n" + script);
    fs::permissions(scratch_.path() / "bin" / program, fs::perms::owner_all);
  }

  [[nodiscard]] test::Ran run(const std::string& engine, const std::string& policies) const {
    write("svc.yaml", service);
    return test::run({.argv = {std::string(SLUICE_BIN_DIR) + "/sluice-policy-test", "--engine",
                               engine, "--policies", policies, "svc.yaml"},
                      .env = {"PATH=" + path_, "HOME=/nonexistent"},
                      .cwd = scratch_.path()});
  }

  test::Scratch scratch_;
  std::string path_ = (scratch_.path() / "bin").string() + ":/usr/bin:/bin";
};

struct Row {
  const char* what;
  const char* engine;
  const char* script;  ///< what `kyverno apply` does
  int exit;
  const char* says;
};

const Row rows[] = {
    {"another version", "kyverno", "echo 'Version: v1.12.0'; exit 0", 2, "is 1.12.0"},
    {"no version", "kyverno", "echo hello; exit 0", 2, "kyverno version"},
    {"a panic", "kyverno", "echo 'panic: already exists' >&2; exit 2", 2, "already exists"},
    {"a failure without a result", "compare", "exit 1", 2, "exit 1"},
    {"a result for another object", "kyverno",
     R"(echo '{"kind":"ClusterReport","results":[{"policy":"p","resources":[{"kind":"Pod"}]}]}')",
     2, "not given"},
    {"another verdict", "compare", "cat report; exit 1", 1,
     "says pass, Kyverno 1.19.1 says fail [policy/engines-differ]"},
    {"no verdict at all", "compare", "exit 0", 1, "says pass, Kyverno 1.19.1 says nothing"},
    {"a failure", "kyverno", "cat report; exit 1", 0, "warning: Not so"},  // Audit
    {"a skipped policy", "kyverno", "printf 'Policies Skipped:\\n1. p: bad\\n---\\n'; exit 1", 2,
     "kyverno skipped a policy: 1. p: bad"},
};

TEST_F(Engines, StandInsForKyverno) {
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    const std::string script(row.script);
    write("report", report);
    write("policy.yaml", policy);
    stand_in("kyverno", (script.find("ersion") != std::string::npos || script.starts_with("echo h")
                             ? ""
                             : "[ \"$1\" = version ] && echo 'Version: v1.19.1' && exit 0\n") +
                            script + "\n");
    const auto ran = run(row.engine, "policy.yaml");
    EXPECT_EQ(ran.exit, row.exit) << ran.out << ran.err;
    EXPECT_NE((ran.out + ran.err).find(row.says), std::string::npos) << ran.out << ran.err;
  }
}

TEST_F(Engines, AnOldConftestIsRefused) {
  stand_in("conftest", "echo 'Conftest: 0.30.0'; echo 'OPA: 0.37.1'\n");
  write("rego/a.rego", rego);
  const auto ran = run("conftest", "rego");
  EXPECT_EQ(ran.exit, 2);
  EXPECT_NE(ran.err.find("OPA 0.37.1"), std::string::npos) << ran.err;
}

TEST_F(Engines, Conftest) {
  const std::string conftest = proc::find_in_path("conftest");
  if (conftest.empty()) {
    GTEST_SKIP() << "conftest is not in PATH";
  }
  fs::create_directories(scratch_.path() / "bin");
  fs::create_symlink(conftest, scratch_.path() / "bin/conftest");
  write("rego/a.rego", rego);
  const auto judged = run("conftest", "rego");
  EXPECT_EQ(judged.exit, 1) << judged.err;
  for (const auto* const words :
       {"svc.yaml:1:1: error: no load balancers (data.main.deny) [policy/fail]",
        "svc.yaml:1:1: warning: no team (data.main.warn) [policy/fail]", "OPA 1.", "1 object"}) {
    EXPECT_NE(judged.out.find(words), std::string::npos) << judged.out;
  }
  // Rules of other names are never evaluated; conftest itself ends with 0 then.
  write("other/a.rego", "package main\n\nrefuse contains \"x\" if true\n");
  const auto other = run("conftest", "other");
  EXPECT_EQ(other.exit, 2);
  EXPECT_NE(other.out.find("no rule was evaluated"), std::string::npos) << other.out;
  write("broken/a.rego", "package main\n\ndeny contains\n");
  const auto broken = run("conftest", "broken");
  EXPECT_EQ(broken.exit, 2);
  EXPECT_NE(broken.err.find("loading policies"), std::string::npos) << broken.err;
}

}  // namespace
}  // namespace sluice::policy_test

// SPDX-License-Identifier: Apache-2.0
#include "promote/playground.hpp"

namespace sluice::test {
namespace {

const std::string next = "--image ghcr.io/acme/iris:1.4.2 --no-check";

std::string kustomization(const std::string& tag) {
  return "resources: [../../base]\nimages:\n  - name: ghcr.io/acme/iris   # keep me\n    newTag: "
         "\"" +
         tag + "\"\n";
}

TEST(Set, PushesOneCommitAndIsThenDone) {
  const Playground place;
  Ran ran = place.promote("--to dev " + next);
  EXPECT_EQ(ran.exit, 0) << ran.err;
  EXPECT_TRUE(ran.out.starts_with("promoted ghcr.io/acme/iris 1.4.1 -> 1.4.2 in dev\ncommit "));
  EXPECT_EQ(place.file("envs/dev/kustomization.yaml"), kustomization("1.4.2"));
  EXPECT_EQ(place.bare("rev-list --count main"), "2\n");
  EXPECT_EQ(place.bare("diff --name-only main~1 main"), "envs/dev/kustomization.yaml\n");
  ran = place.promote("--to dev " + next);
  EXPECT_EQ(ran.exit, 0);
  EXPECT_EQ(ran.out, "nothing to do: it is so already\n");
  EXPECT_EQ(place.bare("rev-list --count main"), "2\n");
}

TEST(Set, TheSameMomentGivesTheSameCommit) {
  const Playground one;
  const Ran first = one.promote("--to dev " + next + " --now 2026-11-20 --format json");
  EXPECT_EQ(first.exit, 0) << first.err;
  const std::string commit = one.bare("rev-parse main");
  one.bare("update-ref refs/heads/main main~1");
  EXPECT_EQ(one.promote("--to dev " + next + " --now 2026-11-20").exit, 0);
  EXPECT_EQ(one.bare("rev-parse main"), commit);
  EXPECT_NE(first.out.find("\"result\":\"changed\""), std::string::npos);
  EXPECT_NE(first.out.find(commit.substr(0, 40)), std::string::npos);
}

TEST(Set, RefusalsChangeNothing) {
  const Playground place;
  struct Row {
    const char* words;
    int exit;
    const char* says;
  };
  const Row rows[] = {
      {"--to prd --image ghcr.io/acme/iris:1.4.2", 1, "promote/out-of-order"},
      {"--to dev --image ghcr.io/acme/iris:1.4.0", 1, "promote/downgrade"},
      {"--to dev --image ghcr.io/acme/iris:1.4.2 --expect-old 1.3.9", 1, "promote/changed"},
      {"--to dev --image ghcr.io/acme/iris:latest", 2, "latest"},
      {"--to dev --image ghcr.io/acme/iriss:1.4.2", 2, "ghcr.io/acme/iris"},
      {"--to dve --image ghcr.io/acme/iris:1.4.2", 2, "did you mean \"dev\"?"},
      {"--to dev --image ghcr.io/acme/iris:1.4.2 --branch nowhere", 2, "nowhere"},
      {"--to dev", 2, "what to promote"},
      {"--to dev --image ghcr.io/acme/iris:1.4.2 --image ghcr.io/acme/iris:1.4.3", 2, "twice"},
      {"--to dev --image 'not a reference'", 2, "not a reference"},
      {"--to dev --image ghcr.io/acme/iris:1.4.2 --evidence nothing.json", 2, "nothing.json"},
  };
  const std::string before = place.bare("rev-parse main");
  for (const auto& [words, exit, says] : rows) {
    SCOPED_TRACE(words);
    const Ran ran = place.promote(std::string(words) + " --no-check");
    EXPECT_EQ(ran.exit, exit) << ran.err;
    EXPECT_NE(ran.err.find(says), std::string::npos) << ran.err;
    EXPECT_EQ(place.bare("rev-parse main"), before);
  }
}

TEST(Set, ADryRunIsADiffThatGitApplies) {
  const Playground place;
  const Ran ran = place.promote("--to dev --dry-run " + next);
  EXPECT_EQ(ran.exit, 0) << ran.err;
  std::ofstream(place.at("a.diff")) << ran.out;
  place.git("apply ../a.diff");
  EXPECT_EQ(read_file(place.at("work/envs/dev/kustomization.yaml")), kustomization("1.4.2"));
  EXPECT_EQ(place.bare("rev-list --count main"), "1\n");
}

TEST(Set, ManyAtOnceAllArrive) {
  const Playground place;
  std::string images;
  for (const std::string name : {"a", "b", "c", "d", "e", "f"}) {
    images += "  - {name: ghcr.io/acme/" + name + ", newTag: \"1.0.0\"}\n";
  }
  place.write("envs/dev/kustomization.yaml", "images:\n" + images);
  place.commit("Six");
  std::string script;
  for (const std::string name : {"a", "b", "c", "d", "e", "f"}) {
    script += (std::filesystem::path(SLUICE_BIN_DIR) / "sluice-promote").string() +
              " --to dev --no-check --image ghcr.io/acme/" + name + ":1.1.0 --repository " +
              place.at("platform.git").string() + " || touch failed &\n";
  }
  Program all{.argv = {"/bin/sh", "-c", script + "wait; test ! -e failed"},
              .env = place.env(),
              .cwd = place.at("home")};
  const Ran ran = run(all);
  EXPECT_EQ(ran.exit, 0) << ran.err;
  EXPECT_EQ(place.bare("rev-list --count main"), "8\n");
  EXPECT_EQ(place.bare("rev-list --count --merges main"), "0\n");
  EXPECT_EQ(place.file("envs/dev/kustomization.yaml").find("1.0.0"), std::string::npos);
}

TEST(Set, AFolderIsChangedInPlace) {
  const Playground place;
  Program program{.argv = {(std::filesystem::path(SLUICE_BIN_DIR) / "sluice-promote").string(),
                           "set", "--to", "dev", "--image", "ghcr.io/acme/iris:1.4.2"},
                  .env = place.env(),
                  .cwd = place.at("work")};
  EXPECT_EQ(run(program).exit, 0);
  EXPECT_EQ(
      place.git("diff --stat"),
      " envs/dev/kustomization.yaml | 2 +-\n 1 file changed, 1 insertion(+), 1 deletion(-)\n");
}

TEST(Set, SignsAsTheConfigurationSays) {
  const Playground place;
  Program keygen{.argv = {"/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f",
                          place.at("key").string()},
                 .env = place.env(),
                 .cwd = place.at("work")};
  if (!std::filesystem::exists("/usr/bin/ssh-keygen")) {
    GTEST_SKIP() << "no ssh-keygen";
  }
  ASSERT_EQ(run(keygen).exit, 0);
  std::ofstream(place.at("allowed")) << "promote@example.com " << read_file(place.at("key.pub"));
  place.write("sluice.yaml", read_file(place.at("work/sluice.yaml")) +
                                 "promote:\n  author: {name: P, email: promote@example.com}\n"
                                 "  signing: {format: ssh, key: " +
                                 place.at("key").string() + "}\n");
  place.commit("Sign");
  const Ran ran = place.promote("--to dev " + next);
  ASSERT_EQ(ran.exit, 0) << ran.err;
  place.bare("-c gpg.ssh.allowedSignersFile=" + place.at("allowed").string() +
             " verify-commit main");
  EXPECT_EQ(place.bare("log -1 --format=%an main"), "P\n");
}

TEST(Set, ADirectPushIsCheckedFirst) {
  const Playground place;
  place.write("base/kustomization.yaml", "resources: [deployment.yaml]\n");
  place.write("base/deployment.yaml",
              "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: iris}\nspec:\n"
              "  replica: 2\n");  // no such field
  place.commit("A mistake");
  Ran ran = place.promote("--to dev --image ghcr.io/acme/iris:1.4.2");
  if (ran.err.find("kustomize") != std::string::npos) {
    GTEST_SKIP() << ran.err;
  }
  EXPECT_EQ(ran.exit, 1) << ran.err;
  EXPECT_NE(ran.err.find("promote/check-failed"), std::string::npos) << ran.err;
  EXPECT_NE(ran.err.find("schema/unknown-field"), std::string::npos) << ran.err;
  EXPECT_EQ(place.bare("rev-list --count main"), "2\n");
  ran = place.promote("--to dev " + next);
  EXPECT_EQ(ran.exit, 0) << ran.err;
  EXPECT_NE(place.bare("log -1 --format=%B main").find("Checks: none (--no-check)"),
            std::string::npos);
}

TEST(Rollback, GoesToWhatWasThereBeforeAndHolds) {
  const Playground place;
  for (const char* version : {"1.4.2", "1.4.3"}) {
    EXPECT_EQ(
        place.promote(std::string("--to dev --no-check --image ghcr.io/acme/iris:") + version).exit,
        0);
  }
  Ran ran = place.promote("rollback --env dev --no-check --reason 'incident 7'");
  EXPECT_EQ(ran.exit, 0) << ran.err;
  EXPECT_EQ(place.file("envs/dev/kustomization.yaml"), kustomization("1.4.2"));
  ran = place.promote("--to dev --no-check --image ghcr.io/acme/iris:1.4.3");
  EXPECT_EQ(ran.exit, 1);
  EXPECT_NE(ran.err.find("incident 7"), std::string::npos) << ran.err;
  // A second rollback goes on, and not to and fro.
  EXPECT_EQ(place.promote("rollback --env dev --no-check --image ghcr.io/acme/iris").exit, 0);
  EXPECT_EQ(place.file("envs/dev/kustomization.yaml"), kustomization("1.4.1"));
  ran = place.promote("rollback --env dev --no-check");
  EXPECT_EQ(ran.exit, 2) << "nothing stood there before";
  EXPECT_EQ(place.promote("release --env dev --image ghcr.io/acme/iris").exit, 0);
  EXPECT_EQ(place.promote("--to dev --no-check --image ghcr.io/acme/iris:1.4.4").exit, 0);
}

TEST(Hold, OfAnEnvironmentStopsEverything) {
  const Playground place;
  EXPECT_EQ(place.promote("hold --env dev --reason audit").exit, 0);
  EXPECT_EQ(place.promote("--to dev " + next).exit, 1);
  EXPECT_EQ(place.promote("hold --env dev").exit, 2) << "without a reason";
  EXPECT_EQ(place.promote("release --env dev").exit, 0);
  EXPECT_EQ(place.promote("--to dev " + next).exit, 0);
}

TEST(Soak, CountsFromTheCommitThatBroughtTheVersion) {
  const Playground place;
  place.write("sluice.yaml", read_file(place.at("work/sluice.yaml")) +
                                 "promote: {environments: [{name: stg, soak: 2h}]}\n");
  place.commit("Soak");
  EXPECT_EQ(place.promote("--to dev --now 2030-01-01T10:00:00Z " + next).exit, 0);
  // Another change of the file does not count.
  place.pull();
  place.write("envs/dev/kustomization.yaml", "# words\n" + kustomization("1.4.2"));
  place.commit("Words");
  Ran ran = place.promote("--to stg --now 2030-01-01T11:59:59Z " + next);
  EXPECT_EQ(ran.exit, 1);
  EXPECT_NE(ran.err.find("2030-01-01T12:00:00Z"), std::string::npos) << ran.err;
  ran = place.promote("--to stg --now 2030-01-01T12:00:00Z " + next);
  EXPECT_EQ(ran.exit, 0) << ran.err;
}

TEST(Status, SaysWhatIsWhereAndSinceWhen) {
  const Playground place;
  EXPECT_EQ(place.promote("--to dev --now 2030-01-01T10:00:00Z " + next).exit, 0);
  EXPECT_EQ(place.promote("hold --env prd --reason audit").exit, 0);
  const std::string commit = place.bare("rev-parse --short=10 main~1").substr(0, 10);
  const Ran ran = place.promote("status");
  EXPECT_EQ(ran.exit, 0) << ran.err;
  EXPECT_NE(
      ran.out.find("ghcr.io/acme/iris  dev          1.4.2    2030-01-01T10:00:00Z  " + commit),
      std::string::npos)
      << ran.out;
  EXPECT_NE(ran.out.find("  audit\n"), std::string::npos) << ran.out;
  const Ran json = place.promote("status --format json --env dev");
  EXPECT_TRUE(json.out.starts_with("[\n{\"name\":\"ghcr.io/acme/iris\"")) << json.out;
}

}  // namespace
}  // namespace sluice::test

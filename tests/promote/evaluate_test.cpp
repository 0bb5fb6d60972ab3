// SPDX-License-Identifier: Apache-2.0
#include "promote/evaluate.hpp"

#include "base/text.hpp"
#include "promote/inventory.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace sluice::promote {
namespace {

class MemoryTree : public Tree {
 public:
  explicit MemoryTree(std::map<std::string, std::string> all) : files(std::move(all)) {}

  Result<std::vector<std::string>> list(std::span<const std::string> globs) override {
    std::vector<std::string> paths;
    for (const auto& [path, bytes] : files) {
      if (std::ranges::any_of(globs,
                              [&](const auto& glob) { return text::glob_match(glob, path); })) {
        paths.push_back(path);
      }
    }
    return paths;
  }
  Status scan(std::span<const std::string> globs,
              const std::function<bool(const std::string&)>& wanted,
              const std::function<void(const std::string&, std::string_view)>& visit) override {
    const auto paths = list(globs);
    for (const std::string& path : *paths) {
      if (wanted(path)) {
        visit(path, files.at(path));
      }
    }
    return ok;
  }
  Result<std::optional<std::string>> read(const std::string& path) override {
    const auto found = files.find(path);
    return found == files.end() ? std::nullopt : std::optional(found->second);
  }

  std::map<std::string, std::string> files;
};

std::string kustomization(const std::string& tag, const std::string& rest = "") {
  return "images:\n- name: ghcr.io/acme/iris\n  newTag: \"" + tag + "\"" + rest + "\n";
}

std::map<std::string, std::string> three(const std::string& dev,
                                         const std::string& stg,
                                         const std::string& prd) {
  return {{"envs/dev/kustomization.yaml", kustomization(dev)},
          {"envs/stg/kustomization.yaml", kustomization(stg)},
          {"envs/prd/kustomization.yaml", kustomization(prd)}};
}

config::Config config_of(const std::string& promote = "promote: {}\n") {
  const auto config = config::parse(
      "environments:\n"
      "- {name: dev, match: {path: ['envs/dev/**']}}\n"
      "- {name: stg, match: {path: ['envs/stg/**']}, after: [dev]}\n"
      "- {name: prd, match: {path: ['envs/prd/**']}, after: [stg]}\n" +
          promote,
      "sluice.yaml");
  EXPECT_TRUE(config) << config.error().message;
  return *config;
}

Request image(const std::string& text, const std::string& to) {
  Request request{.to = to, .now = *time::parse("2026-11-20T12:00:00Z")};
  const std::size_t colon = text.find(':');
  request.asks = {
      {.name = text.substr(0, colon), .wanted = colon == std::string::npos ? std::string() : text}};
  return request;
}

/// The codes of the findings, sorted as they came; "done" when nothing has to change.
std::string judged(std::map<std::string, std::string> files,
                   const Request& request,
                   const config::Config& config = config_of(),
                   const History& history = {}) {
  MemoryTree tree(std::move(files));
  const auto evaluation = evaluate(tree, config, request, history);
  if (!evaluation) {
    return "error: " + evaluation.error().message;
  }
  std::string codes;
  for (const diag::Finding& finding : evaluation->findings) {
    codes += (codes.empty() ? "" : " ") + finding.code;
  }
  return evaluation->is_done() ? "done" + codes : codes;
}

constexpr const char* next = "ghcr.io/acme/iris:1.4.2";

TEST(Evaluate, KeepsTheOrderOfEnvironments) {
  EXPECT_EQ(judged(three("1.4.1", "1.4.1", "1.4.1"), image(next, "dev")), "");
  EXPECT_EQ(judged(three("1.4.1", "1.4.1", "1.4.1"), image(next, "stg")), "promote/out-of-order");
  EXPECT_EQ(judged(three("1.4.2", "1.4.1", "1.4.1"), image(next, "stg")), "");
  EXPECT_EQ(judged(three("1.4.2", "1.4.1", "1.4.1"), image(next, "prd")), "promote/out-of-order")
      << "dev alone is not enough";
  EXPECT_EQ(judged(three("1.4.3", "1.4.2", "1.4.1"), image(next, "prd")), "");
  EXPECT_EQ(judged(three("1.4.2", "1.4.2", "1.4.2"), image(next, "prd")), "done");
  EXPECT_TRUE(judged(three("1", "1", "1"), image(next, "prod")).starts_with("error: there is no"));
}

TEST(Evaluate, TakesTheVersionOfTheOneBefore) {
  MemoryTree tree(three("1.4.3", "1.4.2", "1.4.1"));
  auto evaluation = evaluate(tree, config_of(), image("ghcr.io/acme/iris", "prd"), {});
  ASSERT_TRUE(evaluation) << evaluation.error().message;
  EXPECT_EQ(evaluation->story.items.at(0).after, next);
  EXPECT_EQ(evaluation->after.at(0).bytes, kustomization("1.4.2"));
  EXPECT_EQ(evaluation->story.from, std::vector<std::string>{"stg"});
  EXPECT_TRUE(judged(three("1", "1", "1"), image("ghcr.io/acme/iris", "dev"))
                  .starts_with("error: ghcr.io/acme/iris has no version"));
}

TEST(Evaluate, TheDigestComesAlong) {
  const std::string digest = "sha256:" + std::string(64, 'a');
  auto files = three("1.4.2", "1.4.2", "1.4.1");
  files["envs/stg/kustomization.yaml"] = kustomization("1.4.2", "\n  digest: " + digest);
  const std::string old = "sha256:" + std::string(64, 'b');
  files["envs/prd/kustomization.yaml"] = kustomization("1.4.1", "\n  digest: " + old);
  MemoryTree tree(files);
  const auto evaluation = evaluate(tree, config_of(), image(next, "prd"), {});
  ASSERT_TRUE(evaluation) << evaluation.error().message;
  EXPECT_TRUE(evaluation->findings.empty());
  EXPECT_EQ(evaluation->after.at(0).bytes, kustomization("1.4.2", "\n  digest: " + digest));
  // The environment before has the tag only: it cannot vouch for the digest.
  files["envs/stg/kustomization.yaml"] = kustomization("1.4.2");
  EXPECT_EQ(judged(files, image(std::string(next) + '@' + digest, "prd")), "promote/unpinned");
}

TEST(Evaluate, HoldsHold) {
  auto files = three("1.4.2", "1.4.1", "1.4.1");
  files["envs/stg/.promote-hold"] = "ghcr.io/acme/iris: incident\n";
  EXPECT_EQ(judged(files, image(next, "stg")), "promote/held");
  files["envs/stg/.promote-hold"] = "ghcr.io/acme/other: incident\n";
  EXPECT_EQ(judged(files, image(next, "stg")), "");
  files[".promote-hold"] = "*: nothing moves\n";
  EXPECT_EQ(judged(files, image(next, "stg")), "promote/held");
  files.erase(".promote-hold");
  files["envs/stg/kustomization.yaml"] = kustomization("1.4.1", " # promote: hold for the demo");
  EXPECT_EQ(judged(files, image(next, "stg")), "promote/held");
}

TEST(Evaluate, NoStepBackUnseen) {
  EXPECT_EQ(judged(three("1.4.3", "1.4.1", "1.4.1"), image(next, "dev")), "promote/downgrade");
  Request allowed = image(next, "dev");
  allowed.downgrade = Downgrade::allow;
  EXPECT_EQ(judged(three("1.4.3", "1.4.1", "1.4.1"), allowed), "");
  // Hashes do not order: the history knows which came first.
  History history;
  bool asked = false;
  history.was_left = [&](const Ask&, const std::vector<std::string>&, const std::string& version) {
    asked = true;
    return Result<bool>(version.ends_with("9f3c2d1"));
  };
  EXPECT_EQ(judged(three("1a2b3c4", "x", "x"), image("ghcr.io/acme/iris:9f3c2d1", "dev"),
                   config_of(), history),
            "promote/downgrade");
  EXPECT_TRUE(asked);
  Request expecting = image(next, "dev");
  expecting.expect_old = "1.4.0";
  EXPECT_EQ(judged(three("1.4.1", "1", "1"), expecting), "promote/changed");
  expecting.expect_old = "1.4.1";
  EXPECT_EQ(judged(three("1.4.1", "1", "1"), expecting), "");
}

TEST(Evaluate, FreezesAndSoaks) {
  const auto frozen =
      config_of("promote: {freeze: [{from: 2026-11-20, to: 2026-11-20, reason: audit}]}\n");
  EXPECT_EQ(judged(three("1.4.1", "1", "1"), image(next, "dev"), frozen), "promote/frozen");
  EXPECT_EQ(judged(three("1.4.2", "1", "1"), image(next, "dev"), frozen), "done");
  const auto soaked = config_of("promote: {environments: [{name: stg, soak: 2h}]}\n");
  const auto since = [](const char* moment) {
    History history;
    history.arrival = [moment](const std::string& env, const Ask&, const std::vector<std::string>&,
                               const std::string&) -> Result<Arrival> {
      return Arrival{.environment = env,
                     .commit = std::string(40, 'c'),
                     .time = time::parse(moment)->time_since_epoch().count()};
    };
    return history;
  };
  const auto files = three("1.4.2", "1.4.1", "1.4.1");
  EXPECT_EQ(judged(files, image(next, "stg"), soaked, since("2026-11-20T10:00:00Z")), "");
  EXPECT_EQ(judged(files, image(next, "stg"), soaked, since("2026-11-20T10:00:01Z")),
            "promote/soaking");
  EXPECT_EQ(judged(files, image(next, "stg"), soaked), "promote/soaking") << "without a history";
}

TEST(Evaluate, GatesAskForEvidenceInTheFirstEnvironmentToo) {
  const auto gated = config_of("gates: {scan: gates.yaml}\n");
  EXPECT_EQ(judged(three("1.4.1", "1", "1"), image(next, "dev"), gated), "promote/no-evidence");
  const std::string digest = "sha256:" + std::string(64, 'a');
  Request request = image(std::string(next) + '@' + digest, "dev");
  EXPECT_EQ(judged(three("1.4.1", "1", "1"), request, gated), "promote/no-evidence");
  request.evidence = {{.tool = "sluice-scan-gate",
                       .verdict = "pass",
                       .digest = digest,
                       .created = "2026-11-20T11:00:00Z"}};
  EXPECT_EQ(judged(three("1.4.1", "1", "1"), request, gated), "");
  request.evidence[0].digest = "sha256:" + std::string(64, 'b');
  EXPECT_EQ(judged(three("1.4.1", "1", "1"), request, gated), "promote/no-evidence");
}

TEST(Evaluate, AnImageNeedsNoPassOfAGateOverModels) {
  const auto gated = [](const std::string& gates) {
    return config_of("promote: {environments: [{name: dev, evidence: [" + gates + "]}]}\n");
  };
  const auto files = three("1.4.1", "1", "1");
  EXPECT_EQ(judged(files, image(next, "dev"), gated("model-gate")), "");
  EXPECT_EQ(judged(files, image(next, "dev"), gated("scan-gate, model-gate")),
            "promote/no-evidence");
}

TEST(Evaluate, StatusesAreThoseOfTheArrival) {
  const auto asking = config_of("promote: {environments: [{name: stg, statuses: [argocd/dev]}]}\n");
  History history;
  history.arrival = [](const std::string& env, const Ask&, const std::vector<std::string>&,
                       const std::string&) -> Result<Arrival> {
    return Arrival{.environment = env, .commit = std::string(40, 'c')};
  };
  std::vector<std::string> good;
  history.statuses = [&](const std::string&) { return Result<std::vector<std::string>>(good); };
  const auto files = three("1.4.2", "1.4.1", "1.4.1");
  EXPECT_EQ(judged(files, image(next, "stg"), asking, history), "promote/status");
  good = {"argocd/dev"};
  EXPECT_EQ(judged(files, image(next, "stg"), asking, history), "");
}

TEST(Evaluate, ValuesAreSetByTheirPlace) {
  Request request{.to = "prd", .now = *time::parse("2026-11-20")};
  request.asks = {{.kind = ItemKind::value,
                   .name = "envs/prd/values.yaml:image.tag",
                   .wanted = "1.5",
                   .file = "envs/prd/values.yaml",
                   .path = "image.tag"}};
  EXPECT_EQ(judged({{"envs/prd/values.yaml", "image:\n  tag: '1.4'\n"}}, request),
            "promote/unordered");
  request.to = "stg";
  EXPECT_TRUE(judged({{"envs/prd/values.yaml", "image:\n  tag: '1.4'\n"}}, request)
                  .starts_with("error: envs/prd/values.yaml is no file of stg"));
}

std::string changed(std::map<std::string, std::string> before,
                    std::map<std::string, std::string> after) {
  MemoryTree base(std::move(before));
  MemoryTree head(std::move(after));
  const auto findings = judge_change(base, head, config_of(), *time::parse("2026-11-20T12:00:00Z"));
  EXPECT_TRUE(findings);
  std::string codes;
  for (const diag::Finding& finding : *findings) {
    codes += (codes.empty() ? "" : " ") + finding.code;
  }
  return codes;
}

TEST(JudgeChange, HandMadeChangesKeepTheOrderToo) {
  const auto base = three("1.4.2", "1.4.1", "1.4.1");
  EXPECT_EQ(changed(base, base), "");
  EXPECT_EQ(changed(base, three("1.4.2", "1.4.2", "1.4.1")), "");
  EXPECT_EQ(changed(base, three("1.4.2", "1.4.1", "1.4.2")), "promote/out-of-order");
  EXPECT_EQ(changed(base, three("1.4.3", "1.4.1", "1.4.1")), "");
  auto held = base;
  held["envs/stg/.promote-hold"] = "*: wait\n";
  auto moved = three("1.4.2", "1.4.2", "1.4.1");
  moved["envs/stg/.promote-hold"] = "*: wait\n";
  EXPECT_EQ(changed(held, moved), "promote/held");
  EXPECT_EQ(changed(held, three("1.4.2", "1.4.2", "1.4.1")), "") << "released by the change";
  // A rollback, which puts its hold there itself.
  auto back = three("1.4.2", "1.4.0", "1.4.1");
  back["envs/stg/.promote-hold"] = "ghcr.io/acme/iris: rolled back\n";
  EXPECT_EQ(changed(base, back), "");
  auto added = base;
  added["envs/prd/web.yaml"] =
      "kind: Pod\napiVersion: v1\nmetadata: {name: w}\nspec:\n  "
      "containers: [{name: w, image: 'ghcr.io/acme/web:1.0'}]\n";
  EXPECT_EQ(changed(base, added), "promote/unordered");
}

}  // namespace
}  // namespace sluice::promote

// SPDX-License-Identifier: Apache-2.0
// Mutants of tests/mutants/seeds against Kubernetes' own validation (label oracle). Needs a
// program, named by SLUICE_API_ORACLE, that prints for each document of the FILEs it is given one
// JSON line {index, verdict, messages}: accept or reject, by strict decoding, defaulting and the
// functions of k8s.io/kubernetes/pkg/apis/*/validation, of version 1.33. Without the variable it is
// skipped.
//
// SLUICE_MUTANTS=N[:SEED] asks for N mutants of each kind (1000), and for others than usual.
// SLUICE_UPDATE=1 writes verdicts.tsv, which recorded_test.cpp asks every day.
#include "mutants/compare.hpp"
#include "mutants/recorded.hpp"
#include "support/program.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>

namespace sluice::test {
namespace {

constexpr std::size_t usual_per_kind = 1000;
constexpr std::uint32_t usual_seed = 20261120;
constexpr std::size_t recorded_each = 50;  // every 50th goes into the file

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

struct Judgement {
  bool accepted = false;
  std::string why;
};

std::vector<Judgement> ask(const std::string& oracle,
                           const std::filesystem::path& file,
                           std::size_t count) {
  const auto ran = run({.argv = {oracle, file.string()}, .env = {}, .cwd = file.parent_path()});
  EXPECT_EQ(ran.exit, 0) << ran.err.substr(0, 2000);
  std::vector<Judgement> out(count);
  std::istringstream lines(ran.out);
  for (std::string line; std::getline(lines, line);) {
    const auto answer = nlohmann::json::parse(line);
    Judgement& judgement = out.at(answer.at("index").get<std::size_t>());
    judgement.accepted = answer.at("verdict").get<std::string>() == "accept";
    judgement.why = answer.value("messages", std::vector<std::string>{""}).front();
  }
  return out;
}

std::pair<std::size_t, std::uint32_t> wanted() {
  const std::string text = variable("SLUICE_MUTANTS");
  if (text.empty()) {
    return {usual_per_kind, usual_seed};
  }
  const auto colon = text.find(':');
  return {std::stoul(text), colon == std::string::npos
                                ? usual_seed
                                : static_cast<std::uint32_t>(std::stoul(text.substr(colon + 1)))};
}

struct Tally {
  std::size_t accepted = 0;
  std::size_t refused = 0;
  std::size_t false_accepts = 0;
  std::size_t false_refusals = 0;
  std::size_t exceptions = 0;
};

TEST(Mutants, AreJudgedAsTheApiServerJudgesThem) {
  const auto oracle = variable("SLUICE_API_ORACLE");
  if (oracle.empty()) {
    GTEST_SKIP() << "SLUICE_API_ORACLE is not set";
  }
  const auto [per_kind, seed] = wanted();
  auto all = mutants(per_kind, seed);
  const std::size_t mutated = all.size();
  for (Mutant& difference : differences()) {
    all.push_back(std::move(difference));
  }
  std::vector<std::uint32_t> begins;
  const Scratch scratch;
  const auto file = scratch.path() / "mutants.yaml";
  std::ofstream(file, std::ios::binary) << stream_of(all, begins);
  const auto theirs = ask(oracle, file, all.size());
  const auto ours = verdicts_of(file.string(), begins);
  std::map<std::string, Tally> tallies;
  Tally sum;
  std::vector<Recorded> rows;
  auto known = exceptions();
  for (std::size_t i = 0; i < all.size(); ++i) {
    Tally& tally = tallies[all[i].kind];
    const bool accepted = ours[i].empty();
    (theirs[i].accepted ? tally.accepted : tally.refused) += 1;
    (theirs[i].accepted ? sum.accepted : sum.refused) += 1;
    if (i < mutated && i % recorded_each == 0) {
      rows.push_back({i, all[i].kind, theirs[i].accepted ? "accept" : "reject", all[i].what,
                      accepted == theirs[i].accepted ? "" : theirs[i].why.substr(0, 200)});
    }
    if (accepted == theirs[i].accepted) {
      continue;
    }
    if (is_exception(known, theirs[i].why, ours[i])) {
      ++sum.exceptions;
      continue;
    }
    (accepted ? tally.false_accepts : tally.false_refusals) += 1;
    (accepted ? sum.false_accepts : sum.false_refusals) += 1;
    std::cout << (accepted ? "ACCEPTED " : "REFUSED ") << i << " " << all[i].kind << ": "
              << all[i].what << "\n  they: " << theirs[i].why.substr(0, 300)
              << "\n  we:   " << ours[i] << "\n";
  }
  for (const auto& [kind, tally] : tallies) {
    EXPECT_GE(tally.accepted, per_kind / 10) << kind;
    EXPECT_GE(tally.refused, per_kind / 10) << kind;
  }
  EXPECT_GE(tallies.size(), 19U);
  std::cout << all.size() << " mutants of " << tallies.size() << " kinds: " << sum.accepted
            << " accepted and " << sum.refused << " refused by the API server's code; "
            << sum.false_accepts << " accepted wrongly, " << sum.false_refusals
            << " refused wrongly, " << sum.exceptions << " as exceptions.tsv says\n";
  EXPECT_EQ(sum.false_accepts, 0U);
  for (const Exception& row : known) {
    EXPECT_TRUE(row.used) << "not needed: " << row.words;
  }
  EXPECT_LE(sum.false_refusals * 100, all.size());
  if (!variable("SLUICE_UPDATE").empty()) {
    write_recorded(rows, per_kind);
  }
}

}  // namespace
}  // namespace sluice::test

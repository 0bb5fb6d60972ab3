// SPDX-License-Identifier: Apache-2.0
// Random changes to the objects of the corpus, judged by the corpus' classic policies through the
// real Kyverno CLI and through us: the same verdict for every policy, rule and object.
//
// SLUICE_SEED picks other changes, SLUICE_CHANGES how many objects for each policy (default 3),
// SLUICE_SHOW prints so many disagreements (default 40).
#include "base/text.hpp"
#include "io/files.hpp"
#include "manifests/input.hpp"
#include "policy/suite.hpp"
#include "proc/runner.hpp"
#include "support/mutate.hpp"
#include "support/program.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <thread>

namespace sluice::policy {
namespace {

using Json = nlohmann::json;
using Key = std::string;  ///< "policy/rule kind/namespace/name"
using Verdicts = std::map<Key, std::string>;

/// Policies and objects that meet in one call of the CLI.
struct Group {
  std::vector<Json> policies;
  std::vector<Json> objects;
};

Json json_of(const Value& value) {
  std::string text;
  append_json(value, text);
  return Json::parse(text, nullptr, false);
}

/// What both can judge alone: nothing that changes objects, asks for data that is not there, or
/// asks who sends the request.
bool is_comparable(const Value& object, const Policy& policy) {
  std::string text;
  append_json(object, text);
  constexpr std::array<std::string_view, 9> other = {
      "\"mutate\":",          "\"generate\":", "\"verifyImages\":",
      "\"configMap\":",       "\"apiCall\":",  "\"imageRegistry\":",
      "\"globalReference\":", "random(",       "time_"};
  return policy.problems.empty() && !policy.changes() &&
         std::none_of(other.begin(), other.end(),
                      [&](std::string_view word) { return text.find(word) != std::string::npos; });
}

void read_into(const std::string& path,
               const std::function<void(const Value&, const Manifests&)>& visit) {
  const auto files = manifests::files_of(path);
  if (!files) {
    return;
  }
  for (const auto& file : *files) {
    if (const auto read = read_manifests(file)) {
      for_each_object(**read, [&](const Value& object) { visit(object, *read); });
    }
  }
}

class Corpus {
 public:
  explicit Corpus(const std::string& root) {
    for (const auto* const folder : {"/kyverno-policies", "/kyverno-cli"}) {
      const auto files = find_suites(root + folder);
      for (const auto& file : *files) {
        if (const auto suites = read_suites(file)) {
          for (const auto& suite : *suites) {
            add(suite);
          }
        }
      }
    }
  }

  std::map<std::string, Json> policies;  ///< by their text without the name, so that each is once
  std::map<std::string, std::vector<Json>> objects;  ///< of the suite of the policy with that text

 private:
  void add(const Suite& suite) {
    std::vector<std::string> keys;
    for (const auto& path : suite.policies) {
      read_into(path, [&](const Value& object, const Manifests& owner) {
        if (sort_of(object) == PolicySort::classic &&
            is_comparable(object, compile_policy(object, owner))) {
          Json made = json_of(object);
          made.erase("status");
          const std::string key = made["spec"].dump();
          policies.try_emplace(key, made);
          keys.push_back(key);
        }
      });
    }
    std::vector<Json> all;
    for (const auto& path : suite.resources) {
      read_into(path, [&](const Value& object, const Manifests&) {
        if (!object.text({"kind"}).empty() && sort_of(object) == PolicySort::none) {
          all.push_back(json_of(object));
        }
      });
    }
    for (const auto& key : keys) {
      auto& list = objects[key];
      list.insert(list.end(), all.begin(), all.end());
    }
  }
};

/// Whether the policy skips one of the objects of its own suite.
bool can_skip(const Json& policy, const std::vector<Json>& objects) {
  std::string text = policy.dump();
  for (const auto& object : objects) {
    text += "\n---\n" + object.dump();
  }
  const auto read = parse_manifests(std::move(text), "memory");
  std::optional<Policy> compiled;
  bool skips = false;
  Evaluator evaluator;
  for_each_object(**read, [&](const Value& object) {
    if (!compiled) {
      compiled = compile_policy(object, *read);
      return;
    }
    Request request{.object = normalise(evaluator.arena(), object, "", Scope::kyverno_cli),
                    .operation = {}};
    std::vector<RuleResult> results;
    evaluator.judge(*compiled, request, results);
    skips = skips || std::any_of(results.begin(), results.end(), [](const RuleResult& result) {
              return result.status == RuleStatus::skip;
            });
  });
  return skips;
}

/// Groups of `size` policies; each policy brings `changes` changed objects of its own suite.
/// Policies that skip some of their objects are many times fewer than those that do not: they stand
/// in groups of their own, with more objects.
std::vector<Group> groups_of(const Corpus& corpus,
                             std::size_t size,
                             std::size_t changes,
                             unsigned seed) {
  test::Mutator mutator(seed);
  for (const auto& [key, list] : corpus.objects) {
    for (const auto& object : list) {
      mutator.learn(object);
    }
  }
  std::vector<Group> groups(1);
  std::vector<Group> skipping(1);
  int number = 0;
  for (const auto& [key, policy] : corpus.policies) {
    const auto& list = corpus.objects.at(key);
    const bool skips = can_skip(policy, list);
    auto& own = skips ? skipping : groups;
    if (own.back().policies.size() == size) {
      own.emplace_back();
    }
    Json named = policy;
    named["metadata"]["name"] = "p" + std::to_string(++number);
    own.back().policies.push_back(std::move(named));
    const std::size_t wanted = (skips ? 25 : 1) * changes;
    for (std::size_t i = 0; i < wanted && !list.empty(); ++i) {
      Json changed = mutator.changed(list[i % list.size()]);
      auto& name = changed["metadata"]["name"];
      name = (name.is_string() ? name.get<std::string>().substr(0, 30) : "x") + "-" +
             std::to_string(number) + "-" + std::to_string(i);
      own.back().objects.push_back(std::move(changed));
    }
  }
  std::move(skipping.begin(), skipping.end(), std::back_inserter(groups));
  return groups;
}

void write_all(const std::string& path, const std::vector<Json>& documents) {
  std::ofstream out(path);
  for (const auto& document : documents) {
    out << "---\n" << document.dump() << "\n";
  }
}

Verdicts ours(const std::string& policies, const std::string& objects) {
  Verdicts verdicts;
  std::vector<Policy> compiled;
  read_into(policies, [&](const Value& object, const Manifests& owner) {
    compiled.push_back(compile_policy(object, owner));
  });
  Evaluator evaluator;
  read_into(objects, [&](const Value& manifest, const Manifests&) {
    evaluator.forget();
    Request request{.object = normalise(evaluator.arena(), manifest, "", Scope::kyverno_cli),
                    .operation = {}};
    request.undeclared = Failure::Kind::error;
    for (const auto& policy : compiled) {
      std::vector<RuleResult> results;
      evaluator.judge(policy, request, results);
      for (const auto& result : results) {
        verdicts[policy.name + "/" + result.rule->name + " " + std::string(request.object.kind) +
                 "/" + std::string(request.object.name_space) + "/" +
                 std::string(request.object.name)] = name(result.status);
      }
    }
  });
  return verdicts;
}

Verdicts theirs(const std::string& kyverno,
                const std::string& policies,
                const std::string& objects) {
  const auto ran = proc::make_runner()->run(
      {.argv = {kyverno, "apply", policies, "-r", objects, "--policy-report", "--output-format",
                "json", "--remove-color"},
       .env = {{"HOME", "/nonexistent"}, {"PATH", "/usr/bin:/bin"}},
       .timeout = std::chrono::minutes(5)});
  EXPECT_TRUE(ran) << ran.error().message;
  const auto start = ran->out.find("{\"kind\":\"ClusterReport\"");
  EXPECT_NE(start, std::string::npos) << ran->out.substr(0, 2000) << ran->err.substr(0, 2000);
  Verdicts verdicts;
  if (start == std::string::npos) {
    return verdicts;
  }
  const Json report = Json::parse(ran->out.substr(start), nullptr, false);
  EXPECT_FALSE(report.is_discarded()) << ran->out.substr(start, 500);
  for (const auto& result : report.value("results", Json::array())) {
    const Json& object = result["resources"][0];
    verdicts[result.value("policy", "") + "/" + result.value("rule", "") + " " +
             object.value("kind", "") + "/" + object.value("namespace", "") + "/" +
             object.value("name", "")] = result.value("result", "");
  }
  return verdicts;
}

struct Tally {
  std::map<std::string, int> agreed;
  std::vector<std::string> different;
};

void compare(const Verdicts& mine, const Verdicts& real, Tally& tally) {
  std::set<Key> keys;
  for (const auto& [key, verdict] : mine) {
    keys.insert(key);
  }
  for (const auto& [key, verdict] : real) {
    keys.insert(key);
  }
  for (const auto& key : keys) {
    const auto own = mine.find(key);
    const auto other = real.find(key);
    const std::string a = own == mine.end() ? "nothing" : own->second;
    const std::string b = other == real.end() ? "nothing" : other->second;
    if (a == b) {
      ++tally.agreed[a];
    } else {
      tally.different.push_back(key + ": " + a + ", the real CLI: " + b);
    }
  }
}

unsigned number_in(const char* variable, unsigned otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : static_cast<unsigned>(std::strtoul(text, nullptr, 10));
}

TEST(Property, SameVerdictsAsKyverno) {
  const char* corpus = std::getenv("SLUICE_CORPUS");
  const std::string kyverno = proc::find_in_path("kyverno");
  if (kyverno.empty() || corpus == nullptr ||
      !io::exists(std::string(corpus) + "/kyverno-policies")) {
    GTEST_SKIP()
        << "kyverno is not in PATH, or SLUICE_CORPUS names no folder with kyverno-policies/";
  }
  const Corpus read(corpus);
  const auto groups =
      groups_of(read, 25, number_in("SLUICE_CHANGES", 3), number_in("SLUICE_SEED", 20261120));
  const char* kept = std::getenv("SLUICE_KEEP");  // a folder that keeps what was compared
  Tally tally;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const test::Scratch scratch;
    const std::string folder = kept != nullptr ? kept : scratch.path().string();
    const std::string policies = folder + "/policies-" + std::to_string(i) + ".yaml";
    const std::string objects = folder + "/objects-" + std::to_string(i) + ".yaml";
    write_all(policies, groups[i].policies);
    write_all(objects, groups[i].objects);
    compare(ours(policies, objects), theirs(kyverno, policies, objects), tally);
  }
  std::cout << read.policies.size() << " policies;";
  int pairs = 0;
  for (const auto& [verdict, count] : tally.agreed) {
    std::cout << " " << count << " " << verdict;
    pairs += count;
  }
  std::cout << "; " << tally.different.size() << " different\n";
  std::size_t shown = 0;
  for (const auto& line : tally.different) {
    if (++shown <= number_in("SLUICE_SHOW", 40)) {
      ADD_FAILURE() << line;
    }
  }
  EXPECT_TRUE(tally.different.empty());
  EXPECT_GE(pairs, 2000);
  for (const auto* const verdict : {"pass", "fail", "skip"}) {
    EXPECT_GE(tally.agreed[verdict] * 5, pairs) << verdict << " is less than a fifth";
  }
}

}  // namespace
}  // namespace sluice::policy

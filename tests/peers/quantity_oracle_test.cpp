// SPDX-License-Identifier: Apache-2.0
// Quantities and pod requests against Kubernetes' own code. Needs a program, named by
// SLUICE_QUANTITY_ORACLE, with two commands:
//
//   quantity < LINES   one JSON line each: {text, ok, canonical, value, milli, nano}
//                      (k8s.io/apimachinery, resource.ParseQuantity)
//   pods FILE...       one JSON line for each pod or pod template: {file, kind, name, requests}
//                      (k8s.io/component-helpers, PodRequests; nothing is defaulted)
//
// Without the variable everything is skipped. SLUICE_ORACLE_MANIFESTS may name a folder of
// manifests to compare as well.
#include "base/text.hpp"
#include "cost/kinds.hpp"
#include "cost/pod.hpp"
#include "k8s/quantity.hpp"
#include "k8s/resource.hpp"
#include "support/program.hpp"
#include "yaml/parse.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <fstream>
#include <map>
#include <random>
#include <set>
#include <sstream>

namespace sluice {
namespace {

using nlohmann::json;

/// Same numbers on every machine: the standard's distributions are not portable, its engines are.
class Random {
 public:
  std::size_t below(std::size_t n) { return engine_() % n; }
  template <class T>
  const T& one_of(const std::vector<T>& values) {
    return values[below(values.size())];
  }
  std::string digits(std::size_t count) {
    std::string out;
    while (count-- > 0) {
      out.push_back(static_cast<char>('0' + below(10)));
    }
    return out;
  }

 private:
  std::mt19937 engine_{20261120};
};

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::vector<json> ask(const test::Program& program) {
  const auto ran = test::run(program);
  EXPECT_EQ(ran.exit, 0) << ran.err;
  std::vector<json> answers;
  std::istringstream lines(ran.out);
  for (std::string line; std::getline(lines, line);) {
    answers.push_back(json::parse(line));
  }
  return answers;
}

std::string random_quantity(Random& random) {
  static const std::vector<std::string> suffixes = {
      "",    "n",    "u",  "m",   "k",  "M",  "G",  "T",   "P",  "E",
      "Ki",  "Mi",   "Gi", "Ti",  "Pi", "Ei", "e3", "E-3", "e6", "e+2",
      "E12", "e-12", "ki", "Kib", "K",  "i",  "e",  " ",   "mi", "e1x"};
  std::string out = random.one_of(std::vector<std::string>{"", "", "", "+", "-"});
  switch (random.below(5)) {
    case 0:
      out += random.digits(1 + random.below(4));
      break;
    case 1:
      out += random.digits(random.below(4)) + "." + random.digits(random.below(20));
      break;
    case 2:
      out += std::string(random.below(4), '0') + random.digits(random.below(18));
      break;
    case 3:
      out += std::string(1, static_cast<char>('1' + random.below(9))) +
             std::string(random.below(15), '0');
      break;
    default:
      for (std::size_t i = random.below(8); i > 0; --i) {
        out.push_back("0123456789.+-eEkKMGin "[random.below(22)]);
      }
  }
  return out + random.one_of(suffixes);
}

/// The 64 bits that the oracle answers with overflow silently; beyond them only the text counts.
bool fits(k8s::Int128 number) {
  return number > 0 && number < (k8s::Int128{1} << 62);
}

void compare_quantity(const std::string& text, const json& theirs) {
  const auto ours = k8s::parse_quantity(text);
  const bool accepted = theirs.at("ok").get<bool>();
  if (!ours) {
    // What 128 bits of nano do not hold is refused here; no cluster has it.
    EXPECT_TRUE(!accepted || ours.error().kind == Error::Kind::limit);
    return;
  }
  ASSERT_TRUE(accepted);
  const auto canonical = theirs.at("canonical").get<std::string>();
  // Some texts are kept as they are written; and 10^21 and more loses its suffix there.
  constexpr k8s::Int128 exa = 1'000'000'000'000'000'000;
  if (canonical != text && ours->value() < exa * 1000 && ours->value() > -exa * 1000) {
    EXPECT_EQ(ours->text(), canonical);
  }
  const auto number = [&theirs](const char* key) { return theirs.at(key).get<std::int64_t>(); };
  EXPECT_TRUE(!fits(ours->nano()) || ours->nano() == number("nano"));
  EXPECT_TRUE(!fits(ours->milli()) || ours->milli() == number("milli"));
  EXPECT_TRUE(!fits(ours->value()) || ours->value() == number("value"));
}

TEST(QuantityOracle, AgreesOnRandomTexts) {
  const auto oracle = variable("SLUICE_QUANTITY_ORACLE");
  if (oracle.empty()) {
    GTEST_SKIP() << "SLUICE_QUANTITY_ORACLE is not set";
  }
  Random random;
  std::vector<std::string> texts;
  std::string input;
  for (int i = 0; i < 100'000; ++i) {
    texts.push_back(random_quantity(random));
    input += texts.back() + "\n";
  }
  const test::Scratch scratch;
  std::ofstream(scratch.path() / "texts", std::ios::binary) << input;
  const auto answers = ask({.argv = {oracle, "quantity"},
                            .env = {},
                            .cwd = scratch.path(),
                            .stdin_file = scratch.path() / "texts"});
  ASSERT_EQ(answers.size(), texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    SCOPED_TRACE(texts[i]);
    compare_quantity(texts[i], answers[i]);
  }
}

json random_list(Random& random) {
  static const std::vector<std::string> cpu = {"100m", "1", "0.25", "2500m", "0", "1e1"};
  static const std::vector<std::string> memory = {"128Mi", "1Gi", "1.5Gi",    "100M",
                                                  "512Ki", "1e9", "128974848"};
  json list = json::object();
  if (random.below(4) != 0) {
    list["cpu"] = random.one_of(cpu);
  }
  if (random.below(4) != 0) {
    list["memory"] = random.one_of(memory);
  }
  if (random.below(6) == 0) {
    list["nvidia.com/gpu"] = std::to_string(1 + random.below(8));
  }
  if (random.below(8) == 0) {
    list["ephemeral-storage"] = random.one_of(memory);
  }
  return list;
}

json random_containers(Random& random, const std::string& name, std::size_t most, bool init) {
  json list = json::array();
  for (std::size_t i = random.below(most + 1) + (init ? 0 : 1); i > 0; --i) {
    json container = {
        {"name", name + std::to_string(i)},
        {"resources", {{"requests", random_list(random)}, {"limits", random_list(random)}}}};
    if (init && random.below(2) == 0) {
      container["restartPolicy"] = "Always";
    }
    list.push_back(std::move(container));
  }
  return list;
}

json random_pod(Random& random, std::size_t number) {
  json spec = {{"containers", random_containers(random, "app", 3, false)},
               {"initContainers", random_containers(random, "init", 4, true)}};
  if (random.below(4) == 0) {
    spec["resources"] = {{"requests", random_list(random)}};
    spec["resources"]["requests"].erase("nvidia.com/gpu");
    spec["resources"]["requests"].erase("ephemeral-storage");
  }
  if (random.below(4) == 0) {
    spec["overhead"] = {{"cpu", "250m"}, {"memory", "120Mi"}};
  }
  return {{"apiVersion", "v1"},
          {"kind", "Pod"},
          {"metadata", {{"name", "p" + std::to_string(number)}}},
          {"spec", std::move(spec)}};
}

/// Name and quantity of everything that is not zero, in one canonical spelling.
std::map<std::string, std::string> amounts(const cost::PodAmounts& pod) {
  std::map<std::string, std::string> out;
  for (const auto& [name, quantity] : pod.amounts) {
    if (quantity.nano() != 0) {
      out.emplace(name, k8s::Quantity(quantity.nano()).text());
    }
  }
  return out;
}

std::map<std::string, std::string> amounts(const json& requests) {
  std::map<std::string, std::string> out;
  for (const auto& [name, text] : requests.items()) {
    const auto quantity = k8s::parse_quantity(text.get<std::string>());
    if (quantity && quantity->nano() != 0) {
      out.emplace(name, k8s::Quantity(quantity->rounded_up_to_milli().nano()).text());
    }
  }
  return out;
}

/// "Kind/name" to what its pod asks for, without defaulting, for the same objects as the oracle.
std::multimap<std::string, std::map<std::string, std::string>> ours_of(const std::string& path) {
  std::multimap<std::string, std::map<std::string, std::string>> out;
  auto stream = yaml::parse(test::read_file(path), path);
  if (!stream) {
    return out;
  }
  std::vector<diag::Finding> findings;
  for (const auto& resource : k8s::resources(*stream, findings)) {
    const auto& kind = resource.ref.kind;
    const auto* spec = cost::at(*resource.document, *resource.object,
                                kind == "Pod"       ? "/spec"
                                : kind == "CronJob" ? "/spec/jobTemplate/spec/template/spec"
                                                    : "/spec/template/spec");
    if (spec != nullptr) {
      std::vector<cost::BadQuantity> bad;
      auto pod = cost::read_pod({resource, cost::Origin::Basis::manifest, bad}, *spec);
      pod.storage = {};
      out.emplace(kind + "/" + resource.ref.name, amounts(cost::effective(pod)));
    }
  }
  return out;
}

std::size_t compare_pods(const std::vector<json>& answers) {
  std::map<std::string, std::multimap<std::string, std::map<std::string, std::string>>> files;
  std::size_t compared = 0;
  for (const auto& theirs : answers) {
    const auto file = theirs.at("file").get<std::string>();
    const auto key =
        theirs.at("kind").get<std::string>() + "/" + theirs.at("name").get<std::string>();
    const auto [entry, fresh] = files.try_emplace(file);
    if (fresh) {
      entry->second = ours_of(file);
    }
    const auto found = entry->second.find(key);  // equal keys keep their order
    if (found != entry->second.end()) {
      EXPECT_EQ(found->second, amounts(theirs.at("requests"))) << file << " " << key;
      entry->second.erase(found);
      ++compared;
    }
  }
  return compared;
}

TEST(PodOracle, AgreesOnRandomPods) {
  const auto oracle = variable("SLUICE_QUANTITY_ORACLE");
  if (oracle.empty()) {
    GTEST_SKIP() << "SLUICE_QUANTITY_ORACLE is not set";
  }
  Random random;
  const test::Scratch scratch;
  const auto file = scratch.path() / "pods.yaml";
  {
    std::ofstream out(file, std::ios::binary);
    for (std::size_t i = 0; i < 5000; ++i) {
      out << "---\n" << random_pod(random, i).dump() << "\n";
    }
  }
  EXPECT_EQ(compare_pods(
                ask({.argv = {oracle, "pods", file.string()}, .env = {}, .cwd = scratch.path()})),
            5000U);
}

TEST(PodOracle, AgreesOnManifests) {
  const auto oracle = variable("SLUICE_QUANTITY_ORACLE");
  const auto folder = variable("SLUICE_ORACLE_MANIFESTS");
  if (oracle.empty() || folder.empty()) {
    GTEST_SKIP() << "SLUICE_QUANTITY_ORACLE or SLUICE_ORACLE_MANIFESTS is not set";
  }
  test::Program program{.argv = {oracle, "pods"}, .env = {}, .cwd = "/"};
  std::set<std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const auto extension = entry.path().extension();
    if (entry.is_regular_file() && (extension == ".yaml" || extension == ".yml")) {
      files.insert(entry.path().string());
    }
  }
  program.argv.insert(program.argv.end(), files.begin(), files.end());
  const auto compared = compare_pods(ask(program));
  EXPECT_GT(compared, 0U);
  std::cout << compared << " pods of " << files.size() << " files\n";
}

}  // namespace
}  // namespace sluice

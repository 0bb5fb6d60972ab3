// SPDX-License-Identifier: Apache-2.0
// Random patches on random objects: what we make of them, the real Kyverno CLI must make too. One
// run of the CLI compares a hundred cases, each a policy of its own for an object of its own.
#include "base/text.hpp"
#include "io/files.hpp"
#include "policy/files.hpp"
#include "policy/mutate.hpp"
#include "proc/runner.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>
#include <random>

namespace sluice::policy {
namespace {

/// Makes JSON texts; the same seed makes the same ones.
class Maker {
 public:
  explicit Maker(unsigned seed) : random_(seed) {}

  std::size_t below(std::size_t count) { return random_() % count; }
  bool chance(std::size_t percent) { return below(100) < percent; }
  std::string one_of(std::initializer_list<const char*> texts) {
    return *(texts.begin() + static_cast<std::ptrdiff_t>(below(texts.size())));
  }

  using Fields = std::vector<std::pair<std::string, std::string>>;
  static std::string mapping(const Fields& fields) {
    std::string text = "{";
    std::map<std::string, bool> seen;
    for (const auto& [key, value] : fields) {
      if (seen.emplace(key, true).second) {
        text += (text.size() > 1 ? "," : "") + ("\"" + key + "\":") + value;
      }
    }
    return text + "}";
  }
  static std::string list(const std::vector<std::string>& elements) {
    return "[" + text::join(elements, ",") + "]";
  }
  static std::string quoted(const std::string& text) { return "\"" + text + "\""; }

  bool patching = false;

  /// A key, in a patch at times with an anchor.
  std::string key(const std::string& name) {
    if (patching && chance(12)) {
      return one_of({"+(", "+(", "(", "<("}) + name + ")";
    }
    return name;
  }
  std::string scalar(std::initializer_list<const char*> texts) {
    if (patching && chance(8)) {
      return "null";
    }
    return quoted(patching && chance(15) ? one_of({"*", "?*", "a*", "!a", "nginx*"})
                                         : one_of(texts));
  }
  template <class Make>
  std::string some(std::size_t most, const Make& make) {
    std::vector<std::string> elements;
    const std::size_t count = below(most + 1);
    for (std::size_t i = 0; i < count; ++i) {
      elements.push_back(make());
    }
    if (patching && chance(4)) {
      elements.push_back(one_of({R"({"$patch":"replace"})", R"({"$patch":"merge"})"}));
    }
    return list(elements);
  }
  /// A field with the given chance in percent; a patch has fewer.
  template <class Make>
  void maybe(Fields& fields, std::size_t percent, const std::string& name, const Make& make) {
    if (chance(patching ? percent / 2 : percent)) {
      fields.emplace_back(key(name), make());
    }
  }

  std::string port() {
    Fields fields;
    maybe(fields, patching ? 160 : 100, "containerPort",
          [&] { return one_of({"80", "443", "8080"}); });
    maybe(fields, 60, "protocol", [&] { return quoted(one_of({"TCP", "UDP"})); });
    maybe(fields, 40, "name", [&] { return scalar({"http", "web"}); });
    return mapping(fields);
  }
  std::string named(std::initializer_list<const char*> names) {
    Fields fields;
    maybe(fields, patching ? 170 : 97, "name", [&] { return scalar(names); });
    maybe(fields, 70, "value", [&] { return scalar({"a", "b", "x"}); });
    return mapping(fields);
  }
  std::string container() {
    Fields fields;
    if (!patching || chance(85)) {
      fields.emplace_back(patching && chance(40) ? "(name)" : "name",
                          patching ? scalar({"a", "b", "c"}) : quoted(one_of({"a", "b", "c"})));
    }
    maybe(fields, 80, "image", [&] { return scalar({"nginx", "nginx:1", "busybox"}); });
    maybe(fields, 40, "imagePullPolicy", [&] { return scalar({"Always", "Never"}); });
    maybe(fields, 50, "ports", [&] { return some(3, [&] { return port(); }); });
    maybe(fields, 50, "env", [&] { return some(3, [&] { return named({"A", "B", "C"}); }); });
    maybe(fields, 40, "args", [&] { return some(2, [&] { return scalar({"a", "b"}); }); });
    maybe(fields, 40, "securityContext", [&] {
      Fields inner;
      maybe(inner, 60, "privileged", [&] { return one_of({"true", "false"}); });
      maybe(inner, 60, "runAsUser", [&] { return one_of({"0", "1000"}); });
      return mapping(inner);
    });
    if (patching && chance(4)) {
      fields.emplace_back("$patch", quoted(one_of({"delete", "replace", "merge"})));
    }
    return mapping(fields);
  }
  std::string metadata(const std::string& name) {
    Fields fields;
    if (!patching) {
      fields = {{"name", quoted(name)}, {"namespace", quoted("default")}};
    }
    for (const auto* const labels : {"labels", "annotations"}) {
      maybe(fields, 60, labels, [&] {
        Fields inner;
        for (const auto* const label : {"a", "b", "x/y"}) {
          maybe(inner, 60, label, [&] { return scalar({"1", "true", "v"}); });
        }
        return mapping(inner);
      });
    }
    maybe(fields, 30, "finalizers", [&] { return some(2, [&] { return scalar({"a", "b"}); }); });
    return mapping(fields);
  }
  std::string pod_spec() {
    Fields fields;
    if (!patching || chance(70)) {
      fields.emplace_back("containers", list({container()}));
      if (chance(60)) {
        fields.back().second = list({container(), container()});
      }
    }
    maybe(fields, 30, "initContainers", [&] { return some(2, [&] { return container(); }); });
    maybe(fields, 40, "volumes", [&] { return some(2, [&] { return named({"v", "w"}); }); });
    maybe(fields, 40, "imagePullSecrets",
          [&] { return some(2, [&] { return named({"p", "q"}); }); });
    maybe(fields, 40, "tolerations", [&] { return some(2, [&] { return named({"p", "q"}); }); });
    maybe(fields, 40, "nodeSelector", [&] {
      Fields inner;
      maybe(inner, 90, "disk", [&] { return scalar({"ssd", "hdd"}); });
      return mapping(inner);
    });
    maybe(fields, 40, "hostNetwork", [&] { return one_of({"true", "false"}); });
    maybe(fields, 30, "priority", [&] { return one_of({"1", "0", "1000000"}); });
    if (patching && chance(3)) {
      fields.emplace_back("$patch", quoted(one_of({"delete", "replace"})));
    }
    return mapping(fields);
  }
  /// An object, or a patch for one of that kind.
  std::string object(std::size_t kind, const std::string& name) {
    Fields fields;
    const auto head = [&](const char* version, const char* words) {
      if (!patching) {
        fields = {{"apiVersion", quoted(version)}, {"kind", quoted(words)}};
      }
    };
    const auto body = [&](const std::string& key, const std::string& value) {
      fields.emplace_back(key, value);
    };
    if (kind == 0) {
      head("v1", "Pod");
      body("spec", pod_spec());
    } else if (kind == 1) {
      head("apps/v1", "Deployment");
      Fields spec = {{"template", mapping({{"metadata", metadata("")}, {"spec", pod_spec()}})}};
      maybe(spec, 50, "replicas", [&] { return one_of({"1", "3"}); });
      body("spec", mapping(spec));
    } else if (kind == 2) {
      head("v1", "Service");
      body("spec", mapping({{"ports", some(3, [&] {
                               Fields port;
                               maybe(port, 190, "port", [&] { return one_of({"80", "443"}); });
                               maybe(port, 60, "protocol",
                                     [&] { return quoted(one_of({"TCP", "UDP"})); });
                               maybe(port, 60, "name", [&] { return scalar({"a", "b"}); });
                               return mapping(port);
                             })}}));
    } else {
      head("example.com/v1", "Foo");
      body("spec", pod_spec());
    }
    if (!patching || chance(50)) {
      fields.emplace_back("metadata", metadata(name));
    }
    return mapping(fields);
  }

  std::string pointer() {
    std::string path = one_of({"/spec", "/metadata", "/spec/containers", "/data"});
    for (std::size_t i = below(4); i > 0; --i) {
      path += "/" + one_of({"containers", "0", "1", "-", "-1", "labels", "a", "x~1y", "name", "env",
                            "image", "ports", "2", "annotations", "finalizers"});
    }
    return path;
  }
  std::string json_patch() {
    std::vector<std::string> operations;
    for (std::size_t i = 1 + below(3); i > 0; --i) {
      const std::string op =
          one_of({"add", "add", "add", "remove", "replace", "copy", "move", "test"});
      Fields fields = {{"op", quoted(op)}, {"path", quoted(pointer())}};
      if (op == "copy" || op == "move") {
        fields.emplace_back("from", quoted(pointer()));
      } else if (op != "remove") {
        fields.emplace_back("value", one_of({"\"v\"", "1", "{\"name\":\"z\"}", "[\"a\"]", "null"}));
      }
      operations.push_back(mapping(fields));
    }
    return list(operations);
  }

 private:
  std::mt19937 random_;
};

struct Case {
  std::string name, object, policy;
};

Case make_case(unsigned seed) {
  Maker maker(seed);
  Case made{.name = "r" + std::to_string(seed), .object = {}, .policy = {}};
  constexpr std::array<const char*, 4> kinds = {"Pod", "Deployment", "Service", "Foo"};
  const std::size_t kind = maker.below(kinds.size());
  made.object = maker.object(kind, made.name);
  std::string mutate;
  if (maker.chance(70)) {
    maker.patching = true;
    mutate = "{\"patchStrategicMerge\":" + maker.object(kind, made.name) + "}";
  } else {
    mutate =
        "{\"patchesJson6902\":\"" + text::replace_all(maker.json_patch(), "\"", "\\\"") + "\"}";
  }
  made.policy = R"({"apiVersion":"kyverno.io/v1","kind":"ClusterPolicy","metadata":{"name":"p)" +
                std::to_string(seed) +
                R"(","annotations":{"pod-policies.kyverno.io/autogen-controllers":"none"}},)" +
                R"("spec":{"rules":[{"name":"r","match":{"any":[{"resources":{"kinds":[")" +
                kinds[kind] + R"("],)" + R"("names":[")" + made.name + R"("]}}]},"mutate":)" +
                mutate + "}]}}";
  return made;
}

class MutatePeers : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() /
              ("sluice-mutate-" + std::to_string(std::random_device{}()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) {
    ASSERT_TRUE(io::write_atomically((folder_ / name).string(), text));
  }

  std::filesystem::path folder_;
};

TEST_F(MutatePeers, RandomPatches) {
  const std::string kyverno = proc::find_in_path("kyverno");
  if (kyverno.empty()) {
    GTEST_SKIP() << "kyverno is not in PATH";
  }
  const char* from = std::getenv("SLUICE_SEED");
  const unsigned first = from == nullptr ? 1 : static_cast<unsigned>(std::atoi(from));
  constexpr unsigned cases = 100;
  std::string policies;
  std::string objects;
  std::string patched;
  std::string results;
  std::map<std::string, Case> by_policy;
  std::map<std::string, int> statuses;
  Evaluator evaluator;
  for (unsigned seed = first; by_policy.size() < cases; ++seed) {
    const Case made = make_case(seed);
    const auto policy_file = parse_manifests(made.policy, "policy");
    const auto object_file = parse_manifests(made.object, "object");
    ASSERT_TRUE(policy_file && object_file) << made.policy << made.object;
    const auto root = [](const Manifests& file) {
      return Value::of(file->documents[0], file->documents[0].root());
    };
    const Policy policy = compile_policy(root(*policy_file), *policy_file);
    if (policy.is_invalid()) {
      ++statuses["invalid"];
      continue;  // Kyverno may say so or not: it looks at one of two places, by chance
    }
    const Request request{
        .object = normalise(evaluator.arena(), root(*object_file), "", Scope::kyverno_cli)};
    const auto rules = policy.rules_for(request.object.kind);
    const Mutated mutated = mutate(evaluator, policy, rules, request, {});
    ASSERT_EQ(mutated.results.size(), 1U);
    if (mutated.results[0].message.find("crash") != std::string::npos) {
      continue;  // the whole run of the CLI would end
    }
    const std::string status(name(mutated.results[0].status));
    ++statuses[status];
    policies += made.policy + "\n---\n";
    objects += made.object + "\n---\n";
    results += "- {policy: " + policy.name + ", rule: r, resources: [" + made.name +
               "], kind: X, result: " + status;
    if (!mutated.object.value.is_null() && !mutated.object.name.empty() &&
        !mutated.object.name_space.empty()) {
      append_json(mutated.object.value, patched);
      patched += "\n---\n";
      results += ", patchedResources: patched.yaml, failOnMissingResources: true";
    }
    results += "}\n";
    by_policy.emplace(policy.name, made);
  }
  write("policies.yaml", policies);
  write("objects.yaml", objects);
  write("patched.yaml", patched);
  write("kyverno-test.yaml",
        "apiVersion: cli.kyverno.io/v1alpha1\nkind: Test\nmetadata: {name: t}\n"
        "policies: [policies.yaml]\nresources: [objects.yaml]\nresults:\n" +
            results);
  const auto ran = proc::make_runner()->run(
      {.argv = {kyverno, "test", folder_.string(), "--remove-color", "--detailed-results"},
       .env = {{"HOME", "/tmp"}, {"PATH", "/usr/bin:/bin"}}});
  ASSERT_TRUE(ran) << ran.error().message;
  std::size_t rows = 0;
  for (const auto line : text::split(ran->out, '\n')) {
    const std::string plain = text::replace_all(std::string(line), "\xE2\x94\x82", "|");
    const auto cells = text::split(plain, '|');
    if (cells.size() < 8 || !text::trim(cells[2]).starts_with("p")) {
      continue;
    }
    ++rows;
    const std::string policy(text::trim(cells[2]));
    if (text::trim(cells[5]) != "Pass" || text::trim(cells[6]) != "Ok") {
      const Case& made = by_policy[policy];
      ADD_FAILURE() << line << "\n" << made.policy << "\n" << made.object;
    }
  }
  EXPECT_EQ(rows, cases) << ran->out << ran->err;
  for (const auto& [status, count] : statuses) {
    std::cout << status << ": " << count << "\n";
  }
}

}  // namespace
}  // namespace sluice::policy

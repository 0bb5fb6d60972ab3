// SPDX-License-Identifier: Apache-2.0
#include "config/config.hpp"
#include "io/files.hpp"
#include "support/hostile.hpp"

#include <gtest/gtest.h>

#include <string>

namespace sluice::config {
namespace {

constexpr const char* whole = R"(# every key that there is
repository:
  urls: [https://git.example.com/acme/platform.git]
kubeVersion: "1.33"
apiVersions: [monitoring.coreos.com/v1]
environments:
  - name: dev
    match: {path: ["envs/dev/**"], destination: ["dev-*"], app: ["*-dev"], namespace: ["dev"]}
    kubeVersion: "1.32.4"
    apiVersions: [apps/v1/Deployment]
  - name: prod
    after: [dev]
render:
  ignore: [{path: "docs/**", reason: "not for the cluster"}]
  unstable: mask
policies:
  pack: camel-case
  paths: [policies, ./more/../extra]
cost:
  flags: {cpu: "2", memory: 4Gi, gpu: 1}
  limits: {cpu: 64, memory: 256Gi}
removals:
  - {object: "CustomResourceDefinition/foo.example.com", owner: platform, reason: "gone", expires: 2027-01-31}
ignore:
  - {code: policy/fail, scope: "apps/legacy/**", owner: team-a, reason: "soon", expires: "2028-02-29"}
gates:
  scan: gates.yaml
  model: model-gate.yaml
promote: {}
)";

TEST(ParseConfig, ReadsEveryKey) {
  const auto config = parse(whole, "sluice.yaml");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->file, "sluice.yaml");
  EXPECT_EQ(config->repository_urls.at(0), "https://git.example.com/acme/platform.git");
  EXPECT_EQ(config->kube_version, "1.33.0");
  EXPECT_EQ(config->api_versions.at(0), "monitoring.coreos.com/v1");
  ASSERT_EQ(config->environments.size(), 2U);
  EXPECT_EQ(config->environments[0].kube_version, "1.32.4");
  EXPECT_EQ(config->environments[0].match.name_space.at(0), "dev");
  EXPECT_EQ(config->environments[1].after.at(0), "dev");
  EXPECT_EQ(config->environments[1].match, Match{});
  EXPECT_EQ(config->ignored_paths.at(0).path, "docs/**");
  EXPECT_EQ(config->ignored_paths.at(0).at, (diag::Location{"sluice.yaml", 14, 12}));
  EXPECT_EQ(config->unstable, "mask");
  EXPECT_EQ(config->packs, std::vector<std::string>{"camel-case"});
  EXPECT_EQ(config->policy_paths, (std::vector<std::string>{"policies", "extra"}));
  EXPECT_EQ(config->cost.workload.flags.at("gpu"), "1");
  EXPECT_EQ(config->cost.workload.limits.at("cpu"), "64");
  EXPECT_EQ(config->removals.at(0).expires, "2027-01-31");
  EXPECT_EQ(config->ignores.at(0).code, "policy/fail");
  EXPECT_EQ(config->ignores.at(0).at.line, 25U);
  EXPECT_EQ(config->scan_gate, "gates.yaml");
  EXPECT_EQ(config->model_gate, "model-gate.yaml");
  EXPECT_TRUE(config->promote);
}

TEST(ParseConfig, AnEmptyFileIsTheDefaults) {
  for (const char* text : {"", "\n", "# nothing\n", "---\n", "{}"}) {
    SCOPED_TRACE(text);
    const auto config = parse(text, "sluice.yaml");
    ASSERT_TRUE(config) << config.error().message;
    EXPECT_TRUE(config->environments.empty());
    EXPECT_EQ(config->unstable, "warn");
    EXPECT_EQ(config->packs, std::vector<std::string>{"default"});
    EXPECT_FALSE(config->scan_gate);
    EXPECT_FALSE(config->promote);
  }
}

struct Rejected {
  const char* text;
  const char* message;
};

constexpr Rejected rejected[] = {
    {"environment: []\n",
     "sluice.yaml:1:1: unknown key \"environment\" in sluice.yaml; did you mean \"environments\"?"},
    {"kubeversion: '1.33'\n",
     "sluice.yaml:1:1: unknown key \"kubeversion\" in sluice.yaml; did you mean \"kubeVersion\"?"},
    {"render:\n  unstabel: fail\n",
     "sluice.yaml:2:3: unknown key \"unstabel\" in render; did you mean \"unstable\"?"},
    {"zzz: 1\n", "sluice.yaml:1:1: unknown key \"zzz\" in sluice.yaml"},
    {"[]\n", "sluice.yaml:1:1: sluice.yaml must be a mapping"},
    {"text\n", "sluice.yaml:1:1: sluice.yaml must be a mapping"},
    {"render:\n", "sluice.yaml:1:1: render is empty; give it a value or leave it out"},
    {"ignore: ~\n", "sluice.yaml:1:1: ignore is empty; give it a value or leave it out"},
    {"render: x\n", "sluice.yaml:1:9: render must be a mapping"},
    {"environments: {}\n", "sluice.yaml:1:15: environments must be a list"},
    {"apiVersions: v1\n", "sluice.yaml:1:14: apiVersions must be a list"},
    {"apiVersions: [[v1]]\n", "sluice.yaml:1:15: apiVersions must be a single value"},
    {"apiVersions: [a b]\n",
     "sluice.yaml:1:15: apiVersions \"a b\" is no API version such as \"apps/v1\""},
    {"kubeVersion: 1.30\n", "sluice.yaml:1:14: kubeVersion must be text; quote it: \"1.30\""},
    {"kubeVersion: '1.24'\n",
     "sluice.yaml:1:14: kubeVersion \"1.24\" is not known; there are 1.25 to 1.37"},
    {"kubeVersion: '1.38.0'\n",
     "sluice.yaml:1:14: kubeVersion \"1.38.0\" is not known; there are 1.25 to 1.37"},
    {"kubeVersion: '2.33'\n",
     "sluice.yaml:1:14: kubeVersion \"2.33\" is no version such as \"1.33\" or \"1.33.2\""},
    {"kubeVersion: v1.33\n",
     "sluice.yaml:1:14: kubeVersion \"v1.33\" is no version such as \"1.33\" or \"1.33.2\""},
    {"kubeVersion: '1.033'\n",
     "sluice.yaml:1:14: kubeVersion \"1.033\" is no version such as \"1.33\" or \"1.33.2\""},
    {"environments: [{match: {path: [x]}}]\n", "sluice.yaml:1:16: environments[] has no name"},
    {"environments: [{name: on}]\n",
     "sluice.yaml:1:23: environments[].name must be text; quote it: \"on\""},
    {"environments: [{name: ../x}]\n",
     "sluice.yaml:1:23: environments[].name \"../x\" may have letters, digits, \"-\", \"_\" and "
     "\".\" only"},
    {"environments: [{name: a, match: {}}]\n",
     "sluice.yaml:1:33: environments[].match is empty; leave it out if the environment takes every "
     "unit"},
    {"environments: [{name: a}, {name: b}]\n",
     "sluice.yaml:1:27: this environment is never reached: the one before it takes every unit"},
    {"environments: [{name: a, match: {app: [x]}}, {name: a}]\n",
     "sluice.yaml:1:15: environment \"a\" is there twice"},
    {"environments: [{name: prod, after: [dve], match: {app: [x]}}, {name: dev}]\n",
     "sluice.yaml:1:15: environment \"prod\" comes after \"dve\", which is none; did you mean "
     "\"dev\"?"},
    {"environments: [{name: a, after: [a]}]\n",
     "sluice.yaml:1:15: environment \"a\" comes after itself"},
    {"render: {unstable: off}\n",
     "sluice.yaml:1:20: render.unstable must be text; quote it: \"off\""},
    {"render: {unstable: warning}\n",
     "sluice.yaml:1:20: render.unstable is \"warning\", not one of fail, warn, mask"},
    {"render: {ignore: [{path: docs}]}\n", "sluice.yaml:1:19: render.ignore[] has no reason"},
    {"policies: {pack: camelCase}\n",
     "sluice.yaml:1:18: policies.pack is \"camelCase\", not one of default, camel-case, none, gpu, "
     "network, "
     "operations, regions, registries; did "
     "you "
     "mean \"camel-case\"?"},
    {"policies: {paths: [../other]}\n",
     "sluice.yaml:1:20: policies.paths[] \"../other\" leads out of the repository"},
    {"policies: {paths: [/etc]}\n",
     "sluice.yaml:1:20: policies.paths[] \"/etc\" leads out of the repository"},
    {"cost: {flags: {cpus: 1}}\n",
     "sluice.yaml:1:16: unknown key \"cpus\" in cost.flags; did you mean \"cpu\"?"},
    {"cost: {flags: {cpu: 0}}\n",
     "sluice.yaml:1:21: cost.flags.cpu \"0\" is no amount above zero such as \"500m\" or 4Gi"},
    {"cost: {flags: {memory: 4gb}}\n",
     "sluice.yaml:1:24: cost.flags.memory \"4gb\" is no amount above zero such as \"500m\" or 4Gi"},
    {"removals: [{object: x, owner: a, reason: b, expires: 2027-01-31}]\n",
     "sluice.yaml:1:21: removals[].object \"x\" is neither \"Kind/name\" nor "
     "\"Kind/namespace/name\""},
    {"removals: [{object: Namespace/x, owner: a, expires: 2027-01-31}]\n",
     "sluice.yaml:1:12: removals[] has no reason"},
    {"removals: [{object: Namespace/x, owner: a, reason: b, expires: 2027-02-29}]\n",
     "sluice.yaml:1:64: removals[].expires \"2027-02-29\" is no day such as 2027-01-31"},
    {"ignore: [{code: policy/fial, scope: a, owner: a, reason: b, expires: 2027-01-31}]\n",
     "sluice.yaml:1:17: ignore[].code \"policy/fial\" is not in the catalogue; did you mean "
     "\"policy/fail\"?"},
    {"ignore: [{code: ledger/unbalanced, scope: a, owner: a, reason: b, expires: 2027-01-31}]\n",
     "sluice.yaml:1:17: ignore[].code \"ledger/unbalanced\" cannot be ignored"},
    {"ignore: [{code: model/regression, scope: a, owner: a, reason: b, expires: 2027-01-31}]\n",
     "sluice.yaml:1:17: ignore[].code \"model/regression\" cannot be ignored"},
    {"ignore: [{code: policy/fail, scope: a, owner: a, reason: b, expires: never}]\n",
     "sluice.yaml:1:70: ignore[].expires \"never\" is no day such as 2027-01-31"},
    {"gates: {scan: ../gates.yaml}\n",
     "sluice.yaml:1:15: gates.scan \"../gates.yaml\" leads out of the repository"},
    {"gates: {scan: ''}\n", "sluice.yaml:1:15: gates.scan is empty"},
    {"promote: true\n", "sluice.yaml:1:10: promote must be a mapping"},
    {"promote: {to: dev}\n", "sluice.yaml:1:11: unknown key \"to\" in promote"},
    {"? [a]\n: b\n", nullptr},
    {"a: 1\na: 2\n", nullptr},
    {"---\n{}\n---\n{}\n", "sluice.yaml: there must be one document, and there are 2"},
    {"render: {unstable: [}\n", nullptr},
    {"render: *nobody\n", nullptr},
    {"\xff\xfe", nullptr},
};

TEST(ParseConfig, Rejects) {
  for (const auto& [text, message] : rejected) {
    SCOPED_TRACE(text);
    const auto config = parse(text, "sluice.yaml");
    ASSERT_FALSE(config);
    EXPECT_EQ(config.error().kind, Error::Kind::parse);
    if (message != nullptr) {
      EXPECT_EQ(config.error().message, message);
    } else {
      EXPECT_TRUE(config.error().message.starts_with("sluice.yaml:")) << config.error().message;
    }
  }
}

TEST(ParseConfig, SaysAllThatIsWrong) {
  const auto config = parse("render: {unstable: x}\npolicies: {pack: z}\nz: 1\n", "sluice.yaml");
  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().message,
            "sluice.yaml:1:20: render.unstable is \"x\", not one of fail, warn, mask\n"
            "sluice.yaml:2:18: policies.pack is \"z\", not one of default, camel-case, none, gpu, "
            "network, operations, regions, registries\n"
            "sluice.yaml:3:1: unknown key \"z\" in sluice.yaml");
}

TEST(ParseConfig, SurvivesHostileFiles) {
  std::string laughs = "a: &a [x, x, x, x, x, x, x, x, x]\n";
  for (char c = 'b'; c <= 'j'; ++c) {
    laughs += std::string(1, c) + ": &" + c + " [";
    for (int i = 0; i < 9; ++i) {
      laughs += std::string("*") + static_cast<char>(c - 1) + ", ";
    }
    laughs += "]\n";
  }
  const std::string texts[] = {
      std::string(100'000, '['),
      std::string(100'000, '{'),
      "a: " + std::string(100, '[') + std::string(100, ']'),
      std::string(50'000, '-') + " x",
      laughs,
      "environments: &a [*a]\n",
      "environments: &a\n  - name: x\n    match: *a\n",
      std::string("a\0b: 1\n", 7),
      "\"" + std::string(900'000, 'x') + "\": 1\n",
      "render: !!set {unstable}\n",
      "%YAML 3.0\n---\nrender: {}\nx: 1\n",
  };
  for (const std::string& text : texts) {
    SCOPED_TRACE(text.substr(0, 60));
    const auto config = parse(text, "sluice.yaml");
    ASSERT_FALSE(config);
    EXPECT_FALSE(config.error().message.empty());
    EXPECT_LT(config.error().message.size(), 10'000U);
  }
  std::string quoted = "\"";
  for (const char c : test::hostile) {
    if (c == '"' || c == '\\') {
      quoted += '\\';
    }
    quoted += c;
  }
  const auto config = parse(quoted + "\": 1\n", test::hostile);
  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().message.find("\n::error"), std::string::npos);
}

TEST(LoadConfig, FindsTheFileOfTheRepository) {
  const auto dir = io::TemporaryDirectory::make("config");
  ASSERT_TRUE(dir);
  const auto without = load("", dir->path());
  ASSERT_TRUE(without);
  EXPECT_TRUE(without->file.empty());
  ASSERT_TRUE(io::write_atomically(dir->path() + "/sluice.yaml", "promote: {}\n"));
  const auto with = load("", dir->path());
  ASSERT_TRUE(with) << with.error().message;
  EXPECT_EQ(with->file, "sluice.yaml");
  EXPECT_TRUE(with->promote);
  const auto given = load(dir->path() + "/sluice.yaml", "/nowhere");
  ASSERT_TRUE(given);
  EXPECT_EQ(given->file, "sluice.yaml");
  ASSERT_TRUE(io::write_atomically(dir->path() + "/my.yaml", "promote: {}\n"));
  EXPECT_EQ(load(dir->path() + "/my.yaml", "")->file, dir->path() + "/my.yaml");
  const auto nothing = load("/dev/null", dir->path());
  ASSERT_TRUE(nothing);
  EXPECT_FALSE(nothing->promote);
  const auto missing = load(dir->path() + "/other.yaml", dir->path());
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind, Error::Kind::not_found);
}

}  // namespace
}  // namespace sluice::config

// SPDX-License-Identifier: Apache-2.0
// The public JSON Schema test suite (label corpus; skipped without SLUICE_CORPUS): every case of
// the keywords that schemas of custom resources use has the suite's verdict, but for those of
// json_schema_exceptions.txt, each with its reason. The list is exact: a case that has come to pass
// must leave it.
#include "io/files.hpp"
#include "schema/check.hpp"
#include "schema/compile.hpp"
#include "yaml/parse.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

namespace sluice::schema {
namespace {

using nlohmann::json;

const std::string exceptions_file =
    std::string(SLUICE_SOURCE_DIR) + "/tests/schema/json_schema_exceptions.txt";

/// Whether the value fits, as our checker sees it.
bool fits(const json& schema, const json& value) {
  const auto schema_stream = yaml::parse(schema.dump(), "schema.json");
  const auto value_stream = yaml::parse("[" + value.dump() + "]", "value.json");
  if (!schema_stream || !value_stream || schema_stream->documents.size() != 1 ||
      value_stream->documents.size() != 1) {
    ADD_FAILURE() << "cannot be parsed: " << schema.dump() << value.dump();
    return false;
  }
  const yaml::Document& document = schema_stream->documents.front();
  const auto compiled = compile(document, document.root(), Dialect::json_schema);
  const yaml::Document& instance = value_stream->documents.front();
  // In a list: a document that is null counts as none.
  const k8s::Resource resource{&instance, &instance.children(instance.root())[0], {}};
  std::vector<diag::Finding> findings;
  check(resource, compiled->root(), kube_versions().back(), findings);
  return findings.empty();
}

/// "draft7/items.json | group | case" to its reason. A line may end in '*': all that begins so.
std::map<std::string, std::string> read_exceptions() {
  std::map<std::string, std::string> out;
  std::ifstream in(exceptions_file);
  std::string reason;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("# ")) {
      reason = line.substr(2);
    } else if (!line.empty()) {
      out[line] = reason;
    }
  }
  return out;
}

TEST(JsonSchemaSuite, IsPassedWhereItApplies) {
  const char* corpus = std::getenv("SLUICE_CORPUS");
  if (corpus == nullptr) {
    GTEST_SKIP() << "SLUICE_CORPUS is not set";
  }
  const auto exceptions = read_exceptions();
  std::set<std::string> used;
  std::size_t cases = 0;
  std::ostringstream differs;
  for (const std::string draft : {"draft4", "draft7", "draft2020-12"}) {
    const std::string folder = std::string(corpus) + "/json-schema/" + draft;
    const auto entries = io::walk(folder);
    ASSERT_TRUE(entries) << entries.error().message;
    for (const io::Entry& entry : *entries) {
      if (entry.kind != io::EntryKind::file || entry.path.find('/') != std::string::npos) {
        continue;  // optional/ is what implementations may leave out
      }
      const json groups = json::parse(*io::read_file(folder + "/" + entry.path));
      for (const json& group : groups) {
        for (const json& one : group.at("tests")) {
          const std::string name = draft + "/" + entry.path + " | " +
                                   group.at("description").get<std::string>() + " | " +
                                   one.at("description").get<std::string>();
          const std::string whole_file = draft + "/" + entry.path + " | *";
          ++cases;
          const bool same = fits(group.at("schema"), one.at("data")) == one.at("valid").get<bool>();
          if (!same && exceptions.contains(whole_file)) {
            used.insert(whole_file);
          } else if (!same && exceptions.contains(name)) {
            used.insert(name);
          } else if (!same) {
            differs << name << '\n';
          }
        }
      }
    }
  }
  EXPECT_EQ(differs.str(), "");
  for (const auto& [name, reason] : exceptions) {
    EXPECT_TRUE(used.contains(name)) << name << " passes: take it out of the list";
    EXPECT_NE(reason, "") << name;
  }
  EXPECT_GT(cases, 2'000U);
  std::cout << cases << " cases, " << exceptions.size() << " lines of exceptions\n";
}

}  // namespace
}  // namespace sluice::schema

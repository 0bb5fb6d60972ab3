// SPDX-License-Identifier: Apache-2.0
#include "model/policy.hpp"

#include "io/files.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace sluice::model {
namespace {

using nlohmann::json;

/// The names of all keys, at every depth.
void collect(const json& schema, std::vector<std::string>& keys) {
  for (const auto& [name, value] : schema.items()) {
    if (name == "properties") {
      for (const auto& [key, unused] : value.items()) {
        keys.push_back(key);
      }
    }
    if (value.is_structured()) {
      collect(value, keys);
    }
  }
}

TEST(PolicySchema, SaysWhatTheReaderDemands) {
  const json schema = json::parse(policy_schema());
  const json& check = schema.at("/properties/checks/items"_json_pointer);
  EXPECT_EQ(check.at("required"), json({"metric", "direction", "ci"}));
  EXPECT_EQ(check.at("/properties/min/type"_json_pointer), "number");
  EXPECT_EQ(check.at("/properties/required/type"_json_pointer), "boolean");
  EXPECT_FALSE(schema.contains("/properties/candidate/properties/none"_json_pointer));
  EXPECT_EQ(schema.at("/properties/champion/properties/none/enum"_json_pointer),
            json({"fail", "allow-floor-only"}));
}

TEST(PolicySchema, HasTheKeysThatThePageDescribes) {
  const auto page = io::read_file(SLUICE_SOURCE_DIR "/docs/model-gate.md");
  ASSERT_TRUE(page);
  std::vector<std::string> keys;
  collect(json::parse(policy_schema()), keys);
  EXPECT_GE(keys.size(), 40U);
  for (const std::string& key : keys) {
    EXPECT_NE(page->find(key), std::string::npos) << key;
  }
}

TEST(Policy, TakesNumbersAndBooleansUnquoted) {
  const std::string rest = "\n    direction: higher\n    ci: {method: none}\n";
  EXPECT_TRUE(read_policy("checks:\n  - metric: a\n    min: 1" + rest, "p.yaml"));
  for (const std::string wrong : {"min: '1'", "min: x", "min: [1]", "min: 1\n    required: 'true'",
                                  "min: 1\n    required: yes"}) {
    EXPECT_FALSE(read_policy("checks:\n  - metric: a\n    " + wrong + rest, "p.yaml")) << wrong;
  }
}

}  // namespace
}  // namespace sluice::model

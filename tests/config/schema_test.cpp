// SPDX-License-Identifier: Apache-2.0
// The schema for editors is made by the reader itself; here it must say what the reader demands.
#include "config/schema.hpp"

#include "config/reader.hpp"
#include "io/files.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace sluice::config {
namespace {

using nlohmann::json;

json property(const json& schema, const std::string& pointer) {
  return schema.at(json::json_pointer(pointer));
}

TEST(Schema, SaysWhatTheReaderDemands) {
  const json schema = json::parse(config::schema());
  EXPECT_EQ(schema.at("additionalProperties"), false);
  EXPECT_EQ(property(schema, "/properties/environments/items/required"), json({"name"}));
  EXPECT_EQ(property(schema, "/properties/render/properties/unstable/enum"),
            json({"fail", "warn", "mask"}));
  EXPECT_EQ(property(schema, "/properties/ignore/items/required"),
            json({"code", "scope", "owner", "reason", "expires"}));
  EXPECT_EQ(property(schema, "/properties/promote/properties/freeze/items/required"),
            json({"from", "to", "reason"}));
  const json& pack = property(schema, "/properties/policies/properties/pack/anyOf");
  EXPECT_EQ(pack.at(0), pack.at(1).at("items")) << "one pack, or a list of them";
}

/// Calls `see` with the name of every key at every depth.
template <class See>
void each_key(const json& schema, const See& see) {
  for (const auto& [name, value] : schema.items()) {
    if (name == "properties") {
      for (const auto& [key, unused] : value.items()) {
        see(key);
      }
    }
    if (value.is_structured()) {
      each_key(value, see);
    }
  }
}

TEST(Schema, HasTheKeysThatThePageDescribes) {
  const auto page = io::read_file(SLUICE_SOURCE_DIR "/docs/sluice-yaml.md", 1U << 20U);
  ASSERT_TRUE(page);
  std::size_t seen = 0;
  each_key(json::parse(config::schema()), [&](const std::string& key) {
    ++seen;
    EXPECT_NE(page->find(key), std::string::npos) << key;
  });
  EXPECT_GE(seen, 60U);
}

TEST(Schema, LeavesNothingOfTheDescriptionBehind) {
  std::string read;
  const std::string schema = schema_of("x", [&read](Reader& reader, const YAML::Node& root) {
    reader.mapping(root, "x", {{"a", [&](const YAML::Node& v) { read += reader.text(v, "a"); }}});
    reader.problem(root, "of a value that is not there");
    EXPECT_TRUE(reader.problems().empty());
  });
  EXPECT_EQ(read, "");
  EXPECT_EQ(json::parse(schema).at("properties").at("a").at("type"), "string");
}

}  // namespace
}  // namespace sluice::config

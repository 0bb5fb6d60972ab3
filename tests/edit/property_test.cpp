// SPDX-License-Identifier: Apache-2.0
// Random documents, random edits. The generator knows where each scalar stands and what the
// document means, so nothing here asks the code under test whether it was right.
#include "base/json_text.hpp"
#include "edit/apply.hpp"
#include "edit/random_yaml.hpp"
#include "edit/values.hpp"
#include "yaml/canonical.hpp"
#include "yaml/parse.hpp"

#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <array>
#include <cstdlib>
#include <string>
#include <string_view>

namespace sluice::edit {
namespace {

std::string meaning_of(const test::RandomYaml& made) {
  std::string json;
  for (const auto& document : made.documents) {
    document->append_json(json);
    json += '\n';
  }
  return json;
}

/// The same from the bytes, by the project's reader of manifests.
std::string meaning_of(const std::string& bytes) {
  const auto stream = yaml::parse(bytes, "r.yaml");
  if (!stream || !stream->findings.empty()) {
    return "unreadable: " + (stream ? stream->findings[0].message : stream.error().message);
  }
  std::string json;
  for (const auto& document : stream->documents) {
    yaml::append_canonical_json(document, document.root(), json);
    json += '\n';
  }
  return json;
}

/// What yaml-cpp, which shares no code with libyaml, finds at the edited place: "string TEXT", or
/// "?" when it cannot read such documents at all.
std::string by_yaml_cpp(const std::string& bytes, const test::WrittenScalar& scalar) try {
  auto node = YAML::LoadAll(bytes).at(scalar.document);
  std::string word;
  std::vector<std::string> words;
  for (const auto& part : scalar.path.substr(1) + '/') {
    if (part == '/') {
      words.push_back(word);
      word.clear();
    } else {
      word += part;
    }
  }
  for (auto& key : words) {
    for (const auto& [from, to] : {std::pair("~1", "/"), std::pair("~0", "~")}) {
      for (auto at = key.find(from); at != std::string::npos; at = key.find(from)) {
        key.replace(at, 2, to);
      }
    }
    node.reset(node.IsSequence() ? node[std::stoul(key)] : node[key]);
  }
  return node.IsScalar() ? "string " + node.Scalar() : "no scalar";
} catch (const YAML::Exception&) {
  return "?";
}

struct Counts {
  int edited = 0, refused = 0, followed = 0, by_other_reader = 0;
};

void check_refused(const test::RandomYaml& made,
                   const Result<std::string>& result,
                   Counts& counts) {
  EXPECT_FALSE(result) << made.text;
  ++counts.refused;
}

/// Everything before and after the scalar's own content is as it was, and the document means what
/// it meant but for this value.
void check_edited(test::RandomYaml& made,
                  test::WrittenScalar& scalar,
                  const std::string& before,
                  const std::string& after,
                  std::string_view value,
                  Counts& counts) {
  ++counts.edited;
  const auto tail = before.size() - scalar.end;
  ASSERT_GE(after.size(), scalar.begin + tail);
  EXPECT_EQ(after.substr(0, scalar.begin), before.substr(0, scalar.begin));
  EXPECT_EQ(after.substr(after.size() - tail), before.substr(scalar.end));
  const auto old = scalar.meaning->json;
  scalar.meaning->json.clear();
  text::append_json_string(value, scalar.meaning->json);
  EXPECT_EQ(meaning_of(after), meaning_of(made)) << before << "\n=>\n" << after;
  scalar.meaning->json = old;
  if (by_yaml_cpp(before, scalar) != "?") {
    const auto found = by_yaml_cpp(after, scalar);
    EXPECT_TRUE(found == "?" || found == "string " + std::string(value))
        << found << " instead of " << value << "\n"
        << after;
    counts.by_other_reader += found == "?" ? 0 : 1;
  }
}

void try_one(std::uint64_t seed, Counts& counts) {
  auto made = test::make_random_yaml(seed);
  if (made.scalars.empty()) {
    return;
  }
  const auto before = made.text;
  ASSERT_EQ(meaning_of(before), meaning_of(made)) << "the generator is wrong\n" << before;
  auto& scalar = made.scalars[(seed * 7919) % made.scalars.size()];
  const auto value = values[(seed / 3) % values.size()];
  const auto place = locate(before, "r.yaml", scalar.document, scalar.path);
  if (scalar.form == test::WrittenScalar::Form::alias) {
    EXPECT_FALSE(place) << before;
    ++counts.refused;
    return;
  }
  ASSERT_TRUE(place) << place.error().message << "\n" << before;
  Change change{*place, std::string(value)};
  if (scalar.form == test::WrittenScalar::Form::block) {
    return check_refused(made, apply(before, "r.yaml", std::array{change}), counts);
  }
  EXPECT_EQ(place->begin, scalar.begin) << before;
  EXPECT_EQ(place->end, scalar.end) << before;
  if (scalar.shared) {
    check_refused(made, apply(before, "r.yaml", std::array{change}), counts);
    change.aliases = Aliases::follow;
    ++counts.followed;
  }
  const auto result = apply(before, "r.yaml", std::array{change});
  ASSERT_TRUE(result) << result.error().message << "\nto " << value << " at " << scalar.path << "\n"
                      << before;
  check_edited(made, scalar, before, *result, value, counts);
}

TEST(EditProperty, RandomDocumentsKeepAllOtherBytes) {
  const auto* asked = std::getenv("SLUICE_PROPERTY_CASES");
  const std::uint64_t cases = asked != nullptr ? std::strtoull(asked, nullptr, 10) : 5000;
  Counts counts;
  for (std::uint64_t seed = 1; seed <= cases; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    try_one(seed, counts);
    if (HasFailure()) {
      break;
    }
  }
  RecordProperty("edited", counts.edited);
  RecordProperty("refused", counts.refused);
  RecordProperty("followed", counts.followed);
  RecordProperty("by_other_reader", counts.by_other_reader);
  EXPECT_GT(counts.edited, static_cast<int>(cases / 2));
  EXPECT_GT(counts.refused, static_cast<int>(cases / 50));
  EXPECT_GT(counts.followed, 0);
}

}  // namespace
}  // namespace sluice::edit

// SPDX-License-Identifier: Apache-2.0
// fixtures/edit/matrix.txt: each place with each of these values.
#include "edit/apply.hpp"
#include "edit/values.hpp"
#include "support/edit_cases.hpp"
#include "yaml/parse.hpp"

#include <gtest/gtest.h>

#include <array>
#include <set>
#include <string>

namespace sluice::edit {
namespace {

struct Where {
  std::uint32_t document = 0;
  std::string path, inner;
};

Where read_where(std::string text) {
  Where where;
  if (const auto colon = text.find(':'); colon == 1) {
    where.document = static_cast<std::uint32_t>(text[0] - '0');
    text.erase(0, 2);
  }
  if (const auto mark = text.find('!'); mark != std::string::npos) {
    where.inner = text.substr(mark + 1);
    text.resize(mark);
  }
  where.path = text;
  return where;
}

/// What the edit wrote in place of "@", when everything else is as the case says.
std::optional<std::string> written(const std::string& after, const std::string& result) {
  const auto at = after.find('@');
  const auto head = after.substr(0, at);
  const auto tail = after.substr(at + 1);
  return result.size() >= head.size() + tail.size() && result.starts_with(head) &&
                 result.ends_with(tail)
             ? std::optional(result.substr(head.size(), result.size() - head.size() - tail.size()))
             : std::nullopt;
}

/// The spellings that a value may have, whichever the style was.
std::set<std::string> spellings(const std::string& value) {
  std::string single = "'";
  std::string escaped = "\"";
  for (const char c : value) {
    single += c == '\'' ? "''" : std::string(1, c);
    escaped += c == '"' || c == '\\' ? "\\" + std::string(1, c) : std::string(1, c);
  }
  return {value, single + '\'', escaped + '"'};
}

void check(const test::EditCase& test, const Where& where, const std::string& value) {
  const auto& file = test.files.front();
  const auto place = locate(file.before, file.path, where.document, where.path, where.inner);
  ASSERT_TRUE(place) << place.error().message;
  const auto result = apply(file.before, file.path, std::array{Change{*place, value}});
  ASSERT_TRUE(result) << result.error().message;
  const auto piece = written(file.after, *result);
  ASSERT_TRUE(piece) << *result;
  EXPECT_TRUE(spellings(value).contains(*piece)) << *piece;
  const auto again = locate(*result, file.path, where.document, where.path, where.inner);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->value, value);
  EXPECT_EQ(again->kind, yaml::Kind::string);
}

TEST(EditMatrix, EveryPlaceWithEveryValue) {
  int edits = 0;
  for (const auto& test : test::edit_cases("matrix")) {
    for (const auto value : values) {
      SCOPED_TRACE(test.name + ": " + std::string(value));
      check(test, read_where(test.one("set")), std::string(value));
      ++edits;
    }
  }
  EXPECT_GE(edits, 2000);
  RecordProperty("edits", edits);
}

TEST(EditMatrix, QuotesOnlyWhatNeedsThem) {
  const std::string file = "tag: v1\n";
  const auto place = locate(file, "v.yaml", 0, "/tag");
  ASSERT_TRUE(place);
  for (const auto* value :
       {"v2", "1.4.3", "1.4.3-rc.1", "abc1234", "a_b", "sha-0f1e", "a:b", "ghcr.io/a/b:2",
        "main-0f1e2d3", "2024.01.02", "1.2.3_4", "x@sha256:0"}) {
    EXPECT_EQ(*apply(file, "v.yaml", std::array{Change{*place, value}}),
              "tag: " + std::string(value) + "\n");
  }
  for (const auto* value : {"1.10", "1e5", "0123", "null", "on", "12345678", "0x1F", "2024-01-02",
                            "1:30", "1_000", ".5", "true", "1e10234", "0o7", "y", "N"}) {
    EXPECT_EQ(*apply(file, "v.yaml", std::array{Change{*place, value}}),
              "tag: \"" + std::string(value) + "\"\n");
  }
}

TEST(EditMatrix, RefusesWhatIsNoLineOfText) {
  const std::string file = "tag: v1\n";
  const auto place = locate(file, "v.yaml", 0, "/tag");
  ASSERT_TRUE(place);
  for (const auto& value : {std::string("a\nb"), std::string("a\r"), std::string("a\0b", 3),
                            std::string("\xff"), std::string("\x1b[31m"),
                            std::string("a\xE2\x80\xA8"
                                        "b"),
                            std::string("\xE2\x80\xAE"), std::string("\xEF\xBB\xBF"),
                            std::string("\xC2\x85"), std::string(5000, 'a')}) {
    EXPECT_FALSE(apply(file, "v.yaml", std::array{Change{*place, value}})) << value.size();
  }
}

TEST(EditMatrix, RefusesWhatMovedSince) {
  const auto place = locate("tag: v1\n", "v.yaml", 0, "/tag");
  ASSERT_TRUE(place);
  const auto result = apply("tag: v3\n", "v.yaml", std::array{Change{*place, "v2"}});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, Error::Kind::not_found);
  EXPECT_NE(result.error().message.find("no longer \"v1\""), std::string::npos);
  EXPECT_FALSE(apply("tag: v1\n", "other.yaml", std::array{Change{*place, "v2"}}));
}

TEST(EditMatrix, ManyChangesAreOneOrNone) {
  const std::string file = "a: {p: 1, q: \"2\", r: '3'}\nb: ghcr.io/a/b:1@sha256:0\n";
  const auto at = [&](const char* path) { return *locate(file, "v.yaml", 0, path); };
  auto tag = at("/b");
  tag.part = Part{12, 13};
  auto digest = at("/b");
  digest.part = Part{14, 22};
  std::vector<Change> changes{{at("/a/r"), "it's"},
                              {at("/a/p"), "7"},
                              {digest, "sha256:f"},
                              {at("/a/q"), "8"},
                              {tag, "22"}};
  const auto result = apply(file, "v.yaml", changes);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(*result, "a: {p: \"7\", q: \"8\", r: 'it''s'}\nb: ghcr.io/a/b:22@sha256:f\n");
  changes.push_back({at("/a/p"), "9"});
  EXPECT_FALSE(apply(file, "v.yaml", changes));
  changes.back() = {at("/a/p"), "7"};  // the same again is no contradiction
  EXPECT_TRUE(apply(file, "v.yaml", changes));
  tag.part = Part{10, 15};
  changes.push_back({tag, "x"});
  EXPECT_FALSE(apply(file, "v.yaml", changes));
}

}  // namespace
}  // namespace sluice::edit

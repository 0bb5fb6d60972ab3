// SPDX-License-Identifier: Apache-2.0
// The tables of fixtures/edit/ whose names begin with "scalar": changes by place.
#include "edit/apply.hpp"
#include "support/edit_cases.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace sluice::edit {
namespace {

struct Asked {
  std::uint32_t document = 0;
  std::string path, inner, part, to;
};

/// "[INDEX:]POINTER[!INNER][@PART] VALUE".
Asked read_set(const std::string& text) {
  Asked asked;
  const auto space = text.find(' ');
  auto place = text.substr(0, space);
  asked.to = space == std::string::npos ? "" : text.substr(space + 1);
  if (asked.to == "\"\"") {
    asked.to.clear();
  }
  if (const auto colon = place.find(":/"); colon != std::string::npos && place[0] != '/') {
    asked.document = static_cast<std::uint32_t>(std::stoul(place.substr(0, colon)));
    place.erase(0, colon + 1);
  }
  if (const auto at = place.rfind('@'); at != std::string::npos) {
    asked.part = place.substr(at + 1);
    place.resize(at);
  }
  if (const auto mark = place.find('!'); mark != std::string::npos) {
    asked.inner = place.substr(mark + 1);
    place.resize(mark);
  }
  asked.path = place;
  return asked;
}

/// Makes the changes of a case; the bytes, or "refused: " and the reason.
std::string run(const test::EditCase& test) {
  const auto& file = test.files.front();
  std::vector<Change> changes;
  for (const auto& text : test.all("set")) {
    const auto asked = read_set(text);
    auto place = locate(file.before, file.path, asked.document, asked.path, asked.inner);
    if (!place) {
      return "refused: " + place.error().message;
    }
    if (!asked.part.empty()) {
      const auto begin = place->value.find(asked.part);
      EXPECT_NE(begin, std::string::npos) << asked.part;
      place->part = Part{begin, begin + asked.part.size()};
    }
    changes.push_back({*place, asked.to, test.has("follow") ? Aliases::follow : Aliases::refuse});
  }
  const auto result = apply(file.before, file.path, changes);
  return result ? *result : "refused: " + result.error().message;
}

TEST(EditTable, EveryCase) {
  std::size_t cases = 0;
  for (const auto& test : test::edit_cases("scalar")) {
    SCOPED_TRACE(test.table + ": " + test.name);
    ++cases;
    ASSERT_TRUE(test.has("set"));
    const auto result = run(test);
    if (test.has("refuse")) {
      EXPECT_TRUE(result.starts_with("refused: ")) << result;
      EXPECT_NE(result.find(test.one("refuse")), std::string::npos) << result;
    } else {
      EXPECT_EQ(result, test.files.front().after);
      EXPECT_NE(test.files.front().before, test.files.front().after);
    }
  }
  EXPECT_GE(cases, 85U) << "the tables were not found";
  RecordProperty("cases", static_cast<int>(cases));
}

}  // namespace
}  // namespace sluice::edit

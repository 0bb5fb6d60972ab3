// SPDX-License-Identifier: Apache-2.0
// Real repositories (label corpus; skipped without SLUICE_CORPUS): all holders of every file are
// found, planned and changed, each alone; all other bytes stay.
#include "io/files.hpp"
#include "promote/places.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>
#include <string>
#include <vector>

namespace sluice::promote {
namespace {

namespace fs = std::filesystem;

std::vector<File> files_below(const fs::path& root) {
  constexpr std::uintmax_t largest = 300'000;
  std::vector<File> files;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    const auto extension = entry.path().extension();
    if (entry.is_regular_file() && entry.file_size() <= largest &&
        (extension == ".yaml" || extension == ".yml" || extension == ".json")) {
      auto bytes = io::read_file(entry.path().string());
      EXPECT_TRUE(bytes) << entry.path();
      files.push_back({fs::relative(entry.path(), root).generic_string(), *bytes});
    }
  }
  return files;
}

struct Counts {
  int holders = 0, changed = 0, refused = 0;
  std::map<std::string, int> kinds, reasons;
};

/// Outside the places that change, before and after are the same bytes.
void expect_same_elsewhere(const std::string& before,
                           const std::string& after,
                           const std::vector<edit::Change>& changes) {
  std::size_t first = before.size();
  std::size_t last = 0;
  for (const auto& change : changes) {
    first = std::min(first, change.place.begin);
    last = std::max(last, change.place.end);
  }
  EXPECT_EQ(after.substr(0, first), before.substr(0, first));
  EXPECT_TRUE(after.ends_with(before.substr(last)));
  EXPECT_EQ(std::ranges::count(after, '\n'), std::ranges::count(before, '\n'));
}

void try_holder(const Survey& survey, const Holder& holder, Counts& counts) {
  ++counts.holders;
  ++counts.kinds[std::string(text(holder.kind))];
  const bool version = holder.slot(Role::revision) != nullptr;
  const auto wanted =
      parse_wanted(version ? "97.31.13" : "97.31.13@sha256:" + std::string(64, 'e'));
  ASSERT_TRUE(wanted);
  const auto plan = promote::plan(holder, *wanted);
  const auto after =
      plan ? promote::apply(survey, plan->changes) : Result<std::vector<File>>(plan.error());
  if (!after) {
    ++counts.refused;
    const auto& message = after.error().message;
    ++counts.reasons[message.substr(message.rfind(": ") + 2)];
    return;
  }
  ++counts.changed;
  ASSERT_EQ(after->size(), 1U) << holder.text();
  const auto& before = *std::ranges::find(survey.files, after->front().path, &File::path);
  expect_same_elsewhere(before.bytes, after->front().bytes, plan->changes);
}

TEST(PlacesCorpus, EveryHolderOfRealFiles) {
  const char* named = std::getenv("SLUICE_CORPUS");
  if (named == nullptr) {
    GTEST_SKIP() << "skipped: SLUICE_CORPUS names no corpus";
  }
  Counts counts;
  for (const auto* folder : {"manifests", "charts", "repos"}) {
    if (!fs::is_directory(fs::path(named) / folder)) {
      continue;
    }
    const auto survey = promote::survey(files_below(fs::path(named) / folder));
    ASSERT_TRUE(survey) << survey.error().message;
    for (const auto& holder : survey->holders) {
      SCOPED_TRACE(holder.text());
      try_holder(*survey, holder, counts);
    }
  }
  for (const auto& [kind, count] : counts.kinds) {
    std::cout << count << ' ' << kind << '\n';
  }
  for (const auto& [reason, count] : counts.reasons) {
    std::cout << count << " refused: " << reason.substr(0, 120) << '\n';
  }
  RecordProperty("holders", counts.holders);
  RecordProperty("changed", counts.changed);
  RecordProperty("refused", counts.refused);
  EXPECT_GT(counts.changed, 50);
  EXPECT_GT(counts.changed, counts.refused);
}

}  // namespace
}  // namespace sluice::promote

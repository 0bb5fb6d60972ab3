// SPDX-License-Identifier: Apache-2.0
// Real files (label corpus; skipped without SLUICE_CORPUS): scalars of every YAML file are changed,
// and each edit keeps all other bytes or is refused with a reason.
#include "edit/apply.hpp"
#include "edit/tree.hpp"
#include "edit/values.hpp"
#include "io/files.hpp"
#include "yaml/canonical.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace sluice::edit {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> yaml_files(const fs::path& root) {
  constexpr std::uintmax_t largest = 300'000;  // the time goes into many files, not into big ones
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    const auto extension = entry.path().extension();
    if (entry.is_regular_file() && entry.file_size() <= largest &&
        (extension == ".yaml" || extension == ".yml" || extension == ".json")) {
      files.push_back(entry.path());
    }
  }
  std::ranges::sort(files);
  return files;
}

struct Counts {
  int files = 0, unread = 0, edited = 0, refused = 0;
  std::map<std::string, int> reasons;
};

/// The reason without its place and words from the file.
std::string kind_of(const std::string& message) {
  for (const auto* known : {"block scalar", "several lines", "through an alias", "would break",
                            "not be read as text", "contradict", "folded"}) {
    if (message.find(known) != std::string::npos) {
      return known;
    }
  }
  return message;
}

void try_one(const std::string& bytes,
             const std::string& file,
             const Place& place,
             std::string_view value,
             Counts& counts) {
  const auto result = apply(bytes, file, std::array{Change{place, std::string(value)}});
  if (!result) {
    ++counts.refused;
    ++counts.reasons[kind_of(result.error().message)];
    return;
  }
  ++counts.edited;
  ASSERT_TRUE(result->starts_with(bytes.substr(0, place.begin))) << place.text();
  ASSERT_TRUE(result->ends_with(bytes.substr(place.end))) << place.text();
  const auto again = locate(*result, file, place.document, place.path);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->value, value);
  EXPECT_EQ(again->kind, yaml::Kind::string);
  EXPECT_EQ(std::ranges::count(*result, '\n'), std::ranges::count(bytes, '\n'));
}

void try_file(const std::string& bytes, const std::string& file, Counts& counts) {
  const auto tree = Tree::read(bytes, file);
  if (!tree || tree->documents().empty()) {
    ++counts.unread;
    return;
  }
  ++counts.files;
  constexpr std::size_t each = 6;
  for (std::size_t d = 0; d < std::min<std::size_t>(tree->documents().size(), 4); ++d) {
    const auto& document = tree->documents()[d];
    const auto steps = all_nodes(document);
    const auto stride = std::max<std::size_t>(1, steps.size() / each);
    for (std::size_t i = 0; i < steps.size(); i += stride) {
      const auto& node = *steps[i].node;
      if (!node.is_scalar() || node.by_alias) {
        continue;
      }
      const auto value = values[(i + bytes.size()) % values.size()];
      try_one(bytes, file,
              place_of(document, static_cast<std::uint32_t>(d), node, path_of(steps, i)), value,
              counts);
    }
  }
}

TEST(EditCorpus, RealFilesKeepAllOtherBytes) {
  const char* named = std::getenv("SLUICE_CORPUS");
  if (named == nullptr) {
    GTEST_SKIP() << "skipped: SLUICE_CORPUS names no corpus";
  }
  Counts counts;
  for (const auto& path : yaml_files(named)) {
    const auto bytes = io::read_file(path.string());
    ASSERT_TRUE(bytes) << path;
    try_file(*bytes, path.filename().string(), counts);
    ASSERT_FALSE(HasFailure()) << path;
  }
  RecordProperty("files", counts.files);
  RecordProperty("unread", counts.unread);
  RecordProperty("edited", counts.edited);
  RecordProperty("refused", counts.refused);
  for (const auto& [reason, count] : counts.reasons) {
    std::cout << count << " refused: " << reason.substr(0, 160) << '\n';
  }
  EXPECT_GT(counts.files, 100);
  EXPECT_GT(counts.edited, counts.refused);
}

}  // namespace
}  // namespace sluice::edit

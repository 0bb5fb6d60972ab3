// SPDX-License-Identifier: Apache-2.0
// Keeps the promises that ARCHITECTURE.md and CONTRIBUTING.md make about the source tree itself.
#include "diag/catalogue.hpp"
#include "support/program.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace sluice::test {
namespace {

namespace fs = std::filesystem;

const fs::path root = SLUICE_SOURCE_DIR;

struct SourceFile {
  std::string path;  ///< relative to the root: "src/diag/text.cpp"
  std::vector<std::string> lines;
};

/// All .cpp and .hpp files below the given folders of the root, sorted.
std::vector<SourceFile> sources(std::initializer_list<const char*> folders) {
  std::vector<SourceFile> files;
  for (const char* folder : folders) {
    if (!fs::is_directory(root / folder)) {
      continue;
    }
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      if (entry.path().extension() != ".cpp" && entry.path().extension() != ".hpp") {
        continue;
      }
      SourceFile file{.path = fs::relative(entry.path(), root).generic_string(), .lines = {}};
      std::istringstream in(read_file(entry.path()));
      for (std::string line; std::getline(in, line);) {
        file.lines.push_back(line);
      }
      files.push_back(std::move(file));
    }
  }
  std::ranges::sort(files, {}, &SourceFile::path);
  return files;
}

using Layers = std::map<std::string, std::set<std::string>>;

Layers read_layers() {
  Layers layers;
  std::istringstream in(read_file(root / "src/layers.txt"));
  for (std::string line; std::getline(in, line);) {
    const auto colon = line.find(':');
    if (line.starts_with('#') || colon == std::string::npos) {
      continue;
    }
    const auto folder = line.substr(0, colon);
    layers[folder].insert(folder);
    std::istringstream words(line.substr(colon + 1));
    for (std::string word; words >> word;) {
      layers[folder].insert(word);
    }
  }
  return layers;
}

/// The second word of "src/diag/text.cpp".
std::string folder_of(const std::string& path) {
  const auto begin = path.find('/') + 1;
  return path.substr(begin, path.find('/', begin) - begin);
}

TEST(Repo, IncludesFollowTheLayers) {
  const Layers layers = read_layers();
  constexpr std::string_view start = "#include \"";
  for (const SourceFile& file : sources({"src", "tools"})) {
    const std::string folder = folder_of(file.path);
    const bool is_tool = file.path.starts_with("tools/");
    ASSERT_TRUE(is_tool || layers.contains(folder)) << folder << " is missing in src/layers.txt";
    for (const std::string& line : file.lines) {
      const auto slash = line.find('/');
      if (!line.starts_with(start) || slash == std::string::npos) {
        continue;  // generated headers ("version.hpp") have no folder
      }
      const std::string included = line.substr(start.size(), slash - start.size());
      if (is_tool) {
        EXPECT_TRUE(included == folder || layers.contains(included)) << file.path << ": " << line;
      } else {
        EXPECT_TRUE(layers.at(folder).contains(included)) << file.path << ": " << line;
      }
    }
  }
}

TEST(Repo, LayersPointUp) {
  std::set<std::string> above;
  std::istringstream in(read_file(root / "src/layers.txt"));
  const Layers layers = read_layers();
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with('#') || line.find(':') == std::string::npos) {
      continue;
    }
    const std::string folder = line.substr(0, line.find(':'));
    above.insert(folder);
    for (const std::string& used : layers.at(folder)) {
      EXPECT_TRUE(above.contains(used)) << folder << " uses " << used << ", which stands below it";
    }
  }
}

/// Which folder of src/ may see which package.
TEST(Repo, PackagesStayBehindTheirBorder) {
  const std::map<std::string, std::set<std::string>> borders = {
      {"git2", {"git"}},
      {"boost/", {"proc"}},
      {"yaml.h", {"yaml"}},
      {"CLI/", {"cli"}},
      {"spdlog/", {"cli"}},
      {"yaml-cpp/", {"config"}},
      {"nettle/", {"base", "policy"}},
      {"curl/", {"http"}},
      {"zlib.h", {"policy"}},
  };
  constexpr std::string_view start = "#include <";
  for (const SourceFile& file : sources({"src", "tools"})) {
    for (const std::string& line : file.lines) {
      for (const auto& [package, folders] : borders) {
        if (line.starts_with(start) && line.substr(start.size()).starts_with(package)) {
          EXPECT_TRUE(file.path.starts_with("src/") && folders.contains(folder_of(file.path)))
              << file.path << ": " << line;
        }
      }
    }
  }
}

TEST(Repo, FilesStaySmall) {
  constexpr std::size_t limit = 400;
  for (const SourceFile& file : sources({"src", "tools"})) {
    const bool table = file.path == "src/diag/catalogue.cpp";  // a row for each code, and no more
    EXPECT_TRUE(table || file.lines.size() <= limit) << file.path << " " << file.lines.size();
  }
}

TEST(Repo, EveryFileSaysItsLicence) {
  for (const SourceFile& file : sources({"src", "tools", "tests"})) {
    ASSERT_FALSE(file.lines.empty()) << file.path;
    EXPECT_EQ(file.lines[0], "// SPDX-License-Identifier: Apache-2.0") << file.path;
    if (file.path.ends_with(".hpp")) {
      EXPECT_NE(std::ranges::find(file.lines, "#pragma once"), file.lines.end()) << file.path;
    }
  }
}

TEST(Repo, NothingIsLeftToDoWithoutAnIssue) {
  const std::regex left("\\b(TODO|FIXME|XXX)\\b");
  const std::regex with_issue("\\b(TODO|FIXME|XXX)\\(#[0-9]+\\)");
  for (const SourceFile& file : sources({"src", "tools"})) {
    for (const std::string& line : file.lines) {
      EXPECT_TRUE(!std::regex_search(line, left) || std::regex_search(line, with_issue))
          << file.path << ": " << line;
    }
  }
}

/// Every string literal of src/ and tools/ that has the form of a code, with a file that has it.
std::map<std::string, std::string> codes_used() {
  std::set<std::string> areas;
  for (const diag::CatalogueRow& row : diag::catalogue()) {
    areas.emplace(row.code.substr(0, row.code.find('/')));
  }
  // Not "policy/v1", which is an API version.
  const std::regex literal("\"([a-z]+)/(?!v[0-9])([a-z0-9-]+)\"");
  std::map<std::string, std::string> used;
  for (const SourceFile& file : sources({"src", "tools"})) {
    if (file.path == "src/diag/catalogue.cpp") {
      continue;
    }
    for (const std::string& line : file.lines) {
      if (line.starts_with("//") || line.find('/') == std::string::npos ||
          line.find(".path = \"") != std::string::npos) {  // "model/runtime" of a manifest
        continue;
      }
      for (std::sregex_iterator match(line.begin(), line.end(), literal), end; match != end;
           ++match) {
        if (areas.contains((*match)[1])) {
          used.emplace((*match)[1].str() + '/' + (*match)[2].str(), file.path);
        }
      }
    }
  }
  return used;
}

/// docs/findings.md, from the catalogue.
std::string findings_page() {
  std::string page =
      "# Findings\n\nAll codes, from `src/diag/catalogue.cpp`; `--explain CODE` of every tool says "
      "the "
      "same. Codes are never\nrenamed or reused.\n";
  std::string area;
  for (const diag::CatalogueRow& row : diag::catalogue()) {
    const std::string code(row.code);
    if (code.substr(0, code.find('/')) != area) {
      area = code.substr(0, code.find('/'));
      page += "\n## " + area + "\n";
    }
    page += "\n### " + code + "\n" + std::string(row.title) + " (" +
            std::string(name(row.severity)) + ").\n" + std::string(row.why) + ".\n**Fix:** " +
            std::string(row.fix) + ".\n";
  }
  return page;
}

TEST(Repo, TheFindingsPageIsFresh) {
  const fs::path page = root / "docs/findings.md";
  if (std::getenv("SLUICE_UPDATE") != nullptr) {
    std::ofstream(page, std::ios::binary) << findings_page();
  }
  EXPECT_EQ(read_file(page), findings_page())
      << "run SLUICE_UPDATE=1 build/<preset>/tests/repo_test";
}

TEST(Repo, EveryCodeIsInTheCatalogue) {
  for (const auto& [code, path] : codes_used()) {
    EXPECT_NE(diag::find(code), nullptr) << code << " of " << path;
  }
}

TEST(Repo, EveryRowOfTheCatalogueIsUsedAndShown) {
  for (const char* tool : {"render", "validate", "policy-test", "cost-proxy", "report"}) {
    if (!fs::is_directory(root / "tools" / tool)) {
      GTEST_SKIP() << "tools/" << tool << " is not there yet";
    }
  }
  const auto used = codes_used();
  std::string shown;
  for (const char* folder : {"tests", "fixtures"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      if (entry.is_regular_file() && entry.file_size() < 1'000'000) {
        shown += read_file(entry.path());
      }
    }
  }
  for (const diag::CatalogueRow& row : diag::catalogue()) {
    EXPECT_TRUE(used.contains(std::string(row.code))) << row.code << " is given by nobody";
    EXPECT_NE(shown.find(row.code), std::string::npos) << row.code << " has no test and no fixture";
  }
}

}  // namespace
}  // namespace sluice::test

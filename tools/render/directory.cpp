// SPDX-License-Identifier: Apache-2.0
#include "render/directory.hpp"

#include "base/text.hpp"
#include "render/model.hpp"

#include <algorithm>

namespace sluice::render {
namespace {

bool has_manifest_name(std::string_view path) {
  constexpr std::string_view ends[] = {".yaml", ".yml", ".json", ".jsonnet"};
  return std::any_of(std::begin(ends), std::end(ends),
                     [&](auto end) { return path.ends_with(end); });
}

/// Go's filepath.Walk compares names of one folder, so "a/x" comes before "a-b": '/' sorts below
/// everything.
bool walks_before(std::string_view a, std::string_view b) {
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    const auto rank = [](char c) {
      return c == '/' ? 0 : static_cast<int>(static_cast<unsigned char>(c)) + 1;
    };
    return rank(x) < rank(y);
  });
}

}  // namespace

std::vector<std::string> directory_files(const delivery::Repository& repository,
                                         const delivery::DirectorySource& source) {
  if (repository.has_file(source.path)) {
    return {source.path};
  }
  const std::string prefix = source.path == "." ? "" : source.path + "/";
  std::vector<std::string> files;
  for (auto at = std::lower_bound(repository.files.begin(), repository.files.end(), prefix);
       at != repository.files.end() && at->starts_with(prefix); ++at) {
    const std::string_view rest = std::string_view(*at).substr(prefix.size());
    const bool below = rest.find('/') != std::string_view::npos;
    const bool included = source.include.empty() || text::glob_match(source.include, rest);
    const bool excluded = !source.exclude.empty() && text::glob_match(source.exclude, rest);
    if (has_manifest_name(rest) && (source.recurse || !below) && included && !excluded) {
      files.push_back(*at);
    }
  }
  std::sort(files.begin(), files.end(), walks_before);
  return files;
}

}  // namespace sluice::render

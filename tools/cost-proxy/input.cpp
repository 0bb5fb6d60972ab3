// SPDX-License-Identifier: Apache-2.0
#include "cost-proxy/input.hpp"

#include "base/text.hpp"
#include "io/files.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace sluice::cost_proxy {
namespace {

bool is_manifest(std::string_view path) {
  constexpr std::array<std::string_view, 3> endings{".yaml", ".yml", ".json"};
  return std::ranges::any_of(endings, [&](auto ending) { return path.ends_with(ending); });
}

Result<std::vector<std::string>> files_of(const std::string& path) {
  if (path == "-" || io::kind_of(path) != io::EntryKind::directory) {
    return std::vector<std::string>{path};
  }
  std::vector<io::Entry> entries;
  SLUICE_TRY_ASSIGN(entries, io::walk(path, [](std::string_view folder) {
                      return folder != ".git" && !folder.ends_with("/.git");
                    }));
  std::vector<std::string> files;
  for (const auto& entry : entries) {
    if (entry.kind == io::EntryKind::file && is_manifest(entry.path)) {
      files.push_back(path + (path.ends_with('/') ? "" : "/") + entry.path);
    }
  }
  return files;
}

Status add_file(const std::string& file, unsigned jobs, Side& side) {
  std::string bytes;
  SLUICE_TRY_ASSIGN(bytes, file == "-" ? io::read_stdin() : io::read_file(file));
  yaml::Stream stream;
  SLUICE_TRY_ASSIGN(stream,
                    yaml::parse(std::move(bytes), file == "-" ? "<stdin>" : file, {}, jobs));
  side.rendered = side.rendered && stream.from_render;
  side.skipped += stream.skipped;
  std::ranges::move(stream.findings, std::back_inserter(side.findings));
  side.streams.push_back(std::move(stream));
  return ok;
}

}  // namespace

Result<Side> read_side(const std::vector<std::string>& paths, unsigned jobs) {
  Side side;
  side.rendered = true;
  for (const auto& path : paths) {
    std::vector<std::string> files;
    SLUICE_TRY_ASSIGN(files, files_of(path));
    side.rendered = side.rendered && !files.empty();
    for (const auto& file : files) {
      SLUICE_TRY(add_file(file, jobs, side));
    }
  }
  for (const auto& stream : side.streams) {
    std::ranges::move(k8s::resources(stream, side.findings), std::back_inserter(side.resources));
  }
  return side;
}

}  // namespace sluice::cost_proxy

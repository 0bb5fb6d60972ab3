// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "io/files.hpp"
#include "kustomize/build.hpp"

#include <algorithm>

namespace sluice::kustomize {

Result<std::vector<std::string>> generated_resources(const io::Snapshot& files,
                                                     const std::string& folder) {
  if (auto real = files.resolve(folder); !real) {
    return real.error();
  }
  io::Snapshot::Entries entries;
  SLUICE_TRY_ASSIGN(entries, files.walk(folder));
  std::vector<std::string> resources;
  std::string taken;  // the folder with a kustomization that we are in
  for (const auto& entry : *entries) {
    if (!taken.empty() && entry.path.starts_with(taken + "/")) {
      continue;
    }
    const std::string path = folder == "." ? entry.path : folder + "/" + entry.path;
    if (entry.kind == io::EntryKind::directory) {
      if (!kustomization_file(files, path).empty()) {
        resources.push_back(entry.path);
        taken = entry.path;
      }
      continue;
    }
    if (!entry.path.ends_with(".yaml") && !entry.path.ends_with(".yml")) {
      continue;
    }
    if (entry.kind == io::EntryKind::symlink && !files.resolve(path)) {
      return Error{Error::Kind::usage,
                   "the link " + text::printable(path) + " leads out of the repository"};
    }
    resources.push_back(entry.path);
  }
  return resources;
}

}  // namespace sluice::kustomize

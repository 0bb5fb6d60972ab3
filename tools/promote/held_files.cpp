// SPDX-License-Identifier: Apache-2.0
#include "promote/held_files.hpp"

#include "promote/hold.hpp"

#include <algorithm>

namespace sluice::promote {

namespace {

/// Puts a file's new bytes into the evaluation, over those that it may have there already.
void put(Evaluation& evaluation, const std::string& path, std::string before, std::string after) {
  const auto known = std::ranges::find(evaluation.after, path, &File::path);
  if (known != evaluation.after.end()) {
    known->bytes = std::move(after);
    return;
  }
  evaluation.before.push_back({.path = path, .bytes = std::move(before)});
  evaluation.after.push_back({.path = path, .bytes = std::move(after)});
}

/// A file as the evaluation leaves it.
Result<std::optional<std::string>> current(Tree& tree,
                                           const std::string& path,
                                           const Evaluation& evaluation) {
  const auto known = std::ranges::find(evaluation.after, path, &File::path);
  return known != evaluation.after.end() ? std::optional(known->bytes) : tree.read(path);
}

}  // namespace

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? std::string() : path.substr(0, slash);
}

Result<std::vector<std::string>> owned_files(Tree& tree,
                                             const Environments& environments,
                                             std::string_view environment) {
  std::vector<std::string> paths;
  SLUICE_TRY_ASSIGN(paths, tree.list(environments.globs(environment)));
  std::erase_if(paths, [&](const std::string& path) {
    return !may_hold_values(path) || !environments.owns(environment, path);
  });
  return paths;
}

std::string common_folder(const std::vector<std::string>& paths) {
  if (paths.empty()) {
    return {};
  }
  std::string folder = folder_of(paths.front());
  for (const std::string& path : paths) {
    while (!folder.empty() && !path.starts_with(folder + '/')) {
      folder = folder_of(folder);
    }
  }
  return folder;
}

Status add_hold(Tree& tree,
                const std::string& folder,
                const std::string& name,
                const std::string& reason,
                Evaluation& evaluation) {
  const std::string path =
      folder.empty() ? std::string(hold_file) : folder + '/' + std::string(hold_file);
  std::optional<std::string> before;
  SLUICE_TRY_ASSIGN(before, current(tree, path, evaluation));
  const auto known = before ? find_hold(*before, name) : std::nullopt;
  if (known && known->name == name && known->reason == reason) {
    return ok;
  }
  put(evaluation, path, before.value_or(std::string()),
      with_hold(before.value_or(std::string()), name, reason));
  return ok;
}

Status drop_hold(Tree& tree,
                 const std::vector<std::string>& files,
                 const std::string& name,
                 Evaluation& evaluation) {
  for (const std::string& path : files) {
    std::optional<std::string> before;
    SLUICE_TRY_ASSIGN(before, current(tree, path, evaluation));
    if (auto after = before ? without_hold(*before, name) : std::nullopt) {
      put(evaluation, path, std::move(*before), std::move(*after));
    }
  }
  return ok;
}

}  // namespace sluice::promote

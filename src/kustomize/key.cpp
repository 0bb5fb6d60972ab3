// SPDX-License-Identifier: Apache-2.0
#include "io/files.hpp"
#include "kustomize/build.hpp"

namespace sluice::kustomize {
namespace {

bool add_file(const io::Snapshot& files, const std::string& file, cache::Key& key) {
  if (files.kind(file) != io::EntryKind::file) {
    key.add_file(file,
                 std::nullopt);  // a folder, or a link that leads nowhere: kustomize refuses it
    return true;
  }
  const auto digest = files.digest(file);
  if (digest) {
    key.add_file(file, *digest);
  }
  return digest.has_value();
}

}  // namespace

std::optional<Digest> key_of(const Settings& settings,
                             const delivery::KustomizeSource& source,
                             const Closure& closure) {
  if (settings.store == nullptr) {
    return std::nullopt;
  }
  cache::Key key("kustomize build 2");
  key.add(pinned_version).add(settings.program).add(source.path).add(source.edits);
  key.add(source.generate_if_absent ? "generate" : "as it is");
  const auto files = io::snapshot_of(settings.files, settings.root);
  for (const auto& folder : closure.folders) {
    const auto entries = files->walk(folder);
    if (!entries) {
      return std::nullopt;
    }
    for (const auto& entry : **entries) {
      if (!add_file(*files, folder == "." ? entry.path : folder + "/" + entry.path, key)) {
        return std::nullopt;
      }
    }
  }
  return key.finish();
}

}  // namespace sluice::kustomize

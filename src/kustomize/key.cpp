// SPDX-License-Identifier: Apache-2.0
#include "io/files.hpp"
#include "kustomize/build.hpp"

namespace sluice::kustomize {
namespace {

bool add_file(const Settings& settings, const std::string& file, cache::Key& key) {
  const auto real = io::resolve_inside(settings.root, file);
  if (!real || io::kind_of(*real) != io::EntryKind::file) {
    key.add_file(file,
                 std::nullopt);  // a folder, or a link that leads nowhere: kustomize refuses it
    return true;
  }
  const auto bytes = io::read_file(*real);
  if (bytes) {
    key.add_file(file, sha256(*bytes));
  }
  return bytes.has_value();
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
  for (const auto& folder : closure.folders) {
    const auto entries = io::walk(settings.root + "/" + folder,
                                  [](std::string_view name) { return name != ".git"; });
    if (!entries) {
      return std::nullopt;
    }
    for (const auto& entry : *entries) {
      if (!add_file(settings, folder == "." ? entry.path : folder + "/" + entry.path, key)) {
        return std::nullopt;
      }
    }
  }
  return key.finish();
}

}  // namespace sluice::kustomize

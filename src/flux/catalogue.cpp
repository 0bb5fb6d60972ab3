// SPDX-License-Identifier: Apache-2.0
#include "flux/catalogue.hpp"

#include "io/files.hpp"
#include "k8s/data.hpp"

#include <algorithm>
#include <optional>

namespace sluice::flux {
namespace {

constexpr std::string_view kinds[] = {
    "ConfigMap",     "Secret", "GitRepository",     "HelmRepository",  "HelmChart",
    "OCIRepository", "Bucket", "ArtifactGenerator", "ExternalArtifact"};
constexpr std::uint64_t largest_file = std::uint64_t{1} << 20U;

bool may_be_referenced(const k8s::Resource& resource) {
  const auto group = resource.group();
  const bool known = std::ranges::find(kinds, resource.ref.kind) != std::end(kinds);
  return known && (group.empty() || group.ends_with(".fluxcd.io"));
}

std::optional<Referenced> referenced(const k8s::Resource& resource) {
  Referenced out{.file = {},
                 .spec = {},
                 .data = k8s::text_data(resource),
                 .encrypted = k8s::is_encrypted(resource)};
  if (const auto* spec = resource.document->find(*resource.object, "spec"); spec != nullptr) {
    auto value = yaml::to_value(*resource.document, *spec);
    if (!value) {
      return std::nullopt;
    }
    out.spec = std::move(*value);
  }
  return out;
}

/// "clusters/dev/" stands in the file's path.
bool belongs_to(const std::string& file, const std::string& cluster) {
  const auto folder = "clusters/" + cluster + "/";
  return file.starts_with(folder) || file.find("/" + folder) != std::string::npos;
}

bool is_manifest(const std::string& file) {
  return file.ends_with(".yaml") || file.ends_with(".yml");
}

/// A quick look before the file is parsed.
bool may_hold_one(const std::string& bytes) {
  return std::ranges::any_of(kinds, [&](auto kind) {
    const auto at = bytes.find(kind);
    return at != std::string::npos && bytes.find("kind", 0) != std::string::npos;
  });
}

}  // namespace

void Catalogue::learn(std::span<const k8s::Resource> objects, const std::string& cluster) {
  for (const auto& object : objects) {
    if (!may_be_referenced(object)) {
      continue;
    }
    if (auto one = referenced(object)) {
      const Key key{object.ref.kind, object.ref.name_space, object.ref.name};
      rendered_[{cluster, key}] = std::move(*one);
    }
  }
}

const Referenced* Catalogue::rendered(const std::string& cluster, const Key& key) const {
  const auto found = rendered_.find({cluster, key});
  return found == rendered_.end() ? nullptr : &found->second;
}

const Referenced* Catalogue::written(const std::string& cluster, const Key& key) const {
  const auto [begin, end] = written_.equal_range(key);
  const Referenced* own = nullptr;
  std::size_t owned = 0;
  for (auto at = begin; at != end; ++at) {
    if (!cluster.empty() && belongs_to(at->second.file, cluster)) {
      own = &at->second;
      ++owned;
    }
  }
  if (owned > 0) {
    return owned == 1 ? own : nullptr;
  }
  const bool only = begin != end && std::next(begin) == end;
  // Another cluster's object is nobody's here.
  const bool foreign =
      only && begin->second.file.find("clusters/") != std::string::npos && !cluster.empty();
  return only && !foreign ? &begin->second : nullptr;
}

const Referenced* Catalogue::find(const std::string& cluster,
                                  std::string_view kind,
                                  std::string_view name_space,
                                  std::string_view name) {
  const Key key{kind, name_space, name};
  if (const auto* found = rendered(cluster, key); found != nullptr) {
    return found;
  }
  read_files();
  if (const auto* found = written(cluster, key); found != nullptr) {
    return found;
  }
  // A file that a kustomization puts into its namespace names none itself.
  return written(cluster, Key{kind, "", name});
}

std::vector<const Referenced*> Catalogue::all(const std::string& cluster,
                                              std::string_view kind,
                                              std::string_view name_space) {
  std::vector<const Referenced*> found;
  for (const auto& [key, object] : rendered_) {
    const auto& [of_kind, of_space, name] = key.second;
    if (key.first == cluster && of_kind == kind && of_space == name_space) {
      found.push_back(&object);
    }
  }
  if (!found.empty()) {
    return found;
  }
  read_files();
  for (const auto& [key, one] : written_) {
    const bool here = cluster.empty() || belongs_to(one.file, cluster);
    if (here && std::get<0>(key) == kind && std::get<1>(key) == name_space) {
      found.push_back(&one);
    }
  }
  return found;
}

void Catalogue::read_files() {
  if (std::exchange(files_read_, true)) {
    return;
  }
  for (const auto& file : repository_.files) {
    if (!is_manifest(file)) {
      continue;
    }
    const auto real = io::resolve_inside(repository_.root, file);
    auto bytes = real ? io::read_file(*real, largest_file) : Result<std::string>(real.error());
    if (!bytes || !may_hold_one(*bytes)) {
      continue;
    }
    const auto stream = yaml::parse(std::move(*bytes), file);
    if (!stream) {
      continue;
    }
    std::vector<diag::Finding> ignored;  // who renders the file reports them
    for (const auto& object : k8s::resources(*stream, ignored)) {
      auto one = may_be_referenced(object) ? referenced(object) : std::nullopt;
      if (one) {
        one->file = file;
        written_.emplace(Key{object.ref.kind, object.ref.name_space, object.ref.name},
                         std::move(*one));
      }
    }
  }
}

}  // namespace sluice::flux

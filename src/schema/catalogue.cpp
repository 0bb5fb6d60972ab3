// SPDX-License-Identifier: Apache-2.0
#include "schema/catalogue.hpp"

#include "base/text.hpp"
#include "io/files.hpp"

namespace sluice::schema {
namespace {

constexpr std::uint64_t file_limit = 16U << 20U;  // bytes; the largest known is 2 MB

}  // namespace

const yaml::Document* Catalogue::read(const std::string& path, const std::string& root) const {
  auto [found, added] = files_.try_emplace(path);
  File& file = found->second;
  if (added) {
    file.root = root;
    std::optional<std::string> bytes;
    if (is_url(path)) {
      auto fetched = fetch_ ? fetch_(path) : Result<std::optional<std::string>>(std::nullopt);
      if (!fetched) {
        problems_.insert(fetched.error().message);
      } else {
        bytes = std::move(*fetched);
      }
    } else if (auto on_disk = io::read_file(path, file_limit)) {
      bytes = std::move(*on_disk);
    } else if (on_disk.error().kind != Error::Kind::not_found) {
      problems_.insert(on_disk.error().message);
    }
    if (bytes) {
      auto stream = yaml::parse(std::move(*bytes), path);
      if (stream && stream->documents.size() == 1 && stream->findings.empty()) {
        file.stream = std::move(*stream);
      } else {
        problems_.insert(text::printable(path) + " is no JSON Schema: " +
                         (!stream                     ? stream.error().message
                          : !stream->findings.empty() ? stream->findings.front().message
                                                      : "it has no document, or several"));
      }
    }
  }
  return file.stream ? &file.stream->documents.front() : nullptr;
}

const yaml::Document* Catalogue::find(const GroupVersionKind& name, KubeVersion version) const {
  const std::lock_guard lock(mutex_);
  for (const Location& location : locations_) {
    if (const auto* document = read(location.path(name, version), location.root())) {
      return document;
    }
  }
  return nullptr;
}

LoadedFile Catalogue::load(std::string_view reference, const yaml::Document& from) const {
  const std::lock_guard lock(mutex_);
  const auto base = files_.find(from.source().file());
  if (base == files_.end()) {
    return {};
  }
  const std::string root = base->second.root;
  if (reference.starts_with(root) && (is_url(root) || root.starts_with('/'))) {
    reference.remove_prefix(root.size());
  } else if (is_url(reference) || reference.starts_with('/')) {
    return {};
  } else if (const std::string& path = base->first; path.find('/', root.size()) != path.npos) {
    const std::string folder = path.substr(root.size(), path.rfind('/') + 1 - root.size());
    const auto inside = io::normalise_inside(folder + std::string(reference));
    return inside ? LoadedFile{read(root + *inside, root)} : LoadedFile{};
  }
  const auto inside = io::normalise_inside(reference);
  return inside ? LoadedFile{read(root + *inside, root)} : LoadedFile{};
}

std::vector<std::string> Catalogue::problems() const {
  const std::lock_guard lock(mutex_);
  return {problems_.begin(), problems_.end()};
}

}  // namespace sluice::schema

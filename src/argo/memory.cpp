// SPDX-License-Identifier: Apache-2.0
#include "argo/memory.hpp"

namespace sluice::argo {
namespace {

constexpr std::uint64_t most_bytes = std::uint64_t{16} << 20U;  ///< of a file of parameters

/// All that an expansion may depend on beside the repository: the object's bytes, and the place
/// that findings and units carry.
std::string key_of(const k8s::Resource& object) {
  const auto place = object.document->where(*object.object);
  const auto& span = object.object->span;
  auto key = place.file + ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
  key += '\n';
  key += object.document->source().bytes().substr(span.begin, span.end - span.begin);
  return key;
}

}  // namespace

const Result<yaml::Value>& ParameterFiles::read(const delivery::Repository& repository,
                                                const std::string& path) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = read_.find(path); found != read_.end()) {
      return found->second;
    }
  }
  const auto bytes = io::snapshot_of(repository.snapshot, repository.root)->read(path, most_bytes);
  auto value = bytes ? yaml::parse_value(**bytes, path) : Result<yaml::Value>(bytes.error());
  const std::lock_guard lock(mutex_);
  return read_.emplace(path, std::move(value)).first->second;
}

std::optional<delivery::Expansion> Memory::take(const k8s::Resource& object) {
  const auto key = key_of(object);
  const std::lock_guard lock(mutex_);
  const auto found = kept_.find(key);
  if (found == kept_.end()) {
    return std::nullopt;
  }
  auto expansion = std::move(found->second);
  kept_.erase(found);
  for (auto& finding : expansion.findings) {
    auto here = k8s::finding_at(object, *object.object);
    here.location = std::move(finding.location);
    here.severity = finding.severity;
    here.code = std::move(finding.code);
    here.message = std::move(finding.message);
    here.hint = std::move(finding.hint);
    finding = std::move(here);
  }
  return expansion;
}

void Memory::keep(const k8s::Resource& object, delivery::Expansion expansion) {
  auto key = key_of(object);
  const std::lock_guard lock(mutex_);
  kept_.try_emplace(std::move(key), std::move(expansion));
}

}  // namespace sluice::argo

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "delivery/unit.hpp"
#include "k8s/resource.hpp"
#include "yaml/value.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace sluice::argo {

/// Files of parameters, read and parsed once: ApplicationSets often share them. Safe from several
/// threads.
class ParameterFiles {
 public:
  /// Errors: not_found, io, limit (16 MiB), parse, usage (a link out of the repository).
  const Result<yaml::Value>& read(const delivery::Repository& repository, const std::string& path);

 private:
  std::mutex mutex_;
  std::map<std::string, Result<yaml::Value>> read_;
};

/// What the calls of expand() for one repository share: who looks where a repository begins meets
/// the same objects again when they are rendered. Safe from several threads.
class Memory {
 public:
  ParameterFiles files;

  /// What an equal object at the same place expanded to, with places and provenance of `object`;
  /// nothing when it was not met yet. It is handed out once.
  std::optional<delivery::Expansion> take(const k8s::Resource& object);
  void keep(const k8s::Resource& object, delivery::Expansion expansion);

 private:
  std::mutex mutex_;
  std::map<std::string, delivery::Expansion> kept_;
};

}  // namespace sluice::argo

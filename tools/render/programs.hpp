// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cache/store.hpp"
#include "helm/template.hpp"
#include "kustomize/build.hpp"

#include <mutex>
#include <string>

namespace sluice::render {

/// The helm and kustomize of a run: asked for their versions, and read for their digests, once;
/// with a store not even that, as long as the files stay the same. Safe from several threads.
class Programs {
 public:
  /// `store`: of this machine alone; null when nothing is kept. `settings`: how helm is run.
  Programs(const proc::Runner& runner, const cache::Store* store, const helm::Settings& settings);

  /// The SHA-256 of the program in hexadecimal, empty without a store. Errors: not_found,
  /// unsupported (another version), io.
  [[nodiscard]] const Result<std::string>& helm() const;
  [[nodiscard]] const Result<std::string>& kustomize() const;

 private:
  struct Slot {
    std::once_flag once;
    Result<std::string> digest = std::string();
  };

  const proc::Runner& runner_;
  const cache::Store* store_;
  helm::Settings settings_;
  mutable Slot helm_, kustomize_;
};

}  // namespace sluice::render

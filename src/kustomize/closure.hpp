// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "diag/finding.hpp"
#include "io/snapshot.hpp"

#include <string>
#include <vector>

/// `kustomize build`, with a look at everything that it would read before it starts: kustomize
/// fetches what it takes for an address from the network, and a base may lie anywhere on the disk.
namespace sluice::kustomize {

/// A reference that cannot be followed.
struct Problem {
  enum class Kind : std::uint8_t { remote, outside, missing, cycle, invalid, unsupported };
  Kind kind = Kind::missing;
  std::string message;  ///< printable, one line
  diag::Location at;
};

/// Everything that a build of one folder reads. Paths are relative to the repository root and
/// sorted.
struct Closure {
  std::vector<std::string> folders;         ///< with a kustomization, the first one included
  std::vector<std::string> kustomizations;  ///< their kustomization files
  std::vector<std::string>
      manifests;                    ///< files named as resources: their objects are in the output
  std::vector<std::string> others;  ///< patches, values of generators, configurations
  std::vector<Problem> problems;
};

/// "kustomization.yaml", "kustomization.yml" or "Kustomization" in the folder, relative to the
/// root; empty when there is none.
std::string kustomization_file(const io::Snapshot& files, const std::string& folder);

/// Follows every reference from a folder. Errors: only what stops the tool.
Result<Closure> closure(const io::Snapshot& files, const std::string& folder);

}  // namespace sluice::kustomize

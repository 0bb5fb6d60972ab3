// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "diag/finding.hpp"

#include <optional>
#include <string>
#include <vector>

/// Charts of the repository: what they declare, what lies in charts/, and whether the two agree.
/// Helm itself checks only that a dependency of the right *name* is present; a bumped version, a
/// tampered folder or an undeclared chart passes (all tried).
namespace sluice::helm {

struct Dependency {
  std::string name;
  std::string version;  ///< a constraint in Chart.yaml, a version in Chart.lock
  std::string repository;
  std::string condition;
  std::string alias;
  std::vector<std::string> tags;
  std::string lock_json;  ///< as Go's encoding/json writes Helm's struct; what the digest of
                          ///< Chart.lock is made of
  diag::Location at;

  [[nodiscard]] bool is_file() const { return repository.starts_with("file://"); }
};

struct Lock {
  std::vector<Dependency> dependencies;
  std::string digest;  ///< "sha256:..."
  diag::Location digest_at;
};

/// An entry of charts/: an archive or a folder.
struct Vendored {
  std::string path;  ///< relative to the repository root
  bool packed = false;
  std::string name;
  std::string version;
};

struct Chart {
  std::string folder;  ///< relative to the repository root
  std::string name;
  std::string version;
  std::string api_version;
  std::string type;   ///< "application", "library" or empty
  diag::Location at;  ///< of Chart.yaml's `name`
  std::vector<Dependency> dependencies;
  std::optional<Lock> lock;
  std::vector<Vendored> vendored;
  /// Every file that Helm may read, relative to the repository root, sorted: symbolic links are
  /// followed, inside the repository only.
  std::vector<std::string> files;
  std::vector<diag::Finding> findings;  ///< disagreements, without unit and environment
  /// Dependencies that are neither vendored nor file://, one reason each: the chart cannot be
  /// rendered.
  std::vector<std::string> missing;

  [[nodiscard]] bool has_file_dependencies() const;
};

/// Reads a chart of the repository. `root` is absolute, `folder` relative to it.
/// Errors: not_found (no Chart.yaml); parse (Chart.yaml or an archive cannot be read); usage (a
/// link leaves the repository); limit, unsupported (an archive, see archive.hpp).
Result<Chart> read_chart(const std::string& root, const std::string& folder);

/// Whether charts/, Chart.yaml and Chart.lock agree; fills `findings` and `missing`.
void check_dependencies(Chart& chart);

/// The folder that a file:// dependency names, relative to the repository root. Errors: usage when
/// it leaves the repository.
Result<std::string> dependency_folder(const Chart& chart, const Dependency& dependency);

/// The digest that Chart.lock must carry: SHA-256 of the compact JSON [requirements, locked].
std::string lock_digest(const std::vector<Dependency>& required,
                        const std::vector<Dependency>& locked);

/// Every file below root/folder as Helm walks it (links followed), relative to `root`, sorted.
/// Errors: usage when a link leads out of the repository; limit when there are too many files or
/// links go round.
Result<std::vector<std::string>> list_files(const std::string& root, const std::string& folder);

}  // namespace sluice::helm

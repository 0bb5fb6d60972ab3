// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "cache/store.hpp"
#include "delivery/unit.hpp"
#include "kustomize/closure.hpp"
#include "kustomize/no_effect.hpp"
#include "proc/runner.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::kustomize {

/// The kustomize whose bytes we promise; ci/tools.lock pins the same.
constexpr std::string_view pinned_version = "v5.8.2";

struct Settings {
  std::string root;                           ///< of the repository, absolute, without links
  std::shared_ptr<const io::Snapshot> files;  ///< what the run read of it; null: nothing is kept
  std::string sandbox;                        ///< an empty folder of the run's own
  std::map<std::string, std::string> environment;  ///< all of it
  const cache::Store* store = nullptr;             ///< builds are kept here; null: every build runs
  std::string program;                             ///< digest of the kustomize that runs, for keys
  std::chrono::milliseconds timeout{60'000};
  std::size_t max_output = std::size_t{64} << 20U;
};

/// Whether the kustomize on PATH is the pinned one. Errors: not_found, unsupported; both say what
/// to install.
Status require_kustomize(const proc::Runner& runner, const Settings& settings);

struct Built {
  std::string out;
  std::string failure;   ///< why there is nothing; printable, one line
  bool skip = false;     ///< `failure` is something that the repository does not hold
  bool outside = false;  ///< the failure is a path that leaves the repository
  diag::Location failure_at;
  std::vector<std::string> arguments;  ///< for the index
  Closure closure;
  std::vector<std::string> warnings;  ///< lines of stderr, printable
};

/// The key under which a build is kept: every file in and below its folders, because that is what
/// kustomize's own rules let it read, and the edits. Nothing when a file cannot be read: then
/// nothing is kept.
std::optional<Digest> key_of(const Settings& settings,
                             const delivery::KustomizeSource& source,
                             const Closure& closure);

/// Builds a folder of the repository, with edits in a throw-away copy. Errors: kustomize could not
/// be started.
Result<Built> build(const proc::Runner& runner,
                    const Settings& settings,
                    const delivery::KustomizeSource& source);

/// The entries of the kustomizations behind `built` that change nothing in it. Those of
/// `source.edits` have no place: `at` is empty. Errors: kustomize could not be started, io.
Result<std::vector<NoEffect>> entries_without_effect(const proc::Runner& runner,
                                                     const Settings& settings,
                                                     const delivery::KustomizeSource& source,
                                                     const Built& built);

/// Lays kustomization fields (a JSON object) over rendered objects: Flux's post-renderers.
Result<Built> post_render(const proc::Runner& runner,
                          const Settings& settings,
                          const std::string& objects,
                          const std::string& fields);

/// A kustomization (YAML) with `edits` (a JSON object of its fields) worked in, as `kustomize edit`
/// would: images and replicas by name, maps key by key, lists at their ends, everything else
/// replaced. The result is JSON, which is YAML. Errors (Kind::parse): either is no mapping.
Result<std::string> edited(const std::string& kustomization,
                           const std::string& file,
                           const std::string& edits);

/// The kustomization that Flux makes for a folder without one: every folder below that has one, and
/// every other manifest, in the order of the names. Paths are relative to the folder. Errors: usage
/// when a link leaves the repository.
Result<std::vector<std::string>> generated_resources(const io::Snapshot& files,
                                                     const std::string& folder);

}  // namespace sluice::kustomize

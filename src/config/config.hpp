// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "config/cost.hpp"
#include "config/promote.hpp"
#include "diag/finding.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// sluice.yaml: every key optional, unknown keys are errors with a suggestion
/// (docs/sluice-yaml.md).
namespace sluice::config {

struct Match {
  std::vector<std::string> path, destination, app, name_space;  ///< globs; empty: not asked

  friend bool operator==(const Match&, const Match&) = default;
};

struct Environment {
  std::string name;
  Match match;
  std::string kube_version;  ///< "1.33.0", or empty
  std::vector<std::string> api_versions;
  std::vector<std::string> after;  ///< environments that a promotion must have passed
};

struct IgnoredPath {
  std::string path;  ///< glob
  std::string reason;
  diag::Location at;
};

/// A finding that is lived with, until it expires.
struct Ignore {
  std::string code, scope, owner, reason, expires;  ///< expires: "2027-01-31"
  diag::Location at;
};

/// A removed object that somebody stands for.
struct Removal {
  std::string
      object;  ///< "CustomResourceDefinition/foo.example.com", "PersistentVolumeClaim/ns/name"
  std::string owner, reason, expires;
  diag::Location at;
};

/// Objects that are in the cluster although nothing in the repository delivers them.
struct External {
  std::string object;  ///< "Secret/prod/db-*", "Namespace/istio-system": globs in each part
  std::vector<std::string> environments;  ///< empty: in all of them
  std::string reason;
  diag::Location at;
};

/// Parts of the judge that a change may loosen when the base says so (`mayLoosen`).
inline constexpr std::array<std::string_view, 11> loosening_sections = {
    "baseline", "cost",    "environments", "externals", "gates",   "ignore",
    "policies", "promote", "removals",     "render",    "validate"};

/// A cluster that Argo CD knows, for ApplicationSets that ask it for clusters.
struct Cluster {
  std::string name, server;
  std::map<std::string, std::string> labels, annotations;
};

struct Config {
  std::string file;  ///< as findings name it: "sluice.yaml", or a --config of another name; empty
                     ///< when there is none
  std::vector<std::string> repository_urls;
  std::string kube_version;
  std::vector<std::string> api_versions;
  std::vector<Environment> environments;
  std::vector<Cluster> clusters;
  std::string generator_answers;  ///< file of recorded answers, below the root; empty: none
  std::vector<IgnoredPath> ignored_paths;
  std::string unstable = "warn";  ///< fail | warn | mask
  /// default | camel-case | none, and what a repository opts in to: gpu, network, operations, ...
  std::vector<std::string> packs = {"default"};
  std::vector<std::string> policy_paths;  ///< below the root, normalised
  Cost cost;
  std::vector<std::string> crd_paths;         ///< below the root, normalised
  std::vector<std::string> schema_locations;  ///< as --schema-location takes them
  std::vector<External> externals;
  std::vector<Removal> removals;
  std::vector<Ignore> ignores;
  std::vector<std::string> may_loosen;  ///< of loosening_sections; only the base's counts
  std::optional<std::string> scan_gate,
      model_gate;                  ///< policy files of the gates; set means configured
  std::optional<Promote> promote;  ///< set: promotions are part of this repository's pipeline
};

/// Reads `path` when given, else `root`/sluice.yaml when there, else the defaults.
/// Errors: not_found (a given file is missing), io, parse (all that is wrong with it, with
/// file:line:column, one a line; every tool ends with 2 on it).
Result<Config> load(const std::string& path, const std::string& root);

/// The same for text that was read already, for instance at the base revision; `file` is what
/// messages and findings name. Errors: parse.
Result<Config> parse(std::string text, const std::string& file);

/// The first environment that matches; nullptr when none does. A folder matches "x/**" by itself.
const Environment* match(const Config& config,
                         std::string_view path,
                         std::string_view destination,
                         std::string_view app,
                         std::string_view name_space);

/// Takes out the findings that `ignore:` entries cover, and adds config/expired-ignore and
/// config/unused-ignore; the number of those taken out goes into the report's summary.
///
/// An entry covers a finding of its code whose file, unit or object ("Deployment/prod/web") its
/// scope matches, up to the end (UTC) of the day on which it expires. Only the tool that gives
/// findings of an entry's area says that the entry is expired or unused: set report.tool first.
///
/// `now` is RFC 3339 or a date. Errors (usage): there are entries, and `now` is empty or no time.
Status apply_ignores(const Config& config, std::string_view now, diag::Report& report);

/// The day (UTC) of an RFC 3339 time or a date, as "2027-01-31", so that days compare as words do.
/// Errors (usage): neither of them.
Result<std::string> utc_day(std::string_view time);

}  // namespace sluice::config

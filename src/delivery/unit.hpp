// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "diag/finding.hpp"
#include "io/snapshot.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// What reaches a cluster, before it is rendered. `argo`, `flux` and the layouts of tools/render
/// make these; tools/render runs them with `helm` and `kustomize`. Plain data; paths are relative
/// to the repository root, with '/', already normalised.
namespace sluice::delivery {

struct ValuesFile {
  std::string path;
  bool optional = false;  ///< a missing file is no error (Argo CD's ignoreMissingValueFiles)
  diag::Location named_at;

  friend bool operator==(const ValuesFile&, const ValuesFile&) = default;
};

struct HelmParameter {
  enum class As : std::uint8_t { value, string, file };  ///< --set, --set-string, --set-file
  std::string name;
  std::string value;  ///< as helm reads it after "name=" (commas are escaped already); of a file:
                      ///< its path in the repository
  As as = As::value;

  friend bool operator==(const HelmParameter&, const HelmParameter&) = default;
};

/// `helm template` of a chart in the repository. Precedence: parameters, then values, then
/// values_files (later wins), then the chart.
struct HelmSource {
  std::string chart;  ///< folder
  std::string release;
  std::string name_space;  ///< --namespace, when it is not the unit's (Argo CD's helm.namespace)
  std::vector<ValuesFile> values_files;
  /// Flux's chart.spec.valuesFiles: the files stand in for the chart's own values.yaml instead of
  /// being laid over it.
  bool replaces_values = false;
  std::string values;        ///< inline values, as YAML text; empty when none
  diag::Location values_at;  ///< of the first line of the inline values
  std::vector<HelmParameter> parameters;
  bool skip_crds = false;
  bool skip_tests = false;
  bool skip_hooks = false;  ///< --no-hooks
  bool skip_schema_validation = false;
  /// Flux postRenderers, in order: each a JSON object of kustomization fields (patches, images)
  /// laid over the rendered objects.
  std::vector<std::string> post_renderers;

  friend bool operator==(const HelmSource&, const HelmSource&) = default;
};

/// `kustomize build` of a folder.
struct KustomizeSource {
  std::string path;
  /// A JSON object of kustomization fields to add in a throw-away copy (what `kustomize edit` of
  /// Argo CD or the fields of a Flux Kustomization do); empty when the folder is built as it is.
  /// Texts replace the field; images and replicas replace the entry of the same name; other lists
  /// are appended; mappings are merged, and ours win.
  std::string edits;
  /// Flux: a folder without a kustomization gets one that names all its manifests, recursively.
  bool generate_if_absent = false;

  friend bool operator==(const KustomizeSource&, const KustomizeSource&) = default;
};

/// All manifests of a folder, as they are.
struct DirectorySource {
  std::string path;  ///< folder or one file
  bool recurse = false;
  std::string include;  ///< glob on the file's path below the folder, "{a,b}" allowed; empty is all
  std::string exclude;

  friend bool operator==(const DirectorySource&, const DirectorySource&) = default;
};

/// Flux postBuild: ${var} in the rendered objects.
struct Substitution {
  std::map<std::string, std::string> variables;
  diag::Location at;

  friend bool operator==(const Substitution&, const Substitution&) = default;
};

/// How the agent sends an object to the API server.
enum class Apply : std::uint8_t {
  unknown,      ///< a plain layout: whoever runs kubectl decides
  client_side,  ///< Argo CD's default: the whole object is kept in an annotation, too
  server_side,  ///< Flux; Argo CD with ServerSideApply=true or Replace=true
};

using SourceKind = std::variant<HelmSource, KustomizeSource, DirectorySource>;

struct Unit {
  std::string name;  ///< "iris", "flux-system/apps"; with its environment it is unique
  std::string
      app;  ///< name of the Application, Kustomization or HelmRelease; empty for plain layouts
  std::string destination;  ///< name or address of the cluster; empty when unknown
  std::string name_space;   ///< namespace of the objects that name none; empty: they stay without
  std::string path;  ///< what `environments[].match.path` is compared with: the source's folder, or
                     ///< its values file
  std::string env;   ///< from sluice.yaml or the layout; empty until tools/render fills it in
  diag::Location defined_at;
  SourceKind source;
  std::optional<Substitution> substitute;
  std::string kube_version;               ///< overrides the environment's; empty otherwise
  std::vector<std::string> api_versions;  ///< likewise
  Apply apply = Apply::unknown;
  std::string
      chain;  ///< "root > apps > iris": which object led to which, for messages about cycles

  friend bool operator==(const Unit&, const Unit&) = default;
};

/// Whether two units are the same but for where they are written: what they render to from equal
/// files is equal.
bool same_definition(Unit a, Unit b);

/// Something that delivers objects and that we cannot render, with the reason; exit 2 unless skips
/// are allowed.
struct Unrenderable {
  std::string name;
  std::string env;
  diag::Location defined_at;
  std::string reason;  ///< "chart redis of https://... is not in this repository", printable
  diag::ObjectRef object;
  bool reported = false;  ///< a finding of the same expansion says so already: something is wrong,
                          ///< not just elsewhere
};

/// What one set of objects expands to.
struct Expansion {
  std::vector<Unit> units;
  std::vector<Unrenderable> unrenderable;
  std::vector<diag::Finding> findings;
  /// Files of the repository that were read on the way (values files of generators, parameter
  /// files).
  std::vector<std::string> inputs;
};

/// What an expander may know of the repository.
struct Repository {
  std::string root;                ///< absolute
  std::vector<std::string> files;  ///< tracked files, sorted
  std::vector<std::string> links;  ///< those of them that are symbolic links, sorted
  bool tracked = false;            ///< Git says which files there are; else all that lie there
  std::vector<std::string> urls;   ///< normalised addresses that are this repository
  bool urls_known =
      false;  ///< false: a repoURL whose paths all exist here is taken as ours, with a note
  std::shared_ptr<const io::Snapshot> snapshot;  ///< what the run read of it; null: nothing is kept

  [[nodiscard]] bool has_file(const std::string& path) const;
  [[nodiscard]] bool has_folder(const std::string& path) const;
};

/// "git@host:team/repo.git" and "https://host/team/repo" are the same address: no scheme, user,
/// port of the scheme, final
/// ".git" or "/"; host in lower case.
std::string normalise_url(std::string_view url);

enum class Ours : std::uint8_t { yes, no, assumed };
/// Whether `url` is this repository; `assumed` when no address is known and `path` exists here.
Ours is_ours(const Repository& repository, std::string_view url, const std::string& path);

}  // namespace sluice::delivery

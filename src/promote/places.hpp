// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "edit/apply.hpp"
#include "edit/place.hpp"
#include "image/reference.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Where images, model versions and marked values stand in a repository, and which bytes change
/// when one of them is promoted. Pure: files come in as bytes, changes go out as edit::Change.
///
///   survey(files)  →  holders  →  select(holders, selector)  →  plan(holders, wanted)  →  changes
///
/// and then edit::apply(bytes, file, changes) for each file.
namespace sluice::promote {

struct File {
  std::string path;  ///< relative to the repository root
  std::string bytes;
};

/// What a scalar says about the version that its holder names.
enum class Role : std::uint8_t {
  reference,  ///< a whole image reference; the name in it is kept as it is spelt
  registry,   ///< of a split reference
  name,
  tag,
  digest,
  revision,  ///< a version that is no image: chart version, Git revision, revision of a hf:// model
  segment,   ///< path segment of a model's URI
};

struct Slot {
  Role role = Role::reference;
  edit::Place place;
  /// Helm gives the value a type as for --set (an Argo CD parameter without forceString): what it
  /// would read as a number or a boolean is refused.
  bool typed = false;
};

/// Where a holder was found; `text` names it for people.
enum class PlaceKind : std::uint8_t {
  kustomization,  ///< images[] of a kustomization, of Flux, of a post-renderer
  helm_values,
  workload,  ///< an image in a Kubernetes object, an InferenceService or a runtime
  model,     ///< storageUri, storage.path, model.uri
  runtime_version,
  argo_parameter,
  argo_kustomize_image,
  chart_version,
  git_revision,
  oci_artifact,  ///< Flux OCIRepository
  marked,        ///< a marker comment
  named,         ///< --file and --path
};
std::string_view text(PlaceKind kind);

/// One image, model or marked value: the scalars that together say which version it is.
struct Holder {
  PlaceKind kind = PlaceKind::workload;
  std::string name;       ///< as spelt: "ghcr.io/acme/iris", "s3://models/iris"; empty when unknown
  std::string old;        ///< the reference or version before: "ghcr.io/acme/iris:1.4@sha256:..."
  std::string object;     ///< "Deployment/web"; empty outside Kubernetes objects
  std::string container;  ///< of a workload, by name; else empty
  std::string marker;     ///< name in a marker comment, or empty
  std::string hold;       ///< reason of a `# promote: hold REASON` comment on one of its lines
  bool held = false;
  /// Of an entry of `images`: the name that the manifests have, and the folder that it is for.
  std::string replaces, folder;
  std::vector<Slot> slots;
  /// Why this place cannot be changed by itself ("a tagSuffix only"); refused when selected.
  std::string refusal;
  /// Why this place is only changed when a path or a marker names it (a regular expression).
  std::string ambiguity;
  /// Set by select() when a path, a marker or Several::all named the place: aliases may follow.
  edit::Aliases aliases = edit::Aliases::refuse;
  /// Index of the holder that overrides this one (a kustomization over the workload it patches, an
  /// Argo CD parameter over values); selection by name passes over such holders.
  std::optional<std::size_t> shadowed_by;

  [[nodiscard]] const Slot* slot(Role role) const;
  /// "envs/prd/kustomization.yaml:7:5 kustomization image ghcr.io/acme/iris:1.4".
  [[nodiscard]] std::string text() const;
};

struct Survey {
  std::vector<File> files;
  std::vector<Holder> holders;  ///< in the order of files, documents and bytes
  /// Files with a document that is no YAML (templates, for instance), "path:line: message".
  /// Nothing in such a document is found: say so when a selection fails.
  std::vector<std::string> unread;
};

/// Finds all holders. A string counts as an image under a key that says so (`image`, `fooImage`,
/// `newTag` of a kustomization ...); with `names` (image or model names) also any string that as a
/// whole is a reference with that name.
/// Errors (Kind::limit): more than 1,000,000 values.
Result<Survey> survey(std::vector<File> files, std::span<const std::string> names = {});

enum class Several : std::uint8_t { refuse, all };

/// What a name names.
enum class Subject : std::uint8_t {
  image,
  model,    ///< by the name of its InferenceService, or its URI up to the version
  version,  ///< of a chart, by the chart's name, or of a Git repository, by its URL
};

struct Selector {
  enum class By : std::uint8_t { name, marker, path };
  By by = By::name;
  Subject subject = Subject::image;  ///< By::name only
  /// By::name: an image, model or chart name, compared normalised; By::marker: the name in
  /// `# {"$promote": "name"}` or, with or without namespace, `# {"$imagepolicy": "ns:name"}`;
  /// By::path: unused.
  std::string name;
  /// By::path: the file, and a path such as `images[name=ghcr.io/acme/iris].newTag`,
  /// `spec.template.spec.containers[name=web].image`, `spec.source.helm.values.image.tag` (goes on
  /// inside the YAML text), `data."app.yaml"`, or a JSON pointer. A path to a mapping (`image`,
  /// `images[name=...]`) means the holder there. By the others, `file` limits the search to
  /// one file when it is given.
  std::string file;
  std::string path;
  /// By::name and By::path, optional: "Deployment/web", and the container's name.
  std::string object;
  std::string container;
  Several several = Several::refuse;  ///< a marker may always stand in several places
};

/// Indexes of the holders that the selector means, and the survey with a holder added when a path
/// names a scalar that is none yet. A marker first, where both fit.
/// Errors: Kind::not_found (nothing fits: with names that are near), Kind::usage (several fit: with
/// all candidates; or the selector itself is wrong), Kind::unsupported (the holder's refusal).
Result<std::vector<std::size_t>> select(Survey& survey, const Selector& selector);

/// The version to write.
struct Wanted {
  /// For images: tag and digest, and a name when it is given. A name that differs from the one
  /// found is refused unless `rename` allows it.
  std::optional<image::Reference> reference;
  std::string version;  ///< for models, charts, revisions: "v8", or a whole URI
};

/// Reads "ghcr.io/acme/iris:1.5@sha256:...", ":1.5", "1.5@sha256:...", "v8" or
/// "s3://models/iris/v8" as what may be written. Errors: Kind::parse.
Result<Wanted> parse_wanted(std::string_view text);

enum class Floating : std::uint8_t { refuse, allow };
enum class Rename : std::uint8_t { refuse, allow };

struct Options {
  Floating floating = Floating::refuse;
  Rename rename = Rename::refuse;
};

struct Plan {
  std::vector<edit::Change> changes;  ///< empty: every place holds the version already
  std::string previous;               ///< the old reference or version, for trailers
  std::string now;                    ///< the new one, in the spelling of the place
};

/// The changes that make `holder` name `wanted`. The form that stands there is kept: a tag stays a
/// tag, a digest a digest, both both.
/// Errors (Kind::unsupported), each with the place and the reason: a digest is needed and missing,
/// a tag is needed and missing, the tag floats, another name, a part of the holder cannot be
/// changed, no version is recognised in a model's URI.
Result<Plan> plan(const Holder& holder, const Wanted& wanted, const Options& options = {});

/// All changes of several plans made to the surveyed files; files without a change are left out.
/// Atomic: an Error changes nothing.
Result<std::vector<File>> apply(const Survey& survey, std::span<const edit::Change> changes);

}  // namespace sluice::promote

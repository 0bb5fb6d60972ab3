// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/config.hpp"
#include "delivery/unit.hpp"
#include "diag/finding.hpp"
#include "helm/dead_values.hpp"
#include "kustomize/no_effect.hpp"
#include "render/changes.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

/// What one run of sluice-render knows.
namespace sluice::render {

/// One document of the output.
struct Piece {
  std::string source;  ///< relative to the root; empty when unknown
  std::uint32_t line =
      0;              ///< of the first byte in `source`, when the bytes come straight from there
  std::string bytes;  ///< ends with a line break
  std::size_t objects = 0;  ///< items of a List are counted one by one
  diag::ObjectRef object;   ///< as written
};

/// Words without which no text makes objects that deliver others: Applications and ApplicationSets
/// of Argo CD, objects of Flux.
struct Words {
  bool argo = false;         ///< "argoproj.io"
  bool application = false;  ///< "Application"
  bool flux = false;         ///< "toolkit.fluxcd.io"

  [[nodiscard]] bool may_deliver() const { return (argo && application) || flux; }
  Words& operator|=(Words other);
  friend bool operator==(Words, Words) = default;
};
Words words_in(std::string_view text);

/// What a unit may read, found out without rendering it: more than it does read, never less.
struct Scope {
  std::vector<std::string> places;  ///< files, and folders with all below them
  Words words;                      ///< in any of these files, and in the unit itself
  bool unknown = false;             ///< it cannot be told: whatever changes may be read

  [[nodiscard]] bool touched_by(const Changes& changes) const;
  /// Whether what comes out may deliver other units. When it does although no file shows these
  /// words (a template that puts them together), a partial render says so and is no verdict.
  [[nodiscard]] bool may_deliver() const { return unknown || words.may_deliver(); }
};

/// How a unit came about.
enum class Origin : std::uint8_t {
  delivered,  ///< an Argo CD or Flux object, or a layout
  bootstrap,  ///< what starts the others: applied by hand, or by `flux bootstrap`
};

/// Where a unit stands. In a render of everything each one is rendered in its turn.
enum class Stage : std::uint8_t { waiting, rendered, unchanged };

/// A unit, and what became of it.
struct Delivery {
  delivery::Unit unit;
  Origin origin = Origin::delivered;
  const Delivery* parent = nullptr;
  Stage stage = Stage::waiting;
  /// Whose Kubernetes it is rendered for; its own name may be settled later, by what it leads to.
  std::string rendered_for;
  Scope scope;           ///< only when there is a base to compare with
  bool touched = false;  ///< by a change since the base
  bool probed = false;   ///< looked at for values that nothing reads, and for unstable ones

  std::string tool;  ///< "helm", "kustomize", "directory"

  std::vector<Piece> pieces;
  std::vector<diag::Finding> findings;
  std::string failure;  ///< why there is no output; printable, one line
  std::string code;     ///< of the finding about the failure
  bool skip = false;    ///< the failure is something that this repository does not hold
  bool superseded =
      false;  ///< a bootstrap unit whose objects another unit delivers too: not written
  diag::Location failure_at;
  std::size_t lost = 0;  ///< documents that could not be read and are not in `pieces`

  std::vector<std::string> arguments;
  std::vector<std::string> rendered;  ///< files whose objects are in the output, sorted
  std::vector<std::string> inputs;    ///< other files that were read
  std::vector<std::string> absent;    ///< optional files that were looked for
  std::vector<std::string> warnings;
  std::vector<std::string> kustomizations;     ///< files, when made by kustomize
  std::vector<kustomize::NoEffect> no_effect;  ///< entries of them that change nothing here
  std::optional<helm::DeadValues> values;      ///< values that nothing reads, of units made by helm
};

/// What cannot be rendered from this repository.
struct Skip {
  std::string name;
  std::string env;
  diag::Location at;
  std::string reason;
  diag::ObjectRef object;
  std::vector<std::string> folders;  ///< of this repository that it would have delivered
};

/// What a tracked YAML or JSON file holds, without any rendering.
struct FileFacts {
  enum class Kind : std::uint8_t {
    manifest,       ///< at least one document with apiVersion and kind
    kustomization,  ///< kustomize's own file
    chart_part,     ///< Chart.yaml, templates and the like
    unreadable,     ///< looks like a manifest, but does not parse
    other,
  };
  Kind kind = Kind::other;
  std::vector<diag::ObjectRef> objects;
  std::vector<std::string>
      references;  ///< of a kustomization: what it names that may be another one
  std::vector<std::string>
      patches;  ///< of a kustomization: files whose objects are no objects of their own
  bool gitops =
      false;  ///< holds an object of Argo CD or Flux that delivers others, or names a source
  bool half = false;  ///< a document has only one of apiVersion and kind: probably an object that
                      ///< somebody broke
  std::string why;    ///< for Kind::other and Kind::unreadable
  std::uint32_t line = 0;  ///< for Kind::unreadable
  Words words;             ///< not of chart parts

  friend bool operator==(const FileFacts&, const FileFacts&) = default;
};

struct Survey {
  std::map<std::string, FileFacts>
      files;  ///< every tracked .yaml, .yml and .json, and kustomizations without extension
  std::vector<std::string>
      charts;  ///< folders with a Chart.yaml, sorted, those below another chart's charts/ left out
  std::vector<std::string> kustomizations;  ///< folders with a kustomization, sorted
};

enum class Role : std::uint8_t { rendered, input, not_kubernetes, orphan };
std::string_view name(Role role);

/// What became of a tracked file.
struct FileRow {
  std::string path;
  Role role = Role::not_kubernetes;
  std::vector<std::string> units;  ///< "name@env", sorted
  std::string reason;
};

/// "iris@prod".
std::string label(const delivery::Unit& unit);

/// "apps/iris" for "apps/iris/values.yaml"; "." at the root.
std::string folder_of(const std::string& path);
std::string join(const std::string& folder, const std::string& rest);  ///< "./x" is "x"

}  // namespace sluice::render

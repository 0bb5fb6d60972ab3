// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "edit/tree.hpp"
#include "promote/cursor.hpp"
#include "promote/places.hpp"

#include <deque>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::promote {

/// What the finders of all kinds of places share: where holders go, what was parsed, and the
/// budget.
class Surveyor {
 public:
  Surveyor(Survey& survey, std::set<std::string> names)
      : survey_(survey), names_(std::move(names)) {}

  /// A parsed file; kept until the survey ends.
  const edit::Tree& keep(edit::Tree tree) { return trees_.emplace_back(std::move(tree)); }
  Cursor open(const yaml::Document& document, std::uint32_t index);
  /// The YAML text that a string holds; none when it is no single document.
  Cursor open_within(const Cursor& scalar);

  /// The object that holders are found in from now on, as "Kind/name".
  void enter(std::string object) { object_ = std::move(object); }

  /// Adds a holder; returns its index. Its name and old reference are taken from the slots unless
  /// they are set.
  std::size_t add(Holder holder);
  [[nodiscard]] std::vector<Holder>& holders() { return survey_.holders; }

  /// Whether somebody asks for an image of that (normalised) name.
  [[nodiscard]] bool asked(const std::string& name) const { return names_.contains(name); }
  /// False when the survey has cost too much; then it ends with an Error.
  bool spend();
  [[nodiscard]] bool exhausted() const { return left_ == 0; }

 private:
  Survey& survey_;
  std::set<std::string> names_;
  std::deque<edit::Tree> trees_;
  std::deque<Scene> scenes_;
  std::deque<Crumb> crumbs_;
  std::string object_;
  std::size_t left_ = 1'000'000;
};

/// Images in anything: split (repository and tag) or joined. `kind` is what they are found as.
void find_images(Surveyor& surveyor, const Cursor& at, PlaceKind kind);
/// `images:` as kustomize reads it, for what is built from `folder`.
void find_kustomize_images(Surveyor& surveyor, const Cursor& list, const std::string& folder);
void find_in_kustomization(Surveyor& surveyor, const Cursor& root);
/// A Kubernetes object of any kind: workloads, models and runtimes, what agents deploy.
void find_in_object(Surveyor& surveyor, const Cursor& root);
void find_models(Surveyor& surveyor, const Cursor& root);
void find_in_argo_application(Surveyor& surveyor, const Cursor& root);
/// spec.source of an Application, or the content of an .argocd-source file.
void find_in_argo_source(Surveyor& surveyor, const Cursor& source);
void find_in_flux_object(Surveyor& surveyor, const Cursor& root);
/// Text that is a strategic merge patch, a JSON patch, or a list of either.
void find_in_patch(Surveyor& surveyor, const Cursor& patch);
/// The folder of a file, and "a/b/../c" without dots; "" is the root of the repository.
std::string folder_of(std::string_view path);
std::string normalised_path(std::string_view path);
bool is_kustomization_file(std::string_view path);
/// Marker comments of a file, once its other holders are known.
void find_markers(Surveyor& surveyor, const Cursor& root, std::size_t first_holder);
/// Comments that hold a value back.
void find_holds(Survey& survey, const File& file, std::size_t first_holder);
/// What kustomizations override.
void find_shadows(Survey& survey);

}  // namespace sluice::promote

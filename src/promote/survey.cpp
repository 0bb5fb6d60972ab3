// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "edit/tree.hpp"
#include "promote/places.hpp"
#include "promote/surveyor.hpp"

#include <algorithm>
#include <utility>

namespace sluice::promote {
namespace {

constexpr std::size_t most_holders = 10'000;
constexpr std::size_t longest_text_within = 256U << 10U;  ///< bytes

std::string_view base_name(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

bool is_manifest_file(std::string_view path) {
  return path.ends_with(".yaml") || path.ends_with(".yml") || path.ends_with(".json") ||
         is_kustomization_file(path);
}

/// Files whose versions are not what an environment runs.
bool is_left_out(std::string_view path) {
  const auto name = base_name(path);
  return path == "sluice.yaml" || name == "Chart.yaml" || name == "Chart.lock" ||
         name == "values.schema.json" || name == "package.json" || name == "package-lock.json";
}

void find_in_document(Surveyor& surveyor, const std::string& path, const Cursor& root) {
  const auto version = root.text("apiVersion");
  surveyor.enter("");
  if (is_kustomization_file(path) || version.starts_with("kustomize.config.k8s.io/")) {
    find_in_kustomization(surveyor, root);
  } else if (base_name(path).starts_with(".argocd-source")) {
    find_in_argo_source(surveyor, root);
  } else if (!version.empty() && !root.text("kind").empty()) {
    find_in_object(surveyor, root);
  } else if (root.is_list()) {
    find_in_patch(surveyor, root);
  } else {
    find_images(surveyor, root, PlaceKind::helm_values);
  }
}

void find_in_file(Surveyor& surveyor, Survey& survey, const File& file) {
  auto tree = edit::Tree::read(file.bytes, file.path);
  if (!tree) {
    survey.unread.push_back(tree.error().message);
    return;
  }
  for (const auto& finding : tree->findings()) {
    survey.unread.push_back(text::printable(file.path) + ':' +
                            std::to_string(finding.location.line) + ": " + finding.message);
  }
  const auto first = survey.holders.size();
  const auto& documents = surveyor.keep(std::move(*tree)).documents();
  std::vector<Cursor> roots;
  for (std::size_t i = 0; i < documents.size(); ++i) {
    roots.push_back(surveyor.open(documents[i], static_cast<std::uint32_t>(i)));
    find_in_document(surveyor, file.path, roots.back());
  }
  surveyor.enter("");
  if (file.bytes.find("\"$promote\"") != std::string::npos ||
      file.bytes.find("\"$imagepolicy\"") != std::string::npos) {
    for (const auto& root : roots) {
      find_markers(surveyor, root, first);
    }
  }
  find_holds(survey, file, first);
}

}  // namespace

std::string folder_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string() : std::string(path.substr(0, slash));
}

std::string normalised_path(std::string_view path) {
  std::vector<std::string> words;
  for (const auto word : text::split(path, '/')) {
    if (word == ".." && !words.empty() && words.back() != "..") {
      words.pop_back();
    } else if (!word.empty() && word != ".") {
      words.emplace_back(word);
    }
  }
  return text::join(words, "/");
}

bool is_kustomization_file(std::string_view path) {
  const auto name = base_name(path);
  return name == "kustomization.yaml" || name == "kustomization.yml" || name == "Kustomization";
}

Cursor Surveyor::open(const yaml::Document& document, std::uint32_t index) {
  return {scenes_.emplace_back(Scene{.document = &document, .index = index}), crumbs_};
}

Cursor Surveyor::open_within(const Cursor& scalar) {
  if (!scalar.is_string() || scalar.node().by_alias || scalar.scene().outer != nullptr ||
      scalar.text().size() > longest_text_within) {
    return {};
  }
  const auto& outer = *scalar.scene().document;
  auto tree = edit::Tree::read_within(scalar.node(), outer.source().file());
  if (!tree || !tree->findings().empty() || tree->documents().size() != 1 ||
      tree->documents().front().root().is_scalar()) {
    return {};
  }
  const auto& kept = trees_.emplace_back(std::move(*tree));
  return {scenes_.emplace_back(Scene{.document = &kept.documents().front(),
                                     .outer = &outer,
                                     .outer_scalar = &scalar.node(),
                                     .outer_place = scalar.place()}),
          crumbs_};
}

std::size_t Surveyor::add(Holder holder) {
  if (survey_.holders.size() >= most_holders) {
    left_ = 0;
  }
  holder.object = object_;
  survey_.holders.push_back(std::move(holder));
  return survey_.holders.size() - 1;
}

bool Surveyor::spend() {
  if (left_ > 0) {
    --left_;
  }
  return left_ > 0;
}

Result<Survey> survey(std::vector<File> files, std::span<const std::string> names) {
  Survey survey{.files = std::move(files)};
  std::set<std::string> normalised;
  for (const auto& name : names) {
    if (auto known = image::normalised_name(name)) {
      normalised.insert(std::move(*known));
    }
  }
  std::ranges::sort(survey.files, {}, &File::path);
  for (const auto& file : survey.files) {
    // One surveyor for each file: what was parsed is not needed afterwards.
    Surveyor surveyor(survey, normalised);
    if (is_manifest_file(file.path) && !is_left_out(file.path)) {
      find_in_file(surveyor, survey, file);
    }
    if (surveyor.exhausted()) {
      return Error{Error::Kind::limit,
                   text::printable(file.path) + " holds too many values or images to be searched"};
    }
  }
  find_shadows(survey);
  return survey;
}

}  // namespace sluice::promote

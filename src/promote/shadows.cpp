// SPDX-License-Identifier: Apache-2.0
#include "image/reference.hpp"
#include "promote/surveyor.hpp"
#include "yaml/value.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

// What an entry of `images` overrides: the manifests that its kustomization is made of.
namespace sluice::promote {
namespace {

/// Folder of each kustomization to the files and folders that it names.
std::map<std::string, std::vector<std::string>> references(const std::vector<File>& files) {
  std::map<std::string, std::vector<std::string>> named;
  for (const auto& file : files) {
    const auto value = is_kustomization_file(file.path) ? yaml::parse_value(file.bytes, file.path)
                                                        : Result<yaml::Value>(yaml::Value{});
    if (!is_kustomization_file(file.path) || !value) {
      continue;
    }
    const auto folder = folder_of(file.path);
    auto& paths = named[folder];
    for (const auto* key : {"resources", "bases", "components", "patchesStrategicMerge"}) {
      if (const auto* list = value->find(key)) {
        for (const auto& item : list->items) {
          paths.push_back(normalised_path(folder + '/' + item.text));
        }
      }
    }
    if (const auto* patches = value->find("patches")) {
      for (const auto& patch : patches->items) {
        if (const auto path = patch.text_at({"path"}); !path.empty()) {
          paths.push_back(normalised_path(folder + '/' + std::string(path)));
        }
      }
    }
  }
  return named;
}

/// All files and folders that a build of `folder` reads.
std::set<std::string> reached(const std::map<std::string, std::vector<std::string>>& references,
                              const std::string& folder) {
  std::set<std::string> seen{folder};
  std::vector<std::string> open{folder};
  while (!open.empty()) {
    const auto next = references.find(open.back());
    open.pop_back();
    if (next == references.end()) {
      continue;
    }
    for (const auto& path : next->second) {
      if (seen.insert(path).second) {
        open.push_back(path);
      }
    }
  }
  return seen;
}

/// Without a kustomization, an agent takes all files of a folder.
enum class FolderForm : std::uint8_t { kustomization, plain };

bool overrides(const Holder& over,
               const Holder& under,
               const std::set<std::string>& reach,
               FolderForm form) {
  if (&over == &under || under.slots.empty() || over.slots.empty()) {
    return false;
  }
  const auto& file = under.slots.front().place.file;
  if (file == over.slots.front().place.file) {
    return under.kind == PlaceKind::workload;  // an inline patch of the same kustomization
  }
  if (form == FolderForm::plain && file.starts_with(over.folder + '/')) {
    return true;
  }
  const bool entry = under.kind == PlaceKind::kustomization;
  return reach.contains(entry || is_kustomization_file(file) ? folder_of(file) : file);
}

}  // namespace

void find_shadows(Survey& survey) {
  const auto named = references(survey.files);
  std::map<std::string, std::vector<std::size_t>> by_name;
  for (std::size_t i = 0; i < survey.holders.size(); ++i) {
    const auto& holder = survey.holders[i];
    const bool can = holder.kind == PlaceKind::workload || holder.kind == PlaceKind::kustomization;
    if (const auto name = image::normalised_name(holder.name); can && name) {
      by_name[*name].push_back(i);
    }
  }
  for (std::size_t i = 0; i < survey.holders.size(); ++i) {
    const auto& over = survey.holders[i];
    const auto name = image::normalised_name(over.replaces);
    if (over.replaces.empty() || !name || !over.refusal.empty()) {
      continue;
    }
    const auto same = by_name.find(*name);
    if (same == by_name.end()) {
      continue;
    }
    const auto reach = reached(named, over.folder);
    const auto form = over.folder.empty() || named.contains(over.folder) ? FolderForm::kustomization
                                                                         : FolderForm::plain;
    for (const auto under : same->second) {
      if (!survey.holders[under].shadowed_by && survey.holders[i].shadowed_by != under &&
          overrides(over, survey.holders[under], reach, form)) {
        survey.holders[under].shadowed_by = i;
      }
    }
  }
}

}  // namespace sluice::promote

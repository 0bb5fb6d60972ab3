// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "argo/context.hpp"
#include "argo/substitute.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

/// One source of an Application and what it is rendered with. Internal to this folder.
namespace sluice::argo {

/// Another source of the same Application that value files may point into as "$name/...".
struct Reference {
  std::string url;
  bool ours = false;
};

struct Source {
  const yaml::Value* written = nullptr;  ///< as in the Application, .argocd-source files laid over
  std::string path;                      ///< of the folder, normalised; "." is the root
  std::string app;
  std::string name_space;  ///< destination.namespace
  std::map<std::string, Reference> references;
  BuildEnvironment environment;

  [[nodiscard]] const yaml::Value* find(std::string_view key) const {
    const auto* value = written->find(key);
    return value == nullptr || value->kind == yaml::Kind::null ? nullptr : value;
  }
};

/// The files that helm.valueFiles names, globs expanded, in their order. Nothing when one of them
/// is wrong or not here; that is reported.
std::optional<std::vector<delivery::ValuesFile>> value_files(Context& context,
                                                             const Subject& subject,
                                                             Source& source);

/// A file that the source names: relative to its folder, from the root with a leading '/', or in
/// another source of the Application ("$values/..."). Nothing when it is not in this repository;
/// that is reported.
std::optional<std::string> locate_file(Context& context,
                                       const Subject& subject,
                                       Source& source,
                                       const yaml::Value& entry);

/// The three ways to render; nothing after a report.
std::optional<delivery::HelmSource> helm_source(Context& context,
                                                const Subject& subject,
                                                Source& source);
std::optional<delivery::KustomizeSource> kustomize_source(Context& context,
                                                          const Subject& subject,
                                                          Source& source);
std::optional<delivery::DirectorySource> directory_source(Context& context,
                                                          const Subject& subject,
                                                          Source& source);

/// "1.33" and "v1.33.2" as x.y.z; empty stays empty. Nothing when it is no version.
std::optional<std::string> full_version(std::string_view text);

}  // namespace sluice::argo

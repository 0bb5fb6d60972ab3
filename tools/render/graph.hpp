// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "render/model.hpp"

#include <map>
#include <set>

namespace sluice::render {

/// Which kustomizations name which: from the survey alone, nothing is read again.
class Graph {
 public:
  explicit Graph(const Survey& survey);

  /// Folders that no other kustomization names, and that are no Component; sorted.
  [[nodiscard]] const std::vector<std::string>& roots() const { return roots_; }
  /// The roots that lead to a manifest; empty when no kustomization names it.
  [[nodiscard]] std::set<std::string> roots_of(const std::string& file) const;
  /// Everything that a folder leads to: files and folders.
  [[nodiscard]] std::set<std::string> reached_from(const std::string& folder) const;

  /// Whether a kustomization names the file as a patch: what it holds is no object.
  [[nodiscard]] bool is_patch(const std::string& file) const { return patches_.contains(file); }

 private:
  std::map<std::string, std::set<std::string>> down_, up_;
  std::set<std::string> patches_;
  std::vector<std::string> roots_;
};

}  // namespace sluice::render

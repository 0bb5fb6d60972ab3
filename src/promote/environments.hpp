// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "config/config.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Which files of a repository hold the values of which environment.
namespace sluice::promote {

/// The environments of sluice.yaml in their order, each with the globs of its files: what
/// promote.environments[].paths says, else match.path, else by convention (a folder of that name or
/// of a cluster that match.destination names, or a name such as values-prd.yaml). A file belongs to the first that takes it.
class Environments {
 public:
  explicit Environments(const config::Config& config);

  /// Errors (usage): sluice.yaml has environments, and this is none of them. Without any in
  /// sluice.yaml every name is one, and nothing comes before it.
  Result<std::vector<std::string>> before(std::string_view name) const;

  /// Globs that no other file of the environment escapes; for git::list_files.
  [[nodiscard]] std::vector<std::string> globs(std::string_view name) const;

  /// Whether the file is the environment's.
  [[nodiscard]] bool owns(std::string_view name, std::string_view path) const;

  [[nodiscard]] std::vector<std::string> names() const;

 private:
  struct Entry {
    std::string name;
    std::vector<std::string> globs;
    std::vector<std::string> after;
  };
  [[nodiscard]] const Entry* find(std::string_view name) const;

  std::vector<Entry> entries_;
};

/// By convention: "**/prd/**", "**/values-prd.yaml" and the like.
std::vector<std::string> conventional_globs(std::string_view environment);

/// Whether a file can hold values at all: YAML or JSON by its name.
bool may_hold_values(std::string_view path);

}  // namespace sluice::promote

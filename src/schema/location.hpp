// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "schema/builtin.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sluice::schema {

/// Whether it is an address, and no path.
bool is_url(std::string_view text);

/// A --schema-location: where the JSON Schema file of a kind would be. The variables are those of
/// kubeconform, so that its catalogues can be used as they are: Group, ResourceKind (in lower
/// case), ResourceAPIVersion, KindSuffix, NormalizedKubernetesVersion, StrictSuffix.
class Location {
 public:
  /// A folder is short for FOLDER/{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json.
  /// The same for an address (http, https) that ends in '/' or has no variable.
  /// Errors: usage (an unknown variable, or one in the name of the host).
  static Result<Location> parse(std::string_view text);

  [[nodiscard]] std::string path(const GroupVersionKind& name, KubeVersion version) const;

  /// What lies before the first variable, up to a '/': nothing outside of it is read.
  [[nodiscard]] const std::string& root() const { return root_; }

 private:
  struct Part {
    std::string text;
    bool is_variable = false;
  };
  std::vector<Part> parts_;
  std::string root_;
};

}  // namespace sluice::schema

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "schema/builtin.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sluice::schema {

/// A --schema-location: where the JSON Schema file of a kind would be. The variables are those of
/// kubeconform, so that its catalogues can be used as they are: Group, ResourceKind (in lower
/// case), ResourceAPIVersion, KindSuffix, NormalizedKubernetesVersion, StrictSuffix.
class Location {
 public:
  /// A folder is short for FOLDER/{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json.
  /// Errors: usage (an unknown variable), unsupported (http and https: nothing is downloaded).
  static Result<Location> parse(std::string_view text);

  [[nodiscard]] std::string path(const GroupVersionKind& name, KubeVersion version) const;

 private:
  struct Part {
    std::string text;
    bool is_variable = false;
  };
  std::vector<Part> parts_;
};

}  // namespace sluice::schema

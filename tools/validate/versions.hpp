// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/config.hpp"
#include "schema/builtin.hpp"
#include "validate/options.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::validate {

/// Which Kubernetes versions each environment is checked for.
class Versions {
 public:
  /// Those of the flags win over sluice.yaml's default; an environment with a version of its own is
  /// checked for that one as well. The newest version when nobody says anything. Errors: usage (a
  /// version in sluice.yaml that the binary does not know).
  static Result<Versions> choose(const Options& options, const config::Config& config);

  /// Never empty; sorted.
  [[nodiscard]] const std::vector<schema::KubeVersion>& of(std::string_view env) const;
  /// "Kubernetes 1.33, 1.37", of these environments together.
  [[nodiscard]] std::string text(const std::set<std::string, std::less<>>& envs) const;

 private:
  std::vector<schema::KubeVersion> default_;
  std::map<std::string, std::vector<schema::KubeVersion>, std::less<>> by_env_;
};

/// "1.29, 1.31 to 1.33": runs of versions as ranges.
std::string ranges(const std::vector<schema::KubeVersion>& versions);

/// What several versions have to say of one object, as one list: a finding that not every version
/// has ends in
/// "(Kubernetes 1.32 and later)"; an API version that is gone in some begins with "breaks on".
/// `by_version` has a list for each of `versions`.
std::vector<diag::Finding> merge(const std::vector<schema::KubeVersion>& versions,
                                 std::vector<std::vector<diag::Finding>> by_version);

}  // namespace sluice::validate

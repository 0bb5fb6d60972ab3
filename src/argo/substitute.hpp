// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace sluice::argo {

/// The variables that Argo CD's repository server knows while it renders one source.
struct BuildEnvironment {
  std::map<std::string, std::string> variables;
  bool used_revision = false;  ///< a text named a variable that differs for every commit
};

/// ARGOCD_APP_NAME and its siblings. Those that hold the revision are the word "revision": with the
/// commit itself no two renders would be the same.
BuildEnvironment build_environment(std::string_view app,
                                   std::string_view name_space,
                                   std::string_view project,
                                   std::string_view repo_url,
                                   std::string_view path,
                                   std::string_view target_revision);

/// $NAME and ${NAME} as Go's os.Expand reads them; unknown names become empty, "$$" is a dollar.
std::string substitute(BuildEnvironment& environment, std::string_view text);

}  // namespace sluice::argo

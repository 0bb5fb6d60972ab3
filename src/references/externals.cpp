// SPDX-License-Identifier: Apache-2.0
#include "references/externals.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace sluice::references {
namespace {

struct Builtin {
  std::string_view kind, name_space, name;
};

constexpr std::array builtins{
    Builtin{"ServiceAccount", "*", "default"},
    Builtin{"ServiceAccount", "kube-system", "*"},
    Builtin{"ConfigMap", "*", "kube-root-ca.crt"},
    Builtin{"ConfigMap", "kube-system", "*"},
    Builtin{"Namespace", "", "default"},
    Builtin{"Namespace", "", "kube-system"},
    Builtin{"Namespace", "", "kube-public"},
    Builtin{"Namespace", "", "kube-node-lease"},
    Builtin{"PriorityClass", "", "system-cluster-critical"},
    Builtin{"PriorityClass", "", "system-node-critical"},
    Builtin{"ClusterRole", "", "cluster-admin"},
    Builtin{"ClusterRole", "", "admin"},
    Builtin{"ClusterRole", "", "edit"},
    Builtin{"ClusterRole", "", "view"},
    Builtin{"ClusterRole", "", "system:*"},
    Builtin{"Role", "kube-system", "*"},
    Builtin{"Role", "kube-public", "*"},
    Builtin{"Service", "default", "kubernetes"},
    Builtin{"Service", "kube-system", "*"},
    Builtin{"CustomResourceDefinition", "", "applications.argoproj.io"},
    Builtin{"CustomResourceDefinition", "", "applicationsets.argoproj.io"},
    Builtin{"CustomResourceDefinition", "", "appprojects.argoproj.io"},
    Builtin{"CustomResourceDefinition", "", "*.toolkit.fluxcd.io"},
    Builtin{"CustomResourceDefinition", "", "*.fluxcd.controlplane.io"},
};

bool matches(std::string_view pattern, std::string_view text) {
  return pattern.empty() || text::glob_match(pattern, text);
}

}  // namespace

bool Externals::cover(const Target& target, std::string_view env) const {
  const bool builtin = std::any_of(builtins.begin(), builtins.end(), [&](const Builtin& row) {
    return row.kind == target.kind && text::wildcard_match(row.name, target.name) &&
           (row.name_space.empty() || text::wildcard_match(row.name_space, target.name_space));
  });
  return builtin || std::any_of(declared_.begin(), declared_.end(), [&](const External& row) {
           const auto& envs = row.environments;
           return (envs.empty() || std::find(envs.begin(), envs.end(), env) != envs.end()) &&
                  matches(row.kind, target.kind) && matches(row.name_space, target.name_space) &&
                  matches(row.name, target.name);
         });
}

}  // namespace sluice::references

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

Externals::Externals(std::vector<External> declared) {
  for (External& row : declared) {
    declared_.emplace_back().row = std::move(row);
  }
}

bool Externals::cover(const Target& target, std::string_view env) const {
  bool covered = std::any_of(builtins.begin(), builtins.end(), [&](const Builtin& row) {
    return row.kind == target.kind && text::wildcard_match(row.name, target.name) &&
           (row.name_space.empty() || text::wildcard_match(row.name_space, target.name_space));
  });
  for (const Declared& one : declared_) {  // all of them: each that covers something is used
    const auto& [kind, name_space, name, envs] = one.row;
    if ((envs.empty() || std::find(envs.begin(), envs.end(), env) != envs.end()) &&
        matches(kind, target.kind) && matches(name_space, target.name_space) &&
        matches(name, target.name)) {
      one.used = true;
      covered = true;
    }
  }
  return covered;
}

std::vector<std::size_t> Externals::unused() const {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < declared_.size(); ++i) {
    if (!declared_[i].used) {
      out.push_back(i);
    }
  }
  return out;
}

}  // namespace sluice::references

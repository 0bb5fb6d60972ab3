// SPDX-License-Identifier: Apache-2.0
#include "render/model.hpp"

namespace sluice::render {

std::string_view name(Role role) {
  switch (role) {
    case Role::rendered:
      return "rendered";
    case Role::input:
      return "input";
    case Role::not_kubernetes:
      return "not-kubernetes";
    case Role::orphan:
      return "orphan";
  }
  return "";
}

std::string label(const delivery::Unit& unit) {
  return unit.name + "@" + unit.env;
}

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash);
}

std::string join(const std::string& folder, const std::string& rest) {
  return folder.empty() || folder == "." ? rest : folder + "/" + rest;
}

}  // namespace sluice::render

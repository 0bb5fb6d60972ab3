// SPDX-License-Identifier: Apache-2.0
#include "render/model.hpp"

#include <algorithm>

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

Words& Words::operator|=(Words other) {
  argo = argo || other.argo;
  application = application || other.application;
  flux = flux || other.flux;
  return *this;
}

Words words_in(std::string_view text) {
  const auto holds = [&](std::string_view word) {
    return text.find(word) != std::string_view::npos;
  };
  return {.argo = holds("argoproj.io"),
          .application = holds("Application"),
          .flux = holds("toolkit.fluxcd.io")};
}

bool Scope::touched_by(const Changes& changes) const {
  return (unknown && !changes.empty()) ||
         std::any_of(places.begin(), places.end(),
                     [&](const auto& place) { return changes.touch(place); });
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

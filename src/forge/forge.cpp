// SPDX-License-Identifier: Apache-2.0
#include "forge/forge.hpp"

#include "forge/apis.hpp"

namespace sluice::forge {

std::string text_of(const nlohmann::json& object, const char* member) {
  if (!object.is_object()) {
    return {};
  }
  const auto found = object.find(member);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::string number_of(const nlohmann::json& object, const char* member) {
  const bool there = object.is_object() && object.contains(member);
  return there && object[member].is_number_integer() ? object[member].dump() : std::string("0");
}

std::unique_ptr<Forge> make_forge(const http::Client& client, Project project, Access access) {
  const Kind kind = project.kind;
  Caller caller(client, std::move(project), std::move(access));
  if (kind == Kind::github) {
    return std::make_unique<GitHub>(std::move(caller));
  }
  return std::make_unique<GitLab>(std::move(caller));
}

}  // namespace sluice::forge

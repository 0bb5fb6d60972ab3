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

std::string base64(std::string_view bytes) {
  constexpr std::string_view letters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      group = group << 8U | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0U);
    }
    for (std::size_t j = 0; j < 4; ++j) {
      out += i + j <= bytes.size() ? letters[group >> (18U - 6U * j) & 63U] : '=';
    }
  }
  return out;
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

// SPDX-License-Identifier: Apache-2.0
#include "k8s/data.hpp"

#include "base/base64.hpp"
#include "yaml/scalar.hpp"

#include <optional>

namespace sluice::k8s {
std::map<std::string, std::string> text_data(const Resource& resource) {
  std::map<std::string, std::string> out;
  const auto& document = *resource.document;
  const bool secret = resource.ref.kind == "Secret";
  const auto take = [&](std::string_view field, bool encoded) {
    const auto* data = document.find(*resource.object, field);
    if (data == nullptr || data->kind != yaml::Kind::mapping) {
      return;
    }
    const auto children = document.children(*data);
    for (std::size_t i = 0; i + 1 < children.size(); i += 2) {
      const auto& value = children[i + 1];
      if (value.kind != yaml::Kind::string) {
        continue;
      }
      const auto text = encoded ? base64_decode(value.text) : std::string(value.text);
      if (text) {
        out[std::string(children[i].text)] = *text;
      }
    }
  };
  take("data", secret);
  if (secret) {
    take("stringData", false);
  }
  return out;
}

bool is_encrypted(const Resource& resource) {
  return resource.document->find(*resource.object, "sops") != nullptr;
}

}  // namespace sluice::k8s

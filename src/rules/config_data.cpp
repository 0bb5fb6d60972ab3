// SPDX-License-Identifier: Apache-2.0
#include "base/base64.hpp"
#include "rules/json_check.hpp"
#include "rules/kinds.hpp"

#include <algorithm>

namespace sluice::rules {
namespace {

constexpr std::size_t size_limit = std::size_t{1024} * 1024;  // core.MaxSecretSize

/// Bytes that a text of base64 stands for; line breaks count as nothing.
std::size_t decoded_size(std::string_view text) {
  std::size_t digits = 0;
  for (const char c : text) {
    digits += c != '\n' && c != '\r' && c != '=' ? 1 : 0;
  }
  return digits * 3 / 4;
}

void check_size(Object& object, std::size_t size) {
  if (size > size_limit) {
    object.invalid({object.root(), "data"}, "schema/range",
                   "hold at most 1048576 bytes in all; there are " + std::to_string(size),
                   "split it, or let a volume hold the data");
  }
}

/// What a Secret holds under a key: of stringData first, which the server writes over data.
struct Entry {
  bool there = false;
  std::string text;
};

Entry entry(const Object& object, std::string_view key) {
  for (const auto& [name, value] : object.pairs(object.root(), "stringData")) {
    if (name.text == key) {
      return {true, std::string(object.text(&value))};
    }
  }
  for (const auto& [name, value] : object.pairs(object.root(), "data")) {
    if (name.text == key) {
      return {true, base64_decode(object.text(&value)).value_or("")};
    }
  }
  return {};
}

void require_key(Object& object, std::string_view key, std::string_view type) {
  const std::string why = "(key \"" + std::string(key) + "\") for the type " + std::string(type);
  const Node* data = object.get(object.root(), "data");
  data == nullptr ? object.required(object.root(), "data", why)
                  : object.required(data, key, "for the type " + std::string(type));
}

void check_docker(Object& object, std::string_view key, std::string_view type) {
  const Entry config = entry(object, key);
  if (!config.there) {
    return require_key(object, key, type);
  }
  if (!is_json_object(config.text)) {
    const Node* plain = object.get(object.root(), {"stringData", key});
    const Node* at = plain != nullptr ? plain : object.get(object.root(), {"data", key});
    if (at == nullptr) {
      return require_key(object, key, type);
    }
    object.invalid({at}, "schema/format", "hold a JSON object", "see kubectl create secret");
  }
}

void check_type(Object& object) {
  const std::string_view type = object.text(object.root(), "type");
  if (type == "kubernetes.io/service-account-token") {
    constexpr std::string_view name = "kubernetes.io/service-account.name";
    const Node* metadata = object.get(object.root(), "metadata");
    const Node* annotations = object.get(metadata, "annotations");
    if (object.text(annotations, name).empty()) {
      object.required(annotations != nullptr ? annotations : metadata,
                      annotations != nullptr ? name : "annotations",
                      "for a token: the annotation kubernetes.io/service-account.name");
    }
  } else if (type == "kubernetes.io/dockercfg") {
    check_docker(object, ".dockercfg", type);
  } else if (type == "kubernetes.io/dockerconfigjson") {
    check_docker(object, ".dockerconfigjson", type);
  } else if (type == "kubernetes.io/basic-auth") {
    if (!entry(object, "username").there && !entry(object, "password").there) {
      require_key(object, "username", type);
    }
  } else if (type == "kubernetes.io/ssh-auth") {
    if (entry(object, "ssh-privatekey").text.empty()) {
      require_key(object, "ssh-privatekey", type);
    }
  } else if (type == "kubernetes.io/tls") {
    for (const std::string_view key : {"tls.crt", "tls.key"}) {
      if (!entry(object, key).there) {
        require_key(object, key, type);
      }
    }
  }
}

}  // namespace

void check_config_map(Object& object) {
  const Node* root = object.root();
  const Node* binary = object.get(root, "binaryData");
  std::size_t size = 0;
  for (const auto& [key, value] : object.pairs(root, "data")) {
    object.text_form({&key}, key.text, Form::config_key);
    for (const auto& [other, bytes] : object.pairs(binary)) {
      if (other.text == key.text) {
        object.duplicate({&value}, "a key of binaryData");
      }
    }
    size += object.text(&value).size();
  }
  for (const auto& [key, value] : object.pairs(binary)) {
    object.text_form({&key}, key.text, Form::config_key);
    size += decoded_size(object.text(&value));
  }
  check_size(object, size);
}

void check_secret(Object& object) {
  const Node* root = object.root();
  std::size_t size = 0;
  const Node* plain = object.get(root, "stringData");
  for (const auto& [key, value] : object.pairs(root, "data")) {
    object.text_form({&key}, key.text, Form::config_key);
    const bool replaced =
        plain != nullptr && object.resource().document->find(*plain, key.text) != nullptr;
    size += replaced ? 0 : decoded_size(object.text(&value));
  }
  for (const auto& [key, value] : object.pairs(plain)) {
    object.text_form({&key}, key.text, Form::config_key);
    size += object.text(&value).size();
  }
  check_size(object, size);
  check_type(object);
}

}  // namespace sluice::rules

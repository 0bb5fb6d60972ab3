// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "rules/selector.hpp"
#include "rules/volume.hpp"

namespace sluice::rules {
namespace {

void check_path_is_new(Object& object, const Node* owner, Names& paths) {
  const std::string_view path = object.text(owner, "path");
  if (!path.empty() && !paths.add(path)) {
    object.duplicate({owner, "path"}, "another file of the volume");
  }
}

void check_token(Object& object, const Node* token) {
  constexpr std::int64_t least = 600;
  constexpr std::int64_t most = std::int64_t{1} << 32;
  object.range(token, "expirationSeconds", least, most);
  if (object.text(token, "path").empty()) {
    object.required(token, "path");
  }
  check_local_path(object, token, "path");
}

/// "example.com/signer-name": a domain of two parts or more, and a name.
bool is_signer(std::string_view name) {
  const auto slash = name.find('/');
  if (slash == std::string_view::npos || name.find('/', slash + 1) != std::string_view::npos) {
    return false;
  }
  const auto domain = text::split(name.substr(0, slash), '.');
  for (const std::string_view label : domain) {
    if (!has_form(Form::dns_label, label)) {
      return false;
    }
  }
  for (const std::string_view label : text::split(name.substr(slash + 1), '.')) {
    if (!has_form(Form::dns_subdomain, label)) {
      return false;
    }
  }
  return domain.size() >= 2 && slash <= 253 && name.size() <= 571;
}

void check_trust_bundle(Object& object, const Node* bundle) {
  const bool by_name = object.has(bundle, "name");
  const bool by_signer = object.has(bundle, "signerName");
  if (by_name && by_signer) {
    object.forbidden({bundle, "signerName"}, "beside name");
  } else if (by_name) {
    const std::string_view name = object.text(bundle, "name");
    const auto colon = name.rfind(':');
    const std::string_view own = colon == std::string_view::npos ? name : name.substr(colon + 1);
    object.text_form({bundle, "name"}, own, Form::dns_subdomain);
    if (object.has(bundle, "labelSelector")) {
      object.forbidden({bundle, "labelSelector"}, "beside name");
    }
  } else if (by_signer) {
    if (!is_signer(object.text(bundle, "signerName"))) {
      object.invalid({bundle, "signerName"}, "schema/format",
                     "be a domain and a name, such as example.com/signer");
    }
    check_selector(object, object.get(bundle, "labelSelector"));
  } else {
    object.required(bundle, "name", "unless signerName is set");
  }
  if (object.text(bundle, "path").empty()) {
    object.required(bundle, "path");
  }
  check_local_path(object, bundle, "path");
}

void check_files(Object& object, const Node* source, Names& paths) {
  if (object.text(source, "name").empty()) {
    object.required(source, "name");
  }
  for (const Node& item : object.items(source, "items")) {
    check_key_to_path(object, item);
    check_path_is_new(object, &item, paths);
  }
}

}  // namespace

void check_projected(Object& object, const Node* source) {
  check_mode(object, source, "defaultMode");
  Names paths;
  for (const Node& part : object.items(source, "sources")) {
    std::size_t kinds = 0;
    for (const auto& [key, value] : object.pairs(&part)) {
      if (value.kind == yaml::Kind::null) {
        continue;
      }
      ++kinds;
      if (key.text == "secret" || key.text == "configMap") {
        check_files(object, &value, paths);
      } else if (key.text == "downwardAPI") {
        for (const Node& file : object.items(&value, "items")) {
          check_downward_file(object, file);
          check_path_is_new(object, &file, paths);
        }
      } else if (key.text == "serviceAccountToken") {
        check_token(object, &value);
      } else if (key.text == "clusterTrustBundle") {
        check_trust_bundle(object, &value);
        check_path_is_new(object, &value, paths);
      }
    }
    if (kinds > 1) {
      object.invalid({&part}, "schema/conflict", "hold one source",
                     "make an item of sources of each");
    }
  }
}

}  // namespace sluice::rules

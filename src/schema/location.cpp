// SPDX-License-Identifier: Apache-2.0
#include "schema/location.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace sluice::schema {
namespace {

constexpr std::array<std::string_view, 6> variables{"Group",
                                                    "ResourceKind",
                                                    "ResourceAPIVersion",
                                                    "KindSuffix",
                                                    "NormalizedKubernetesVersion",
                                                    "StrictSuffix"};

/// Kinds and groups come from manifests: nothing of them may leave the folder.
std::string as_path_part(std::string_view untrusted) {
  std::string out;
  for (const char c : untrusted) {
    const bool safe = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '.' || c == '-' || c == '_';
    out += safe ? c : '_';
  }
  return out == "." || out == ".." ? "_" : out;
}

std::string value_of(std::string_view variable, const GroupVersionKind& name, KubeVersion version) {
  if (variable == "Group") {
    return as_path_part(name.group);
  }
  if (variable == "ResourceKind") {
    return as_path_part(text::to_lower(name.kind));
  }
  if (variable == "ResourceAPIVersion") {
    return as_path_part(name.version);
  }
  if (variable == "KindSuffix") {
    const std::string first = text::to_lower(name.group.substr(0, name.group.find('.')));
    return as_path_part((first.empty() ? "" : "-" + first) + "-" + std::string(name.version));
  }
  return variable == "StrictSuffix" ? "-strict" : "v" + version.text() + ".0";
}

}  // namespace

bool is_url(std::string_view text) {
  return text.starts_with("http://") || text.starts_with("https://");
}

Result<Location> Location::parse(std::string_view text) {
  std::string whole(text);
  if (text.find("{{") == std::string_view::npos && !text.ends_with(".json")) {
    whole += whole.ends_with('/') ? "" : "/";
    whole += "{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json";
  }
  Location out;
  const std::string fixed = whole.substr(0, whole.find("{{"));
  const auto slash = fixed.rfind('/');
  out.root_ = slash == std::string::npos ? "" : fixed.substr(0, slash + 1);
  if (is_url(text) && out.root_.size() <= text.find("://") + 3) {
    return Error{Error::Kind::usage, "--schema-location " + text::printable(text) +
                                         ": the host must not depend on the object"};
  }
  for (std::string_view rest = whole; !rest.empty();) {
    const std::size_t open = rest.find("{{");
    if (open != 0) {
      out.parts_.push_back({std::string(rest.substr(0, open)), false});
      rest.remove_prefix(std::min(open, rest.size()));
      continue;
    }
    const std::size_t close = rest.find("}}");
    std::string_view name =
        close == std::string_view::npos ? rest : text::trim(rest.substr(2, close - 2));
    if (name.starts_with('.')) {
      name.remove_prefix(1);
    }
    if (std::find(variables.begin(), variables.end(), name) == variables.end()) {
      const auto near = text::nearest(name, variables);
      return Error{Error::Kind::usage,
                   "--schema-location " + text::printable(text) + ": no variable \"" +
                       text::printable(name) + '"' +
                       (near ? "; did you mean ." + std::string(*near) + "?" : "")};
    }
    out.parts_.push_back({std::string(name), true});
    rest.remove_prefix(close + 2);
  }
  return out;
}

std::string Location::path(const GroupVersionKind& name, KubeVersion version) const {
  std::string out;
  for (const Part& part : parts_) {
    out += part.is_variable ? value_of(part.text, name, version) : part.text;
  }
  return out;
}

}  // namespace sluice::schema

// SPDX-License-Identifier: Apache-2.0
#include "schema/unknown_kind.hpp"

#include "base/text.hpp"
#include "schema/lifecycle.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace sluice::schema {
namespace {

std::string quoted(const GroupVersionKind& name) {
  return text::printable(name.kind) + " (" + text::printable(name.api_version()) + ")";
}

/// The versions of the table that serve the kind, as a first and last minor; {0, 0} when none does.
std::pair<std::uint32_t, std::uint32_t> served_in(const GroupVersionKind& name) {
  std::pair<std::uint32_t, std::uint32_t> out{0, 0};
  for (const KubeVersion version : kube_versions()) {
    if (builtin_schema(name, version)) {
      out = {out.first == 0 ? version.minor : out.first, version.minor};
    }
  }
  return out;
}

UnknownKind removed_api(const GroupVersionKind& name,
                        KubeVersion version,
                        std::uint32_t minor,
                        std::string replacement) {
  UnknownKind out{.code = "schema/removed-api",
                  .message = quoted(name) + " is gone since Kubernetes 1." + std::to_string(minor)};
  // What this version serves under that name, before what is the newest today.
  if (const std::string served = served_as(name, version); !served.empty()) {
    replacement = served;
  }
  out.hint = replacement.empty() ? "nothing replaces it" : "use apiVersion " + replacement;
  return out;
}

/// "did you mean Deployment?", or "ScaledObject is in keda.sh/v1alpha1".
std::string suggestion(const GroupVersionKind& name,
                       KubeVersion version,
                       const std::vector<GroupVersionKind>& customs) {
  std::vector<GroupVersionKind> all(customs);
  for (const BuiltinKind& kind : builtin_kinds()) {
    if (builtin_definition(kind.number, version)) {
      all.push_back(kind.name);
    }
  }
  std::vector<std::string_view> near;
  std::vector<std::string_view> anywhere;
  for (const GroupVersionKind& known : all) {
    if (known.group == name.group && known.version == name.version) {
      near.push_back(known.kind);
    }
    anywhere.push_back(known.kind);
  }
  if (const auto kind = text::nearest(name.kind, near)) {
    return "did you mean " + std::string(*kind) + "?";
  }
  for (const GroupVersionKind& known : all) {
    if (known.kind == name.kind) {
      return std::string(known.kind) + " is in apiVersion " + text::printable(known.api_version());
    }
  }
  const auto kind = text::nearest(name.kind, anywhere);
  return kind ? "did you mean " + std::string(*kind) + "?" : std::string{};
}

}  // namespace

UnknownKind explain_unknown_kind(const GroupVersionKind& name,
                                 KubeVersion version,
                                 const std::vector<GroupVersionKind>& custom_kinds) {
  const Lifecycle* row = lifecycle_of(name);
  const auto [first, last] = served_in(name);
  if (last != 0 && last < version.minor) {
    return removed_api(name, version, last + 1,
                       std::string(row == nullptr ? std::string_view{} : row->replacement));
  }
  if (first > version.minor) {
    return {.code = "schema/removed-api",
            .message = quoted(name) + " is not there before Kubernetes 1." + std::to_string(first),
            .hint = "Kubernetes " + version.text() + " serves " +
                    (served_as(name, version).empty()
                         ? "no such kind"
                         : "it as apiVersion " + served_as(name, version))};
  }
  if (row != nullptr && row->removed != 0 && row->removed <= version.minor &&
      (!row->kind.empty() || !served_as(name, version).empty())) {
    return removed_api(name, version, row->removed, std::string(row->replacement));
  }
  const bool custom = !is_builtin_group(name.group);
  UnknownKind out{.code = "schema/unknown-kind",
                  .message = custom ? "there is no schema for " + quoted(name)
                                    : "Kubernetes has no " + quoted(name),
                  .hint = suggestion(name, version, custom_kinds),
                  .custom = custom};
  if (out.hint.empty()) {
    out.hint = custom ? "put its CustomResourceDefinition into the input, or name it with --crds "
                        "or --schema-location"
                      : "see the list of API groups with kubectl api-resources";
  }
  return out;
}

}  // namespace sluice::schema

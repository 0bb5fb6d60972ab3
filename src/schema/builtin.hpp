// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "schema/table.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The schemas of Kubernetes itself, inside the binary: versions 1.25 to 1.37 (their .0 releases).
namespace sluice::schema {

/// A minor version of Kubernetes 1 that the binary knows; `index` is its place among them.
struct KubeVersion {
  std::uint32_t minor = 0;
  std::uint32_t index = 0;

  [[nodiscard]] std::string text() const { return "1." + std::to_string(minor); }
  friend bool operator==(const KubeVersion&, const KubeVersion&) = default;
};

/// All of them, the oldest first.
std::vector<KubeVersion> kube_versions();

/// "1.33", "1.33.4" or "v1.33": the patch level changes no schema.
/// Errors (Kind::usage): not a version, or none that the binary knows; the message says which it
/// does.
Result<KubeVersion> parse_kube_version(std::string_view text);

struct GroupVersionKind {
  std::string_view group;
  std::string_view version;
  std::string_view kind;

  /// "apps/v1", "v1".
  [[nodiscard]] std::string api_version() const;
  friend auto operator<=>(const GroupVersionKind&, const GroupVersionKind&) = default;
};

/// A kind that some version of Kubernetes serves.
struct BuiltinKind {
  GroupVersionKind name;
  std::uint32_t number = 0;  ///< of its definition
};

/// All of them, sorted by kind, group, version.
std::span<const BuiltinKind> builtin_kinds();

/// The kind's schema in that version; nothing when it is not served there.
Place builtin_schema(const GroupVersionKind& name, KubeVersion version);

/// A definition by number: `reference & ~definition`. Without a table when the version lacks it.
Place builtin_definition(std::uint32_t number, KubeVersion version);

/// The number of "io.k8s.api.core.v1.PodSpec".
std::optional<std::uint32_t> definition_number(std::string_view name);

/// Whether Kubernetes owns the API group, in any version: a kind that is missing there is no custom
/// resource.
bool is_builtin_group(std::string_view group);

}  // namespace sluice::schema

// SPDX-License-Identifier: Apache-2.0
#include "render/apply_size.hpp"

#include "base/text.hpp"
#include "render/documents.hpp"
#include "yaml/canonical.hpp"

namespace sluice::render {
namespace {

constexpr std::size_t most_annotations = 262'144;
constexpr std::string_view last_applied = "kubectl.kubernetes.io/last-applied-configuration";

/// JSON adds quotes and braces to each value, but never this much: smaller documents need no look.
constexpr std::size_t surely_fits = most_annotations / 8;

std::size_t other_annotations(const yaml::Document& document, const yaml::Node* annotations) {
  std::size_t bytes = 0;
  if (annotations != nullptr) {
    for (const auto& node : document.children(*annotations)) {
      bytes += node.text.size();
    }
  }
  return bytes;
}

}  // namespace

std::optional<diag::Finding> too_large_to_apply(const yaml::Document& document,
                                                delivery::Apply apply) {
  const auto& root = document.root();
  if (apply == delivery::Apply::server_side || document.bytes().size() < surely_fits ||
      root.kind != yaml::Kind::mapping) {
    return std::nullopt;
  }
  const auto* annotations = document.find(root, {"metadata", "annotations"});
  const auto options =
      document.text(root, {"metadata", "annotations", "argocd.argoproj.io/sync-options"});
  if (options.find("ServerSideApply=true") != std::string_view::npos ||
      options.find("Replace=true") != std::string_view::npos) {
    return std::nullopt;
  }
  std::string json;
  yaml::append_canonical_json(document, root, json);
  const auto bytes =
      json.size() + 1 + last_applied.size() + other_annotations(document, annotations);
  if (bytes <= most_annotations) {
    return std::nullopt;
  }
  const bool sure = apply == delivery::Apply::client_side;
  return diag::Finding{
      .code = "render/too-large",
      .severity = sure ? diag::Severity::error : diag::Severity::warning,
      .message = "the object is " + text::counted(json.size(), "byte") +
                 " of JSON, and a client-side apply keeps it in an annotation; annotations end at "
                 "262,144 bytes",
      .hint = sure ? "set ServerSideApply=true in syncPolicy.syncOptions, or in the object's "
                     "annotation argocd.argoproj.io/sync-options"
                   : "apply it with kubectl apply --server-side",
      .object = identity(document)};
}

}  // namespace sluice::render

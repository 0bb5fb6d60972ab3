// SPDX-License-Identifier: Apache-2.0
// What an object needs before it can be created at all: its kind and its namespace.
#include "base/text.hpp"
#include "references/checker.hpp"

#include <algorithm>

namespace sluice::references {

using yaml::Document;
using yaml::Kind;
using yaml::Node;

namespace {

bool is_agent_object(const k8s::Resource& object) {
  const std::string_view group = object.group();
  return (group == "argoproj.io" && object.ref.kind.starts_with("App")) ||
         group.ends_with(".toolkit.fluxcd.io");
}

/// "{{.path.basename}}-prod" as a glob: "*-prod".
std::string as_glob(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto open = text.find("{{");
    out += text.substr(0, open);
    if (open == std::string_view::npos) {
      break;
    }
    const auto close = text.find("}}", open);
    out += '*';
    text.remove_prefix(close == std::string_view::npos ? text.size() : close + 2);
  }
  return out;
}

}  // namespace

/// Namespaces that an Application makes (CreateNamespace=true) or a HelmRelease
/// (install.createNamespace), and those that the agents themselves live in.
void Checker::read_created_namespaces() {
  for (const Resource& object : index_.objects()) {
    if (!is_agent_object(object)) {
      continue;
    }
    created_namespaces_.push_back(object.ref.name_space);
    const Document& document = *object.document;
    const Node* spec = document.find(*object.object, "spec");
    if (object.ref.kind == "ApplicationSet") {
      spec = document.find(*object.object, {"spec", "template", "spec"});
    }
    if (spec == nullptr) {
      continue;
    }
    const Node* options = document.find(*spec, {"syncPolicy", "syncOptions"});
    for (const Node& option : options == nullptr || options->kind != Kind::sequence
                                  ? std::span<const Node>{}
                                  : document.children(*options)) {
      if (option.text == "CreateNamespace=true") {
        created_namespaces_.push_back(as_glob(document.text(*spec, {"destination", "namespace"})));
      }
    }
    const Node* create = document.find(*spec, {"install", "createNamespace"});
    if (create != nullptr && create->text == "true") {
      const std::string_view target = document.text(*spec, {"targetNamespace"});
      created_namespaces_.emplace_back(target.empty() ? object.ref.name_space
                                                      : std::string(target));
    }
  }
}

void Checker::kind_of(const Resource& object) {
  const std::string_view group = object.group();
  if (group.empty() || scope_.is_builtin_group(group)) {
    return;
  }
  for (const Resource* crd :
       index_.of_kind(object, "apiextensions.k8s.io", "CustomResourceDefinition", {})) {
    const Document& document = *crd->document;
    if (document.text(*crd->object, {"spec", "group"}) == group &&
        document.text(*crd->object, {"spec", "names", "kind"}) == object.ref.kind) {
      const Node* at = object.document->find(*object.object, "kind");
      return later(object, *crd, at == nullptr ? *object.object : *at, "/kind");
    }
  }
  // The plural is not known without the definition; "*.group" stands for all of them.
  const std::string plural = text::to_lower(object.ref.kind) + "s." + std::string(group);
  const Target target{"apiextensions.k8s.io", "CustomResourceDefinition", {}, plural};
  if (scope_.externals->cover(target, object.env())) {
    return;
  }
  Homeless& row = homeless_[{std::string(object.env()), plural}];
  if (row.objects++ == 0) {
    row.first = &object;
    row.code = "refs/missing-crd";
    row.what = "no CustomResourceDefinition of " + text::printable(object.ref.kind) + " (" +
               text::printable(group) + ") is delivered";
    row.hint =
        "deliver it; or if an operator's installation brings it, say so in sluice.yaml: "
        "externals: [{object: \"CustomResourceDefinition/*." +
        text::printable(group) + "\", reason: ...}]";
  }
}

void Checker::namespace_of(const Resource& object) {
  const std::string& name = object.ref.name_space;
  if (name.empty()) {
    return;
  }
  const Target target{"", "Namespace", {}, name};
  if (const Resource* made = index_.find(object, target)) {
    const Node* at = object.document->find(*object.object, {"metadata", "namespace"});
    const Node* metadata = object.document->find(*object.object, "metadata");
    return later(object, *made,
                 at != nullptr         ? *at
                 : metadata != nullptr ? *metadata
                                       : *object.object,
                 "/metadata/namespace");
  }
  const bool created =
      std::any_of(created_namespaces_.begin(), created_namespaces_.end(),
                  [&](const std::string& glob) { return text::glob_match(glob, name); });
  if (created || scope_.externals->cover(target, object.env())) {
    return;
  }
  Homeless& row = homeless_[{std::string(object.env()), "namespace/" + name}];
  if (row.objects++ == 0) {
    row.first = &object;
    row.code = "refs/missing-namespace";
    row.what = "nobody delivers the Namespace " + text::printable(name);
    row.hint =
        "deliver it, let the agent create it (CreateNamespace=true), or say in sluice.yaml "
        "where it comes from: externals: [{object: \"Namespace/" +
        text::printable(name) + "\", reason: ...}]";
  }
}

void Checker::later(const Resource& object,
                    const Resource& needed,
                    const Node& at,
                    std::string path) {
  if (const std::string why = order_.why_later(object, needed); !why.empty()) {
    say(object, at,
        {"refs/order", text::printable(diag::to_string(needed.ref)) + " is needed and " + why,
         order_.hint(object, needed), std::move(path)});
  }
}

void Checker::say_homes() {
  for (const auto& [key, row] : homeless_) {
    const Resource& object = *row.first;
    const bool is_namespace = row.code == "refs/missing-namespace";
    const Node* at = is_namespace ? object.document->find(*object.object, {"metadata", "namespace"})
                                  : object.document->find(*object.object, "kind");
    std::string message = row.what;
    message += key.first.empty() ? "" : " to " + text::printable(key.first);
    message += row.objects == 1 ? "" : "; " + text::counted(row.objects, "object") + " need it";
    say(object, at == nullptr ? *object.object : *at,
        {row.code, std::move(message), row.hint, is_namespace ? "/metadata/namespace" : "/kind"});
  }
}

}  // namespace sluice::references

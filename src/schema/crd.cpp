// SPDX-License-Identifier: Apache-2.0
#include "schema/crd.hpp"

#include "base/text.hpp"
#include "schema/check.hpp"
#include "schema/compile.hpp"
#include "schema/crd_parts.hpp"
#include "schema/frame.hpp"
#include "schema/structural.hpp"
#include "yaml/canonical.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string>

namespace sluice::schema {
namespace {

using yaml::Document;
using yaml::Kind;
using yaml::Node;

constexpr std::size_t most_faults =
    10;  // of the schema of one version: the rest has the same cause

bool is_label_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

/// RFC 1123, with a dot.
bool is_domain(std::string_view text) {
  const auto parts = text::split(text, '.');
  return text.size() <= 253 && parts.size() > 1 &&
         std::all_of(parts.begin(), parts.end(), [](std::string_view part) {
           return !part.empty() && part.front() != '-' && part.back() != '-' &&
                  std::all_of(part.begin(), part.end(), is_label_character);
         });
}

class CrdCheck {
 public:
  CrdCheck(const k8s::Resource& crd, std::vector<diag::Finding>& findings)
      : crd_(crd), document_(*crd.document), findings_(findings) {}

  void run() {
    const Node* spec = document_.find(*crd_.object, "spec");
    if (spec == nullptr || spec->kind != Kind::mapping) {
      return;
    }
    names(*spec);
    group(*spec);
    check_definition_parts(document_, *spec, told_);
    const Node* versions = document_.find(*spec, "versions");
    if (versions == nullptr || versions->kind != Kind::sequence) {
      return;
    }
    std::size_t stored = 0;
    std::size_t index = 0;
    std::set<std::string_view> seen;
    for (const Node& version : document_.children(*versions)) {
      stored += is_true(version, "storage") ? 1 : 0;
      const std::string path = "/spec/versions/" + std::to_string(index++);
      const Node* name = document_.find(version, "name");
      if (name != nullptr && !seen.insert(name->text).second) {
        say(*name, path + "/name",
            "the version " + text::printable(name->text) + " is there twice");
      }
      check_version(version, path);
    }
    if (stored != 1) {
      say(*versions, "/spec/versions",
          text::counted(stored, "version") + (stored == 1 ? " has" : " have") +
              " storage: true; exactly one must");
    }
    if (is_true(*spec, "preserveUnknownFields")) {
      say(*document_.find(*spec, "preserveUnknownFields"), "/spec/preserveUnknownFields",
          "preserveUnknownFields cannot be true",
          "x-kubernetes-preserve-unknown-fields in the schema says the same");
    }
  }

 private:
  void names(const Node& spec) {
    const std::string_view plural = document_.text(spec, {"names", "plural"});
    const std::string_view group = document_.text(spec, {"group"});
    const Node* name = document_.find(*crd_.object, {"metadata", "name"});
    if (const std::string wanted = std::string(plural) + "." + std::string(group);
        name != nullptr && !plural.empty() && !group.empty() && crd_.ref.name != wanted) {
      say(*name, "/metadata/name",
          "the name \"" + text::printable(crd_.ref.name) + "\" is not plural.group",
          "the API server wants \"" + text::printable(wanted) + '"');
    }
  }

  void group(const Node& spec) {
    const Node* group = document_.find(spec, "group");
    if (group == nullptr || group->kind != Kind::string) {
      return;
    }
    if (!is_domain(group->text)) {
      say(*group, "/spec/group", "the group \"" + text::printable(group->text) + "\" is no domain",
          "lower case, with at least one dot, such as example.com");
    }
    const bool guarded = group->text == "k8s.io" || group->text.ends_with(".k8s.io") ||
                         group->text == "kubernetes.io" || group->text.ends_with(".kubernetes.io");
    const std::string_view approval =
        document_.text(*crd_.object, {"metadata", "annotations", "api-approved.kubernetes.io"});
    if (guarded && !approval.starts_with("https://") && !approval.starts_with("http://") &&
        !approval.starts_with("unapproved")) {
      say(*group, "/metadata/annotations",
          "groups of Kubernetes need the annotation api-approved.kubernetes.io",
          "its value is the address of the approval, or begins with \"unapproved\"");
    }
  }

  void check_version(const Node& version, const std::string& path) {
    const Node* schema = document_.find(version, {"schema", "openAPIV3Schema"});
    const Node* name = document_.find(version, "name");
    const std::string_view called = name == nullptr ? "" : name->text;
    if (name != nullptr && name->kind == Kind::string && !is_label(called)) {
      say(*name, path + "/name", '"' + text::printable(called) + "\" is not a name of RFC 1035",
          "lower-case letters, digits and '-', a letter first, at most 63");
    }
    check_version_parts(document_, version, path, told_);
    if (schema == nullptr || schema->kind != Kind::mapping) {
      return say(version, path, "version \"" + text::printable(called) + "\" has no schema",
                 "give schema.openAPIV3Schema; type: object with "
                 "x-kubernetes-preserve-unknown-fields allows everything");
    }
    const std::string prefix = "the schema of version \"" + text::printable(called) + "\": ";
    std::size_t faults = 0;
    check_structural(document_, *schema, path + "/schema/openAPIV3Schema", [&](SchemaFault fault) {
      if (++faults <= most_faults) {
        say(*fault.at, std::move(fault.path), prefix + fault.message, std::move(fault.hint));
      }
    });
    if (faults > most_faults) {
      say(*schema, path, prefix + text::counted(faults - most_faults, "more fault"));
    }
    if (faults == 0) {
      std::string pointer = path + "/schema/openAPIV3Schema";
      defaults(*schema, pointer, prefix);
    }
  }

  /// Every default fits the schema that it stands in.
  void defaults(const Node& schema, std::string& path, const std::string& prefix) {
    if (schema.kind != Kind::mapping) {
      return;
    }
    if (const Node* value = document_.find(schema, "default");
        value != nullptr && value->kind != Kind::null &&
        document_.find(schema, "type") != nullptr && !fits_plainly(schema, *value)) {
      const auto compiled = compile(document_, schema, Dialect::structural_default);
      const k8s::Resource resource{
          &document_,
          value,
          {.kind = std::string(document_.text(*crd_.object, {"spec", "names", "kind"}))}};
      std::vector<diag::Finding> wrong;
      check(resource, compiled->root(), kube_versions().back(), wrong);
      if (!wrong.empty()) {
        say(*value, path + "/default",
            prefix + "the default does not fit: " + wrong.front().message);
      }
    }
    const Node* properties = document_.find(schema, "properties");
    if (properties != nullptr && properties->kind == Kind::mapping) {
      const auto pairs = document_.children(*properties);
      for (std::size_t i = 0; i + 1 < pairs.size(); i += 2) {
        const Deeper deeper(path, "properties", pairs[i].text);
        defaults(pairs[i + 1], path, prefix);
      }
    }
    for (const std::string_view key : {"items", "additionalProperties"}) {
      if (const Node* below = document_.find(schema, key)) {
        const Deeper deeper(path, key);
        defaults(*below, path, prefix);
      }
    }
  }

  /// A scalar of the schema's type, which nothing else restricts: no need to compile that.
  [[nodiscard]] bool fits_plainly(const Node& schema, const Node& value) const {
    const std::string_view type = document_.text(schema, {"type"});
    const bool right = (type == "string" && value.kind == Kind::string) ||
                       (type == "boolean" && value.kind == Kind::boolean) ||
                       (type == "integer" && value.kind == Kind::integer && value.text.size() < 10);
    const auto pairs = document_.children(schema);
    bool free = right;
    for (std::size_t i = 0; free && i + 1 < pairs.size(); i += 2) {
      const std::string_view key = pairs[i].text;
      free = key == "type" || key == "default" || key == "description";
    }
    return free;
  }

  [[nodiscard]] bool is_true(const Node& node, std::string_view key) const {
    const Node* found = document_.find(node, key);
    return found != nullptr && found->kind == Kind::boolean && yaml::as_bool(*found);
  }
  [[nodiscard]] std::span<const Node> items(const Node* node) const {
    return node == nullptr || node->kind != Kind::sequence ? std::span<const Node>{}
                                                           : document_.children(*node);
  }

  void say(const Node& node, std::string path, std::string message, std::string hint = {}) {
    diag::Finding finding = k8s::finding_at(crd_, node);
    finding.code = "schema/crd";
    finding.message = std::move(message);
    finding.hint = std::move(hint);
    finding.path = std::move(path);
    findings_.push_back(std::move(finding));
  }

  const k8s::Resource& crd_;
  const Document& document_;
  std::vector<diag::Finding>& findings_;
  Faults told_ = [this](SchemaFault fault) {
    say(*fault.at, std::move(fault.path), std::move(fault.message), std::move(fault.hint));
  };
};

}  // namespace

void check_crd(const k8s::Resource& crd, std::vector<diag::Finding>& findings) {
  CrdCheck(crd, findings).run();
}

}  // namespace sluice::schema

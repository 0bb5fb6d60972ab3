// SPDX-License-Identifier: Apache-2.0
#include "schema/crd.hpp"

#include "base/text.hpp"
#include "schema/pattern.hpp"
#include "yaml/canonical.hpp"

#include <set>
#include <string>

namespace sluice::schema {
namespace {

using yaml::Document;
using yaml::Kind;
using yaml::Node;

class CrdCheck {
 public:
  CrdCheck(const k8s::Resource& crd, std::vector<diag::Finding>& findings)
      : crd_(crd), document_(*crd.document), findings_(findings) {}

  void run() {
    const Node& root = *crd_.object;
    const std::string_view plural = document_.text(root, {"spec", "names", "plural"});
    const std::string_view group = document_.text(root, {"spec", "group"});
    const Node* name = document_.find(root, {"metadata", "name"});
    if (const std::string wanted = std::string(plural) + "." + std::string(group);
        name != nullptr && !plural.empty() && !group.empty() && crd_.ref.name != wanted) {
      say(*name, "the name \"" + text::printable(crd_.ref.name) + "\" is not plural.group",
          "the API server wants \"" + text::printable(wanted) + '"', "/metadata/name");
    }
    const Node* versions = document_.find(root, {"spec", "versions"});
    if (versions == nullptr || versions->kind != Kind::sequence) {
      return;
    }
    std::size_t stored = 0;
    for (const Node& version : document_.children(*versions)) {
      stored += is_true(version, "storage") ? 1 : 0;
      check_version(version);
    }
    if (stored != 1) {
      say(*versions,
          text::counted(stored, "version") + (stored == 1 ? " has" : " have") +
              " storage: true; exactly one must",
          {}, "/spec/versions");
    }
  }

 private:
  [[nodiscard]] bool is_true(const Node& node, std::string_view key) const {
    const Node* found = document_.find(node, key);
    return found != nullptr && found->kind == Kind::boolean && yaml::as_bool(*found);
  }

  void check_version(const Node& version) {
    const Node* schema = document_.find(version, {"schema", "openAPIV3Schema"});
    const std::string_view name = document_.text(version, {"name"});
    if (schema == nullptr || schema->kind != Kind::mapping) {
      return say(version, "version \"" + text::printable(name) + "\" has no schema",
                 "give schema.openAPIV3Schema; type: object with "
                 "x-kubernetes-preserve-unknown-fields allows everything",
                 "/spec/versions");
    }
    version_ = name;
    said_ = 0;
    structural(*schema, {}, {});
  }

  /// Every place that holds a value says of what type it is. Only the first of a version is
  /// reported: the rest usually has the same cause.
  void structural(const Node& schema, std::string_view field, std::string_view part) {
    if (schema.kind != Kind::mapping || said_ != 0) {
      return;
    }
    if (document_.find(schema, "type") == nullptr &&
        !is_true(schema, "x-kubernetes-int-or-string") &&
        !is_true(schema, "x-kubernetes-preserve-unknown-fields")) {
      return untyped(schema, field, part);
    }
    if (const Node* pattern = document_.find(schema, "pattern");
        pattern != nullptr && patterns_.insert(pattern->text).second &&
        !is_pattern(pattern->text)) {
      say(*pattern, "the pattern " + text::printable(pattern->text) + " cannot be read",
          "the API server wants Go's syntax: no look-around, no back references", "/spec/versions");
    }
    if (const Node* properties = document_.find(schema, "properties");
        properties != nullptr && properties->kind == Kind::mapping) {
      const auto pairs = document_.children(*properties);
      for (std::size_t i = 0; i + 1 < pairs.size(); i += 2) {
        structural(pairs[i + 1], pairs[i].text, {});
      }
    }
    for (const std::string_view key : {"items", "additionalProperties"}) {
      if (const Node* below = document_.find(schema, key)) {
        structural(*below, field, key);
      }
    }
  }

  void untyped(const Node& schema, std::string_view field, std::string_view part) {
    ++said_;
    std::string what =
        "the schema of version \"" + text::printable(version_) + "\" is not structural: ";
    what += part.empty() ? "" : std::string(part) + " of ";
    what += field.empty() ? "the root" : "field \"" + text::printable(field) + '"';
    say(schema, what + " has no type",
        "give type, x-kubernetes-int-or-string or x-kubernetes-preserve-unknown-fields",
        "/spec/versions");
  }

  void say(const Node& node, std::string message, std::string hint, std::string path) {
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
  std::string_view version_;
  std::set<std::string_view> patterns_;  ///< seen
  std::size_t said_ = 0;
};

}  // namespace

void check_crd(const k8s::Resource& crd, std::vector<diag::Finding>& findings) {
  CrdCheck(crd, findings).run();
}

}  // namespace sluice::schema

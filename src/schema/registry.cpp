// SPDX-License-Identifier: Apache-2.0
#include "schema/registry.hpp"

#include "base/text.hpp"
#include "schema/embedded.hpp"
#include "yaml/canonical.hpp"
#include "yaml/parse.hpp"

#include <algorithm>
#include <optional>

namespace sluice::schema {
namespace {

using yaml::Kind;
using yaml::Node;

/// The version `wanted` of a CustomResourceDefinition.
const Node* version_of(const yaml::Document& document, const Node& crd, std::string_view wanted) {
  const Node* versions = document.find(crd, {"spec", "versions"});
  if (versions == nullptr || versions->kind != Kind::sequence) {
    return nullptr;
  }
  for (const Node& version : document.children(*versions)) {
    if (document.text(version, {"name"}) == wanted) {
      return &version;
    }
  }
  return nullptr;
}

bool is_boolean(const yaml::Document& document,
                const Node& mapping,
                std::string_view key,
                bool wanted) {
  const Node* found = document.find(mapping, key);
  return found != nullptr && found->kind == Kind::boolean && yaml::as_bool(*found) == wanted;
}

}  // namespace

/// A source of a schema, and the schema once somebody asked.
struct Registry::Entry {
  std::string env;
  const yaml::Document* document = nullptr;
  const Node* schema = nullptr;
  std::string_view text;  ///< of a shipped schema, parsed on demand
  Key key;                ///< what to look for in `text`
  Dialect dialect = Dialect::structural;
  Origin origin = Origin::crd;
  LoadFile load;  ///< of files that the schema refers to
  std::optional<std::string> deprecation;
  std::optional<yaml::Stream> stream;  ///< what `document` points into, when the entry owns it
  std::once_flag once;
  std::unique_ptr<const Schema> compiled;

  /// Reads `text`: a list of CustomResourceDefinitions. What Sluice ships is right, or a test
  /// fails.
  void parse() {
    auto parsed = yaml::parse(std::string(text), "schemas");
    if (!parsed || parsed->documents.empty()) {
      return;
    }
    stream = std::move(*parsed);
    document = &stream->documents.front();
    const Node* items = document->find(document->root(), "items");
    for (const Node& crd :
         items == nullptr ? std::span<const Node>{} : document->children(*items)) {
      const Node* version = version_of(*document, crd, std::get<1>(key));
      if (version != nullptr && document->text(crd, {"spec", "group"}) == std::get<0>(key) &&
          document->text(crd, {"spec", "names", "kind"}) == std::get<2>(key)) {
        schema = document->find(*version, {"schema", "openAPIV3Schema"});
      }
    }
  }

  Found get() {
    std::call_once(once, [this] {
      if (document == nullptr && !text.empty()) {
        parse();
      }
      if (schema != nullptr) {
        compiled = compile(*document, *schema, dialect, load);
      }
    });
    if (compiled == nullptr) {
      return {};
    }
    return {compiled->root(), origin, compiled.get(), deprecation ? &*deprecation : nullptr};
  }
};

Registry::Registry() {
  for (const embedded::Own& own : embedded::own()) {
    auto entry = std::make_unique<Entry>();
    entry->text = own.text;
    entry->key = {std::string(own.group), std::string(own.version), std::string(own.kind)};
    entry->origin = Origin::shipped;
    const Key key = entry->key;
    shipped_[key] = std::move(entry);
  }
}

Registry::~Registry() = default;

void Registry::add(const yaml::Document& document,
                   const Node& crd,
                   std::string_view env,
                   std::vector<diag::Finding>& findings) {
  const std::string group(document.text(crd, {"spec", "group"}));
  const std::string kind(document.text(crd, {"spec", "names", "kind"}));
  const Node* versions = document.find(crd, {"spec", "versions"});
  if (group.empty() || kind.empty() || versions == nullptr || versions->kind != Kind::sequence) {
    return;  // what is wrong with the definition itself is a finding of check()
  }
  for (const Node& version : document.children(*versions)) {
    const Node* schema = document.find(version, {"schema", "openAPIV3Schema"});
    const bool hidden = is_boolean(document, version, "served", false);
    if (schema == nullptr || schema->kind != Kind::mapping || hidden) {
      continue;
    }
    auto entry = std::make_unique<Entry>();
    entry->env = env;
    entry->document = &document;
    entry->schema = schema;
    entry->key = {group, std::string(document.text(version, {"name"})), kind};
    if (is_boolean(document, version, "deprecated", true)) {
      const std::string_view warning = document.text(version, {"deprecationWarning"});
      entry->deprecation =
          warning.empty() ? group + "/" + std::get<1>(entry->key) + " " + kind + " is deprecated"
                          : std::string(warning);
    }
    add_version(std::move(entry), findings);
  }
}

void Registry::add_version(std::unique_ptr<Entry> entry, std::vector<diag::Finding>& findings) {
  const auto& [group, version, kind] = entry->key;
  auto& entries = crds_[entry->key];
  const auto same_env = std::find_if(entries.begin(), entries.end(),
                                     [&](const auto& e) { return e->env == entry->env; });
  if (same_env == entries.end()) {
    entries.push_back(std::move(entry));
    return;
  }
  const Entry& first = **same_env;
  if (yaml::digest(*first.document, *first.schema) ==
      yaml::digest(*entry->document, *entry->schema)) {
    return;
  }
  diag::Finding finding;
  finding.code = "schema/ambiguous";
  finding.severity = diag::Severity::warning;
  finding.message = "another CustomResourceDefinition gives " + text::printable(kind) + " (" +
                    text::printable(group + "/" + version) + ") a different schema";
  const diag::Location other = first.document->where(*first.schema);
  finding.hint = "objects are checked with the first one, at " + text::printable(other.file) +
                 (other.line == 0 ? "" : ":" + std::to_string(other.line));
  entry->document->locate(finding, *entry->schema);
  findings.push_back(std::move(finding));
}

Found Registry::from_catalogue(const GroupVersionKind& name, KubeVersion version) const {
  const yaml::Document* document = catalogue_.find(name, version);
  if (document == nullptr) {
    return {};
  }
  Entry* entry = nullptr;
  {
    const std::lock_guard lock(catalogue_mutex_);
    auto& slot = from_catalogue_[document];
    if (slot == nullptr) {
      slot = std::make_unique<Entry>();
      slot->document = document;
      slot->schema = &document->root();
      slot->dialect = Dialect::json_schema;
      slot->origin = Origin::catalogue;
      slot->load = [this](std::string_view reference, const yaml::Document& from) {
        return catalogue_.load(reference, from);
      };
    }
    entry = slot.get();
  }
  return entry->get();
}

bool Registry::defines(const GroupVersionKind& name) const {
  return crds_.contains(Key(name.group, name.version, name.kind));
}

Found Registry::find(const GroupVersionKind& name,
                     KubeVersion version,
                     std::string_view env) const {
  if (const Place place = builtin_schema(name, version)) {
    return {place, Origin::kubernetes, nullptr};
  }
  const Key key{name.group, name.version, name.kind};
  if (const auto found = crds_.find(key); found != crds_.end()) {
    const auto rank = [&](const Entry& entry) {
      return entry.env == env ? 0 : entry.env.empty() ? 1 : 2;
    };
    const auto best =
        std::min_element(found->second.begin(), found->second.end(),
                         [&](const auto& a, const auto& b) { return rank(*a) < rank(*b); });
    return (*best)->get();
  }
  if (!catalogue_.empty()) {
    if (const Found found = from_catalogue(name, version); found.place) {
      return found;
    }
  }
  if (const auto found = shipped_.find(key); found != shipped_.end()) {
    return found->second->get();
  }
  return {};
}

UnknownKind Registry::explain(const GroupVersionKind& name, KubeVersion version) const {
  const std::pair key(Key(name.group, name.version, name.kind), version.minor);
  const std::lock_guard lock(unknown_mutex_);
  auto found = unknown_.find(key);
  if (found == unknown_.end()) {
    found = unknown_.emplace(key, explain_unknown_kind(name, version, custom_kinds())).first;
  }
  return found->second;
}

std::vector<GroupVersionKind> Registry::custom_kinds() const {
  std::vector<GroupVersionKind> out;
  const auto take = [&](const auto& map) {
    for (const auto& row : map) {
      const Key& key = row.first;
      out.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key)});
    }
  };
  take(crds_);
  take(shipped_);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace sluice::schema

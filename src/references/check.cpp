// SPDX-License-Identifier: Apache-2.0
#include "references/check.hpp"

#include "base/text.hpp"
#include "references/checker.hpp"

#include <algorithm>
#include <array>

namespace sluice::references {
namespace {

using yaml::Document;
using yaml::Kind;
using yaml::Node;

std::string object_text(const Target& target) {
  return text::printable(std::string(target.kind) + " " +
                         (target.name_space.empty() ? "" : std::string(target.name_space) + "/") +
                         std::string(target.name));
}

/// What to write into sluice.yaml.
std::string as_external(const Target& target) {
  return text::printable(std::string(target.kind) + "/" +
                         (target.name_space.empty() ? "" : std::string(target.name_space) + "/") +
                         std::string(target.name));
}

}  // namespace

void check(std::span<const k8s::Resource> objects,
           const Scope& scope,
           std::vector<diag::Finding>& findings) {
  // In files of anybody only what is there can be wrong, so something has to be there.
  const bool worth = scope.knowledge == Knowledge::whole ||
                     (objects.size() > 1 &&
                      std::any_of(objects.begin(), objects.end(), [](const k8s::Resource& object) {
                        return object.ref.kind == "Service" || object.ref.kind == "ConfigMap" ||
                               object.ref.kind == "Secret";
                      }));
  if (worth) {
    Checker(objects, scope, findings).run();
  }
}

void Checker::run() {
  for (const Resource& object : index_.objects()) {
    if (auto pods = pods_of(object); !pods.empty()) {
      pods_[&object] = std::move(pods);
    }
  }
  if (whole()) {
    read_created_namespaces();
  }
  static const std::vector<Pods> none;
  for (const Resource& object : index_.objects()) {
    const auto pods = pods_.find(&object);
    names(object, pods == pods_.end() ? none : pods->second);
    service(object);
    if (whole()) {
      disruption_budget(object);
      kind_of(object);
      namespace_of(object);
    }
  }
  say_homes();
}

void Checker::names(const Resource& object, const std::vector<Pods>& pods) {
  for (const Want& want : wants_of(object, pods)) {
    name(object, want, "refs/missing-object");
  }
  for (const Want& want : workloads_of(object)) {
    name(object, want, "refs/no-target");
  }
}

void Checker::name(const Resource& object, const Want& want, std::string_view code) {
  if (const Resource* target = index_.find(object, want.target)) {
    return found(object, want, *target);
  }
  Target other = want.target;
  other.kind = want.or_kind;
  other.name_space = {};
  if (!want.or_kind.empty()) {
    if (const Resource* target = index_.find(object, other)) {
      return found(object, want, *target);
    }
  }
  const bool external = scope_.externals->cover(want.target, object.env()) ||
                        (!want.or_kind.empty() && scope_.externals->cover(other, object.env()));
  if (whole() && !external && !want.optional && !is_made_by_another(object, want)) {
    missing(object, want, code);
  }
}

void Checker::missing(const Resource& object, const Want& want, std::string_view code) {
  std::string hint;
  if (const std::string near = index_.near(object, want.target); !near.empty()) {
    hint = "did you mean \"" + text::printable(near) + "\"? Else, ";
  }
  hint += "if it comes from elsewhere, say so in sluice.yaml: externals: [{object: \"" +
          as_external(want.target) + "\", reason: ...}]";
  const std::string who = object.env().empty() ? "" : " to " + text::printable(object.env());
  say(object, *want.at,
      {code, object_text(want.target) + " is referred to, and nobody delivers it" + who,
       std::move(hint), want.path});
}

void Checker::found(const Resource& object, const Want& want, const Resource& target) {
  if (!want.key.empty()) {
    key(object, want, target);
  }
  if (target.ref.kind == "Service" && !want.port.empty()) {
    port(object, want, target);
  }
  const bool starts_without = want.target.kind == "Service" || want.target.kind == "Gateway";
  if (whole() && !want.optional && !starts_without) {
    later(object, target, *want.at, want.path);
  }
}

void Checker::key(const Resource& object, const Want& want, const Resource& target) {
  const Document& document = *target.document;
  std::vector<std::string_view> keys;
  for (const std::string_view part : {"data", "stringData", "binaryData"}) {
    const Node* data = document.find(*target.object, part);
    if (data == nullptr || data->kind != Kind::mapping) {
      continue;
    }
    const auto pairs = document.children(*data);
    for (std::size_t i = 0; i + 1 < pairs.size(); i += 2) {
      keys.push_back(pairs[i].text);
    }
  }
  // A Secret without data is filled in by somebody.
  const bool filled_later = keys.empty() && target.ref.kind == "Secret";
  if (want.optional || filled_later ||
      std::find(keys.begin(), keys.end(), want.key) != keys.end()) {
    return;
  }
  const auto near = text::nearest(want.key, keys);
  say(object, *want.at,
      {"refs/missing-key",
       object_text(want.target) + " has no key \"" + text::printable(want.key) + '"',
       near ? "did you mean \"" + text::printable(*near) + "\"?" : "the container does not start",
       want.path});
}

void Checker::port(const Resource& object, const Want& want, const Resource& service) {
  const Document& document = *service.document;
  const Node* ports = document.find(*service.object, {"spec", "ports"});
  const bool elsewhere = document.text(*service.object, {"spec", "type"}) == "ExternalName";
  if (ports == nullptr || ports->kind != Kind::sequence || elsewhere) {
    return;
  }
  std::vector<std::string> known;
  for (const Node& one : document.children(*ports)) {
    const Node* number = document.find(one, "port");
    const std::string_view name = document.text(one, {"name"});
    if ((number != nullptr && number->text == want.port) || name == want.port) {
      return;
    }
    known.push_back((name.empty() ? "" : std::string(name) + " ") +
                    std::string(number == nullptr ? "" : number->text));
  }
  const auto slash = want.path.rfind('/');
  say(object, want.port_at == nullptr ? *want.at : *want.port_at,
      {"refs/missing-port", object_text(want.target) + " has no port " + text::printable(want.port),
       "its ports: " + text::printable(text::join(known, ", ")),
       want.path.substr(0, slash) + "/port"});
}

bool Checker::is_made_by_another(const Resource& object, const Want& want) const {
  struct Maker {
    std::string_view makes, group, kind;
    std::initializer_list<std::string_view> field;  ///< holds the name; else that of the maker
  };
  static const std::array<Maker, 5> makers{{
      {"Secret", "external-secrets.io", "ExternalSecret", {"spec", "target", "name"}},
      {"Secret", "bitnami.com", "SealedSecret", {"spec", "template", "metadata", "name"}},
      {"Secret", "cert-manager.io", "Certificate", {"spec", "secretName"}},
      {"Service", "serving.knative.dev", "Service", {}},
      {"Service", "serving.kserve.io", "InferenceService", {}},
  }};
  for (const Maker& maker : makers) {
    if (maker.makes != want.target.kind) {
      continue;
    }
    for (const Resource* one :
         index_.of_kind(object, maker.group, maker.kind, want.target.name_space)) {
      const std::string_view given =
          maker.field.size() == 0 ? "" : one->document->text(*one->object, maker.field);
      const std::string_view name = given.empty() ? std::string_view(one->ref.name) : given;
      if (name == want.target.name ||
          (maker.makes == "Service" && want.target.name.starts_with(name))) {
        return true;
      }
    }
  }
  if (want.target.kind == "PersistentVolumeClaim") {
    for (const Resource* set :
         index_.of_kind(object, "apps", "StatefulSet", want.target.name_space)) {
      if (want.target.name.find("-" + set->ref.name + "-") != std::string_view::npos) {
        return true;
      }
    }
  }
  // cert-manager fills the Secret of an Ingress that asks it to.
  const Node* notes = object.document->find(*object.object, {"metadata", "annotations"});
  if (want.target.kind == "Secret" && object.ref.kind == "Ingress" && notes != nullptr) {
    for (const std::string_view note :
         {"cert-manager.io/cluster-issuer", "cert-manager.io/issuer"}) {
      if (object.document->find(*notes, note) != nullptr) {
        return true;
      }
    }
  }
  // Operators name what they make after the object that asks for it.
  return std::any_of(index_.objects().begin(), index_.objects().end(), [&](const Resource& maker) {
    return may_bring_pods(maker) && reach_one_cluster(object, maker) &&
           maker.ref.name_space == want.target.name_space &&
           want.target.name.starts_with(maker.ref.name);
  });
}

void Checker::say(const Resource& object, const Node& at, Words words) {
  diag::Finding finding = k8s::finding_at(object, at);
  finding.code = words.code;
  finding.severity = diag::Severity::warning;
  finding.message = std::move(words.message);
  finding.hint = std::move(words.hint);
  finding.path = std::move(words.path);
  findings_.push_back(std::move(finding));
}

}  // namespace sluice::references

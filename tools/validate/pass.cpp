// SPDX-License-Identifier: Apache-2.0
#include "validate/pass.hpp"

#include "base/text.hpp"
#include "rules/rules.hpp"
#include "schema/check.hpp"
#include "schema/crd.hpp"
#include "schema/lifecycle.hpp"

#include <algorithm>

namespace sluice::validate {
namespace {

schema::GroupVersionKind name_of(const k8s::Resource& resource) {
  return {resource.group(), resource.version(), resource.ref.kind};
}

std::string kind_text(const k8s::Resource& resource) {
  return text::printable(resource.ref.kind) + " (" + text::printable(resource.ref.api_version) +
         ")";
}

bool is_crd(const k8s::Resource& resource) {
  return resource.ref.kind == "CustomResourceDefinition" &&
         resource.ref.api_version == "apiextensions.k8s.io/v1";
}

Seen seen_of(const k8s::Resource& resource) {
  const yaml::Provenance& origin = resource.document->origin();
  Seen seen{.ref = resource.ref, .at = k8s::finding_at(resource, *resource.object)};
  seen.key = origin.env + '\n' + origin.destination + '\n' + resource.key();
  return seen;
}

}  // namespace

void Pass::open(File& file, unsigned jobs, std::size_t slice) const {
  auto parsed = manifests::read_stream(file.input, options.limits, jobs);
  if (!parsed) {
    file.error = std::move(parsed.error());
    return;
  }
  file.findings = std::move(parsed->findings);
  file.from_render = parsed->from_render;
  file.left_out = parsed->skipped;
  file.unchanged = parsed->unchanged;
  file.stream = std::make_unique<const yaml::Stream>(std::move(*parsed));
  file.resources = k8s::resources(*file.stream, file.findings);
  file.objects = file.resources.size();
  for (std::size_t begin = 0; begin < file.objects; begin += slice) {
    file.slices.push_back({.begin = begin, .end = std::min(begin + slice, file.objects)});
  }
}

bool Pass::is_builtin(const k8s::Resource& resource) const {
  const auto& wanted = versions.of(resource.env());
  return std::all_of(wanted.begin(), wanted.end(), [&](schema::KubeVersion version) {
    return static_cast<bool>(schema::builtin_schema(name_of(resource), version));
  });
}

void Pass::check_builtin(const File& file, Slice& slice) const {
  for (std::size_t i = slice.begin; i < slice.end; ++i) {
    const k8s::Resource& resource = file.resources[i];
    slice.seen.push_back(seen_of(resource));
    if (!slice.envs.contains(resource.env())) {
      slice.envs.emplace(resource.env());
    }
    if (is_crd(resource)) {
      slice.crds.push_back(i);
      schema::check_crd(resource, slice.findings);
    }
    if (!options.stream_crds || is_builtin(resource)) {
      check(resource, slice);
    } else {
      slice.waiting.push_back(i);
    }
  }
}

void Pass::check_waiting(const File& file, Slice& slice) const {
  for (const std::size_t i : slice.waiting) {
    check(file.resources[i], slice);
  }
}

void Pass::check_references(File& file) const {
  if (options.references != References::off && !is_whole(file)) {
    check_references(file.resources, references::Knowledge::part, file.findings);
  }
}

void Pass::check_references(std::span<const k8s::Resource> objects,
                            references::Knowledge knowledge,
                            std::vector<diag::Finding>& findings) const {
  references::check(objects,
                    {.knowledge = knowledge,
                     .externals = &externals,
                     .is_builtin_group = schema::is_builtin_group},
                    findings);
}

void Pass::release(File& file) const {
  const bool needed =
      is_whole(file) ||
      std::any_of(file.slices.begin(), file.slices.end(), [this](const Slice& slice) {
        return options.stream_crds && (!slice.waiting.empty() || !slice.crds.empty());
      });
  if (!needed) {
    file.resources = {};
    file.stream.reset();
  }
}

void Pass::check(const k8s::Resource& resource, Slice& slice) const {
  const auto& wanted = versions.of(resource.env());
  std::vector<std::vector<diag::Finding>> by_version(wanted.size());
  bool answered = false;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const schema::Found found = registry.find(name_of(resource), wanted[i], resource.env());
    answered = answered || found.place;
    check_one(resource, wanted[i], found, slice, by_version[i]);
  }
  auto merged = merge(wanted, std::move(by_version));
  const bool skipped =
      !answered && std::all_of(merged.begin(), merged.end(), [](const auto& finding) {
        return finding.severity == diag::Severity::note;
      });
  if (skipped) {
    ++slice.missing[kind_text(resource)];
  }
  std::move(merged.begin(), merged.end(), std::back_inserter(slice.findings));
  if (ledger == Ledger::write) {
    slice.ledger.push_back(k8s::ledger_row(resource, answered ? "checked" : "skipped: no schema"));
  }
}

void Pass::check_one(const k8s::Resource& resource,
                     schema::KubeVersion version,
                     const schema::Found& found,
                     Slice& slice,
                     std::vector<diag::Finding>& out) const {
  if (!found.place) {
    return no_schema(resource, version, out);
  }
  const rules::Kind* kind = found.custom == nullptr ? rules::find(resource) : nullptr;
  schema::check(resource, found.place, version, out,
                kind == nullptr ? schema::Demands::all : schema::Demands::decoding);
  if (kind != nullptr) {
    rules::check(*kind, resource, version, out);
  }
  deprecated(resource, version, found, out);
  if (found.custom == nullptr) {
    return;
  }
  if (found.custom->cel_rules() != 0) {
    slice.cel[kind_text(resource)] = found.custom->cel_rules();
    diag::Finding finding = k8s::finding_at(resource, *resource.object);
    finding.code = "schema/rules-not-checked";
    finding.severity = diag::Severity::note;
    finding.message = "rules not checked: the schema of " + kind_text(resource) + " has " +
                      text::counted(found.custom->cel_rules(), "rule") + " in CEL";
    out.push_back(std::move(finding));
  }
  if (!found.custom->unread().empty()) {
    diag::Finding finding = k8s::finding_at(resource, *resource.object);
    finding.code = "schema/unread-keyword";
    finding.severity = diag::Severity::warning;
    const std::vector<std::string> keywords(found.custom->unread().begin(),
                                            found.custom->unread().end());
    finding.message =
        "the schema of " + kind_text(resource) +
        " has keywords that are not evaluated: " + text::printable(text::join(keywords, ", "));
    finding.hint = "the object was checked against the rest";
    out.push_back(std::move(finding));
  }
}

void Pass::deprecated(const k8s::Resource& resource,
                      schema::KubeVersion version,
                      const schema::Found& found,
                      std::vector<diag::Finding>& out) {
  std::optional<schema::Deprecation> why;
  if (found.custom == nullptr) {
    why = schema::deprecation_of(name_of(resource), version);
  } else if (found.deprecation != nullptr) {
    why = {kind_text(resource) + ": its definition says: " + text::printable(*found.deprecation),
           "move to another version of the CustomResourceDefinition"};
  }
  if (!why) {
    return;
  }
  const yaml::Node* at = resource.document->find(*resource.object, "apiVersion");
  diag::Finding finding = k8s::finding_at(resource, at == nullptr ? *resource.object : *at);
  finding.code = "schema/deprecated-api";
  finding.severity = diag::Severity::warning;
  finding.message = std::move(why->message);
  finding.hint = std::move(why->hint);
  finding.path = "/apiVersion";
  out.push_back(std::move(finding));
}

void Pass::no_schema(const k8s::Resource& resource,
                     schema::KubeVersion version,
                     std::vector<diag::Finding>& out) const {
  auto why = registry.explain(name_of(resource), version);
  const yaml::Node* kind = resource.document->find(*resource.object, "kind");
  const yaml::Node* api_version = resource.document->find(*resource.object, "apiVersion");
  const bool old = why.code == "schema/removed-api" && api_version != nullptr;
  diag::Finding finding = k8s::finding_at(resource, old               ? *api_version
                                                    : kind != nullptr ? *kind
                                                                      : *resource.object);
  finding.code = std::move(why.code);
  finding.message = std::move(why.message);
  finding.hint = std::move(why.hint);
  finding.hint += why.custom && may_fetch
                      ? "; or ask the addresses of --schema-location once with --fetch-schemas"
                      : "";
  finding.path = old ? "/apiVersion" : "/kind";
  if (why.custom && options.allow_missing_schemas) {
    finding.severity = diag::Severity::note;
  }
  out.push_back(std::move(finding));
}

}  // namespace sluice::validate

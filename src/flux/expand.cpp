// SPDX-License-Identifier: Apache-2.0
#include "flux/expand.hpp"

#include "base/text.hpp"
#include "flux/context.hpp"

namespace sluice::flux {
namespace {

enum class Kind { kustomization, release, operator_object, other };

Kind kind_of(const k8s::Resource& resource) {
  const auto group = resource.group();
  if (group == "kustomize.toolkit.fluxcd.io" && resource.ref.kind == "Kustomization") {
    return Kind::kustomization;
  }
  if (group == "helm.toolkit.fluxcd.io" && resource.ref.kind == "HelmRelease") {
    return Kind::release;
  }
  if (group == "fluxcd.controlplane.io" &&
      (resource.ref.kind == "ResourceSet" || resource.ref.kind == "FluxInstance")) {
    return Kind::operator_object;
  }
  return Kind::other;
}

Subject subject_of(const k8s::Resource& resource, const Options& options) {
  Subject subject;
  subject.resource = &resource;
  subject.cluster = options.cluster.empty() ? cluster_of(resource) : options.cluster;
  const auto& ref = resource.ref;
  const auto own = (ref.name_space.empty() ? "" : ref.name_space + "/") + ref.name;
  subject.name = text::printable((subject.cluster.empty() ? "" : subject.cluster + "/") + own);
  const auto shown = text::printable(own);
  subject.chain = options.chain.empty() ? shown : options.chain + " > " + shown;
  return subject;
}

void expand_one(Context& context, const Subject& subject) {
  const auto kind = kind_of(*subject.resource);
  if (kind == Kind::operator_object) {
    context.unrenderable(subject, subject.resource->ref.kind + " makes its objects in the cluster");
    return;
  }
  const auto value = yaml::to_value(*subject.resource->document, *subject.resource->object);
  if (!value) {
    context.invalid(subject, nullptr, text::printable(value.error().message, 400));
    return;
  }
  if (kind == Kind::kustomization) {
    expand_kustomization(context, subject, *value);
  } else {
    expand_release(context, subject, *value);
  }
}

}  // namespace

bool is_flux_object(const k8s::Resource& resource) {
  return kind_of(resource) != Kind::other;
}

std::string cluster_of(const k8s::Resource& resource) {
  const auto& origin = resource.document->origin();
  if (!origin.destination.empty()) {
    return origin.destination;
  }
  const auto place = resource.document->where(*resource.object);
  const auto parts = text::split(place.file, '/');
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    // The folder itself, or a file below it: not "clusters/web.yaml".
    const bool file = i + 2 == parts.size() && parts[i + 1].find('.') != std::string_view::npos;
    if (parts[i] == "clusters" && !file) {
      return std::string(parts[i + 1]);
    }
  }
  return {};
}

delivery::Expansion expand(std::span<const k8s::Resource> objects,
                           const delivery::Repository& repository,
                           const Options& options) {
  Catalogue own(repository);
  auto& catalogue = options.catalogue == nullptr ? own : *options.catalogue;
  for (const auto& object : objects) {
    const auto cluster = options.cluster.empty() ? cluster_of(object) : options.cluster;
    catalogue.learn({&object, 1}, cluster);
  }
  Context context(repository, options, catalogue);
  for (const auto& object : objects) {
    if (is_flux_object(object)) {
      expand_one(context, subject_of(object, options));
    }
  }
  return std::move(context.out);
}

}  // namespace sluice::flux

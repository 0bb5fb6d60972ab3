// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "delivery/unit.hpp"
#include "flux/catalogue.hpp"
#include "k8s/resource.hpp"

#include <span>
#include <string>

/// What Flux makes of its Kustomizations and HelmReleases: delivery units, without a cluster.
///
/// Fields follow kustomize.toolkit.fluxcd.io/v1 and helm.toolkit.fluxcd.io/v2 (Flux 2.9) and their
/// older versions. A field that could change what is rendered and that is not followed here makes
/// its object unrenderable, by name; fields without effect on the render are the tables of
/// fields.cpp.
namespace sluice::flux {

struct Options {
  std::string chain;    ///< what led to these objects: "root > apps"; empty at the start
  std::string branch;   ///< checked out: a GitRepository that follows it needs no note
  std::string cluster;  ///< whose objects these are; empty: told by where they came from
  /// Sources, ConfigMaps and Secrets of earlier calls; without one only `objects` and files count.
  Catalogue* catalogue = nullptr;
};

/// A Kustomization or HelmRelease of toolkit.fluxcd.io, or what makes such objects in the cluster.
bool is_flux_object(const k8s::Resource& resource);

/// The cluster that an object is for: its unit's destination, else NAME of a path clusters/NAME/;
/// empty when neither tells.
std::string cluster_of(const k8s::Resource& resource);

/// A Helm release name as helm-controller shortens it: over 53 bytes, 40 of them, '-' and the first
/// 12 hexadecimal digits of the name's SHA-256.
std::string shortened_release(const std::string& name);

/// The units of the Kustomizations and HelmReleases among `objects`, in their order; other kinds
/// are left alone (and kept in the catalogue when they may be referred to). What is wrong with an
/// object is a finding (render/flux-invalid) and makes it unrenderable.
///
/// Units are named "<cluster>/<namespace>/<name>" ("<namespace>/<name>" without a cluster); the
/// cluster is their destination. Labels that Flux adds to everything it applies
/// (kustomize.toolkit.fluxcd.io/name ...) are left out, like Argo CD's tracking labels.
delivery::Expansion expand(std::span<const k8s::Resource> objects,
                           const delivery::Repository& repository,
                           const Options& options);

}  // namespace sluice::flux

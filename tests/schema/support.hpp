// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "k8s/resource.hpp"
#include "schema/check.hpp"
#include "schema/registry.hpp"
#include "yaml/parse.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sluice::schema {

inline KubeVersion kube(const std::string& text) {
  return *parse_kube_version(text);
}

/// The findings of the objects of a stream, as lines "code path: message".
/// CustomResourceDefinitions in it count as schemas only.
inline std::vector<std::string> check_text(const std::string& text,
                                           const std::string& version = "1.33") {
  const auto stream = yaml::parse(text, "test.yaml");
  std::vector<diag::Finding> findings = stream->findings;
  const auto resources = k8s::resources(*stream, findings);
  Registry registry;
  for (const k8s::Resource& resource : resources) {
    if (resource.ref.kind == "CustomResourceDefinition") {
      registry.add(*resource.document, *resource.object, {}, findings);
    }
  }
  for (const k8s::Resource& resource : resources) {
    if (resource.ref.kind == "CustomResourceDefinition") {
      continue;
    }
    const Found found =
        registry.find({resource.group(), resource.version(), resource.ref.kind}, kube(version), {});
    if (!found.place) {
      findings.push_back({.code = "schema/unknown-kind", .message = resource.ref.kind});
    } else {
      check(resource, found.place, kube(version), findings);
    }
  }
  std::vector<std::string> out;
  for (const diag::Finding& finding : findings) {
    out.push_back(finding.code + " " + finding.path + ": " + finding.message);
  }
  return out;
}

using Lines = std::vector<std::string>;

}  // namespace sluice::schema

// SPDX-License-Identifier: Apache-2.0
#include "cost/origin.hpp"

#include <algorithm>

namespace sluice::cost {
namespace {

std::string words(const Origin& origin) {
  switch (origin.basis) {
    case Origin::Basis::unset:
      return "default";
    case Origin::Basis::manifest:
      return "manifest";
    case Origin::Basis::limit:
      return "limit";
    case Origin::Basis::object:
      return origin.object->ref.kind + " " + origin.object->ref.name;
    case Origin::Basis::kserve:
      return "KServe's default";
    case Origin::Basis::knative:
      return "Knative's default";
    case Origin::Basis::kuberay:
      return "KubeRay's default";
    case Origin::Basis::configuration:
      return "sluice.yaml";
    case Origin::Basis::nodes_flag:
      return "--nodes";
    case Origin::Basis::each_node:
      return "one for each node";
    case Origin::Basis::claim_template:
      return "volumeClaimTemplates";
    case Origin::Basis::ephemeral_volume:
      return "ephemeral volume";
    case Origin::Basis::device_claim:
      return "resourceClaims";
  }
  return "";
}

}  // namespace

Source describe(const Origin& origin) {
  Source out{.what = words(origin), .at = {}};
  if (origin.object != nullptr) {
    const auto* node = origin.node == nullptr ? origin.object->object : origin.node;
    out.at = origin.object->document->where(*node);
  }
  return out;
}

std::vector<Source> describe(std::span<const Origin> origins) {
  std::vector<Source> out;
  out.reserve(origins.size());
  for (const auto& origin : origins) {
    out.push_back(describe(origin));
  }
  std::ranges::sort(out);
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace sluice::cost

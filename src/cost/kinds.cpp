// SPDX-License-Identifier: Apache-2.0
#include "cost/kinds.hpp"

#include "base/text.hpp"
#include "yaml/canonical.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace sluice::cost {
namespace {

constexpr std::string_view template_spec = "/spec/template/spec";

constexpr std::array kind_rows{
    KindRow{"", "Pod", "/spec", Count::one},
    KindRow{"", "ReplicationController", template_spec, Count::replicas},
    KindRow{"apps", "DaemonSet", template_spec, Count::per_node, Surge::daemon_set},
    KindRow{"apps", "Deployment", template_spec, Count::replicas, Surge::deployment},
    KindRow{"apps", "ReplicaSet", template_spec, Count::replicas},
    KindRow{"apps", "StatefulSet", template_spec, Count::replicas, Surge::none,
            "/spec/volumeClaimTemplates"},
    KindRow{"argoproj.io", "Rollout", template_spec, Count::replicas, Surge::rollout},
    KindRow{"batch", "CronJob", "/spec/jobTemplate/spec/template/spec", Count::cron_job},
    KindRow{"batch", "Job", template_spec, Count::job},
    KindRow{"keda.sh", "ScaledJob", "/spec/jobTargetRef/template/spec", Count::scaled_job},
    KindRow{"serving.knative.dev", "Service", template_spec, Count::knative, Surge::revision},
    KindRow{"serving.kserve.io", "InferenceService", "/spec", Count::kserve, Surge::revision},
};

}  // namespace

std::span<const KindRow> kinds() {
  return kind_rows;
}

const KindRow* find_kind(std::string_view group, std::string_view kind) {
  const auto* const row = std::find_if(kind_rows.begin(), kind_rows.end(), [&](const KindRow& r) {
    return r.kind == kind && r.group == group;
  });
  return row == kind_rows.end() ? nullptr : row;
}

bool never_runs(std::string_view group, std::string_view kind) {
  return group == "kyverno.io" || group.ends_with(".kyverno.io") ||
         group == "apiextensions.k8s.io" || group == "templates.gatekeeper.sh" ||
         group == "constraints.gatekeeper.sh" || group == "kustomize.config.k8s.io" ||
         (group == "serving.kserve.io" && kind.ends_with("ServingRuntime")) ||
         (group.empty() && kind == "PodTemplate");
}

const yaml::Node* at(const yaml::Document& document,
                     const yaml::Node& object,
                     std::string_view pointer) {
  const yaml::Node* node = &object;
  while (node != nullptr && !pointer.empty()) {
    pointer.remove_prefix(1);
    const auto key = pointer.substr(0, pointer.find('/'));
    pointer.remove_prefix(key.size());
    node = document.find(*node, key);
  }
  return node;
}

std::optional<std::int64_t> count_at(const yaml::Document& document,
                                     const yaml::Node& object,
                                     std::string_view pointer) {
  const auto* node = at(document, object, pointer);
  if (node == nullptr || (node->kind != yaml::Kind::integer && node->kind != yaml::Kind::real)) {
    return std::nullopt;
  }
  constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();
  return std::clamp<std::int64_t>(yaml::as_int64(*node).value_or(most), 0, most);
}

}  // namespace sluice::cost

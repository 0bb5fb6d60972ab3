// SPDX-License-Identifier: Apache-2.0
#include "rules/workload.hpp"

#include "rules/claim.hpp"
#include "rules/metadata.hpp"
#include "rules/pod.hpp"
#include "rules/selector.hpp"

#include <charconv>

namespace sluice::rules {
namespace {

constexpr std::string_view no_limit_over_100 = "be at most 100%";

std::optional<std::int64_t> percentage(std::string_view text) {
  if (!has_form(Form::percent, text)) {
    return std::nullopt;
  }
  std::int64_t value = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size() - 1, value);
  return error == std::errc{} && stop == text.data() + text.size() - 1
             ? value
             : std::numeric_limits<std::int64_t>::max();
}

enum class Most : std::uint8_t { hundred, any };

std::optional<std::int64_t> share(
    Object& object, const Node* owner, std::string_view field, std::int64_t otherwise, Most most) {
  const Node* node = object.get(owner, field);
  if (node == nullptr) {
    return otherwise;
  }
  if (node->kind != yaml::Kind::string) {
    const auto value = object.integer(owner, field);
    if (value && *value < 0) {
      object.invalid({owner, field}, "schema/range", "not be negative");
    }
    return value;
  }
  const auto value = percentage(node->text);
  if (!value) {
    object.text_form({owner, field}, node->text, Form::percent);
  } else if (most == Most::hundred && *value > 100) {
    object.invalid({owner, field}, "schema/range", no_limit_over_100);
  }
  return value;
}

const Node* spec_of(Object& object) {
  return object.get(object.root(), "spec");
}

void check_deployment_strategy(Object& object, const Node* spec) {
  const Node* strategy = object.get(spec, "strategy");
  object.one_of(strategy, "type", {"RollingUpdate", "Recreate"});
  const Node* rolling = object.get(strategy, "rollingUpdate");
  const std::string_view type = object.text(strategy, "type");
  if (type == "Recreate") {
    if (rolling != nullptr) {
      object.forbidden({strategy, "rollingUpdate"}, "with the type Recreate");
    }
    return;
  }
  const auto unavailable = share(object, rolling, "maxUnavailable", 25, Most::hundred);
  const auto surge = share(object, rolling, "maxSurge", 25, Most::any);
  if (unavailable == 0 && surge == 0) {
    object.invalid({rolling, "maxUnavailable"}, "schema/conflict", "not be 0 while maxSurge is 0",
                   "an update has to take a pod away or to add one");
  }
}

void check_daemon_strategy(Object& object, const Node* spec) {
  const Node* strategy = object.get(spec, "updateStrategy");
  object.one_of(strategy, "type", {"RollingUpdate", "OnDelete"});
  const std::string_view type = object.text(strategy, "type");
  if (!type.empty() && type != "RollingUpdate") {
    return;
  }
  const Node* rolling = object.get(strategy, "rollingUpdate");
  const auto unavailable = share(object, rolling, "maxUnavailable", 1, Most::hundred);
  const auto surge = share(object, rolling, "maxSurge", 0, Most::hundred);
  if (unavailable.value_or(0) != 0 && surge.value_or(0) != 0) {
    object.invalid({rolling, "maxSurge"}, "schema/conflict", "be 0 unless maxUnavailable is 0",
                   "maxUnavailable is 1 when it is not set");
  } else if (unavailable == 0 && surge == 0) {
    object.invalid({rolling, "maxUnavailable"}, "schema/conflict", "not be 0 while maxSurge is 0");
  }
}

void check_stateful_strategy(Object& object, const Node* spec) {
  const Node* strategy = object.get(spec, "updateStrategy");
  object.one_of(strategy, "type", {"RollingUpdate", "OnDelete"});
  const Node* rolling = object.get(strategy, "rollingUpdate");
  if (rolling == nullptr) {
    return;
  }
  if (object.text(strategy, "type") == "OnDelete") {
    return object.forbidden({strategy, "rollingUpdate"}, "with the type OnDelete");
  }
  check_counts(object, rolling, {"partition"});
  if (object.minor() >= 35) {  // dropped before
    if (share(object, rolling, "maxUnavailable", 1, Most::hundred) == 0) {
      object.invalid({rolling, "maxUnavailable"}, "schema/range", "not be 0");
    }
  }
}

}  // namespace

void check_counts(Object& object,
                  const Node* owner,
                  std::initializer_list<std::string_view> fields) {
  for (const std::string_view field : fields) {
    const auto value = object.integer(owner, field);
    if (value && *value < 0) {
      object.invalid({owner, field}, "schema/range", "not be negative");
    }
  }
}

std::optional<std::int64_t> check_share(Object& object,
                                        const Node* owner,
                                        std::string_view field,
                                        std::int64_t otherwise) {
  return share(object, owner, field, otherwise, Most::hundred);
}

void check_deployment(Object& object) {
  const Node* spec = spec_of(object);
  check_counts(object, spec,
               {"replicas", "minReadySeconds", "revisionHistoryLimit", "progressDeadlineSeconds"});
  check_workload_selector(object, spec);
  check_template(object, spec);
  check_permanent(object, spec);
  check_deployment_strategy(object, spec);
  const auto ready = object.integer(spec, "minReadySeconds").value_or(0);
  const auto deadline = object.integer(spec, "progressDeadlineSeconds").value_or(600);
  if (spec != nullptr && deadline <= ready) {
    object.invalid({spec, object.has(spec, "progressDeadlineSeconds") ? "progressDeadlineSeconds"
                                                                      : "minReadySeconds"},
                   "schema/conflict",
                   object.has(spec, "progressDeadlineSeconds")
                       ? "be more than minReadySeconds"
                       : "be less than progressDeadlineSeconds, which is 600 when it is not set");
  }
}

void check_replica_set(Object& object) {
  const Node* spec = spec_of(object);
  check_counts(object, spec, {"replicas", "minReadySeconds"});
  check_workload_selector(object, spec);
  check_template(object, spec);
  check_permanent(object, spec);
}

void check_replication_controller(Object& object) {
  const Node* spec = spec_of(object);
  check_counts(object, spec, {"replicas", "minReadySeconds"});
  check_template(object, spec);
  check_permanent(object, spec);
  const Node* labels = object.get(spec, {"template", "metadata", "labels"});
  for (const auto& [key, value] : object.pairs(spec, "selector")) {
    if (const Node* label = object.get(labels, key.text);
        object.text(label) != object.text(&value)) {
      object.invalid({&value}, "schema/selector", "be a label of the template");
    }
  }
}

void check_daemon_set(Object& object) {
  const Node* spec = spec_of(object);
  check_workload_selector(object, spec);
  check_template(object, spec);
  check_permanent(object, spec);
  check_counts(object, spec, {"minReadySeconds", "revisionHistoryLimit"});
  check_daemon_strategy(object, spec);
}

void check_stateful_set(Object& object) {
  const Node* spec = spec_of(object);
  if (spec == nullptr) {
    return object.required(object.root(), "spec");
  }
  object.one_of(spec, "podManagementPolicy", {"OrderedReady", "Parallel"});
  check_stateful_strategy(object, spec);
  const Node* retention = object.get(spec, "persistentVolumeClaimRetentionPolicy");
  object.one_of(retention, "whenDeleted", {"Retain", "Delete"});
  object.one_of(retention, "whenScaled", {"Retain", "Delete"});
  check_counts(object, spec, {"replicas", "minReadySeconds"});
  check_counts(object, object.get(spec, "ordinals"), {"start"});
  if (object.minor() >= 33) {
    object.form(spec, "serviceName", Form::dns_label);
  }
  check_workload_selector(object, spec);
  check_permanent(object, spec);
  const Node* metadata = object.get(spec, {"template", "metadata"});
  check_labels(object, object.get(metadata, "labels"));
  check_annotations(object, object.get(metadata, "annotations"));
  Pod pod{.metadata = metadata, .spec = object.get(spec, {"template", "spec"})};
  check_pod_annotations(object, pod);
  object.only_warn("the server takes the StatefulSet, but refuses its pods");
  check_template(object, spec);
  object.only_warn("the server takes the StatefulSet, but refuses its claims");
  for (const Node& claim : object.items(spec, "volumeClaimTemplates")) {
    check_claim_spec(object, &claim);
  }
  object.only_warn({});
}

}  // namespace sluice::rules

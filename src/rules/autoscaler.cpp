// SPDX-License-Identifier: Apache-2.0
#include "rules/kinds.hpp"
#include "rules/resources.hpp"

#include <algorithm>
#include <array>

namespace sluice::rules {
namespace {

struct Source {
  std::string_view type;
  std::string_view field;
};

constexpr std::array sources{Source{"Object", "object"}, Source{"External", "external"},
                             Source{"Pods", "pods"}, Source{"Resource", "resource"},
                             Source{"ContainerResource", "containerResource"}};

void check_positive(Object& object, const Node* owner, std::string_view field) {
  const Node* amount = object.get(owner, field);
  if (const auto quantity = object.quantity(amount);
      amount != nullptr && quantity && quantity->nano() <= 0) {
    object.invalid({owner, field}, "schema/quantity", "be more than zero");
  }
}

void check_reference(Object& object, const Node* owner, std::string_view field) {
  const Node* reference = object.get(owner, field);
  if (reference == nullptr) {
    return object.required(owner, field, "with kind and name");
  }
  object.named(reference, "kind", Form::path_segment);
  object.named(reference, "name", Form::path_segment);
}

void check_target(Object& object, const Node* source, std::string_view kind) {
  const Node* target = object.get(source, "target");
  if (target == nullptr) {
    return object.required(source, "target");
  }
  object.chosen(target, "type", {"Utilization", "Value", "AverageValue"});
  check_positive(object, target, "value");
  check_positive(object, target, "averageValue");
  const auto utilization = object.integer(target, "averageUtilization");
  if (utilization && *utilization < 1) {
    object.invalid({target, "averageUtilization"}, "schema/range", "be more than 0");
  }
  const bool value = object.has(target, "value");
  const bool average = object.has(target, "averageValue");
  const bool share = object.has(target, "averageUtilization");
  if (kind == "object" || kind == "external") {
    if (!value && !average) {
      object.required(target, "averageValue", "unless value is set");
    } else if (kind == "external" && value && average) {
      object.forbidden({target, "value"}, "beside averageValue");
    }
  } else if (kind == "pods") {
    if (!average) {
      object.required(target, "averageValue");
    }
  } else if (!share && !average) {
    object.required(target, "averageUtilization", "unless averageValue is set");
  } else if (share && average) {
    object.forbidden({target, "averageValue"}, "beside averageUtilization");
  }
}

void check_metric_name(Object& object, const Node* source) {
  const Node* metric = object.get(source, "metric");
  metric == nullptr ? object.required(source, "metric", "with a name")
                    : object.named(metric, "name", Form::path_segment);
}

void check_source(Object& object, const Node* source, std::string_view kind) {
  if (kind == "object") {
    check_reference(object, source, "describedObject");
  }
  if (kind == "resource" || kind == "containerResource") {
    const std::string_view name = object.text(source, "name");
    if (name.empty()) {
      object.required(source, "name");
    } else if (kind == "containerResource") {
      check_resource_name(object, {source, "name"}, name, Level::container);
    }
    if (kind == "containerResource") {
      object.named(source, "container", Form::dns_label);
    }
  } else {
    check_metric_name(object, source);
  }
  check_target(object, source, kind);
}

void check_metric(Object& object, const Node& metric) {
  const std::string_view type = object.text(&metric, "type");
  object.chosen(&metric, "type", {"Object", "External", "Pods", "Resource", "ContainerResource"});
  std::size_t present = 0;
  for (const Source& source : sources) {
    const Node* node = object.get(&metric, source.field);
    if (node == nullptr) {
      if (source.type == type) {
        object.required(&metric, source.field, "with the type " + std::string(type));
      }
      continue;
    }
    if (++present == 1) {
      check_source(object, node, source.field);
    }
    if (source.type != type && !type.empty() && present > 1) {
      object.forbidden({&metric, source.field}, "with the type " + std::string(type));
    }
  }
  if (present > 1) {
    for (const Source& source : sources) {
      if (source.type != type && object.has(&metric, source.field)) {
        object.forbidden({&metric, source.field}, "beside another source");
      }
    }
  }
}

void check_policies(Object& object, const Node* rules) {
  if (rules == nullptr) {
    return;
  }
  object.range(rules, "stabilizationWindowSeconds", 0, 3600);
  if (object.has(rules, "selectPolicy")) {
    object.chosen(rules, "selectPolicy", {"Max", "Min", "Disabled"});
  }
  const Node* list = object.get(rules, "policies");
  if (list != nullptr && object.items(list).empty() && list->kind == yaml::Kind::sequence) {
    object.required(rules, "policies", "with at least one policy",
                    "leave the field out for the default ones");
  }
  for (const Node& policy : object.items(list)) {
    object.chosen(&policy, "type", {"Pods", "Percent"});
    if (object.integer(&policy, "value").value_or(0) <= 0) {
      object.invalid({&policy, "value"}, "schema/range", "be more than 0");
    }
    const auto period = object.integer(&policy, "periodSeconds").value_or(0);
    if (period <= 0 || period > 1800) {
      object.invalid({&policy, "periodSeconds"}, "schema/range", "lie between 1 and 1800");
    }
  }
  check_not_negative(object, rules, "tolerance");
}

}  // namespace

void check_autoscaler(Object& object) {
  const Node* spec = object.get(object.root(), "spec");
  if (spec == nullptr) {
    return object.required(object.root(), "spec");
  }
  const std::int64_t least = object.minor() >= 36 ? 0 : 1;  // HPAScaleToZero
  const auto minimum = object.integer(spec, "minReplicas").value_or(1);
  const auto maximum = object.integer(spec, "maxReplicas").value_or(0);
  if (minimum < least) {
    object.invalid({spec, "minReplicas"}, "schema/range", "be at least " + std::to_string(least));
  }
  if (!object.has(spec, "maxReplicas")) {
    object.required(spec, "maxReplicas");
  } else if (maximum < 1) {
    object.invalid({spec, "maxReplicas"}, "schema/range", "be more than 0");
  } else if (maximum < minimum) {
    object.invalid({spec, "maxReplicas"}, "schema/conflict",
                   "be at least minReplicas, which is " + std::to_string(minimum));
  }
  check_reference(object, spec, "scaleTargetRef");
  if (object.resource().version() == "v1") {
    const auto cpu = object.integer(spec, "targetCPUUtilizationPercentage");
    if (cpu && *cpu < 1) {
      object.invalid({spec, "targetCPUUtilizationPercentage"}, "schema/range", "be more than 0");
    }
    return;
  }
  const auto metrics = object.items(spec, "metrics");
  for (const Node& metric : metrics) {
    check_metric(object, metric);
  }
  const bool can_wake = std::any_of(metrics.begin(), metrics.end(), [&](const Node& metric) {
    const std::string_view type = object.text(&metric, "type");
    return type == "Object" || type == "External";
  });
  if (minimum == 0 && !can_wake) {
    object.invalid({spec, "minReplicas"}, "schema/conflict",
                   "not be 0 without a metric of the type Object or External");
  }
  const Node* behavior = object.get(spec, "behavior");
  check_policies(object, object.get(behavior, "scaleUp"));
  check_policies(object, object.get(behavior, "scaleDown"));
}

}  // namespace sluice::rules

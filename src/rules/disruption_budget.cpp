// SPDX-License-Identifier: Apache-2.0
#include "rules/kinds.hpp"
#include "rules/selector.hpp"
#include "rules/workload.hpp"

namespace sluice::rules {

void check_disruption_budget(Object& object) {
  const Node* spec = object.get(object.root(), "spec");
  if (object.has(spec, "minAvailable") && object.has(spec, "maxUnavailable")) {
    object.forbidden({spec, "maxUnavailable"}, "beside minAvailable", "keep one of the two");
  }
  check_share(object, spec, "minAvailable", 0);
  check_share(object, spec, "maxUnavailable", 0);
  check_selector(object, object.get(spec, "selector"));
  if (object.has(spec, "unhealthyPodEvictionPolicy")) {
    object.chosen(spec, "unhealthyPodEvictionPolicy", {"IfHealthyBudget", "AlwaysAllow"});
  }
}

}  // namespace sluice::rules

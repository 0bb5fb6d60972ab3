// SPDX-License-Identifier: Apache-2.0
#include "cost/overlay.hpp"

#include <algorithm>

namespace sluice::cost {

void lay_over(ResourceList& base, const ResourceList& upper) {
  for (const auto& [name, value] : upper) {
    base.set(name, value);
  }
}

void lay_over(std::vector<Container>& base, const std::vector<Container>& upper) {
  for (const auto& container : upper) {
    const auto same = std::ranges::find(base, container.name, &Container::name);
    if (same == base.end()) {
      base.push_back(container);
      continue;
    }
    lay_over(same->requests, container.requests);
    lay_over(same->limits, container.limits);
  }
}

void lay_over(PodShape& base, const PodShape& upper) {
  lay_over(base.app, upper.app);
  lay_over(base.init, upper.init);
  lay_over(base.requests, upper.requests);
  lay_over(base.limits, upper.limits);
  lay_over(base.overhead, upper.overhead);
  for (const auto& [name, size] : upper.storage) {
    auto& sum = base.storage[name];
    sum = {plus(sum.quantity, size.quantity), size.from};
  }
  base.claim_count += upper.claim_count;
  base.devices.insert(base.devices.end(), upper.devices.begin(), upper.devices.end());
  // The upper one's labels come first, so that they are found first.
  base.node_labels.insert(base.node_labels.begin(), upper.node_labels.begin(),
                          upper.node_labels.end());
  base.terminating = base.terminating || upper.terminating;
  if (!upper.runtime_class.empty()) {
    base.runtime_class = upper.runtime_class;
  }
  if (!upper.priority_class.empty()) {
    base.priority_class = upper.priority_class;
  }
}

void fill_in(Container& container, const ContainerDefaults& defaults) {
  container.limits.fill_from(defaults.limits);
  container.requests.fill_from(defaults.requests);
}

}  // namespace sluice::cost

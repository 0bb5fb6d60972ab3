// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cost/flat_map.hpp"
#include "k8s/quantity.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::cost {

/// Resource name ("cpu", "memory", "nvidia.com/gpu") to quantity. Storage claims are counted under
/// "storage", or under the name that ResourceQuota gives a class:
/// "gp3.storageclass.storage.k8s.io/requests.storage".
using Amounts = FlatMap<k8s::Quantity>;

/// Sums and products that stop at the largest amount instead of overflowing: replica counts and
/// quantities come from pull requests.
k8s::Quantity plus(k8s::Quantity a, k8s::Quantity b);
k8s::Quantity minus(k8s::Quantity a, k8s::Quantity b);
k8s::Quantity times(k8s::Quantity amount, std::int64_t count);

void add(Amounts& to, const Amounts& more);
/// Adds `amounts` as often as `count` says; nothing for zero amounts.
void add(Amounts& to, const Amounts& amounts, std::int64_t count);
Amounts times(const Amounts& amounts, std::int64_t count);
/// head - base for every name of either; names without a difference are left out.
Amounts difference(const Amounts& base, const Amounts& head);
k8s::Quantity get(const Amounts& amounts, std::string_view resource);

/// Letters, digits, '.', '-', '_' and '/', as the API server demands; nothing else is ever a name
/// in Amounts, so that reports need not escape them.
bool is_resource_name(std::string_view name);

/// GPUs and other accelerators that are counted in whole devices, MIG slices among them.
bool is_accelerator(std::string_view resource);
/// All accelerators together: what "gpu" means in sluice.yaml.
k8s::Quantity accelerators(const Amounts& amounts);
bool is_storage(std::string_view resource);
k8s::Quantity storage(const Amounts& amounts);
/// The name to count a claim of this class under; an empty or impossible class is the
/// cluster's default.
std::string storage_name(std::string_view storage_class);

/// The class of such a name; empty for the default one.
std::string_view storage_class_of(std::string_view resource);
/// Counted in bytes: people read it with Mi, Gi, and prices are for a GiB. Takes a quota's names
/// too: "requests.memory".
bool is_bytes(std::string_view resource);

/// For people, and exact: "1.5" cpu, "1.5Gi" memory, "2" devices.
std::string people_text(std::string_view resource, k8s::Quantity quantity);
/// "+1.5", "-128Mi", "0".
std::string signed_text(std::string_view resource, k8s::Quantity quantity);
/// "storage gp3" for a class of storage; every other name as it is.
std::string people_name(std::string_view resource);

}  // namespace sluice::cost

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cost/context.hpp"
#include "cost/kinds.hpp"
#include "cost/pod.hpp"
#include "cost/prices.hpp"
#include "k8s/resource.hpp"

#include <compare>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What the objects of one stream ask of their clusters, while the streams are there.
namespace sluice::cost {

/// A Key that points into the stream.
struct KeyView {
  std::string_view env, destination, name_space, kind, group, name;

  friend auto operator<=>(const KeyView&, const KeyView&) = default;
};
/// The key of an object, with kubectl's "default" for namespaced objects that name none.
KeyView key_of(const k8s::Resource& resource);
Key key_of(const KeyView& view);

struct OwnersView {
  std::string_view team, owner, cost_center;

  friend auto operator<=>(const OwnersView&, const OwnersView&) = default;
};

/// Pods of one shape: a Deployment has one such part, an InferenceService one for each component.
struct Part {
  std::string name;  ///< "predictor"; empty for the only one
  PodAmounts per_pod;
  Pods pods;
  Charge charge;                 ///< of one pod, for an hour
  std::string placement;         ///< what that price was chosen by
  Amounts limits;                ///< of one pod; only where a ResourceQuota asks for limits
  std::int64_t claim_count = 0;  ///< volume claims of one pod
  Qos qos = Qos::burstable;
  bool terminating = false;          ///< as quota scopes tell pods apart
  std::string_view priority_class;   ///< likewise
  std::vector<std::string> missing;  ///< containers without requests: "app: cpu, memory"
};

/// The devices of a ResourceClaim, which all the pods share that name it.
struct SharedDevices {
  const k8s::Resource* claim = nullptr;  ///< nullptr when it is in no manifest
  Amounts devices;
};

struct Workload {
  KeyView key;
  OwnersView owners;
  std::vector<Part> parts;
  Amounts claims;  ///< what does not follow the pods: a PersistentVolumeClaim's storage, a balancer
  Charge claims_charge;
  std::vector<SharedDevices> shared_devices;  ///< the first workload of a stream has them in claims
  bool complete = true;            ///< false: a part of its object is in Account::left_out
  std::vector<std::string> notes;  ///< what a reader must know: "runtime sklearn is in no manifest"
  const k8s::Resource* resource = nullptr;
  const yaml::Node* pod_spec =
      nullptr;  ///< the first one, in pod_holder: renamed workloads share it
  const k8s::Resource* pod_holder = nullptr;
  std::vector<const k8s::Resource*> used;  ///< context that decided a number; sorted, each once
};

/// Adds what a workload asks for.
void add(Totals& to, const Workload& workload);
Totals totals_of(const Workload& workload);
/// The steady maximum of one workload alone, of which most rules are.
Amounts steady_max(const Workload& workload);

/// An object that may run pods and was left out, with the reason.
struct LeftOut {
  KeyView key;
  std::string reason;
  const k8s::Resource* resource = nullptr;
};

struct Account {
  /// Sorted by key, each key once; they lie in `own`, or in the account of the other side.
  std::vector<const Workload*> workloads;
  std::vector<LeftOut> left_out;  ///< sorted by key
  /// cost/bad-quantity, cost/unknown-runtime, cost/ambiguous-runtime, cost/limit-range,
  /// cost/quota-refuses. Of what lies in the other side's account nothing is said here.
  std::vector<diag::Finding> findings;
  std::vector<std::vector<Workload>> own;
};

/// What a stream is counted with; must outlive the account.
struct Basis {
  const Context& context;
  const Options& options;
  const Prices* prices = nullptr;
};

/// Counts every object of a stream, which must outlive the account, with so many threads.
Account count(std::span<const k8s::Resource> resources, const Basis& basis, unsigned jobs = 1);

/// The same beside the other side of a change, which was counted with its own context, and the same
/// options and prices: a workload of an object that both streams share, and for which both contexts
/// say the same, is taken from there.
Account count_beside(const Account& other,
                     const Context& other_context,
                     std::span<const k8s::Resource> resources,
                     const Basis& basis,
                     unsigned jobs = 1);

}  // namespace sluice::cost

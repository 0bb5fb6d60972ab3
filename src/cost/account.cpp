// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "cost/kserve.hpp"
#include "cost/kserve_settings.hpp"
#include "cost/uncounted.hpp"
#include "cost/workload.hpp"
#include "k8s/scope.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <utility>

namespace sluice::cost {
namespace {

using k8s::Resource;

/// A label under any of the spellings in use: on the object, else on its pods.
std::string label(const Resource& resource,
                  std::string_view pod,
                  std::initializer_list<std::string_view> names) {
  const auto& document = *resource.document;
  const auto above = pod.substr(0, pod.rfind('/'));
  const auto* pods = above.empty() ? nullptr : at(document, *resource.object, above);
  for (const auto* holder : {resource.object, pods}) {
    for (const auto name : names) {
      const auto text = holder == nullptr ? std::string_view{}
                                          : document.text(*holder, {"metadata", "labels", name});
      if (!text.empty()) {
        return std::string(text);
      }
    }
  }
  return "";
}

/// Totals of one part: what its pods ask for, by when they ask for it.
Totals totals_of(const Part& part) {
  const auto amounts = plain(part.per_pod);
  const auto& pods = part.pods;
  Totals out;
  switch (pods.role) {
    case Role::steady:
      out.steady_min = times(amounts, pods.min);
      out.steady_max = times(amounts, pods.max);
      out.rollout_peak = times(amounts, pods.max + pods.surge);
      break;
    case Role::batch:
      out.batch_peak = times(amounts, pods.max);
      break;
    case Role::per_node:
      out.per_node = times(amounts, 1);
      break;
  }
  out.open = pods.role == Role::steady && pods.bound == Bound::none;
  out.batch_open = pods.role == Role::batch && pods.bound == Bound::none;
  return out;
}

Totals steady(const Amounts& amounts) {
  return {.steady_min = amounts, .steady_max = amounts, .rollout_peak = amounts};
}

bool comes_from(const PodAmounts& amounts, const std::string& source) {
  return std::ranges::any_of(amounts, [&](const auto& entry) {
    return std::ranges::binary_search(entry.second.from, source);
  });
}

/// Counts the objects of one stream, one at a time.
class Counter {
 public:
  Counter(const Context& context, const Options& options) : context_(context), options_(options) {}

  void take(const Resource& resource) {
    const auto group = resource.group();
    const auto& kind = resource.ref.kind;
    if (group.empty() && kind == "PersistentVolumeClaim") {
      return take_claim(resource);
    }
    if (group.empty() && kind == "LimitRange") {
      return check_limit_range(resource);
    }
    const auto* row = find_kind(group, kind);
    if (row != nullptr) {
      return row->count == Count::kserve ? take_inference(resource) : take_pods(resource, *row);
    }
    if (!never_runs(group, kind) && find_pod_shape(resource) != nullptr) {
      leave_out(resource, "it holds containers, and no row says how many pods a " +
                              text::printable(kind, 80) + " runs");
    }
  }

  Account finish() {
    // By index: workloads are large, and are moved once.
    std::vector<std::size_t> order(out_.workloads.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, std::ranges::less{},
                             [this](std::size_t i) -> const Key& { return out_.workloads[i].key; });
    std::vector<Workload> sorted;
    sorted.reserve(order.size());
    for (const auto i : order) {
      auto& workload = out_.workloads[i];
      if (!sorted.empty() && sorted.back().key == workload.key) {
        leave_out(*workload.resource, "the stream holds this object twice; the first one counts");
      } else {
        sorted.push_back(std::move(workload));
      }
    }
    out_.workloads = std::move(sorted);
    std::ranges::stable_sort(out_.not_counted, std::ranges::less{}, &NotCounted::key);
    return std::move(out_);
  }

 private:
  void take_pods(const Resource& resource, const KindRow& row) {
    Workload workload = begin(resource, row.pod);
    const auto* holder = &resource;
    auto pointer = row.pod;
    if (row.surge == Surge::rollout) {
      holder = template_holder(resource, workload);
    }
    const auto* spec =
        holder == nullptr ? nullptr : at(*holder->document, *holder->object, pointer);
    if (spec == nullptr || spec->kind != yaml::Kind::mapping) {
      return leave_out(resource, "it has no pod template at " + std::string(pointer));
    }
    std::vector<BadQuantity> bad;
    PodShape shape = read_pod(*holder->document, *spec, "manifest", bad);
    if (row.count == Count::knative) {
      shape.app.push_back(queue_proxy(context_, place_of(resource), workload.used));
    }
    Pods pods = pods_of(resource, row, context_, options_, workload.used);
    workload.parts.push_back(finish_part("", std::move(shape), std::move(pods), workload));
    add_claim_templates(resource, row, workload, bad);
    end(std::move(workload), bad, *holder);
  }

  void take_inference(const Resource& resource) {
    Workload workload = begin(resource, "/spec/predictor/x");
    std::vector<BadQuantity> bad;
    auto inference = inference_parts(resource, context_, workload.used, bad);
    for (const auto& reason : inference.not_counted) {
      leave_out(resource, reason);
    }
    std::move(inference.findings.begin(), inference.findings.end(),
              std::back_inserter(out_.findings));
    workload.notes = std::move(inference.notes);
    for (auto& component : inference.components) {
      workload.parts.push_back(finish_part(component.name, std::move(component.pod),
                                           std::move(component.pods), workload));
    }
    if (!workload.parts.empty()) {
      end(std::move(workload), bad, resource);
    }
  }

  void take_claim(const Resource& resource) {
    Workload workload = begin(resource, "");
    std::vector<BadQuantity> bad;
    add(workload.claims, claim(*resource.document, *resource.object, bad));
    end(std::move(workload), bad, resource);
  }

  /// The storage that a claim, or a template of one, asks for.
  static Amounts claim(const yaml::Document& document,
                       const yaml::Node& object,
                       std::vector<BadQuantity>& bad) {
    const auto requests = read_resource_list(
        document, document.find(object, {"spec", "resources", "requests"}), "", bad);
    const auto size = requests.find("storage");
    if (size == requests.end()) {
      return {};
    }
    return {
        {storage_name(document.text(object, {"spec", "storageClassName"})), size->second.quantity}};
  }

  /// One set of claims for each pod; they belong to the part, so that autoscalers count.
  static void add_claim_templates(const Resource& resource,
                                  const KindRow& row,
                                  Workload& workload,
                                  std::vector<BadQuantity>& bad) {
    const auto* templates =
        row.claims.empty() ? nullptr : at(*resource.document, *resource.object, row.claims);
    if (templates == nullptr || templates->kind != yaml::Kind::sequence) {
      return;
    }
    for (const auto& node : resource.document->children(*templates)) {
      for (const auto& [name, quantity] : claim(*resource.document, node, bad)) {
        auto& amount = workload.parts.front().per_pod[name];
        amount.quantity = plus(amount.quantity, quantity);
        amount.from = {"volumeClaimTemplates"};
      }
    }
  }

  /// The object whose template a Rollout runs: itself, or the Deployment of its workloadRef.
  const Resource* template_holder(const Resource& rollout, Workload& workload) {
    const auto& document = *rollout.document;
    const auto* reference = document.find(*rollout.object, {"spec", "workloadRef"});
    if (reference == nullptr) {
      return &rollout;
    }
    const auto place = place_of(rollout);
    const auto* deployment =
        context_.find(place, "Deployment", place.name_space, document.text(*reference, {"name"}));
    if (deployment != nullptr) {
      workload.used.push_back(deployment);
    }
    return deployment;
  }

  Workload begin(const Resource& resource, std::string_view pod) const {
    return {.key = key_of(resource),
            .owners = {.team = label(resource, pod, {"team"}),
                       .owner = label(resource, pod, {"owner"}),
                       .cost_center = label(resource, pod, {"cost-center", "costCenter"})},
            .resource = &resource};
  }

  /// Everything that admission would add, then the formula.
  Part finish_part(std::string name, PodShape shape, Pods pods, Workload& workload) {
    const auto place = place_of(*workload.resource);
    std::vector<BadQuantity> elsewhere;  // reported where the LimitRange itself is taken
    if (!shape.runtime_class.empty() && shape.overhead.empty()) {
      add_overhead(place, shape, workload);
    }
    std::vector<const Resource*> ranges;
    apply_defaults(shape, container_defaults(context_, place, ranges, elsewhere));
    Part part{.name = std::move(name),
              .per_pod = effective(shape),
              .pods = std::move(pods),
              .missing = without_requests(shape)};
    std::ranges::copy_if(ranges, std::back_inserter(workload.used), [&part](const auto* range) {
      return comes_from(part.per_pod, "LimitRange " + range->ref.name);
    });
    return part;
  }

  void add_overhead(const Place& place, PodShape& shape, Workload& workload) {
    const auto* runtime = context_.find(place, "RuntimeClass", "", shape.runtime_class);
    if (runtime == nullptr) {
      workload.notes.push_back("the overhead of the RuntimeClass \"" +
                               text::printable(shape.runtime_class, 80) +
                               "\" is unknown: it is in no manifest");
      return;
    }
    std::vector<BadQuantity> elsewhere;
    const auto* fixed = runtime->document->find(*runtime->object, {"overhead", "podFixed"});
    shape.overhead = read_resource_list(*runtime->document, fixed,
                                        "RuntimeClass " + runtime->ref.name, elsewhere);
    workload.used.push_back(runtime);
  }

  void end(Workload workload, const std::vector<BadQuantity>& bad, const Resource& holder) {
    for (const auto& quantity : bad) {
      refuse(holder, quantity);
    }
    for (const auto& part : workload.parts) {
      add(workload.totals, totals_of(part));
    }
    add(workload.totals, steady(workload.claims));
    auto& used = workload.used;
    std::sort(used.begin(), used.end(), [](const auto* a, const auto* b) {
      const auto key_a = key_of(*a);
      const auto key_b = key_of(*b);
      return key_a != key_b ? key_a < key_b : a < b;
    });
    used.erase(std::unique(used.begin(), used.end()), used.end());
    out_.workloads.push_back(std::move(workload));
  }

  void check_limit_range(const Resource& range) {
    Context only;
    only.add({&range, 1});
    std::vector<const Resource*> used;
    std::vector<BadQuantity> bad;
    container_defaults(only, place_of(range), used, bad);
    for (const auto& quantity : bad) {
      refuse(range, quantity);
    }
  }

  void refuse(const Resource& resource, const BadQuantity& bad) {
    auto finding = k8s::finding_at(resource, *bad.node);
    finding.code = "cost/bad-quantity";
    finding.message = bad.message + ", so it is not counted";
    finding.hint = "write a number such as 250m, 2 or 1.5Gi";
    out_.findings.push_back(std::move(finding));
  }

  void leave_out(const Resource& resource, std::string reason) {
    out_.not_counted.push_back({key_of(resource), std::move(reason), &resource});
  }

  const Context& context_;
  const Options& options_;
  Account out_;
};

}  // namespace

void add(Totals& to, const Totals& more) {
  add(to.steady_min, more.steady_min);
  add(to.steady_max, more.steady_max);
  add(to.rollout_peak, more.rollout_peak);
  add(to.batch_peak, more.batch_peak);
  add(to.per_node, more.per_node);
  to.open = to.open || more.open;
  to.batch_open = to.batch_open || more.batch_open;
}

Key key_of(const Resource& resource) {
  const auto& ref = resource.ref;
  const bool cluster = k8s::is_cluster_scoped(resource.group(), ref.kind);
  return {.env = std::string(resource.env()),
          .destination = resource.document->origin().destination,
          .name_space = cluster                  ? ""
                        : ref.name_space.empty() ? "default"
                                                 : ref.name_space,
          .kind = ref.kind,
          .group = std::string(resource.group()),
          .name = ref.name};
}

Account count(std::span<const Resource> resources, const Context& context, const Options& options) {
  Counter counter(context, options);
  for (const auto& resource : resources) {
    counter.take(resource);
  }
  return counter.finish();
}

}  // namespace sluice::cost

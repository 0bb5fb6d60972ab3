// SPDX-License-Identifier: Apache-2.0
#include "cost/kserve.hpp"

#include "base/text.hpp"
#include "cost/kserve_runtime.hpp"
#include "cost/kserve_settings.hpp"
#include "cost/multi_node.hpp"
#include "cost/overlay.hpp"
#include "cost/scale.hpp"

#include <algorithm>
#include <array>

namespace sluice::cost {
namespace {

using yaml::Document;
using yaml::Node;

constexpr std::string_view server_container = "kserve-container";
/// Old spellings of `model: {modelFormat: {name: ...}}`, which KServe rewrites.
constexpr std::array<std::string_view, 10> frameworks{
    "huggingface", "lightgbm", "onnx",       "paddle", "pmml",
    "pytorch",     "sklearn",  "tensorflow", "triton", "xgboost"};

/// The model of a predictor in either spelling.
struct Model {
  const Node* node = nullptr;
  ModelWish wish;
};

Model model_of(const Document& document, const Node& predictor) {
  if (const auto* model = document.find(predictor, "model")) {
    const auto* version = document.find(*model, {"modelFormat", "version"});
    return {model,
            {.runtime = document.text(*model, {"runtime"}),
             .format = document.text(*model, {"modelFormat", "name"}),
             .format_version =
                 version != nullptr && version->is_scalar() ? version->text : std::string_view{},
             .protocol = document.text(*model, {"protocolVersion"})}};
  }
  for (const auto framework : frameworks) {
    if (const auto* model = document.find(predictor, framework)) {
      return {model, {.format = framework, .protocol = document.text(*model, {"protocolVersion"})}};
    }
  }
  return {};
}

/// Makes the parts of one service; holds what all components share.
class Assembly {
 public:
  explicit Assembly(const Lookup& lookup)
      : lookup_(lookup),
        service_(lookup.resource),
        place_(place_of(service_)),
        settings_(kserve_settings(lookup.context, place_, lookup.used)) {
    const auto named = document().text(
        *service_.object, {"metadata", "annotations", "serving.kserve.io/deploymentMode"});
    mode_ = serving_mode(named, settings_.mode);
  }

  RunningPods take() {
    if (mode_ == ServingMode::model_mesh) {
      out_.left_out.push_back("ModelMesh: the model runs in the pods of its ServingRuntime");
      return std::move(out_);
    }
    for (const std::string name : {"predictor", "transformer", "explainer"}) {
      const auto* component = document().find(*service_.object, {"spec", name});
      if (component != nullptr && component->kind == yaml::Kind::mapping) {
        take_component(name, *component);
      }
    }
    const auto* canaries = document().find(*service_.object, {"spec", "canary"});
    if (canaries != nullptr && canaries->child_count != 0) {
      out_.left_out.emplace_back("its canaries, which run beside the predictor");
    }
    return std::move(out_);
  }

  /// The router of an InferenceGraph.
  RunningPods take_graph() {
    const auto* spec = document().find(*service_.object, "spec");
    if (spec == nullptr || spec->kind != yaml::Kind::mapping) {
      out_.left_out.emplace_back("it has no spec");
      return std::move(out_);
    }
    PodShape shape = read_pod(lookup_.reading(), *spec);
    auto router = settings_.router;
    auto own = own_container(*spec);
    lay_over(router.requests, own.requests);
    lay_over(router.limits, own.limits);
    shape.requests = {};  // spec.resources is the router's here, not the pod's
    shape.limits = {};
    shape.app.push_back(std::move(router));
    if (mode_ == ServingMode::knative) {
      shape.app.push_back(queue_proxy(lookup_));
    }
    out_.pods.push_back({"router", std::move(shape), pods(*spec), &service_, spec, {}});
    return std::move(out_);
  }

 private:
  [[nodiscard]] const Document& document() const { return *service_.document; }

  void take_component(const std::string& name, const Node& component) {
    auto shape = pod(name, component);
    auto count = pods(component);
    const auto* workers = name == "predictor" ? document().find(component, "workerSpec") : nullptr;
    auto group = workers == nullptr ? Group{} : spread(*workers, shape);
    add_sidecars(component, shape);
    out_.pods.push_back({name, std::move(shape), count, &service_, &component, {}});
    if (group.workers != 0) {
      for (auto* number : {&count.min, &count.max, &count.surge}) {
        *number = product(*number, group.workers);
      }
      out_.pods.push_back(
          {name + " worker", std::move(group.shape), count, &service_, workers, {}});
    }
    const auto canary = count_at(document(), component, "/canaryTrafficPercent");
    if (canary && *canary < 100 && mode_ == ServingMode::knative) {
      out_.notes.push_back("canary: the " + name +
                           "'s previous revision keeps running and is not counted");
    }
  }

  /// The workers of one replica.
  struct Group {
    std::int64_t workers = 0;
    PodShape shape;
  };

  /// Spreads a model over a head and its workers; the head's accelerators change with it.
  Group spread(const Node& workers, PodShape& head) {
    const auto* below = runtime_ == nullptr
                            ? nullptr
                            : runtime_->document->find(*runtime_->object, {"spec", "workerSpec"});
    const auto size = [&](std::string_view pointer) {
      const auto own = count_at(document(), workers, pointer);
      const auto lent =
          below == nullptr ? std::nullopt : count_at(*runtime_->document, *below, pointer);
      return std::max<std::int64_t>(1, own.value_or(lent.value_or(1)));
    };
    Group group;
    if (below != nullptr) {
      group.shape = read_pod({*runtime_, Origin::Basis::object, lookup_.bad}, *below);
    }
    lay_over(group.shape, read_pod(lookup_.reading(), workers));
    if (group.shape.app.empty() || head.app.empty()) {
      out_.left_out.emplace_back("the workers of a multi-node predictor: no template of theirs");
      return {};
    }
    const auto tensor = size("/tensorParallelSize");
    const auto pipeline = size("/pipelineParallelSize");
    const auto total = product(tensor, pipeline);
    auto& head_server = head.app.front();
    auto& worker = group.shape.app.front();
    const bool processes =
        runtime_ != nullptr &&
        runtime_->document->text(*runtime_->object,
                                 {"spec", "annotations", "multinode/executor-backend"}) == "mp";
    const auto nodes = processes ? process_nodes(tensor, pipeline)
                                 : ray_nodes(total, requested_accelerators(head_server),
                                             requested_accelerators(worker));
    if (!nodes.enough) {
      out_.notes.push_back("its head and workers have fewer than the " + std::to_string(total) +
                           " accelerators that it needs: KServe refuses it");
    }
    const Origin here{Origin::Basis::manifest, &service_, &workers};
    set_accelerators(head_server, nodes.head, here);
    set_accelerators(worker, nodes.worker, here);
    group.workers = nodes.nodes - 1;
    return group;
  }

  /// The agent stands beside a component that logs or batches.
  void add_sidecars(const Node& component, PodShape& shape) {
    if (document().find(component, "logger") != nullptr ||
        document().find(component, "batcher") != nullptr) {
      shape.app.push_back(settings_.agent);
    }
    if (mode_ == ServingMode::knative) {
      shape.app.push_back(queue_proxy(lookup_));
    }
  }

  PodShape pod(const std::string& name, const Node& component) {
    PodShape shape = read_pod(lookup_.reading(), component);
    const auto model = name == "predictor" ? model_of(document(), component) : Model{};
    if (model.node != nullptr) {
      shape = served(*model.node, model.wish, shape);
    } else if (const auto* art = document().find(component, "art")) {
      shape.app.insert(shape.app.begin(), own_container(*art));
      fill_in(shape.app.front(), settings_.custom);
    } else if (!shape.app.empty()) {
      fill_in(shape.app.front(), settings_.custom);
    }
    return shape;
  }

  Container own_container(const Node& node) {
    Container container{.name = server_container};
    container.requests =
        read_resource_list(lookup_.reading(), document().find(node, {"resources", "requests"}));
    container.limits =
        read_resource_list(lookup_.reading(), document().find(node, {"resources", "limits"}));
    return container;
  }

  /// The runtime's pod with the service laid over it.
  PodShape served(const Node& model, const ModelWish& wish, const PodShape& own) {
    PodShape shape;
    const auto choice = choose_runtime(lookup_.context, place_, wish);
    if (choice.runtime == nullptr) {
      unknown_runtime(model, wish);
    } else {
      const auto& runtime = *choice.runtime;
      lookup_.used.push_back(&runtime);
      runtime_ = &runtime;
      if (const auto* spec = runtime.document->find(*runtime.object, "spec")) {
        shape = read_pod({runtime, Origin::Basis::object, lookup_.bad}, *spec);
      }
      if (choice.rival != nullptr) {
        ambiguous_runtime(model, runtime, *choice.rival);
      }
    }
    auto server = own_container(model);
    server.injected = choice.runtime == nullptr;  // what is unknown is said once
    lay_over(shape.app, {std::move(server)});
    lay_over(shape, own);
    add_fetcher(document().text(model, {"storageUri"}), document().find(model, "storage"), shape);
    return shape;
  }

  /// Models are fetched by an init container, or carried by a sidecar (oci://).
  void add_fetcher(std::string_view uri, const Node* storage, PodShape& shape) const {
    if (uri.starts_with("oci://")) {
      shape.app.push_back(settings_.modelcar);
    } else if ((!uri.empty() && !uri.starts_with("pvc://")) || storage != nullptr) {
      shape.init.insert(shape.init.begin(), settings_.storage_initializer);
    }
  }

  void unknown_runtime(const Node& model, const ModelWish& wish) {
    auto finding = k8s::finding_at(service_, model);
    finding.code = "cost/unknown-runtime";
    finding.severity = diag::Severity::warning;
    finding.message =
        wish.runtime.empty()
            ? "no ServingRuntime offers the model format " + quoted(wish.format) + " by itself"
            : "the runtime " + quoted(wish.runtime) + " is in no manifest";
    finding.hint =
        "its requests are unknown, so only those of the InferenceService are counted; give the "
        "runtime with --context";
    out_.notes.push_back(finding.message +
                         ": only the InferenceService's own requests are counted");
    out_.findings.push_back(std::move(finding));
  }

  void ambiguous_runtime(const Node& model,
                         const k8s::Resource& taken,
                         const k8s::Resource& rival) {
    auto finding = k8s::finding_at(service_, model);
    finding.code = "cost/ambiguous-runtime";
    finding.severity = diag::Severity::warning;
    finding.message = "the runtimes " + quoted(taken.ref.name) + " and " + quoted(rival.ref.name) +
                      " fit equally well; " + quoted(taken.ref.name) + " was counted";
    finding.hint = "name one in spec.predictor.model.runtime, or give them priorities";
    out_.notes.push_back(finding.message);
    out_.findings.push_back(std::move(finding));
  }

  static std::string quoted(std::string_view name) {
    return "\"" + text::printable(name, 80) + "\"";
  }

  [[nodiscard]] Pods pods(const Node& component) const {
    const auto minimum = count_at(document(), component, "/minReplicas");
    const auto maximum = count_at(document(), component, "/maxReplicas").value_or(0);
    Pods pods{.min = minimum.value_or(1)};
    const auto* written = document().find(component, maximum > 0 ? "maxReplicas" : "minReplicas");
    if (written != nullptr) {
      pods.from = {Origin::Basis::manifest, &service_, written};
    }
    if (mode_ == ServingMode::standard) {
      pods.min = std::max<std::int64_t>(pods.min, 1);  // the autoscaler cannot go to zero
      pods.max = std::max(pods.min, maximum);
      pods.surge = surge_pods(nullptr, settings_.max_surge, pods.max);
      return pods;
    }
    pods.max = maximum == 0 ? std::max<std::int64_t>(pods.min, 1) : std::max(pods.min, maximum);
    pods.bound = maximum == 0 ? Bound::none : Bound::written;
    pods.surge = std::max<std::int64_t>(pods.min, 1);
    return pods;
  }

  const Lookup& lookup_;
  const k8s::Resource& service_;
  Place place_;
  KserveSettings settings_;
  ServingMode mode_ = ServingMode::knative;
  const k8s::Resource* runtime_ = nullptr;  ///< of the predictor
  RunningPods out_;
};

}  // namespace

RunningPods inference_pods(const Lookup& lookup) {
  return Assembly(lookup).take();
}

RunningPods graph_pods(const Lookup& lookup) {
  return Assembly(lookup).take_graph();
}

}  // namespace sluice::cost

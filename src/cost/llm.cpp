// SPDX-License-Identifier: Apache-2.0
#include "cost/llm.hpp"

#include "base/text.hpp"
#include "cost/kserve_settings.hpp"
#include "cost/overlay.hpp"
#include "cost/scale.hpp"

#include <algorithm>
#include <optional>

namespace sluice::cost {
namespace {

using yaml::Kind;
using yaml::Node;

/// One of the specs that are merged.
struct Layer {
  const k8s::Resource* object = nullptr;
  const Node* node = nullptr;
};
using Layers = std::vector<Layer>;  ///< the last one wins

const Node* find(const Layer& layer, std::string_view pointer) {
  return at(*layer.object->document, *layer.node, pointer);
}

/// The members of each layer under a key, where it has them.
Layers below(const Layers& layers, std::string_view pointer) {
  Layers out;
  for (const auto& layer : layers) {
    if (const auto* node = find(layer, pointer); node != nullptr && node->kind == Kind::mapping) {
      out.push_back({layer.object, node});
    }
  }
  return out;
}

/// The winning layer that says something under a pointer.
std::optional<Layer> last(const Layers& layers, std::string_view pointer) {
  for (auto layer = layers.rbegin(); layer != layers.rend(); ++layer) {
    if (const auto* node = find(*layer, pointer)) {
      return Layer{layer->object, node};
    }
  }
  return std::nullopt;
}

std::optional<std::int64_t> number(const Layers& layers, std::string_view pointer) {
  const auto found = last(layers, pointer);
  return found ? count_at(*found->object->document, *found->node, "") : std::nullopt;
}

class Assembly {
 public:
  explicit Assembly(const Lookup& lookup)
      : lookup_(lookup),
        place_(place_of(lookup.resource)),
        settings_(kserve_settings(lookup.context, place_, lookup.used)) {}

  RunningPods take() {
    const auto* spec = lookup_.document().find(*lookup_.resource.object, "spec");
    if (spec == nullptr || spec->kind != Kind::mapping) {
      out_.left_out.emplace_back("it has no spec");
      return std::move(out_);
    }
    read_layers(*spec);
    const auto prefill = below(layers_, "/prefill");
    add_workload(prefill.empty() ? "" : "decode", layers_);
    if (!prefill.empty()) {
      add_workload("prefill", prefill);
    }
    add_scheduler();
    return std::move(out_);
  }

 private:
  void read_layers(const Node& spec) {
    const auto& document = lookup_.document();
    if (const auto name = document.text(spec, {"runtime"}); !name.empty()) {
      add_layer(runtime(name), name);
    }
    const auto* bases = document.find(spec, "baseRefs");
    if (bases != nullptr && bases->kind == Kind::sequence) {
      for (const auto& base : document.children(*bases)) {
        const auto name = document.text(base, {"name"});
        add_layer(config(name), name);
      }
    }
    layers_.push_back({&lookup_.resource, &spec});
  }

  const k8s::Resource* runtime(std::string_view name) const {
    const auto* own = lookup_.context.find(place_, "ServingRuntime", place_.name_space, name);
    return own != nullptr ? own : lookup_.context.find(place_, "ClusterServingRuntime", "", name);
  }

  /// Of the namespace, else of KServe's own.
  const k8s::Resource* config(std::string_view name) const {
    constexpr std::string_view kind = "LLMInferenceServiceConfig";
    const auto* own = lookup_.context.find(place_, kind, place_.name_space, name);
    return own != nullptr ? own : lookup_.context.find(place_, kind, "kserve", name);
  }

  void add_layer(const k8s::Resource* object, std::string_view name) {
    const auto* spec =
        object == nullptr ? nullptr : object->document->find(*object->object, "spec");
    if (spec == nullptr) {
      return unknown(text::quoted(name, 80) + " is in no manifest");
    }
    lookup_.used.push_back(object);
    layers_.push_back({object, spec});
  }

  void unknown(const std::string& what) {
    auto finding = k8s::finding_at(lookup_.resource, *lookup_.resource.object);
    finding.code = "cost/unknown-runtime";
    finding.severity = diag::Severity::warning;
    finding.message = what;
    finding.hint =
        "what it asks for is unknown, so only what stands here is counted; give it with "
        "--context";
    out_.notes.push_back(what + ": only what stands in the manifests is counted");
    out_.findings.push_back(std::move(finding));
  }

  /// The pod of a template, of all layers. A runtime has its containers without a template.
  PodShape shape_of(const Layers& layers, std::string_view pointer) {
    PodShape out;
    for (const auto& layer : layers) {
      const bool runtime = layer.object->ref.kind.ends_with("ServingRuntime");
      const auto* spec = runtime && pointer == "/template" ? layer.node : find(layer, pointer);
      if (spec != nullptr && spec->kind == Kind::mapping) {
        const bool own = layer.object == &lookup_.resource;
        const Reading reading{*layer.object, own ? Origin::Basis::manifest : Origin::Basis::object,
                              lookup_.bad};
        lay_over(out, read_pod(reading, *spec));
      }
    }
    return out;
  }

  Pods pods_of(const Layers& layers) const {
    const auto maximum = last(layers, "/scaling/maxReplicas");
    if (maximum) {
      const auto minimum = number(layers, "/scaling/minReplicas").value_or(1);
      const auto most = number(layers, "/scaling/maxReplicas").value_or(minimum);
      return {.min = minimum, .max = std::max(minimum, most), .from = origin(*maximum)};
    }
    const auto written = last(layers, "/replicas");
    const auto count = number(layers, "/replicas").value_or(1);
    return {.min = count, .max = count, .from = written ? origin(*written) : Origin{}};
  }

  Origin origin(const Layer& layer) const {
    const bool own = layer.object == &lookup_.resource;
    return {own ? Origin::Basis::manifest : Origin::Basis::object, layer.object, layer.node};
  }

  /// A LeaderWorkerSet where workers are written, else a Deployment.
  void add_workload(const std::string& name, const Layers& layers) {
    auto leader = shape_of(layers, "/template");
    const auto written = last(layers, "/template");
    if (leader.app.empty()) {
      unknown("no template says what the " + (name.empty() ? "server" : name) + " asks for");
      leader.app.push_back({.name = "main", .injected = true});
    }
    add_fetcher(leader);
    auto pods = pods_of(layers);
    const auto workers = last(layers, "/worker");
    const auto surge = last(layers, "/rolloutStrategy/maxSurge");
    pods.surge = surge_pods(surge ? surge->node : nullptr, workers ? "0" : "25%", pods.max);
    const Layer place = written.value_or(layers.back());
    const auto part = [&name, &workers](std::string_view role) {
      return !workers ? name : name + (name.empty() ? "" : " ") + std::string(role);
    };
    out_.pods.push_back({part("leader"), std::move(leader), pods, place.object, place.node, {}});
    if (!workers) {
      return;
    }
    const auto others = std::max<std::int64_t>(size_of(layers), 1) - 1;
    for (auto* count : {&pods.min, &pods.max, &pods.surge}) {
      *count = product(*count, others);
    }
    auto worker = shape_of(layers, "/worker");
    add_fetcher(worker);
    out_.pods.push_back(
        {part("worker"), std::move(worker), pods, workers->object, workers->node, {}});
  }

  /// Pods of one group: data over dataLocal where data is parallel, else pipeline.
  static std::int64_t size_of(const Layers& layers) {
    const auto data = number(layers, "/parallelism/data");
    const auto local = number(layers, "/parallelism/dataLocal");
    if (data && local && *local > 0) {
      return *data / *local;
    }
    return number(layers, "/parallelism/pipeline").value_or(1);
  }

  void add_fetcher(PodShape& shape) const {
    const auto uri = last(layers_, "/model/uri");
    const auto enabled = last(layers_, "/storageInitializer/enabled");
    const bool off =
        enabled && enabled->node->kind == Kind::boolean && !yaml::as_bool(*enabled->node);
    const auto text = uri ? uri->node->text : std::string_view{};
    if (text.starts_with("oci://")) {
      shape.app.push_back(settings_.modelcar);
    } else if (!off && (text.starts_with("hf://") || text.starts_with("s3://"))) {
      shape.init.insert(shape.init.begin(), settings_.storage_initializer);
    }
  }

  void add_scheduler() {
    const auto schedulers = below(layers_, "/router/scheduler");
    if (schedulers.empty()) {
      return;
    }
    if (last(schedulers, "/pool/ref")) {
      return;  // somebody else's
    }
    auto shape = shape_of(schedulers, "/template");
    if (shape.app.empty()) {
      out_.notes.emplace_back(
          "the scheduler's requests are those of KServe's own LLMInferenceServiceConfig, which is "
          "in no manifest");
      return;
    }
    auto pods = pods_of(schedulers);
    pods.surge = surge_pods(nullptr, "25%", pods.max);
    const auto place = *last(schedulers, "/template");
    out_.pods.push_back({"scheduler", std::move(shape), pods, place.object, place.node, {}});
  }

  const Lookup& lookup_;
  Place place_;
  KserveSettings settings_;
  Layers layers_;
  RunningPods out_;
};

}  // namespace

RunningPods llm_pods(const Lookup& lookup) {
  return Assembly(lookup).take();
}

}  // namespace sluice::cost

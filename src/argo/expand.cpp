// SPDX-License-Identifier: Apache-2.0
#include "argo/expand.hpp"

#include "argo/application_set.hpp"
#include "argo/context.hpp"
#include "base/text.hpp"
#include "k8s/data.hpp"

#include <algorithm>
#include <optional>

namespace sluice::argo {
namespace {

using delivery::Expansion;

/// Rounds of templates: generators' values, a matrix' second generator, the template itself, and
/// one that shows that there is nothing left.
constexpr int most_rounds = 6;

std::vector<Cluster> known_clusters(std::span<const k8s::Resource> objects,
                                    const Options& options) {
  auto clusters = options.clusters;
  for (const auto& object : objects) {
    const auto& document = *object.document;
    const auto* metadata = document.find(*object.object, "metadata");
    if (object.ref.kind != "Secret" || metadata == nullptr ||
        document.text(*metadata, {"labels", "argocd.argoproj.io/secret-type"}) != "cluster") {
      continue;
    }
    auto data = k8s::text_data(object);
    Cluster cluster{.name = data["name"], .server = data["server"]};
    const auto take = [&](std::string_view field, std::map<std::string, std::string>& out) {
      const auto* pairs = document.find(*metadata, field);
      if (pairs == nullptr || pairs->kind != yaml::Kind::mapping) {
        return;
      }
      const auto children = document.children(*pairs);
      for (std::size_t i = 0; i + 1 < children.size(); i += 2) {
        out[std::string(children[i].text)] = children[i + 1].text;
      }
    };
    take("labels", cluster.labels);
    take("annotations", cluster.annotations);
    clusters.push_back(std::move(cluster));
  }
  std::ranges::sort(clusters, {}, &Cluster::name);
  return clusters;
}

void append(Expansion& to, Expansion from) {
  const auto move_all = [](auto& target, auto& source) {
    target.insert(target.end(), std::make_move_iterator(source.begin()),
                  std::make_move_iterator(source.end()));
  };
  move_all(to.units, from.units);
  move_all(to.unrenderable, from.unrenderable);
  move_all(to.findings, from.findings);
  move_all(to.inputs, from.inputs);
}

/// An object that is being worked on.
struct Task {
  Subject subject;
  yaml::Value value;
  bool is_set = false;
  std::optional<Expansion> done;
};

class Run {
 public:
  Run(const delivery::Repository& repository, const Options& options)
      : repository_(repository),
        options_(options),
        memory_(options.memory == nullptr ? own_memory_ : *options.memory) {}

  Expansion run(std::span<const k8s::Resource> objects) {
    clusters_ = known_clusters(objects, options_);
    shared_ = options_.memory != nullptr && clusters_.size() == options_.clusters.size();
    for (const auto& object : objects) {
      if (is_argo_object(object)) {
        add(object);
      }
    }
    for (int round = 0; round < most_rounds; ++round) {
      for (auto& task : tasks_) {
        attempt(task, round);
      }
      if (!batch_.waiting()) {
        break;
      }
      if (const auto status = batch_.run(options_.templater); !status) {
        give_up(status.error().message);
      }
    }
    give_up("its templates never come to an end");
    return collect();
  }

 private:
  void add(const k8s::Resource& object) {
    const auto& name = object.ref.name;
    Task task{.subject = {.resource = &object, .name = name, .chain = text::printable(name)},
              .value = {},
              .is_set = object.ref.kind == "ApplicationSet",
              .done = shared_ ? memory_.take(object) : std::nullopt};
    if (task.done) {
      tasks_.push_back(std::move(task));
      return;
    }
    auto value = yaml::to_value(*object.document, *object.object);
    if (!value) {
      Context context(repository_, options_, memory_.files);
      context.reject(task.subject, nullptr, "render/limit",
                     text::printable(value.error().message, 400), {});
      task.done = std::move(context.out);
    } else {
      task.value = std::move(*value);
    }
    tasks_.push_back(std::move(task));
  }

  void attempt(Task& task, int round) {
    if (task.done) {
      return;
    }
    Context context(repository_, options_, memory_.files);
    if (!task.is_set) {
      expand_application(context, task.subject, task.value);
    } else if (expand_set(context, task.subject, task.value, clusters_, batch_) ==
               Outcome::pending) {
      return;
    }
    if (shared_ && round == 0 && options_.templater == nullptr) {  // the first look
      memory_.keep(*task.subject.resource, context.out);
    }
    task.done = std::move(context.out);
  }

  void give_up(const std::string& reason) {
    for (auto& task : tasks_) {
      if (!task.done) {
        Context context(repository_, options_, memory_.files);
        context.unrenderable(task.subject, "its Go templates were not evaluated: " + reason);
        task.done = std::move(context.out);
      }
    }
  }

  Expansion collect() {
    Expansion out;
    for (auto& task : tasks_) {
      for (auto& unit : task.done->units) {
        unit.chain = options_.chain.empty() ? unit.chain : options_.chain + " > " + unit.chain;
      }
      append(out, std::move(*task.done));
    }
    std::set<std::string> assumed;  // each object says so of its addresses; once is enough
    std::erase_if(out.findings, [&](const auto& finding) {
      return finding.code == "render/assumed-repository" && !assumed.insert(finding.message).second;
    });
    std::ranges::sort(out.inputs);
    const auto repeated = std::ranges::unique(out.inputs);
    out.inputs.erase(repeated.begin(), repeated.end());
    return out;
  }

  const delivery::Repository& repository_;
  const Options& options_;
  Memory own_memory_;
  Memory& memory_;
  bool shared_ = false;  ///< nothing but the objects themselves decides what they expand to
  std::vector<Cluster> clusters_;
  std::vector<Task> tasks_;
  TemplateBatch batch_;
};

}  // namespace

bool is_argo_object(const k8s::Resource& resource) {
  return resource.group() == "argoproj.io" &&
         (resource.ref.kind == "Application" || resource.ref.kind == "ApplicationSet");
}

Expansion expand(std::span<const k8s::Resource> objects,
                 const delivery::Repository& repository,
                 const Options& options) {
  return Run(repository, options).run(objects);
}

}  // namespace sluice::argo

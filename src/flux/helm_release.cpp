// SPDX-License-Identifier: Apache-2.0
#include "base/sha256.hpp"
#include "flux/context.hpp"
#include "flux/fields.hpp"
#include "flux/values.hpp"
#include "io/files.hpp"

namespace sluice::flux {
namespace {

using yaml::Kind;
using yaml::Value;

/// The chart as spec.chart.spec or an object HelmChart says it; nothing after a report.
std::optional<Value> chart_of(Context& context, const Subject& subject, const Value& spec) {
  if (const auto* own = present(present(&spec, "chart"), "spec"); own != nullptr) {
    return *own;
  }
  const auto* reference = present(&spec, "chartRef");
  if (reference == nullptr) {
    context.invalid(subject, &spec, "the HelmRelease has neither chart nor chartRef");
    return std::nullopt;
  }
  const auto kind = reference->text_at({"kind"});
  const auto name_space = reference->text_at({"namespace"});
  const auto space =
      name_space.empty() ? subject.resource->ref.name_space : std::string(name_space);
  const auto name = reference->text_at({"name"});
  const auto* found = context.catalogue.find(subject.cluster, kind, space, name);
  if (kind == "HelmChart" && found != nullptr) {
    auto chart = found->spec;
    if (auto* source = chart.find("sourceRef");
        source != nullptr && source->text_at({"namespace"}).empty()) {
      source->set("namespace", Value::string(space));
    }
    return chart;
  }
  const auto url = found == nullptr ? std::string() : std::string(found->spec.text_at({"url"}));
  context.unrenderable(subject, "chart of " + std::string(kind) + " " + space + "/" +
                                    std::string(name) + (url.empty() ? "" : " (" + url + ")") +
                                    " is not in this repository");
  return std::nullopt;
}

/// Charts of a repository of charts are elsewhere.
bool from_elsewhere(Context& context, const Subject& subject, const Value& chart) {
  const auto* source = present(&chart, "sourceRef");
  const auto kind = source == nullptr ? std::string_view{} : source->text_at({"kind"});
  if (source == nullptr ||
      (kind != "HelmRepository" && kind != "Bucket" && kind != "OCIRepository")) {
    return false;
  }
  const auto written = source->text_at({"namespace"});
  const auto space = written.empty() ? subject.resource->ref.name_space : std::string(written);
  const auto name = std::string(source->text_at({"name"}));
  const auto* found = context.catalogue.find(subject.cluster, kind, space, name);
  const auto url = found == nullptr ? std::string() : std::string(found->spec.text_at({"url"}));
  const auto version = chart.text_at({"version"});
  context.unrenderable(subject, "chart " + std::string(chart.text_at({"chart"})) +
                                    (version.empty() ? "" : " " + std::string(version)) + " of " +
                                    std::string(kind) + " " + space + "/" + name +
                                    (url.empty() ? "" : " (" + url + ")") +
                                    " is not in this repository");
  return true;
}

/// chart.spec.valuesFiles: from the root of the source, in place of the chart's own values.yaml.
bool take_values_files(Context& context,
                       const Subject& subject,
                       const Value& chart,
                       delivery::HelmSource& out) {
  std::vector<const Value*> entries;
  if (const auto* one = present(&chart, "valuesFile"); one != nullptr && !one->text.empty()) {
    entries.push_back(one);
  }
  if (const auto* list = present(&chart, "valuesFiles"); list != nullptr) {
    for (const auto& entry : list->items) {
      entries.push_back(&entry);
    }
  }
  const bool optional = is_true(&chart, "ignoreMissingValuesFiles");
  const auto own = (out.chart == "." ? "" : out.chart + "/") + "values.yaml";
  out.replaces_values = !entries.empty() && context.repository.has_file(own);
  for (const auto* entry : entries) {
    const auto path = resolve_source(context, subject, present(&chart, "sourceRef"), entry);
    if (!path) {
      return false;
    }
    if (!optional && !context.repository.has_file(*path)) {
      context.missing(subject, entry,
                      "values file " + quoted(*path) + " is not in this repository");
      return false;
    }
    if (*path == own && out.values_files.empty()) {
      out.replaces_values = false;  // the chart's own below the others: what helm does anyway
      continue;
    }
    out.values_files.push_back(
        {.path = *path, .optional = optional, .named_at = context.place(subject, entry)});
  }
  return true;
}

bool take_install(Context& context,
                  const Subject& subject,
                  const Value& spec,
                  delivery::HelmSource& out) {
  const auto* install = present(&spec, "install");
  if (!check_fields(context, subject, install, install_fields)) {
    return false;
  }
  const auto crds = install == nullptr ? std::string_view{} : install->text_at({"crds"});
  out.skip_crds = crds == "Skip" || is_true(install, "skipCRDs");
  out.skip_hooks = is_true(install, "disableHooks");
  out.skip_schema_validation = is_true(install, "disableSchemaValidation");
  out.skip_tests = !is_true(present(&spec, "test"), "enable");
  return true;
}

bool take_post_renderers(Context& context,
                         const Subject& subject,
                         const Value& spec,
                         delivery::HelmSource& out) {
  if (const auto* renderers = present(&spec, "postRenderers"); renderers != nullptr) {
    for (const auto& renderer : renderers->items) {
      const auto* kustomize = present(&renderer, "kustomize");
      if (!check_fields(context, subject, &renderer, post_renderer_fields) ||
          !check_fields(context, subject, kustomize, post_kustomize_fields)) {
        return false;
      }
      auto fields = Value::mapping();
      if (kustomize != nullptr) {
        take_patches(*kustomize, fields);
      }
      if (!fields.members.empty()) {
        out.post_renderers.push_back(yaml::to_json(fields));
      }
    }
  }
  auto common = Value::mapping();
  take_common_metadata(present(&spec, "commonMetadata"), common);
  if (!common.members.empty()) {
    out.post_renderers.push_back(yaml::to_json(common));
  }
  const auto strategy = spec.text_at({"postRenderStrategy"});
  if (!out.post_renderers.empty() && !strategy.empty() && strategy != "combined") {
    context.unrenderable(subject, "spec.postRenderStrategy " + std::string(strategy) +
                                      " is not supported: hooks go through the post-renderers");
    return false;
  }
  return true;
}

/// chart, values and all that goes with them; nothing after a report.
std::optional<delivery::HelmSource> source_of(Context& context,
                                              const Subject& subject,
                                              const Value& spec) {
  const auto chart = chart_of(context, subject, spec);
  if (!chart || !check_fields(context, subject, &*chart, chart_spec) ||
      from_elsewhere(context, subject, *chart)) {
    return std::nullopt;
  }
  const auto* path = present(&*chart, "chart");
  auto folder = resolve_source(context, subject, present(&*chart, "sourceRef"), path);
  if (!folder) {
    return std::nullopt;
  }
  if (!context.repository.has_folder(*folder)) {
    context.missing(subject, path,
                    "chart " + quoted(*folder) + " is not a folder of this repository");
    return std::nullopt;
  }
  delivery::HelmSource out{.chart = std::move(*folder)};
  if (!take_values_files(context, subject, *chart, out) ||
      !take_install(context, subject, spec, out) ||
      !take_post_renderers(context, subject, spec, out)) {
    return std::nullopt;
  }
  const auto values = release_values(context, subject, spec);
  if (!values) {
    return std::nullopt;
  }
  if (!values->members.empty()) {
    out.values = yaml::to_json(*values) + "\n";
    const auto* at = present(&spec, "values");
    out.values_at = context.place(subject, at != nullptr ? at : present(&spec, "valuesFrom"));
  }
  return out;
}

}  // namespace

std::string shortened_release(const std::string& name) {
  constexpr std::size_t longest = 53;
  constexpr std::size_t digits = 12;
  if (name.size() <= longest) {
    return name;
  }
  return name.substr(0, longest - digits - 1) + "-" + hex(sha256(name)).substr(0, digits);
}

void expand_release(Context& context, const Subject& subject, const Value& object) {
  const auto* spec = present(&object, "spec");
  if (spec == nullptr || !spec->is_mapping()) {
    context.invalid(subject, spec, "the HelmRelease has no spec");
    return;
  }
  if (!check_fields(context, subject, spec, release_spec)) {
    return;
  }
  auto source = source_of(context, subject, *spec);
  if (!source) {
    return;
  }
  const auto& ref = subject.resource->ref;
  const auto target = std::string(spec->text_at({"targetNamespace"}));
  const auto name = std::string(spec->text_at({"releaseName"}));
  source->release = shortened_release(!name.empty()    ? name
                                      : target.empty() ? ref.name
                                                       : target + "-" + ref.name);
  if (is_true(spec, "suspend")) {
    context.report(subject, present(spec, "suspend"), diag::Severity::note, "render/suspended",
                   "the HelmRelease is suspended; it is rendered as if it were not");
  }
  const auto* kube_config = present(spec, "kubeConfig");
  const auto remote =
      kube_config == nullptr ? std::string_view{} : kube_config->text_at({"secretRef", "name"});
  delivery::Unit unit{
      .name = subject.name,
      .app = ref.name,
      .destination = subject.cluster,
      .name_space = target.empty() ? ref.name_space : target,
      .path = source->values_files.empty() ? source->chart : source->values_files.back().path,
      .defined_at = context.place(subject, nullptr),
      .apply = delivery::Apply::server_side,
      .chain = subject.chain};
  if (!remote.empty()) {
    unit.destination += (unit.destination.empty() ? "" : "/") + std::string(remote);
  }
  unit.source = std::move(*source);
  context.out.units.push_back(std::move(unit));
}

}  // namespace sluice::flux

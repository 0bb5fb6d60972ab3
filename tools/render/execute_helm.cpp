// SPDX-License-Identifier: Apache-2.0
#include "helm/freeze.hpp"
#include "helm/judge.hpp"
#include "helm/unstable_calls.hpp"
#include "render/documents.hpp"
#include "render/execute.hpp"
#include "render/stability.hpp"

#include <algorithm>

namespace sluice::render {
namespace {

/// Whether a file of a chart, or of a chart in its charts/, becomes objects.
bool becomes_objects(std::string_view rest) {
  while (rest.starts_with("charts/") && rest.find('/', 7) != std::string_view::npos) {
    rest.remove_prefix(rest.find('/', 7) + 1);
  }
  return rest.starts_with("templates/") || rest.starts_with("crds/");
}

/// The chart's own files, and those of its file:// dependencies, by what becomes of them.
void take_chart_files(const helm::Chart& chart, Delivery& delivery) {
  std::vector<std::string> folders = {chart.folder};
  for (const auto& entry : chart.vendored) {
    folders.push_back(entry.path);
  }
  for (const auto& file : chart.files) {
    const bool objects = std::any_of(folders.begin(), folders.end(), [&](const auto& folder) {
      const auto prefix = folder == "." ? std::string() : folder + "/";
      return file.starts_with(prefix) &&
             becomes_objects(std::string_view(file).substr(prefix.size()));
    });
    (objects ? delivery.rendered : delivery.inputs).push_back(file);
  }
}

/// Where the object of that identity came from before the post-renderers.
std::string source_of_same(const std::vector<Piece>& before, const diag::ObjectRef& object) {
  const auto same = std::find_if(before.begin(), before.end(), [&](const auto& piece) {
    return piece.object.kind == object.kind && piece.object.name == object.name;
  });
  return same == before.end() ? std::string() : same->source;
}

}  // namespace

Status Executor::helm(Delivery& delivery, const delivery::HelmSource& source) {
  SLUICE_TRY(require_helm());
  const auto& prepared = charts_.get(
      source.chart, source.replaces_values ? helm::OwnValues::left_out : helm::OwnValues::used);
  const auto& chart = prepared.chart;
  take_chart_files(chart, delivery);
  delivery.findings.insert(delivery.findings.end(), chart.findings.begin(), chart.findings.end());
  if (!prepared.failure.empty()) {
    fail(delivery, prepared.code, prepared.failure, prepared.skip ? chart.at : diag::Location{});
    return ok;
  }
  const helm::Request request{.chart = &prepared,
                              .source = &source,
                              .name_space = delivery.unit.name_space,
                              .kube_version = kube_version(delivery),
                              .api_versions = api_versions(delivery)};
  helm::Rendered rendered;
  SLUICE_TRY_ASSIGN(rendered, helm::render(parts_.runner, helm_settings_, request));
  delivery.arguments = rendered.arguments;
  delivery.warnings = rendered.warnings;
  delivery.absent = rendered.absent;
  delivery.inputs.insert(delivery.inputs.end(), rendered.inputs.begin(), rendered.inputs.end());
  if (!rendered.failure.empty()) {
    fail(delivery, rendered.outside ? "input/outside-repository" : "render/failed",
         rendered.failure, rendered.failure_at);
    return ok;
  }
  std::string text = rendered.out;
  SLUICE_TRY(helm_checks(delivery, request, rendered, text));
  const auto by_comment = [&](const yaml::Document*, const std::string& printed) {
    return helm::source_file(chart, printed);
  };
  const auto name = join(source.chart, "Chart.yaml");
  const auto limits = parts_.options.output_limits();
  if (source.post_renderers.empty()) {
    cut(text, name, delivery, by_comment, limits);
    return ok;
  }
  Delivery before;
  cut(text, name, before, by_comment, limits);
  SLUICE_TRY(post_render(delivery, source, text));
  if (delivery.failure.empty()) {
    cut(
        text, name, delivery,
        [&](const yaml::Document* document, const std::string&) {
          return document == nullptr ? std::string()
                                     : source_of_same(before.pieces, identity(*document));
        },
        limits);
  }
  return ok;
}

Status Executor::helm_checks(Delivery& delivery,
                             const helm::Request& request,
                             const helm::Rendered& rendered,
                             std::string& text) {
  for (const auto& findings :
       {helm::type_findings(rendered, request.chart->chart), helm::values_findings(rendered)}) {
    delivery.findings.insert(delivery.findings.end(), findings.begin(), findings.end());
  }
  helm::FrozenChart frozen(parts_.runner, helm_settings_, request);
  if (delivery.probed && request.chart->values) {
    auto judged = helm::judge_values(parts_.runner, helm_settings_, request, *request.chart->values,
                                     rendered, frozen);
    if (!judged) {
      return judged.error();
    }
    delivery.values = std::move(*judged);
  }
  if (!delivery.probed && parts_.unstable != Unstable::mask) {
    return ok;  // but a masked stream is masked everywhere, or it is not equal to itself
  }
  return check_stability(delivery, request, rendered, frozen, text);
}

Status Executor::check_stability(Delivery& delivery,
                                 const helm::Request& request,
                                 const helm::Rendered& rendered,
                                 helm::FrozenChart& frozen,
                                 std::string& text) {
  const auto& chart = request.chart->chart;
  const auto& calls = *request.chart->calls;
  for (auto& finding : cluster_findings(chart, calls,
                                        {.version = !configured_kube_version(delivery).empty(),
                                         .api_versions = !request.api_versions.empty()})) {
    delivery.findings.push_back(std::move(finding));
  }
  std::string again;
  SLUICE_TRY_ASSIGN(again, render_again(request, rendered, frozen));
  if (again.empty() || again == rendered.out) {
    return ok;
  }
  auto difference = compare_renders(
      rendered.out, again,
      [&](const std::string& printed, const std::string& pointer) {
        return field_origin(chart, calls, printed, pointer);
      },
      parts_.options.output_limits());
  for (auto& finding : difference.findings) {
    finding.severity =
        parts_.unstable == Unstable::fail ? diag::Severity::error : diag::Severity::warning;
    delivery.findings.push_back(std::move(finding));
  }
  if (parts_.unstable == Unstable::mask) {
    text = std::move(difference.masked);
  }
  return ok;
}

/// What a render may give at another time; empty when that is the same, as nothing says otherwise.
/// The frozen chart shows what depends on the clock, too, and is rendered once for all checks. It
/// cannot tell where values are templates, or where the templates cannot do with its words.
Result<std::string> Executor::render_again(const helm::Request& request,
                                           const helm::Rendered& rendered,
                                           helm::FrozenChart& frozen) {
  const bool in_values =
      std::any_of(rendered.layers.begin(), rendered.layers.end(),
                  [](const auto& layer) { return helm::freeze_template(layer.text).has_value(); });
  if (!in_values && !request.chart->calls->may_differ()) {
    return std::string();
  }
  if (!in_values) {
    const helm::Rendered* other = nullptr;
    SLUICE_TRY_ASSIGN(other, frozen.render(rendered));
    if (other->failure.empty()) {
      return other->out;
    }
  }
  auto fresh = helm_settings_;
  fresh.attempt = "again";  // what is kept of the first would be equal to itself
  helm::Rendered other;
  SLUICE_TRY_ASSIGN(other, helm::render(parts_.runner, fresh, request));
  return other.out;
}

Status Executor::post_render(Delivery& delivery,
                             const delivery::HelmSource& source,
                             std::string& text) {
  SLUICE_TRY(require_kustomize());
  for (const auto& fields : source.post_renderers) {
    kustomize::Built built;
    SLUICE_TRY_ASSIGN(built,
                      kustomize::post_render(parts_.runner, kustomize_settings_, text, fields));
    if (!built.failure.empty()) {
      fail(delivery, "render/failed", "post-renderer: " + built.failure);
      return ok;
    }
    text = std::move(built.out);
  }
  return ok;
}

}  // namespace sluice::render

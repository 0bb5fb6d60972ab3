// SPDX-License-Identifier: Apache-2.0
#include "render/execute.hpp"

#include <algorithm>

namespace sluice::render {
namespace {

/// The newest version that the compiled-in schemas know: what validate assumes as well.
constexpr std::string_view newest_kubernetes = "1.37.0";

helm::Settings helm_settings(const Executor::Parts& parts) {
  auto settings = parts.settings;
  settings.root = parts.repository.root;
  return settings;
}

kustomize::Settings kustomize_settings(const Executor::Parts& parts, const helm::Settings& helm) {
  return {.root = helm.root,
          .sandbox = helm.sandbox,
          .environment = helm::hermetic_environment(helm),
          .store = helm.store,
          .timeout = helm.timeout,
          .max_output = parts.options.max_output};
}

void append(std::vector<std::string>& to, const std::vector<std::string>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

void tidy(std::vector<std::string>& list) {
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
}

const config::Environment* find_environment(const config::Config& config, const std::string& name) {
  const auto found =
      std::find_if(config.environments.begin(), config.environments.end(),
                   [&](const auto& environment) { return environment.name == name; });
  return found == config.environments.end() ? nullptr : &*found;
}

/// "1.33" is "1.33.0": helm compares charts' kubeVersion with all three numbers.
std::string full_version(std::string version) {
  if (version.starts_with('v')) {
    version.erase(0, 1);
  }
  for (auto dots = std::count(version.begin(), version.end(), '.'); dots < 2; ++dots) {
    version += ".0";
  }
  return version;
}

}  // namespace

void fail(Delivery& delivery, std::string code, std::string why, diag::Location at) {
  delivery.code = std::move(code);
  delivery.failure = std::move(why);
  delivery.skip = delivery.code == "render/skipped";
  delivery.failure_at = at.file.empty() ? delivery.unit.defined_at : std::move(at);
  delivery.pieces.clear();
}

Executor::Executor(Parts parts)
    : parts_(std::move(parts)),
      helm_settings_(helm_settings(parts_)),
      kustomize_settings_(kustomize_settings(parts_, helm_settings_)),
      charts_(parts_.runner, helm_settings_) {}

Status Executor::require_helm() {
  const auto& program = parts_.programs.helm();
  if (!program) {
    return program.error();
  }
  std::call_once(helm_once_, [&] { helm_settings_.program = *program; });
  return ok;
}

Status Executor::require_kustomize() {
  const auto& program = parts_.programs.kustomize();
  if (!program) {
    return program.error();
  }
  std::call_once(kustomize_once_, [&] { kustomize_settings_.program = *program; });
  return ok;
}

Status Executor::execute(Delivery& delivery) {
  auto status = ok;
  if (const auto* helm_source = std::get_if<delivery::HelmSource>(&delivery.unit.source)) {
    delivery.tool = "helm";
    status = helm(delivery, *helm_source);
  } else if (const auto* kustomize_source =
                 std::get_if<delivery::KustomizeSource>(&delivery.unit.source)) {
    delivery.tool = "kustomize";
    status = kustomize(delivery, *kustomize_source);
  } else {
    delivery.tool = "directory";
    directory(delivery, std::get<delivery::DirectorySource>(delivery.unit.source));
  }
  if (delivery.failure.empty() && delivery.unit.substitute) {
    substitute(delivery);
  }
  tidy(delivery.rendered);
  tidy(delivery.inputs);
  tidy(delivery.absent);
  return status;
}

std::string Executor::configured_kube_version(const Delivery& delivery) const {
  if (!delivery.unit.kube_version.empty()) {  // the Application says what its cluster is
    return full_version(delivery.unit.kube_version);
  }
  const auto* environment = find_environment(parts_.config, delivery.rendered_for);
  for (const auto& version :
       {parts_.options.kube_version, environment == nullptr ? "" : environment->kube_version,
        parts_.config.kube_version}) {
    if (!version.empty()) {
      return full_version(version);
    }
  }
  return {};
}

std::string Executor::kube_version(const Delivery& delivery) const {
  auto configured = configured_kube_version(delivery);
  return configured.empty() ? std::string(newest_kubernetes) : std::move(configured);
}

std::vector<std::string> Executor::api_versions(const Delivery& delivery) const {
  auto versions = parts_.config.api_versions;
  if (const auto* environment = find_environment(parts_.config, delivery.rendered_for)) {
    append(versions, environment->api_versions);
  }
  append(versions, parts_.options.api_versions);
  append(versions, delivery.unit.api_versions);
  tidy(versions);
  return versions;
}

}  // namespace sluice::render

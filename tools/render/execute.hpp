// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/config.hpp"
#include "helm/frozen_chart.hpp"
#include "helm/template.hpp"
#include "kustomize/build.hpp"
#include "render/model.hpp"
#include "render/options.hpp"
#include "render/programs.hpp"

#include <mutex>

namespace sluice::render {

/// Runs units: the one place of the tool that starts helm and kustomize. Safe from several threads.
class Executor {
 public:
  struct Parts {
    const delivery::Repository& repository;
    const Survey& survey;
    const config::Config& config;
    const Options& options;
    const proc::Runner& runner;
    const Programs& programs;
    helm::Settings settings;  ///< of the run; the root is the repository's
    unsigned jobs = 1;
    Unstable unstable = Unstable::warn;
  };
  explicit Executor(Parts parts);

  /// Fills everything below `unit` of a delivery. What is wrong with the unit is its failure or a
  /// finding. Errors: helm or kustomize is missing or of another version.
  Status execute(Delivery& delivery);

 private:
  Status helm(Delivery& delivery, const delivery::HelmSource& source);
  /// Ignored and unread values, and whether a second render gives the same bytes; `text` is masked
  /// when that is asked for.
  Status helm_checks(Delivery& delivery,
                     const helm::Request& request,
                     const helm::Rendered& rendered,
                     std::string& text);
  Status check_stability(Delivery& delivery,
                         const helm::Request& request,
                         const helm::Rendered& rendered,
                         helm::FrozenChart& frozen,
                         std::string& text);
  Result<std::string> render_again(const helm::Request& request,
                                   const helm::Rendered& rendered,
                                   helm::FrozenChart& frozen);
  /// Flux's post-renderers over `text`; `before` is what it held, for the sources.
  Status post_render(Delivery& delivery, const delivery::HelmSource& source, std::string& text);
  Status kustomize(Delivery& delivery, const delivery::KustomizeSource& source);
  void directory(Delivery& delivery, const delivery::DirectorySource& source);
  void substitute(Delivery& delivery);
  Status require_helm();
  Status require_kustomize();
  /// What somebody says that the unit's Kubernetes is; empty when nobody does.
  [[nodiscard]] std::string configured_kube_version(const Delivery& delivery) const;
  [[nodiscard]] std::string kube_version(const Delivery& delivery) const;
  [[nodiscard]] std::vector<std::string> api_versions(const Delivery& delivery) const;
  /// Has the failure say which two of `files` hold the same object, if it is about that.
  void name_both_files(const std::vector<std::string>& files, kustomize::Built& built) const;
  /// The file among `files` that probably holds an object which kustomize may have renamed; empty
  /// when none stands out.
  [[nodiscard]] std::string likely_source(const std::vector<std::string>& files,
                                          const diag::ObjectRef& object) const;

  Parts parts_;
  helm::Settings helm_settings_;
  kustomize::Settings kustomize_settings_;
  helm::Charts charts_;
  std::once_flag helm_once_, kustomize_once_;
};

/// Ends a delivery without output.
void fail(Delivery& delivery, std::string code, std::string why, diag::Location at = {});

}  // namespace sluice::render

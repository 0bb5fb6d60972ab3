// SPDX-License-Identifier: Apache-2.0
#include "flux/fields.hpp"

namespace sluice::flux {
namespace {

using Names = std::string_view[];

constexpr Names kustomization_followed = {
    "path",           "sourceRef",  "targetNamespace", "namePrefix",
    "nameSuffix",     "patches",    "images",          "components",
    "postBuild",      "suspend",    "commonMetadata",  "ignoreMissingComponents",
    "buildMetadata",  "decryption", "kubeConfig",      "patchesStrategicMerge",
    "patchesJson6902"};
// When and as whom it is applied, and what is compared afterwards.
constexpr Names kustomization_none = {
    "dependsOn",  "interval", "retryInterval",     "timeout",          "prune",
    "force",      "wait",     "healthChecks",      "healthCheckExprs", "deletionPolicy",
    "validation", "ignore",   "serviceAccountName"};
constexpr Names post_build_followed = {"substitute", "substituteFrom", "substituteStrategy"};

constexpr Names release_followed = {
    "chart",      "chartRef", "releaseName",   "targetNamespace",    "values",
    "valuesFrom", "install",  "postRenderers", "postRenderStrategy", "commonMetadata",
    "suspend",    "test",     "kubeConfig"};
constexpr Names release_none = {
    "interval",         "timeout",     "dependsOn",        "driftDetection",     "maxHistory",
    "upgrade",  // rendered as an installation
    "rollback",         "uninstall",   "storageNamespace", "serviceAccountName", "persistentClient",
    "healthCheckExprs", "waitStrategy"};
constexpr Names chart_followed = {"chart", "sourceRef", "valuesFiles", "valuesFile",
                                  "ignoreMissingValuesFiles"};
constexpr Names chart_none = {"version", "interval", "reconcileStrategy", "verify"};
constexpr Names install_followed = {"crds", "skipCRDs", "disableHooks", "disableSchemaValidation"};
constexpr Names install_none = {
    "createNamespace", "disableOpenAPIValidation", "disableTakeOwnership",
    "disableWait",     "disableWaitForJobs",       "remediation",
    "replace",         "serverSideApply",          "strategy",
    "timeout"};
constexpr Names values_from_followed = {"kind",       "name",     "valuesKey",
                                        "targetPath", "optional", "literal"};
constexpr Names post_renderer_followed = {"kustomize"};
constexpr Names post_kustomize_followed = {"patches", "images", "patchesStrategicMerge",
                                           "patchesJson6902"};

}  // namespace

const FieldTable kustomization_spec{"spec", kustomization_followed, kustomization_none, {}};
const FieldTable post_build_fields{"spec.postBuild", post_build_followed, {}, {}};
const FieldTable release_spec{"spec", release_followed, release_none, {}};
const FieldTable chart_spec{"spec.chart.spec", chart_followed, chart_none, {}};
const FieldTable install_fields{"spec.install", install_followed, install_none, {}};
const FieldTable values_from_fields{"spec.valuesFrom[]", values_from_followed, {}, {}};
const FieldTable post_renderer_fields{"spec.postRenderers[]", post_renderer_followed, {}, {}};
const FieldTable post_kustomize_fields{
    "spec.postRenderers[].kustomize", post_kustomize_followed, {}, {}};

}  // namespace sluice::flux

// SPDX-License-Identifier: Apache-2.0
#include "argo/fields.hpp"

namespace sluice::argo {
namespace {

using Names = std::string_view[];

// What an Application says besides where its objects come from.
constexpr Names spec_followed = {"source",      "sources", "sourceHydrator",
                                 "destination", "project", "syncPolicy"};
constexpr Names spec_none = {"ignoreDifferences", "info", "revisionHistoryLimit"};
constexpr Names destination_followed = {"server", "name", "namespace"};
constexpr Names sync_followed = {"syncOptions"};
constexpr Names sync_none = {"automated", "retry", "managedNamespaceMetadata"};
constexpr Names hydrator_followed = {"drySource"};
constexpr Names hydrator_none = {"syncSource", "hydrateTo"};

// Where its objects come from.
constexpr Names source_followed = {"repoURL", "path",      "targetRevision", "chart",  "ref",
                                   "helm",    "kustomize", "directory",      "plugin", "name"};
constexpr Names source_none = {"tagPrefix"};  // only narrows what targetRevision may choose
constexpr Names helm_followed = {"releaseName",    "namespace",
                                 "valueFiles",     "values",
                                 "valuesObject",   "parameters",
                                 "fileParameters", "skipCrds",
                                 "skipTests",      "skipSchemaValidation",
                                 "kubeVersion",    "apiVersions",
                                 "version",        "ignoreMissingValueFiles"};
constexpr Names helm_none = {"passCredentials"};
constexpr Names parameter_followed = {"name", "value", "forceString"};
constexpr Names file_parameter_followed = {"name", "path"};
constexpr Names kustomize_followed = {"namePrefix",
                                      "nameSuffix",
                                      "images",
                                      "replicas",
                                      "namespace",
                                      "commonLabels",
                                      "commonAnnotations",
                                      "forceCommonLabels",
                                      "forceCommonAnnotations",
                                      "commonAnnotationsEnvsubst",
                                      "labelWithoutSelector",
                                      "labelIncludeTemplates",
                                      "patches",
                                      "components",
                                      "ignoreMissingComponents",
                                      "kubeVersion",
                                      "apiVersions"};
constexpr Names kustomize_unsupported = {"version"};  // another kustomize than ours
constexpr Names directory_followed = {"recurse", "include", "exclude", "jsonnet"};
constexpr Names directory_unsupported = {"disableExtensionFilter"};

// What makes Applications.
constexpr Names set_followed = {"generators", "goTemplate", "goTemplateOptions", "template",
                                "templatePatch"};
constexpr Names set_none = {"syncPolicy", "strategy", "preservedFields", "applyNestedSelectors",
                            "ignoreApplicationDifferences"};
constexpr Names template_followed = {"metadata", "spec"};
constexpr Names generator_followed = {
    "list",   "git",         "clusters",    "matrix",   "merge",
    "plugin", "scmProvider", "pullRequest", "selector", "clusterDecisionResource"};
constexpr Names list_followed = {"elements", "elementsYaml", "template"};
constexpr Names git_followed = {"repoURL", "revision",        "directories", "files",
                                "values",  "pathParamPrefix", "template"};
constexpr Names git_none = {"requeueAfterSeconds"};
constexpr Names clusters_followed = {"selector", "values", "template", "flatList"};
constexpr Names matrix_followed = {"generators", "template"};
constexpr Names merge_followed = {"generators", "mergeKeys", "template"};

}  // namespace

const FieldTable application_spec{"spec", spec_followed, spec_none, {}};
const FieldTable application_destination{"spec.destination", destination_followed, {}, {}};
const FieldTable application_sync_policy{"spec.syncPolicy", sync_followed, sync_none, {}};
const FieldTable application_hydrator{"spec.sourceHydrator", hydrator_followed, hydrator_none, {}};
const FieldTable source_fields{"spec.source", source_followed, source_none, {}};
const FieldTable helm_fields{"spec.source.helm", helm_followed, helm_none, {}};
const FieldTable helm_parameter_fields{"spec.source.helm.parameters[]", parameter_followed, {}, {}};
const FieldTable helm_file_parameter_fields{
    "spec.source.helm.fileParameters[]", file_parameter_followed, {}, {}};
const FieldTable kustomize_fields{
    "spec.source.kustomize", kustomize_followed, {}, kustomize_unsupported};
const FieldTable directory_fields{
    "spec.source.directory", directory_followed, {}, directory_unsupported};
const FieldTable set_spec{"spec", set_followed, set_none, {}};
const FieldTable set_template{"spec.template", template_followed, {}, {}};
const FieldTable generator_fields{"spec.generators[]", generator_followed, {}, {}};
const FieldTable list_generator_fields{"spec.generators[].list", list_followed, {}, {}};
const FieldTable git_generator_fields{"spec.generators[].git", git_followed, git_none, {}};
const FieldTable clusters_generator_fields{"spec.generators[].clusters", clusters_followed, {}, {}};
const FieldTable matrix_generator_fields{"spec.generators[].matrix", matrix_followed, {}, {}};
const FieldTable merge_generator_fields{"spec.generators[].merge", merge_followed, {}, {}};

}  // namespace sluice::argo

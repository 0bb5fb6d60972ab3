// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "argo/context.hpp"

#include <span>
#include <string_view>

/// Every field of Argo CD's API that may stand in an Application or ApplicationSet, and what we do
/// with it.
namespace sluice::argo {

struct FieldTable {
  std::string_view where;  ///< "spec.source.helm"
  std::span<const std::string_view> followed;
  std::span<const std::string_view> without_effect;  ///< on what is rendered
  std::span<const std::string_view> unsupported;     ///< could change the render
};

extern const FieldTable application_spec;
extern const FieldTable application_destination;
extern const FieldTable application_sync_policy;
extern const FieldTable application_hydrator;
extern const FieldTable source_fields;
extern const FieldTable helm_fields;
extern const FieldTable helm_parameter_fields;
extern const FieldTable helm_file_parameter_fields;
extern const FieldTable kustomize_fields;
extern const FieldTable directory_fields;
extern const FieldTable set_spec;
extern const FieldTable set_template;
extern const FieldTable generator_fields;
extern const FieldTable list_generator_fields;
extern const FieldTable git_generator_fields;
extern const FieldTable clusters_generator_fields;
extern const FieldTable matrix_generator_fields;
extern const FieldTable merge_generator_fields;

/// Looks at the keys of `mapping` (nothing to do when it is null or absent). A key that Argo CD
/// does not know is a finding, because the API server drops it. False when an unsupported field is
/// set; the unrenderable is added then.
bool check_fields(Context& context,
                  const Subject& subject,
                  const yaml::Value* mapping,
                  const FieldTable& table);

}  // namespace sluice::argo

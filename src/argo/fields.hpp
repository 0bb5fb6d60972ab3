// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "delivery/fields.hpp"

/// Every field of Argo CD's API that may stand in an Application or ApplicationSet, and what we do
/// with it.
namespace sluice::argo {

using delivery::check_fields;
using delivery::FieldTable;

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

}  // namespace sluice::argo

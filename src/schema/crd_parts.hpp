// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "schema/structural.hpp"

namespace sluice::schema {

using Faults = std::function<void(SchemaFault)>;

/// What a version of a CustomResourceDefinition has beside its schema: columns, scale, selectable
/// fields, and the deprecation warning. `path` is the pointer of the version.
void check_version_parts(const yaml::Document& document,
                         const yaml::Node& version,
                         const std::string& path,
                         const Faults& fault);

/// names.*, scope and conversion of the definition; `spec` lies at /spec.
void check_definition_parts(const yaml::Document& document,
                            const yaml::Node& spec,
                            const Faults& fault);

/// The form of x-kubernetes-validations: a rule that is not empty, a message of one line, a reason
/// that there is. What the rules say is not looked at.
void check_rules(const yaml::Document& document,
                 const yaml::Node& schema,
                 const std::string& path,
                 const Faults& fault);

/// Whether a part of a schema has one of the six types and only keywords that are right whatever
/// they say: most parts are so, and need no closer look.
bool is_plain(const yaml::Document& document, const yaml::Node& schema);

/// Lower-case letters, digits and '-', a letter first, at most 63 (RFC 1035).
bool is_label(std::string_view text);

}  // namespace sluice::schema

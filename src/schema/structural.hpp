// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "yaml/document.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace sluice::schema {

/// What is wrong with a part of a schema, and where.
struct SchemaFault {
  const yaml::Node* at = nullptr;
  std::string path;  ///< JSON pointer, below that of the schema
  std::string message;
  std::string hint;
};

/// The rules that the API server has for openAPIV3Schema: it is structural (types everywhere, no
/// types below allOf and its like, which name only what stands outside of them), without $ref and
/// other keywords that it does not know, with patterns that Go reads, and with x-kubernetes-
/// extensions that fit together. Source: apiextensions-apiserver,
/// pkg/apiserver/schema/validation.go and pkg/apis/apiextensions/validation/validation.go.
///
/// `path` is the pointer of `schema`. Faults are given in the order of the document; the caller may
/// stop listening.
void check_structural(const yaml::Document& document,
                      const yaml::Node& schema,
                      const std::string& path,
                      const std::function<void(SchemaFault)>& fault);

}  // namespace sluice::schema

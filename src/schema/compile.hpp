// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "schema/pattern.hpp"
#include "schema/table.hpp"
#include "yaml/document.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace sluice::schema {

/// Whose rules a schema is read by.
enum class Dialect : std::uint8_t {
  structural,  ///< openAPIV3Schema of a CustomResourceDefinition: fields that it does not name are
               ///< pruned, so they are errors
  structural_default,  ///< the same for a default, which has to be whole without other defaults
  json_schema,         ///< a JSON Schema file of a catalogue: closed only where it says
                       ///< additionalProperties: false
};

/// A compiled schema and all that its nodes refer to.
class Schema {
 public:
  [[nodiscard]] Place root() const { return {&table_, root_}; }
  /// x-kubernetes-validations below the root, which are not evaluated.
  [[nodiscard]] std::uint32_t cel_rules() const { return cel_rules_; }
  /// Keywords that would restrict objects and that are not understood: an answer given without them
  /// is incomplete.
  [[nodiscard]] const std::set<std::string>& unread() const { return unread_; }

 private:
  friend class SchemaCompiler;
  std::string bytes_;
  Patterns patterns_;
  std::vector<std::uint32_t> locals_;
  Table table_;
  std::uint32_t root_ = 0;
  std::uint32_t cel_rules_ = 0;
  std::set<std::string> unread_;
};

/// A file that a `$ref` names, read and kept alive by whoever gives this function.
struct LoadedFile {
  const yaml::Document* document = nullptr;  ///< null: there is none, or it may not be read
};
/// `reference` as it is written, without its fragment; `from` is the file that holds it.
using LoadFile = std::function<LoadedFile(std::string_view reference, const yaml::Document& from)>;

/// Compiles the schema of a kind: `schema` is openAPIV3Schema, or the root of a JSON Schema file.
/// apiVersion, kind and metadata of the object are what the API server makes of them, whatever the
/// schema says.
///
/// One keyword of our own is understood, `x-sluice-definition: io.k8s.api.core.v1.PodSpec`: the
/// value is that definition of the Kubernetes version in question. Beside `properties` it adds the
/// definition's fields to them (and none of its required ones).
std::unique_ptr<const Schema> compile(const yaml::Document& document,
                                      const yaml::Node& schema,
                                      Dialect dialect,
                                      const LoadFile& load = {});

}  // namespace sluice::schema

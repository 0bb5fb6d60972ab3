// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

/// What cmake/embed_schemas.py puts into the binary.
namespace sluice::schema::embedded {

/// One kind that a file below schemas/ defines; several rows may share the file.
struct Own {
  std::string_view group;
  std::string_view version;
  std::string_view kind;
  std::string_view path;  ///< below schemas/
  std::string_view text;  ///< a CustomResourceDefinition, as YAML
};

/// The Kubernetes schemas of all versions; layout in schema/table.hpp.
alignas(8) extern const char table[];
extern const std::size_t table_size;

/// Sorted by group, version, kind.
std::span<const Own> own();

}  // namespace sluice::schema::embedded

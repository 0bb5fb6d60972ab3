// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "k8s/resource.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace sluice::report {

/// One leaf that differs. All texts are one printable line.
struct Field {
  enum class Kind : std::uint8_t { added, removed, changed };

  Kind kind = Kind::changed;
  std::string path;           ///< "/spec/template/spec/containers[name=web]/image"
  std::string before, after;  ///< canonical JSON, cut when long; "(masked)" in a Secret
  /// The lines that differ of a text of several lines, each with "-" or "+" in front.
  std::vector<std::string> lines;
};

struct FieldChanges {
  std::vector<Field> fields;  ///< in the order of their paths
  std::size_t more = 0;       ///< how many further ones there are
};

/// Leaf by leaf. Items of a list are the same when their names are, if all have one; else when
/// their places are. Of a Secret, values are never shown: no part, no length, no hash.
FieldChanges changed_fields(const k8s::Resource& base, const k8s::Resource& head);

}  // namespace sluice::report

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "yaml/read.hpp"

#include <memory>
#include <string>

namespace sluice::test {

/// What the two YAML readers made of the same bytes.
enum class Reading { same, left_to_libyaml, different };

inline bool same_nodes(const yaml::Document& left,
                       const yaml::Node& a,
                       const yaml::Document& right,
                       const yaml::Node& b) {
  if (a.kind != b.kind || a.style != b.style || a.text != b.text || a.span.begin != b.span.begin ||
      a.span.end != b.span.end || a.child_count != b.child_count ||
      a.first_child != b.first_child) {
    return false;
  }
  for (std::size_t i = 0; i < a.child_count; ++i) {
    if (!same_nodes(left, left.children(a)[i], right, right.children(b)[i])) {
      return false;
    }
  }
  return true;
}

/// The documents must be equal in every node, place and spelling.
inline Reading compare_readings(std::string_view text) {
  const auto source = std::make_shared<const yaml::Source>("in.yaml", std::string(text));
  const auto size = source->bytes().size();
  yaml::Builder builder(source, {.depth = 100});
  builder.start(0, size, {});
  if (!yaml::read_plain(*source, 0, size, builder)) {
    return Reading::left_to_libyaml;
  }
  yaml::Builder reference(source, {.depth = 100});
  reference.start(0, size, {});
  yaml::read_yaml(*source, 0, size, yaml::LastLine::as_is, reference);
  if (reference.failed() || builder.has_root() != reference.has_root()) {
    return Reading::different;
  }
  if (!builder.has_root()) {
    return Reading::same;
  }
  const auto ours = builder.finish();
  const auto theirs = reference.finish();
  return same_nodes(ours, ours.root(), theirs, theirs.root()) ? Reading::same : Reading::different;
}

}  // namespace sluice::test

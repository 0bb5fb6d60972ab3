// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::helm {

using ValuePath = std::vector<std::string>;  ///< {"ingress", "className"}

/// In a path that a template reads: any key, any element.
inline constexpr std::string_view any_key = "*";

/// Paths of the top chart's values that templates read.
class ValueReads {
 public:
  /// The value itself, not what is below it: `if .Values.a`.
  void add(const ValuePath& path) { node(path); }
  /// The value and everything below it: `toYaml .Values.a`.
  void add_whole(const ValuePath& path) { node(path).whole = true; }

  /// Whether the path or something below it is read by name.
  [[nodiscard]] bool names(std::span<const std::string> path) const;
  /// Whether a mapping around the path, or the path itself, is read whole.
  [[nodiscard]] bool takes_whole(std::span<const std::string> path) const;

  /// Every path that is named and those above it, cut before the first wildcard, each once.
  [[nodiscard]] std::vector<ValuePath> paths() const;

 private:
  struct Node {
    std::map<std::string, std::unique_ptr<Node>, std::less<>> below;
    bool whole = false;
  };
  Node& node(const ValuePath& path);

  Node root_;
};

}  // namespace sluice::helm

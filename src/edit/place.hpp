// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "diag/finding.hpp"
#include "yaml/document.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::edit {

/// Bytes of a scalar's value (not of the file): the tag within "ghcr.io/acme/iris:1.4".
struct Part {
  std::size_t begin = 0;
  std::size_t end = 0;

  friend auto operator<=>(const Part&, const Part&) = default;
};

/// One scalar of a file, and what stood there when it was found.
struct Place {
  std::string file;            ///< relative to the repository root
  std::uint32_t document = 0;  ///< from 0, among the file's documents that are not empty
  std::string path;            ///< JSON pointer in the document: "/images/0/newTag"
  /// JSON pointer in the YAML text that the scalar at `path` holds (Argo CD's helm.values, a
  /// patch); empty when the scalar itself is meant.
  std::string inner;
  std::optional<Part> part;  ///< what a change replaces; the whole value without it

  yaml::Kind kind = yaml::Kind::null;
  yaml::Style style = yaml::Style::plain;  ///< of the scalar that is meant, the inner one if any
  std::string value;                       ///< its whole value
  std::size_t begin = 0;  ///< bytes of the file that hold the scalar's content, quotes included
  std::size_t end = 0;
  diag::Location location;  ///< line and column in the file

  /// What a change replaces.
  [[nodiscard]] std::string_view current() const {
    return part ? std::string_view(value).substr(part->begin, part->end - part->begin)
                : std::string_view(value);
  }
  /// "apps/prod/values.yaml:12:8 (/image/tag)", for messages.
  [[nodiscard]] std::string text() const;
};

/// Finds the scalar at a pointer. Errors: Kind::parse when the file (or the text within) is no
/// YAML, Kind::not_found when nothing stands there, Kind::unsupported when it is no scalar.
Result<Place> locate(std::string_view bytes,
                     const std::string& file,
                     std::uint32_t document,
                     std::string_view path,
                     std::string_view inner = {});

/// The place of a scalar that the caller has found in a parsed document.
Place place_of(const yaml::Document& document,
               std::uint32_t index,
               const yaml::Node& scalar,
               std::string path);

/// A place in the YAML text that the scalar at `outer` holds; `text` is that text, parsed. Its
/// begin, end and location are those of the file; begin equals end when the outer scalar is spelt
/// in a way that cannot be followed (folded, over several lines), and then no change is possible.
Place place_within(const yaml::Document& document,
                   const yaml::Node& scalar,
                   const Place& outer,
                   const yaml::Node& inner_scalar,
                   std::string inner);

/// The value of a scalar as Place::value holds it: as written, and empty for null.
std::string_view value_of(const yaml::Node& scalar);

/// Appends a key or index to a JSON pointer (RFC 6901: "~" is "~0", "/" is "~1").
std::string child(std::string_view pointer, std::string_view key);
std::string child(std::string_view pointer, std::size_t index);

}  // namespace sluice::edit

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "edit/place.hpp"
#include "yaml/document.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::edit {

/// Which bytes of a file make up each byte of a scalar's value: escapes, doubled quotes and the
/// indentation of a block scalar have none of their own.
class Content {
 public:
  /// Nothing when the scalar's value is not what its bytes spell (!!binary), or when it is folded
  /// or, outside block scalars, over several lines.
  static std::optional<Content> of(const yaml::Document& document, const yaml::Node& scalar);

  /// The file's bytes behind a part of the value; nothing when the part cuts a character.
  [[nodiscard]] std::optional<Part> source(Part part) const;

 private:
  struct Piece {
    std::uint32_t begin;
    std::uint32_t end;
  };

  bool read_plain(std::string_view raw, std::uint32_t at);
  bool read_single(std::string_view raw, std::uint32_t at);
  bool read_double(std::string_view raw, std::uint32_t at);
  bool read_literal(std::string_view raw, std::uint32_t at, std::string_view value);
  bool read_lines(std::string_view raw, std::uint32_t at, std::size_t indent, std::size_t size);
  void add(std::string_view text, std::size_t begin, std::size_t end);

  std::string value_;
  std::vector<Piece> pieces_;   ///< one for each byte of the value
  std::uint32_t empty_at_ = 0;  ///< where an empty value would begin
};

/// Whether the content of a scalar spans more than one line of the file.
bool spans_lines(const yaml::Document& document, const yaml::Node& scalar);

}  // namespace sluice::edit

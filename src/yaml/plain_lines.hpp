// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "yaml/document.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::yaml {

/// A scalar as the builder takes it. The text may lie in the lines' own memory until the next one.
struct PlainScalar {
  Style style = Style::plain;
  Span span;
  std::string_view text;
};

/// The lines of one document, one after the other, and the scalars in them. Each answer is certain
/// to be what libyaml reads; "nothing" means that it may or may not be wrong. For PlainReader.
///
/// `indent` is the column (from 0) of the collection that holds a scalar: what belongs to the
/// scalar stands further to the right.
class PlainLines {
 public:
  /// `bytes` goes to the end of the document, with everything before it, and ends in a line feed.
  PlainLines(std::string_view bytes, std::size_t begin) : bytes_(bytes), at_(begin) {}

  /// Passes over blank lines and comments; false at the end.
  bool next();

  [[nodiscard]] std::size_t end() const { return bytes_.size(); }
  /// The first byte of the line that is no space.
  [[nodiscard]] std::size_t first() const { return first_; }
  [[nodiscard]] std::size_t column(std::size_t at) const { return at - line_begin_; }
  /// A byte of this line, or the line feed that ends it.
  [[nodiscard]] char byte(std::size_t at) const { return at < line_end_ ? bytes_[at] : '\n'; }
  [[nodiscard]] bool is_space_or_end(std::size_t at) const {
    return byte(at) == ' ' || byte(at) == '\n';
  }
  [[nodiscard]] std::size_t skip_spaces(std::size_t at) const {
    while (byte(at) == ' ') {
      ++at;
    }
    return at;
  }
  [[nodiscard]] bool starts_with(std::string_view text) const {
    return bytes_.substr(first_, text.size()) == text;
  }
  /// Only spaces or a comment stand from here to the end of the line.
  [[nodiscard]] bool nothing_follows(std::size_t at) const {
    const auto next = skip_spaces(at);
    return next == line_end_ || (next > at && bytes_[next] == '#');
  }

  /// The colon of a key that stands here, on this line; npos when there is none.
  [[nodiscard]] std::size_t colon_after(std::size_t at) const;
  /// The key that ends before its colon.
  PlainScalar key(std::size_t at, std::size_t colon);
  /// The scalar that begins here and is all that is left of its last line, but for a comment.
  std::optional<PlainScalar> value(std::size_t at, std::size_t indent);
  /// The scalar that begins here in a flow collection ("[a, 'b c']"), on this line, without escapes
  /// and short enough to be a key.
  [[nodiscard]] std::optional<PlainScalar> in_flow(std::size_t at) const;

 private:
  /// A line feed in a scalar: it becomes a space unless blank lines follow, or nothing.
  enum class Feed : std::uint8_t { folded, escaped };

  [[nodiscard]] std::size_t end_of_plain(std::size_t at) const;
  [[nodiscard]] std::size_t end_of_quoted(std::size_t at, char quote) const;
  [[nodiscard]] std::size_t trimmed(std::size_t begin, std::size_t end) const;
  std::size_t go_on(std::size_t indent);
  void fold(std::size_t feeds, Feed first);
  Feed append_quoted(std::size_t begin, std::size_t end, char quote);
  std::string_view unquoted(std::size_t begin, std::size_t end, char quote);
  std::optional<PlainScalar> plain(std::size_t at, std::size_t indent);
  std::optional<PlainScalar> quoted(std::size_t at, std::size_t indent);
  std::optional<PlainScalar> literal(std::size_t at, std::size_t indent);

  std::string_view bytes_;
  std::size_t at_;  ///< the next line
  std::size_t line_begin_ = 0;
  std::size_t line_end_ = 0;
  std::size_t first_ = 0;
  std::string text_;  ///< of the last scalar whose value is not what is written
};

}  // namespace sluice::yaml

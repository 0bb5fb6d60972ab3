// SPDX-License-Identifier: Apache-2.0
#include "yaml/read.hpp"
#include "yaml/scalar.hpp"

#include <algorithm>
#include <cstring>

namespace sluice::yaml {
namespace {

constexpr std::size_t most_key_bytes = 1000;  // libyaml's simple keys end at 1024

bool is_key_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '/' || c == '-' || c == '_';
}

/// UTF-8 of characters that YAML prints, and whose only line break is the line feed.
bool is_simple_text(std::string_view text) {
  const auto plain = [](char c) { return (c >= ' ' && c <= '~') || c == '\n' || c == '\t'; };
  for (std::size_t i = 0; i < text.size();) {
    if (plain(text[i])) {
      ++i;
      continue;
    }
    const auto size = utf8_size(text, i);
    const auto character = text.substr(i, size);
    // C1 controls and NEL; line and paragraph separators; the byte-order mark; U+FFFE, U+FFFF.
    if (size < 2 || (character[0] == '\xC2' && character[1] < '\xA0') ||
        character == "\xE2\x80\xA8" || character == "\xE2\x80\xA9" || character == "\xEF\xBB\xBF" ||
        character == "\xEF\xBF\xBE" || character == "\xEF\xBF\xBF") {
      return false;
    }
    i += size;
  }
  return true;
}

/// Reads line by line. Every step that is not certain to be what libyaml reads says "no", and the
/// document goes to libyaml as a whole.
class PlainReader {
 public:
  PlainReader(std::string_view bytes, std::size_t begin, Builder& builder)
      : bytes_(bytes), at_(begin), builder_(builder) {}

  bool run() {
    while (next_line()) {
      if (!line() || builder_.failed()) {
        return false;
      }
    }
    if (pending_) {
      empty_value();
    }
    while (!frames_.empty()) {
      close(bytes_.size());
    }
    return !builder_.failed();
  }

 private:
  struct Frame {
    Kind kind;
    std::size_t indent;
    bool indentless;  ///< a sequence in the column of the mapping that holds it
  };

  [[nodiscard]] char byte(std::size_t at) const { return at < line_end_ ? bytes_[at] : '\n'; }

  /// Passes over blank lines and comments; false at the end.
  bool next_line() {
    while (at_ < bytes_.size()) {
      line_begin_ = at_;
      const auto* feed =
          static_cast<const char*>(std::memchr(&bytes_[at_], '\n', bytes_.size() - at_));
      line_end_ = static_cast<std::size_t>(feed - bytes_.data());  // the text ends in a line feed
      at_ = line_end_ + 1;
      first_ = skip_spaces(line_begin_);
      if (first_ < line_end_ && bytes_[first_] != '#') {
        return true;
      }
    }
    return false;
  }

  [[nodiscard]] std::size_t skip_spaces(std::size_t at) const {
    while (byte(at) == ' ') {
      ++at;
    }
    return at;
  }

  /// A "-" of a sequence.
  [[nodiscard]] bool is_entry(std::size_t at) const {
    return bytes_[at] == '-' && (byte(at + 1) == ' ' || byte(at + 1) == '\n');
  }

  /// The colon of a key that stands here, on this line; npos when there is none.
  [[nodiscard]] std::size_t colon_after(std::size_t at) const {
    auto end = at;
    if (bytes_[at] == '"' || bytes_[at] == '\'') {
      const auto past = end_of_quoted(at);
      end = past == std::string_view::npos ? at : past;
    } else if (bytes_[at] != '-') {
      while (is_key_byte(byte(end))) {
        ++end;
      }
    }
    const bool key = end > at && byte(end) == ':' &&
                     (byte(end + 1) == ' ' || byte(end + 1) == '\n') && end - at < most_key_bytes;
    return key ? end : std::string_view::npos;
  }

  /// The byte after a quoted scalar that ends on this line and holds neither escapes nor tabs
  /// ('' apart), else npos.
  [[nodiscard]] std::size_t end_of_quoted(std::size_t at) const {
    const char quote = bytes_[at];
    for (auto i = at + 1; i < line_end_; ++i) {
      if (bytes_[i] == '\t' || (quote == '"' && bytes_[i] == '\\')) {
        break;
      }
      if (bytes_[i] == quote) {
        if (quote == '"' || byte(i + 1) != quote) {
          return i + 1;
        }
        ++i;
      }
    }
    return std::string_view::npos;
  }

  void quoted_scalar(std::size_t begin, std::size_t end) {
    auto text = bytes_.substr(begin + 1, end - begin - 2);
    const bool single = bytes_[begin] == '\'';
    if (single && text.find('\'') != std::string_view::npos) {
      text_.clear();
      for (std::size_t i = 0; i < text.size(); i += text[i] == '\'' ? 2 : 1) {
        text_ += text[i];
      }
      text = text_;
    }
    builder_.scalar(Kind::string, single ? Style::single_quoted : Style::double_quoted,
                    span(begin, end), text, {});
  }

  static Span span(std::size_t begin, std::size_t end) {
    return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
  }

  void scalar(std::size_t begin, std::size_t end) {
    const auto text = bytes_.substr(begin, end - begin);
    builder_.scalar(resolve_plain(text), Style::plain, span(begin, end), text, {});
  }

  void open(Kind kind, std::size_t at, std::size_t indent, bool indentless = false) {
    builder_.open(kind, Style::block, at, {});
    frames_.push_back({kind, indent, indentless});
  }

  /// libyaml ends block collections where the next token begins.
  void close(std::size_t end) {
    builder_.close(end);
    frames_.pop_back();
  }

  void empty_value() {
    builder_.scalar(Kind::null, Style::plain, span(pending_at_, pending_at_), {}, {});
    pending_ = false;
  }

  void wait_for_value(std::size_t at) {
    pending_ = true;
    pending_at_ = at;
  }

  bool line() {
    const auto indent = first_ - line_begin_;
    const bool entry = is_entry(first_);
    const auto kind = entry ? Kind::sequence : Kind::mapping;
    if (indent == 0 && bytes_.substr(first_, 3) == "...") {
      return false;
    }
    if (frames_.empty()) {
      if (begun_) {
        return false;
      }
      begun_ = true;
      open(kind, first_, indent);
    } else if (pending_) {
      const auto& holder = frames_.back();
      if (indent > holder.indent) {
        pending_ = false;
        if (!entry && colon_after(first_) == std::string_view::npos) {
          return value(first_);  // on a line of its own
        }
        open(kind, first_, indent);
      } else if (indent == holder.indent && entry && holder.kind == Kind::mapping) {
        pending_ = false;
        open(kind, first_, indent, true);
      } else {
        empty_value();
      }
    }
    while (!frames_.empty() &&
           (frames_.back().indent > indent ||
            (frames_.back().indent == indent && frames_.back().indentless && !entry))) {
      close(first_);
    }
    if (frames_.empty() || frames_.back().indent != indent || frames_.back().kind != kind) {
      return false;
    }
    return entry ? sequence_entry(first_) : member(first_);
  }

  /// Only spaces or a comment stand from here to the end of the line.
  [[nodiscard]] bool nothing_follows(std::size_t at) const {
    const auto next = skip_spaces(at);
    return next == line_end_ || (next > at && bytes_[next] == '#');
  }

  bool sequence_entry(std::size_t at) {
    if (nothing_follows(at + 1)) {
      wait_for_value(at + 1);
      return true;
    }
    const auto content = skip_spaces(at + 1);
    if (colon_after(content) == std::string_view::npos) {
      return value(content);
    }
    open(Kind::mapping, content, content - line_begin_);
    return member(content);
  }

  bool member(std::size_t at) {
    const auto end = colon_after(at);
    if (end == std::string_view::npos) {
      return false;
    }
    if (is_key_byte(bytes_[at])) {
      scalar(at, end);
    } else {
      quoted_scalar(at, end);
    }
    if (nothing_follows(end + 1)) {
      wait_for_value(end + 1);
      return true;
    }
    return value(skip_spaces(end + 1));
  }

  bool value(std::size_t at) {
    switch (bytes_[at]) {
      case '"':
      case '\'':
        return quoted(at);
      case '[':
      case '{':
        return empty_collection(at);
      case '|':
        return literal(at);
      case '-':
        return byte(at + 1) != ' ' && byte(at + 1) != '\n' && plain(at);
      default:
        return std::strchr("?:,]}#&*!>%@`", bytes_[at]) == nullptr && plain(at);
    }
  }

  bool plain(std::size_t at) {
    auto end = line_end_;
    for (auto i = at; i < line_end_; ++i) {
      if (bytes_[i] == ':' && (byte(i + 1) == ' ' || byte(i + 1) == '\n')) {
        return false;
      }
      if (bytes_[i] == '\t') {
        return false;
      }
      if (bytes_[i] == ' ' && byte(i + 1) == '#') {
        end = i;
        break;
      }
    }
    while (bytes_[end - 1] == ' ') {
      --end;
    }
    scalar(at, end);
    return true;
  }

  bool quoted(std::size_t at) {
    const auto end = end_of_quoted(at);
    if (end == std::string_view::npos || !nothing_follows(end)) {
      return false;
    }
    quoted_scalar(at, end);
    return true;
  }

  bool empty_collection(std::size_t at) {
    const bool mapping = bytes_[at] == '{';
    if (byte(at + 1) != (mapping ? '}' : ']') || !nothing_follows(at + 2)) {
      return false;
    }
    builder_.open(mapping ? Kind::mapping : Kind::sequence, Style::flow, at, {});
    builder_.close(at + 2);
    return true;
  }

  /// "|", "|-" and "|+" with the indentation of their first line.
  bool literal(std::size_t at) {
    const char chomping = byte(at + 1);
    const auto head = chomping == '-' || chomping == '+' ? at + 2 : at + 1;
    if (head != line_end_) {
      return false;
    }
    text_.clear();
    std::size_t indent = 0;
    std::size_t breaks = 0;  // line feeds since the last line with text
    bool any = false;
    while (at_ < bytes_.size()) {
      line_begin_ = at_;
      line_end_ = bytes_.find('\n', at_);
      const auto first = skip_spaces(line_begin_);
      const auto spaces = first - line_begin_;
      if (bytes_[first] == '\t' && (!any || spaces < indent)) {
        return false;
      }
      if (!any) {
        if (first == line_end_ && spaces > 0) {
          return false;  // libyaml lets such a line choose the indentation
        }
        if (first != line_end_ && spaces <= frames_.back().indent) {
          return false;  // nothing belongs to it
        }
        indent = spaces;
      }
      if (first == line_end_ && (!any || spaces <= indent)) {
        ++breaks;
      } else if (spaces < indent) {
        break;
      } else {
        any = true;
        text_.append(breaks, '\n');
        breaks = 1;
        text_ += bytes_.substr(line_begin_ + indent, line_end_ - line_begin_ - indent);
      }
      at_ = line_end_ + 1;
    }
    if (!any) {
      return false;
    }
    text_.append(chomping == '-' ? 0 : chomping == '+' ? breaks : 1, '\n');
    builder_.scalar(Kind::string, Style::literal, span(at, at_), text_, {});
    return true;
  }

  std::string_view bytes_;  ///< to the end of the document, with everything before it
  std::size_t at_;          ///< the next line
  Builder& builder_;
  std::size_t line_begin_ = 0;
  std::size_t line_end_ = 0;
  std::size_t first_ = 0;  ///< the first byte of the line that is no space
  std::vector<Frame> frames_;
  bool begun_ = false;
  bool pending_ = false;  ///< a key or a "-" whose value has not been seen
  std::size_t pending_at_ = 0;
  std::string text_;
};

}  // namespace

bool read_plain(const Source& source, std::size_t begin, std::size_t end, Builder& builder) {
  const auto document = source.bytes().substr(begin, end - begin);
  return !document.empty() && document.back() == '\n' && is_simple_text(document) &&
         PlainReader(source.bytes().substr(0, end), begin, builder).run();
}

}  // namespace sluice::yaml

// SPDX-License-Identifier: Apache-2.0
#include "base/json_text.hpp"
#include "base/text.hpp"
#include "yaml/read.hpp"
#include "yaml/scalar.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace sluice::yaml {
namespace {

/// One JSON value without recursion: `open_` holds what is open, and the grammar is checked by what
/// may come next.
class JsonReader {
 public:
  JsonReader(const Source& source, std::size_t begin, std::size_t end, Builder& builder)
      : bytes_(source.bytes().substr(0, end)), at_(begin), builder_(builder) {}

  std::size_t run() {
    while (!builder_.failed()) {
      skip_space();
      value();
      if (builder_.failed() || finish_value()) {
        break;
      }
    }
    return at_;
  }

 private:
  void skip_space() {
    while (at_ < bytes_.size() && (bytes_[at_] == ' ' || bytes_[at_] == '\t' ||
                                   bytes_[at_] == '\n' || bytes_[at_] == '\r')) {
      ++at_;
    }
  }

  char peek() const { return at_ < bytes_.size() ? bytes_[at_] : '\0'; }

  void fail(std::string_view what) {
    builder_.fail("yaml/syntax", at_,
                  at_ < bytes_.size() ? "JSON: " + std::string(what)
                                      : "JSON: the text ends in the middle of a value");
  }

  /// Reads a scalar, or opens a collection and what must follow until the next value.
  void value() {
    const char c = peek();
    if (c == '{' || c == '[') {
      builder_.open(c == '{' ? Kind::mapping : Kind::sequence, Style::json, at_, {});
      open_.push_back(c);
      ++at_;
      skip_space();
      empty_ = peek() == (c == '{' ? '}' : ']');
      if (!empty_ && c == '{') {
        key();
      }
      if (!empty_) {
        skip_space();
        opened_ = true;
      }
      return;
    }
    opened_ = false;
    empty_ = false;
    if (c == '"') {
      string();
    } else if (c == '-' || (c >= '0' && c <= '9')) {
      number();
    } else {
      word();
    }
  }

  void key() {
    if (peek() != '"') {
      return fail("a key in double quotes is expected");
    }
    string();
    skip_space();
    if (builder_.failed()) {
      return;
    }
    if (peek() != ':') {
      return fail("':' is expected after a key");
    }
    ++at_;
  }

  /// After a value: commas and closing brackets. True when the outermost value is complete.
  bool finish_value() {
    if (opened_) {  // a collection has just begun and holds something: its first value comes next
      opened_ = false;
      return false;
    }
    while (!open_.empty()) {
      skip_space();
      const char closing = open_.back() == '{' ? '}' : ']';
      if (peek() == closing) {
        ++at_;
        builder_.close(at_);
        open_.pop_back();
        empty_ = false;
        if (builder_.failed()) {
          return true;
        }
        continue;
      }
      if (peek() != ',' || empty_) {
        fail(closing == '}' ? "',' or '}' is expected" : "',' or ']' is expected");
        return true;
      }
      ++at_;
      skip_space();
      if (open_.back() == '{') {
        key();
      }
      return builder_.failed();
    }
    return true;
  }

  void word() {
    constexpr struct {
      std::string_view text;
      Kind kind;
    } words[] = {{"true", Kind::boolean}, {"false", Kind::boolean}, {"null", Kind::null}};
    for (const auto& [text, kind] : words) {
      if (bytes_.compare(at_, text.size(), text) == 0) {
        scalar(kind, text.size());
        return;
      }
    }
    fail("a value is expected");
  }

  void scalar(Kind kind, std::size_t size) {
    const Span span{static_cast<std::uint32_t>(at_), static_cast<std::uint32_t>(at_ + size)};
    builder_.scalar(kind, Style::json, span, bytes_.substr(at_, size), {});
    at_ += size;
  }

  void number() {
    std::size_t end = at_;
    const auto digits = [&] {
      const auto from = end;
      while (end < bytes_.size() && bytes_[end] >= '0' && bytes_[end] <= '9') {
        ++end;
      }
      return end - from;
    };
    if (bytes_[end] == '-') {
      ++end;
    }
    const bool zero = end < bytes_.size() && bytes_[end] == '0';
    const auto whole = digits();
    if (whole == 0 || (zero && whole > 1)) {
      return fail("this is no number");
    }
    bool integer = true;
    if (end < bytes_.size() && bytes_[end] == '.') {
      integer = false;
      ++end;
      if (digits() == 0) {
        return fail("this is no number");
      }
    }
    if (end < bytes_.size() && (bytes_[end] == 'e' || bytes_[end] == 'E')) {
      integer = false;
      ++end;
      if (end < bytes_.size() && (bytes_[end] == '+' || bytes_[end] == '-')) {
        ++end;
      }
      if (digits() == 0) {
        return fail("this is no number");
      }
    }
    constexpr std::size_t safe_digits =
        18;  // longer ones may leave 64 bits and are then reals, as in Go
    if (integer && whole > safe_digits) {
      integer = parse_integer(bytes_.substr(at_, end - at_)).has_value();
    }
    scalar(integer ? Kind::integer : Kind::real, end - at_);
  }

  std::optional<std::uint32_t> hex4(std::size_t from) const {
    if (from + 4 > bytes_.size()) {
      return std::nullopt;
    }
    std::uint32_t value = 0;
    for (const char c : bytes_.substr(from, 4)) {
      const int digit = c >= '0' && c <= '9'   ? c - '0'
                        : c >= 'a' && c <= 'f' ? c - 'a' + 10
                        : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                               : -1;
      if (digit < 0) {
        return std::nullopt;
      }
      value = value * 16 + static_cast<std::uint32_t>(digit);
    }
    return value;
  }

  /// Returns the bytes that the escape at `from` takes, or 0.
  std::size_t escape(std::size_t from, std::string& out) const {
    constexpr std::string_view letters = "\"\\/bfnrt";
    constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
    if (from + 1 >= bytes_.size()) {
      return 0;
    }
    if (const auto known = letters.find(bytes_[from + 1]); known != std::string_view::npos) {
      out += meanings[known];
      return 2;
    }
    const auto first = bytes_[from + 1] == 'u' ? hex4(from + 2) : std::nullopt;
    if (!first) {
      return 0;
    }
    constexpr std::uint32_t replacement = 0xFFFD;  // what Go makes of half a surrogate pair
    if (*first >= 0xD800 && *first < 0xDC00 && bytes_.compare(from + 6, 2, "\\u") == 0) {
      if (const auto second = hex4(from + 8); second && *second >= 0xDC00 && *second < 0xE000) {
        text::append_utf8(0x10000 + ((*first - 0xD800) << 10U) + (*second - 0xDC00), out);
        return 12;
      }
    }
    text::append_utf8(*first >= 0xD800 && *first < 0xE000 ? replacement : *first, out);
    return 6;
  }

  void string() {
    const auto begin = at_;
    std::string text;
    std::size_t end = at_ + 1;
    while (end < bytes_.size() && bytes_[end] != '"') {
      if (static_cast<unsigned char>(bytes_[end]) < 0x20) {
        at_ = end;
        return fail("a control character stands in a string");
      }
      if (bytes_[end] == '\\') {
        const auto taken = escape(end, text);
        if (taken == 0) {
          at_ = end;
          return fail("this escape is not known");
        }
        end += taken;
      } else {
        text += bytes_[end++];
      }
    }
    if (end >= bytes_.size()) {
      at_ = bytes_.size();
      return fail("");
    }
    const Span span{static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end + 1)};
    builder_.scalar(Kind::string, Style::json, span, text, {});
    at_ = end + 1;
  }

  std::string_view bytes_;
  std::size_t at_;
  Builder& builder_;
  std::string open_;     ///< '{' and '[' of the collections that are open
  bool opened_ = false;  ///< the last thing read was the start of a collection that holds something
  bool empty_ = false;   ///< ... or of one that holds nothing
};

}  // namespace

std::size_t read_json(const Source& source, std::size_t begin, std::size_t end, Builder& builder) {
  return JsonReader(source, begin, end, builder).run();
}

}  // namespace sluice::yaml

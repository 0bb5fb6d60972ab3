// SPDX-License-Identifier: Apache-2.0
#include "yaml/plain_lines.hpp"
#include "yaml/read.hpp"
#include "yaml/scalar.hpp"

#include <span>
#include <vector>

namespace sluice::yaml {
namespace {

constexpr auto none = std::string_view::npos;

bool is_simple_byte(char c) {
  return (c >= ' ' && c <= '~') || c == '\n' || c == '\t';
}

constexpr std::size_t block = 64;

/// Without a way out in the middle, so that the compiler looks at all of the bytes at once.
bool is_simple_block(std::span<const char, block> bytes) {
  char other = 0;
  for (const char c : bytes) {
    other = static_cast<char>(other | (is_simple_byte(c) ? 0 : 1));
  }
  return other == 0;
}

/// UTF-8 of characters that YAML prints, and whose only line break is the line feed.
bool is_simple_text(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    if (text.size() - i >= block &&
        is_simple_block(std::span<const char, block>(&text[i], block))) {
      i += block;
      continue;
    }
    if (is_simple_byte(text[i])) {
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
      : lines_(bytes, begin), builder_(builder) {}

  bool run() {
    while (lines_.next()) {
      if (!line() || builder_.failed()) {
        return false;
      }
    }
    if (pending_) {
      empty_value();
    }
    while (!frames_.empty()) {
      close(lines_.end());
    }
    return !builder_.failed();
  }

 private:
  struct Frame {
    Kind kind;
    std::size_t indent;
    bool indentless;  ///< a sequence in the column of the mapping that holds it
  };

  void open(Kind kind, std::size_t at, std::size_t indent, bool indentless = false) {
    builder_.open(kind, Style::block, at, {});
    frames_.push_back({kind, indent, indentless});
  }

  /// libyaml ends block collections where the next token begins.
  void close(std::size_t end) {
    builder_.close(end);
    frames_.pop_back();
  }

  void scalar(const PlainScalar& scalar) {
    const auto kind = scalar.style == Style::plain ? resolve_plain(scalar.text) : Kind::string;
    builder_.scalar(kind, scalar.style, scalar.span, scalar.text, {});
  }

  void empty_value() {
    const auto at = static_cast<std::uint32_t>(pending_at_);
    builder_.scalar(Kind::null, Style::plain, {at, at}, {}, {});
    pending_ = false;
  }

  void wait_for_value(std::size_t at) {
    pending_ = true;
    pending_at_ = at;
  }

  /// A "-" of a sequence.
  [[nodiscard]] bool is_entry(std::size_t at) const {
    return lines_.byte(at) == '-' && lines_.is_space_or_end(at + 1);
  }

  bool line() {
    const auto first = lines_.first();
    const auto indent = lines_.column(first);
    const bool entry = is_entry(first);
    const auto kind = entry ? Kind::sequence : Kind::mapping;
    if (indent == 0 && lines_.starts_with("...")) {
      return false;
    }
    if (frames_.empty()) {
      if (begun_) {
        return false;
      }
      begun_ = true;
      open(kind, first, indent);
    } else if (pending_) {
      const auto& holder = frames_.back();
      if (indent > holder.indent) {
        pending_ = false;
        if (!entry && lines_.colon_after(first) == std::string_view::npos) {
          return value(first);  // on a line of its own
        }
        open(kind, first, indent);
      } else if (indent == holder.indent && entry && holder.kind == Kind::mapping) {
        pending_ = false;
        open(kind, first, indent, true);
      } else {
        empty_value();
      }
    }
    while (!frames_.empty() &&
           (frames_.back().indent > indent ||
            (frames_.back().indent == indent && frames_.back().indentless && !entry))) {
      close(first);
    }
    if (frames_.empty() || frames_.back().indent != indent || frames_.back().kind != kind) {
      return false;
    }
    return entry ? sequence_entry(first) : member(first);
  }

  bool sequence_entry(std::size_t at) {
    if (lines_.nothing_follows(at + 1)) {
      wait_for_value(at + 1);
      return true;
    }
    const auto content = lines_.skip_spaces(at + 1);
    if (lines_.colon_after(content) == std::string_view::npos) {
      return value(content);
    }
    open(Kind::mapping, content, lines_.column(content));
    return member(content);
  }

  bool member(std::size_t at) {
    const auto colon = lines_.colon_after(at);
    if (colon == std::string_view::npos) {
      return false;
    }
    scalar(lines_.key(at, colon));
    if (lines_.nothing_follows(colon + 1)) {
      wait_for_value(colon + 1);
      return true;
    }
    return value(lines_.skip_spaces(colon + 1));
  }

  bool value(std::size_t at) {
    if (lines_.byte(at) == '{' || lines_.byte(at) == '[') {
      const auto end = flow(at);
      return end != none && lines_.nothing_follows(end);
    }
    const auto found = lines_.value(at, frames_.back().indent);
    if (!found) {
      return false;
    }
    scalar(*found);
    return true;
  }

  /// A flow collection on this line; the byte after it, or none.
  std::size_t flow(std::size_t at) {
    const bool mapping = lines_.byte(at) == '{';
    const char last = mapping ? '}' : ']';
    builder_.open(mapping ? Kind::mapping : Kind::sequence, Style::flow, at, {});
    if (builder_.failed()) {
      return none;  // nested too deep
    }
    auto next = lines_.skip_spaces(at + 1);
    for (bool first = true; lines_.byte(next) != last || !first; first = false) {
      next = mapping ? flow_member(next) : flow_value(next);
      next = next == none ? none : lines_.skip_spaces(next);
      if (next == none || lines_.byte(next) == last) {
        break;
      }
      if (lines_.byte(next) != ',') {
        return none;
      }
      next = lines_.skip_spaces(next + 1);
    }
    if (next == none) {
      return none;
    }
    builder_.close(next + 1);
    return builder_.failed() ? none : next + 1;
  }

  std::size_t flow_member(std::size_t at) {
    const auto key = lines_.in_flow(at);
    if (!key || lines_.byte(key->span.end) != ':' || lines_.byte(key->span.end + 1) != ' ') {
      return none;
    }
    scalar(*key);
    return flow_value(lines_.skip_spaces(key->span.end + 1));
  }

  std::size_t flow_value(std::size_t at) {
    if (lines_.byte(at) == '{' || lines_.byte(at) == '[') {
      return flow(at);
    }
    const auto found = lines_.in_flow(at);
    if (!found) {
      return none;
    }
    scalar(*found);
    return found->span.end;
  }

  PlainLines lines_;
  Builder& builder_;
  std::vector<Frame> frames_;
  bool begun_ = false;
  bool pending_ = false;  ///< a key or a "-" whose value has not been seen
  std::size_t pending_at_ = 0;
};

}  // namespace

bool read_plain(const Source& source, std::size_t begin, std::size_t end, Builder& builder) {
  const auto document = source.bytes().substr(begin, end - begin);
  return !document.empty() && document.back() == '\n' && is_simple_text(document) &&
         PlainReader(source.bytes().substr(0, end), begin, builder).run();
}

}  // namespace sluice::yaml

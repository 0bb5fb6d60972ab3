// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "yaml/read.hpp"
#include "yaml/scalar.hpp"

#include <algorithm>
#include <cstring>
#include <yaml.h>

// The only file that sees libyaml.
namespace sluice::yaml {
namespace {

/// libyaml counts code points; we count bytes. Marks come nearly in order, so one forward pass
/// serves them all.
class Offsets {
 public:
  explicit Offsets(std::string_view bytes) : bytes_(bytes) {
    ascii_ = std::ranges::all_of(bytes_, [](char c) { return static_cast<signed char>(c) >= 0; });
  }

  std::size_t of(std::size_t code_point) {
    if (ascii_) {
      return std::min(code_point, bytes_.size());
    }
    while (counted_ < code_point && byte_ < bytes_.size()) {
      ++byte_;
      while (byte_ < bytes_.size() && continues(bytes_[byte_])) {
        ++byte_;
      }
      ++counted_;
    }
    while (counted_ > code_point && byte_ > 0) {
      --byte_;
      while (byte_ > 0 && continues(bytes_[byte_])) {
        --byte_;
      }
      --counted_;
    }
    return byte_;
  }

 private:
  static bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

  std::string_view bytes_;
  std::size_t byte_ = 0;
  std::size_t counted_ = 0;
  bool ascii_ = true;
};

struct Parser {
  Parser() { yaml_parser_initialize(&state); }
  ~Parser() { yaml_parser_delete(&state); }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;
  yaml_parser_t state{};
};

struct Event {
  ~Event() { yaml_event_delete(&state); }
  yaml_event_t state{};
};

const char* chars(const yaml_char_t* text) {
  return reinterpret_cast<const char*>(text);
}
std::string_view view(const yaml_char_t* text) {
  return text == nullptr ? std::string_view{} : chars(text);
}

/// libyaml counts a byte-order mark as a column when it is told the encoding: then the first line
/// would be indented by one, and the second would end the document.
std::size_t after_byte_order_mark(const Source& source, std::size_t begin, std::size_t end) {
  return source.bytes().substr(begin, end - begin).starts_with("\xEF\xBB\xBF") ? begin + 3 : begin;
}

/// One document's events, turned into calls of the builder.
class Reader {
 public:
  Reader(const Source& source, std::size_t begin, std::size_t end, Builder& builder)
      : bytes_(source.bytes().substr(begin, end - begin)),
        begin_(begin),
        offsets_(bytes_),
        builder_(builder) {
    yaml_parser_set_encoding(&parser_.state, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(
        &parser_.state, reinterpret_cast<const unsigned char*>(bytes_.data()), bytes_.size());
  }

  void run() {
    while (!builder_.failed()) {
      Event event;
      if (yaml_parser_parse(&parser_.state, &event.state) == 0) {
        return report_problem();
      }
      // Flow collections make libyaml look at every open one for each token: bound the product, not
      // only the depth.
      constexpr std::uint64_t most_work = 400'000'000;
      work_ += static_cast<std::uint64_t>(parser_.state.flow_level);
      if (work_ > most_work) {
        return builder_.fail("yaml/limit", at(event.state.start_mark),
                             "the document nests too many values in flow style");
      }
      if (event.state.type == YAML_STREAM_END_EVENT) {
        return;
      }
      if (event.state.type == YAML_DOCUMENT_START_EVENT && ended_) {
        return report_trailing_text(event.state.start_mark);
      }
      ended_ = ended_ || event.state.type == YAML_DOCUMENT_END_EVENT;
      take(event.state);
    }
  }

 private:
  std::size_t at(const yaml_mark_t& mark) { return begin_ + offsets_.of(mark.index); }

  void take(const yaml_event_t& event) {
    switch (event.type) {
      case YAML_SCALAR_EVENT:
        return take_scalar(event);
      case YAML_SEQUENCE_START_EVENT: {
        const auto& data = event.data.sequence_start;
        return open(Kind::sequence, data.style == YAML_FLOW_SEQUENCE_STYLE, event, data.anchor,
                    data.tag);
      }
      case YAML_MAPPING_START_EVENT: {
        const auto& data = event.data.mapping_start;
        return open(Kind::mapping, data.style == YAML_FLOW_MAPPING_STYLE, event, data.anchor,
                    data.tag);
      }
      case YAML_SEQUENCE_END_EVENT:
      case YAML_MAPPING_END_EVENT:
        return builder_.close(at(event.end_mark));
      case YAML_ALIAS_EVENT: {
        const auto begin = at(event.start_mark);
        return builder_.alias(view(event.data.alias.anchor), span(begin, at(event.end_mark)));
      }
      default:
        return;
    }
  }

  void open(Kind kind,
            bool flow,
            const yaml_event_t& event,
            const yaml_char_t* anchor,
            const yaml_char_t* tag) {
    auto begin = at(event.start_mark);
    if (anchor != nullptr || tag != nullptr) {
      begin = skip_properties(begin, begin_ + bytes_.size());
    }
    builder_.open(kind, flow ? Style::flow : Style::block, begin, view(anchor));
  }

  static Span span(std::size_t begin, std::size_t end) {
    return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(std::max(begin, end))};
  }

  /// Where the content starts: libyaml's start of a scalar includes its anchor and tag.
  std::size_t skip_properties(std::size_t from, std::size_t end) const {
    const auto local = [&](std::size_t offset) { return bytes_[offset - begin_]; };
    const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
    while (from < end) {
      if (blank(local(from))) {
        ++from;
      } else if (local(from) == '#') {
        while (from < end && local(from) != '\n') {
          ++from;
        }
      } else if (local(from) == '&' || local(from) == '!') {
        while (from < end && !blank(local(from))) {
          ++from;
        }
      } else {
        break;
      }
    }
    return from;
  }

  void take_scalar(const yaml_event_t& event) {
    const auto& data = event.data.scalar;
    auto begin = at(event.start_mark);
    const auto end = at(event.end_mark);
    if (data.anchor != nullptr || data.tag != nullptr) {
      begin = skip_properties(begin, end);
    }
    const std::string_view text(chars(data.value), data.length);
    const auto tag = view(data.tag);
    Kind kind = Kind::string;
    if (data.plain_implicit != 0) {
      kind = resolve_plain(text);
    } else if (!tag.empty()) {
      return take_tagged(tag, text, data, span(begin, end));
    }
    builder_.scalar(kind, style(data.style), span(begin, end), text, view(data.anchor));
  }

  /// go-yaml heeds the standard tags; under any other a scalar is text.
  void take_tagged(std::string_view tag,
                   std::string_view text,
                   const decltype(yaml_event_t::data.scalar)& data,
                   Span where) {
    constexpr std::string_view standard = "tag:yaml.org,2002:";
    const auto name = tag.starts_with(standard) ? tag.substr(standard.size()) : std::string_view{};
    const auto anchor = view(data.anchor);
    if (name == "binary") {
      const auto decoded = decode_base64(text);
      if (!decoded) {
        return builder_.fail("yaml/syntax", where.begin, "!!binary value is not base64");
      }
      return builder_.scalar(Kind::string, style(data.style), where, *decoded, anchor);
    }
    if (name == "str") {
      return builder_.scalar(Kind::string, style(data.style), where, text, anchor);
    }
    const auto resolved = resolve_plain(text);
    const bool wanted = (name == "int" && resolved == Kind::integer) ||
                        (name == "bool" && resolved == Kind::boolean) ||
                        (name == "null" && resolved == Kind::null) ||
                        (name == "float" && (resolved == Kind::integer || resolved == Kind::real));
    if (wanted) {
      return builder_.scalar(resolved, style(data.style), where, text, anchor);
    }
    if (name == "int" || name == "bool" || name == "null" || name == "float") {
      return builder_.fail(
          "yaml/syntax", where.begin,
          "\"" + text::printable(text, 60) + "\" cannot be read as !!" + std::string(name));
    }
    builder_.scalar(Kind::string, style(data.style), where, text, anchor);
  }

  static Style style(yaml_scalar_style_t style) {
    switch (style) {
      case YAML_SINGLE_QUOTED_SCALAR_STYLE:
        return Style::single_quoted;
      case YAML_DOUBLE_QUOTED_SCALAR_STYLE:
        return Style::double_quoted;
      case YAML_LITERAL_SCALAR_STYLE:
        return Style::literal;
      case YAML_FOLDED_SCALAR_STYLE:
        return Style::folded;
      default:
        return Style::plain;
    }
  }

  void report_trailing_text(const yaml_mark_t& mark) {
    builder_.fail("yaml/trailing-text", at(mark), "text after the end of the document",
                  "kubectl drops it without a word; start a new document with ---");
  }

  void report_problem() {
    const auto& state = parser_.state;
    if (state.error == YAML_PARSER_ERROR && ended_) {
      return report_trailing_text(state.problem_mark);
    }
    if (state.error == YAML_READER_ERROR) {
      return builder_.fail("yaml/encoding", begin_ + std::min(state.problem_offset, bytes_.size()),
                           std::string("the text is not UTF-8 that YAML allows: ") +
                               (state.problem != nullptr ? state.problem : "unreadable"),
                           "save the file as UTF-8 without control characters");
    }
    if (state.error == YAML_MEMORY_ERROR) {
      return builder_.fail("yaml/limit", begin_, "the document needs too much memory");
    }
    std::string message = state.problem != nullptr ? state.problem : "unreadable";
    if (state.context != nullptr) {
      message += std::string(" ") + state.context;
    }
    builder_.fail("yaml/syntax", at(state.problem_mark), std::move(message));
  }

  std::string_view bytes_;
  std::size_t begin_;
  Offsets offsets_;
  Builder& builder_;
  Parser parser_;
  bool ended_ = false;  ///< the document's end was seen
  std::uint64_t work_ = 0;
};

}  // namespace

void read_yaml(const Source& source, std::size_t begin, std::size_t end, Builder& builder) {
  Reader(source, after_byte_order_mark(source, begin, end), end, builder).run();
}

}  // namespace sluice::yaml

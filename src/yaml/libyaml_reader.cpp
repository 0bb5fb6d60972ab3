// SPDX-License-Identifier: Apache-2.0
#include "base/base64.hpp"
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
  Reader(const Source& source,
         std::size_t begin,
         std::size_t end,
         LastLine last_line,
         Builder& builder)
      : bytes_(source.bytes().substr(begin, end - begin)),
        begin_(begin),
        offsets_(bytes_),
        builder_(builder) {
    yaml_parser_set_encoding(&parser_.state, YAML_UTF8_ENCODING);
    if (last_line == LastLine::ended && !bytes_.empty() && bytes_.back() != '\n') {
      yaml_parser_set_input(&parser_.state, &Reader::read_with_line_feed, this);
    } else {
      yaml_parser_set_input_string(
          &parser_.state, reinterpret_cast<const unsigned char*>(bytes_.data()), bytes_.size());
    }
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
      if (event.state.type == YAML_DOCUMENT_END_EVENT) {
        ended_ = true;
        after_end_ = at(event.state.end_mark);
      }
      take(event.state);
    }
  }

 private:
  /// libyaml's source of bytes: the chunk, then the line feed that its last line lacks.
  static int read_with_line_feed(void* self,
                                 unsigned char* buffer,
                                 std::size_t size,
                                 std::size_t* used) {
    auto& reader = *static_cast<Reader*>(self);
    const auto rest = reader.bytes_.substr(std::min(reader.handed_over_, reader.bytes_.size()));
    *used = std::min(size, rest.size());
    std::copy_n(rest.begin(), *used, buffer);
    if (rest.empty() && reader.handed_over_ == reader.bytes_.size() && size > 0) {
      *buffer = '\n';
      *used = 1;
    }
    reader.handed_over_ += *used;
    return 1;
  }

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
        flow_depth_ -= flow_depth_ > 0 ? 1 : 0;  // nothing in block style stands inside flow style
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
    flow_depth_ += flow ? 1 : 0;
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

  /// Whether a tag stands among the properties in [from, end).
  [[nodiscard]] bool has_tag(std::size_t from, std::size_t end) const {
    const auto properties = bytes_.substr(from - begin_, end - from);
    for (std::size_t i = 0; i < properties.size(); ++i) {
      if (properties[i] == '#') {
        i = std::min(properties.find('\n', i), properties.size());
      } else if (properties[i] == '!') {
        return true;
      }
    }
    return false;
  }

  [[nodiscard]] bool comma_after(std::size_t end) const {
    return end - begin_ < bytes_.size() && bytes_[end - begin_] == ',';
  }

  /// What libyaml 0.2 reads and go-yaml refuses, so that the API server never sees it.
  bool check_spelling(yaml_scalar_style_t style, Span where, std::string_view text) {
    const auto written = bytes_.substr(where.begin - begin_, where.end - where.begin);
    if (style == YAML_PLAIN_SCALAR_STYLE && flow_depth_ > 0) {
      if (text.find('?') != std::string_view::npos) {
        builder_.fail("yaml/syntax", where.begin,
                      "'?' stands in a plain scalar inside brackets or braces",
                      "Kubernetes' reader takes it for a key indicator; quote the value");
        return false;
      }
    }
    if (style != YAML_DOUBLE_QUOTED_SCALAR_STYLE || written.size() == text.size() + 2) {
      return true;  // as long as it is written: there is no escape in it
    }
    for (auto at = written.find('\\'); at < written.size(); at = written.find('\\', at + 2)) {
      if (written.substr(at + 1, 1) == "/") {
        builder_.fail("yaml/syntax", where.begin + at, "the escape \\/ is known in JSON only",
                      "write / alone");
        return false;
      }
    }
    return true;
  }

  void take_scalar(const yaml_event_t& event) {
    const auto& data = event.data.scalar;
    auto begin = at(event.start_mark);
    const auto end = at(event.end_mark);
    bool tagged = false;  // also by "!", of which libyaml's event says nothing
    if (begin < end && (bytes_[begin - begin_] == '&' || bytes_[begin - begin_] == '!')) {
      const auto from = begin;
      begin = skip_properties(begin, end);
      tagged = has_tag(from, begin);
      if (tagged && begin == end && comma_after(end)) {
        return builder_.fail("yaml/syntax", from, "',' follows a tag without a space before it",
                             "Kubernetes' reader takes the comma for a part of the tag");
      }
    }
    const std::string_view text(chars(data.value), data.length);
    const auto tag = view(data.tag);
    Kind kind = Kind::string;
    if (data.plain_implicit != 0) {
      kind = tagged ? Kind::string : resolve_plain(text);
    } else if (!tag.empty()) {
      return take_tagged(tag, text, data, span(begin, end));
    }
    if (!check_spelling(data.style, span(begin, end), text)) {
      return;
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
      const auto decoded = base64_decode(text);
      if (!decoded) {
        return builder_.fail("yaml/syntax", where.begin, "!!binary value is not base64");
      }
      return builder_.scalar(Kind::string, style(data.style), where, valid_utf8(*decoded), anchor);
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

  /// Only directives and comments follow the document: they belong to the next one, or to nothing.
  [[nodiscard]] bool only_directives_follow() const {
    auto rest = bytes_.substr(std::min(after_end_ - begin_, bytes_.size()));
    while (!rest.empty()) {
      const auto line = rest.substr(0, rest.find('\n'));
      rest.remove_prefix(std::min(line.size() + 1, rest.size()));
      const auto text = text::trim(line);
      if (!text.empty() && text.front() != '#' && !line.starts_with('%')) {
        return false;
      }
    }
    return true;
  }

  void report_problem() {
    const auto& state = parser_.state;
    if (state.error == YAML_PARSER_ERROR && ended_) {
      if (only_directives_follow()) {
        return;
      }
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
  bool ended_ = false;           ///< the document's end was seen
  std::size_t after_end_ = 0;    ///< where that end ends
  std::size_t flow_depth_ = 0;   ///< open collections in flow style
  std::size_t handed_over_ = 0;  ///< by read_with_line_feed
  std::uint64_t work_ = 0;
};

}  // namespace

void read_yaml(const Source& source,
               std::size_t begin,
               std::size_t end,
               LastLine last_line,
               Builder& builder) {
  Reader(source, after_byte_order_mark(source, begin, end), end, last_line, builder).run();
}

}  // namespace sluice::yaml

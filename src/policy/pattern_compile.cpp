// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "policy/pattern.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <vector>

namespace sluice::policy {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::string_view trim_blanks(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  return first == std::string_view::npos
             ? std::string_view()
             : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

/// How long the end of a range is at the front of `text`: "[-+]?digits[.digits][letters]"; 0 when
/// there is none.
std::size_t range_end_length(std::string_view text) {
  std::size_t i = !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
  const std::size_t digits = i;
  while (i < text.size() && is_digit(text[i])) {
    ++i;
  }
  if (i == digits) {
    return 0;
  }
  if (i + 1 < text.size() && text[i] == '.' && is_digit(text[i + 1])) {
    ++i;
    while (i < text.size() && is_digit(text[i])) {
      ++i;
    }
  }
  while (i < text.size() && is_letter(text[i])) {
    ++i;
  }
  return i;
}

struct Range {
  std::string_view low;
  std::string_view high;
  bool outside = false;
};

std::optional<Range> parse_range(std::string_view text) {
  const std::size_t low = range_end_length(text);
  if (low == 0) {
    return std::nullopt;
  }
  Range range{.low = text.substr(0, low),
              .high = text.substr(low),
              .outside = text.substr(low).starts_with("!-")};
  if (!range.outside && !range.high.starts_with('-')) {
    return std::nullopt;
  }
  range.high.remove_prefix(range.outside ? 2 : 1);
  return range_end_length(range.high) == range.high.size() && !range.high.empty()
             ? std::optional(range)
             : std::nullopt;
}

Operand operand(Compare compare, std::string_view text) {
  Operand made{.compare = compare,
               .text = text::trim(text),
               .duration = std::nullopt,
               .quantity = std::nullopt};
  made.duration = parse_duration(made.text);
  if (const auto quantity = k8s::parse_quantity(made.text)) {
    made.quantity = *quantity;
  }
  return made;
}

class Compiler {
 public:
  explicit Compiler(Arena& arena) : arena_(arena) {}

  /// Where we are, as far as wildcards in keys depend on it.
  enum class Place : std::uint8_t { anywhere, metadata, labels };

  const Pattern* compile(const Value& source, Place place) {
    auto* made = arena_.make<Pattern>();
    made->source = source;
    switch (source.type()) {
      case Type::null:
      case Type::expression:
        made->kind = Pattern::Kind::null;
        break;
      case Type::boolean:
        made->kind = Pattern::Kind::boolean;
        break;
      case Type::number:
        made->kind = Pattern::Kind::number;
        break;
      case Type::string:
        compile_text(*made);
        break;
      case Type::array:
        compile_list(*made);
        break;
      case Type::object:
        compile_mapping(*made, place);
        break;
    }
    return made;
  }

  [[nodiscard]] std::uint32_t ids() const { return static_cast<std::uint32_t>(ids_.size()); }

 private:
  template <class T>
  std::span<const T> keep(const std::vector<T>& items) {
    const auto own = arena_.array<T>(items.size());
    std::copy(items.begin(), items.end(), own.begin());
    return own;
  }

  void compile_text(Pattern& made) {
    made.kind = Pattern::Kind::text;
    const auto text = made.source.as_string();
    made.any_value = text == "*";
    std::vector<Conjunction> alternatives;
    for (const auto alternative : text::split(text, '|')) {
      std::vector<Operand> all;
      std::vector<std::span<const Operand>> outside;
      for (const auto part : text::split(trim_blanks(alternative), '&')) {
        add_operand(trim_blanks(part), all, outside);
      }
      alternatives.push_back({keep(all), keep(outside)});
    }
    made.alternatives = keep(alternatives);
  }

  void add_operand(std::string_view text,
                   std::vector<Operand>& all,
                   std::vector<std::span<const Operand>>& outside) {
    struct Sign {
      std::string_view text;
      Compare compare;
    };
    constexpr std::array<Sign, 5> signs = {{{">=", Compare::greater_or_equal},
                                            {"<=", Compare::less_or_equal},
                                            {">", Compare::greater},
                                            {"<", Compare::less},
                                            {"!", Compare::not_equal}}};
    if (text.size() >= 2) {  // a lone sign is a text
      for (const auto& [sign, compare] : signs) {
        if (text.starts_with(sign)) {
          all.push_back(operand(compare, text.substr(sign.size())));
          return;
        }
      }
      if (const auto range = parse_range(text)) {
        if (range->outside) {
          outside.push_back(keep(std::vector{operand(Compare::less, range->low),
                                             operand(Compare::greater, range->high)}));
        } else {
          all.push_back(operand(Compare::greater_or_equal, range->low));
          all.push_back(operand(Compare::less_or_equal, range->high));
        }
        return;
      }
    }
    all.push_back(operand(Compare::equal, text));
  }

  void compile_list(Pattern& made) {
    made.kind = Pattern::Kind::list;
    const auto elements = arena_.array<const Pattern*>(made.source.size());
    for (std::size_t i = 0; i < elements.size(); ++i) {
      elements[i] = compile(made.source.at(i), Place::anywhere);
    }
    made.elements = elements;
  }

  static Place place_below(Place place, std::string_view key) {
    if (place == Place::metadata && (key == "labels" || key == "annotations")) {
      return Place::labels;
    }
    return key == "metadata" ? Place::metadata : Place::anywhere;
  }

  void compile_mapping(Pattern& made, Place place) {
    made.kind = Pattern::Kind::mapping;
    std::vector<PatternEntry> anchors;
    std::vector<PatternEntry> front;  // in reverse: the one met last is evaluated first
    std::vector<PatternEntry> back;
    for (const auto& [raw, value] : jmespath::sorted_members(arena_, made.source)) {
      const auto [anchor, key] = parse_anchor(raw);
      PatternEntry entry{.anchor = anchor,
                         .raw = raw,
                         .key = key,
                         .pattern = compile(value, place_below(place, key))};
      entry.wildcard_key =
          place == Place::labels && key.find_first_of("*?") != std::string_view::npos;
      if (anchor == Anchor::condition || anchor == Anchor::existence) {
        entry.id = ids_.try_emplace(raw, ids()).first->second;
      }
      if (anchor == Anchor::condition || anchor == Anchor::existence ||
          anchor == Anchor::equality || anchor == Anchor::negation) {
        anchors.push_back(entry);
      } else if (anchor == Anchor::global || has_anchors(*entry.pattern)) {
        front.push_back(entry);
      } else {
        back.push_back(entry);
      }
    }
    std::reverse(front.begin(), front.end());
    front.insert(front.end(), back.begin(), back.end());
    made.anchors = keep(anchors);
    made.fields = keep(front);
  }

  static bool has_anchors(const Pattern& pattern) {
    if (!pattern.anchors.empty()) {
      return true;
    }
    for (const auto& field : pattern.fields) {
      if (field.anchor == Anchor::global || has_anchors(*field.pattern)) {
        return true;
      }
    }
    return std::any_of(pattern.elements.begin(), pattern.elements.end(),
                       [](const Pattern* p) { return has_anchors(*p); });
  }

  Arena& arena_;
  std::map<std::string_view, std::uint32_t> ids_;
};

}  // namespace

AnchoredKey parse_anchor(std::string_view raw) {
  const auto text = text::trim(raw);
  const auto open = text.find('(');
  if (open > 1 || !text.ends_with(')') || text.size() < open + 3) {
    return {Anchor::none, raw};
  }
  const auto key = text.substr(open + 1, text.size() - open - 2);
  if (open == 0) {
    return {Anchor::condition, key};
  }
  switch (text.front()) {
    case '<':
      return {Anchor::global, key};
    case 'X':
      return {Anchor::negation, key};
    case '=':
      return {Anchor::equality, key};
    case '^':
      return {Anchor::existence, key};
    case '+':
      return {Anchor::addition, key};
    default:
      return {Anchor::none, raw};
  }
}

CompiledPattern compile_pattern(Arena& arena, const Value& source) {
  Compiler compiler(arena);
  CompiledPattern compiled;
  compiled.root = compiler.compile(source, Compiler::Place::anywhere);
  compiled.anchor_ids = compiler.ids();
  return compiled;
}

}  // namespace sluice::policy

// SPDX-License-Identifier: Apache-2.0
#include "flux/shell_functions.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace sluice::flux {
namespace {

using Arguments = std::vector<std::string>;

constexpr std::size_t longest_pattern_value = std::size_t{64} << 10U;

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::optional<std::string> with_case(std::string_view operation, std::string value) {
  const bool all = operation.size() == 2;
  const auto changed =
      value.begin() +
      static_cast<std::ptrdiff_t>(all ? value.size() : std::min<std::size_t>(value.size(), 1));
  if (!is_ascii({value.begin(), changed})) {
    return std::nullopt;
  }
  std::transform(value.begin(), changed, value.begin(), operation[0] == '^' ? upper : lower);
  return value;
}

/// A number as Go's Atoi takes it; nothing otherwise.
std::optional<long> number(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
  }
  long value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole ? std::optional(value) : std::nullopt;
}

/// A wrong offset or length leaves the value as it is; beyond its end there is nothing.
std::string part(const std::string& value, const Arguments& arguments) {
  const auto size = static_cast<long>(value.size());
  const auto offset = arguments.empty() ? std::nullopt : number(arguments[0]);
  if (!offset) {
    return value;
  }
  const long begin =
      std::min(size, *offset < 0 ? std::max(0L, size + std::max(*offset, -size)) : *offset);
  if (arguments.size() == 1) {
    return value.substr(static_cast<std::size_t>(begin));
  }
  const auto length = number(arguments[1]);
  if (!length) {
    return value;
  }
  const long end =
      *length < 0 ? size + std::max(*length, -size) : begin + std::min(*length, size - begin);
  return end <= begin
             ? ""
             : value.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
}

std::string replace_once(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

/// An empty text stands between all characters.
std::string replace_all(const std::string& text, std::string_view from, std::string_view to) {
  if (!from.empty()) {
    return text::replace_all(text, from, to);
  }
  std::string out(to);
  for (std::size_t i = 0; i < text.size(); ++i) {
    out += text[i];
    const bool inside =
        i + 1 < text.size() && (static_cast<unsigned char>(text[i + 1]) & 0xC0U) == 0x80;
    out += inside ? std::string_view{} : to;
  }
  return out;
}

std::string replaced(std::string_view operation,
                     const std::string& value,
                     const Arguments& arguments) {
  if (arguments.empty()) {
    return value;
  }
  const std::string& from = arguments[0];
  const std::string to = arguments.size() > 1 ? arguments[1] : "";
  if (operation == "/") {
    return replace_once(value, from, to);
  }
  if (operation == "//") {
    return replace_all(value, from, to);
  }
  if (arguments.size() != 2) {
    return value;
  }
  if (operation == "/#") {
    return value.starts_with(from) ? to + value.substr(from.size()) : value;
  }
  return value.ends_with(from) ? value.substr(0, value.size() - from.size()) + to : value;
}

/// Which prefixes of a text a shell pattern fits: '*' any run, '?' one byte, "[a-z]", '\' escapes.
/// A set of places in the pattern moves along the text: never more than its length times that of
/// the pattern.
class Pattern {
 public:
  explicit Pattern(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      const char c = text[i];
      if (c == '*' || c == '?') {
        steps_.push_back({c == '*' ? Step::any_run : Step::any_byte, {}});
      } else if (c == '[') {
        i = take_set(text, i);
      } else if (c == '\\' && i + 1 < text.size()) {
        push_byte(text[++i]);
      } else {
        push_byte(c);
      }
    }
  }

  /// False for a set without its end: then nothing is cut.
  [[nodiscard]] bool valid() const { return valid_; }

  /// The length of the shortest or longest prefix (not empty) that fits; 0 when none does.
  [[nodiscard]] std::size_t prefix(std::string_view text, bool longest) const {
    std::vector<char> places(steps_.size() + 1, 0);
    places[0] = 1;
    skip_runs(places);
    std::size_t found = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      places = moved(places, text[i]);
      if (places.back() != 0) {
        found = i + 1;
        if (!longest) {
          return found;
        }
      }
    }
    return found;
  }

  void reverse() { std::ranges::reverse(steps_); }

 private:
  struct Step {
    enum Kind : char { byte, any_byte, any_run } kind;
    std::array<bool, 256> set;
  };

  void push_byte(char c) {
    Step step{Step::byte, {}};
    step.set[static_cast<unsigned char>(c)] = true;
    steps_.push_back(step);
  }

  std::size_t take_set(std::string_view text, std::size_t at) {
    Step step{Step::byte, {}};
    const bool negated = at + 1 < text.size() && (text[at + 1] == '^' || text[at + 1] == '!');
    std::size_t i = at + (negated ? 2 : 1);
    for (bool first = true; i < text.size() && (first || text[i] != ']'); first = false) {
      const auto low = static_cast<unsigned char>(text[i]);
      const bool range = i + 2 < text.size() && text[i + 1] == '-' && text[i + 2] != ']';
      const auto high = static_cast<unsigned char>(text[range ? i + 2 : i]);
      for (unsigned c = low; c <= high; ++c) {
        step.set[c] = true;
      }
      i += range ? 3 : 1;
    }
    valid_ = valid_ && i < text.size();
    if (negated) {
      std::ranges::transform(step.set, step.set.begin(), [](bool in) { return !in; });
    }
    steps_.push_back(step);
    return i;
  }

  void skip_runs(std::vector<char>& places) const {
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      if (places[i] != 0 && steps_[i].kind == Step::any_run) {
        places[i + 1] = 1;
      }
    }
  }

  [[nodiscard]] std::vector<char> moved(const std::vector<char>& places, char c) const {
    std::vector<char> next(places.size(), 0);
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      if (places[i] == 0) {
        continue;
      }
      if (steps_[i].kind == Step::any_run) {
        next[i] = 1;
      } else if (steps_[i].kind == Step::any_byte || steps_[i].set[static_cast<unsigned char>(c)]) {
        next[i + 1] = 1;
      }
    }
    skip_runs(next);
    return next;
  }

  std::vector<Step> steps_;
  bool valid_ = true;
};

std::optional<std::string> trimmed(std::string_view operation,
                                   std::string value,
                                   const std::string& text) {
  if (value.size() > longest_pattern_value || text.size() > 1000) {
    return std::nullopt;
  }
  Pattern pattern(text);
  if (!pattern.valid()) {
    return value;
  }
  const bool from_end = operation[0] == '%';
  if (from_end) {
    pattern.reverse();
    std::ranges::reverse(value);
  }
  value.erase(0, pattern.prefix(value, operation.size() == 2));
  if (from_end) {
    std::ranges::reverse(value);
  }
  return value;
}

}  // namespace

bool has_default(std::string_view operation) {
  constexpr std::string_view all[] = {"-", "+", "=", "?", ":-", ":+", ":=", ":?"};
  return std::ranges::find(all, operation) != std::end(all);
}

std::optional<std::string> apply_operation(std::string_view operation,
                                           const std::string& value,
                                           const Arguments& arguments) {
  if (operation == "," || operation == ",," || operation == "^" || operation == "^^") {
    return with_case(operation, value);
  }
  if (operation == ":") {
    return part(value, arguments);
  }
  if (operation.starts_with('/')) {
    return replaced(operation, value, arguments);
  }
  if (operation == "#" && arguments.empty()) {
    return std::to_string(value.size());
  }
  if (operation.starts_with('#') || operation.starts_with('%')) {
    return arguments.empty() ? value : trimmed(operation, value, arguments[0]);
  }
  if (!value.empty()) {
    return value;
  }
  std::string out;
  for (const auto& argument : arguments) {
    out += argument;
  }
  return out;
}

}  // namespace sluice::flux

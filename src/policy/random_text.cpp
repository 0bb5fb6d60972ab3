// SPDX-License-Identifier: Apache-2.0
#include "policy/random_text.hpp"

#include <array>
#include <cstdint>
#include <re2/re2.h>

namespace sluice::policy {

namespace {

constexpr std::size_t most_bytes = std::size_t{64} << 10U;
constexpr int deepest = 50;
constexpr int most_steps = 200'000;              // "((a?)*)*" would take for ever
constexpr std::uint32_t unbounded_repeats = 10;  ///< how often '*' and '+' repeat at most

class Generator {
 public:
  explicit Generator(std::string_view pattern) : pattern_(pattern) {
    for (const char c : pattern) {  // FNV-1a: the seed is the expression itself
      state_ = (state_ ^ static_cast<unsigned char>(c)) * 1'099'511'628'211U;
    }
  }

  Result<std::string> run() {
    std::string text;
    if (!alternatives(text, 0) || at_ != pattern_.size()) {
      return Error{Error::Kind::unsupported, "an expression of that sort is not supported"};
    }
    return text;
  }

 private:
  std::uint32_t below(std::uint32_t n) {
    state_ = state_ * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U;
    return static_cast<std::uint32_t>(state_ >> 33U) % n;
  }

  bool alternatives(std::string& out, int depth) {
    std::vector<std::string> choices(1);
    while (depth < deepest) {
      if (!sequence(choices.back(), depth)) {
        return false;
      }
      if (at_ >= pattern_.size() || pattern_[at_] != '|') {
        out += choices[below(static_cast<std::uint32_t>(choices.size()))];
        return true;
      }
      ++at_;
      choices.emplace_back();
    }
    return false;
  }

  bool sequence(std::string& out, int depth) {
    while (at_ < pattern_.size() && pattern_[at_] != '|' && pattern_[at_] != ')') {
      const std::size_t begin = at_;
      std::string once;
      if (!atom(once, depth)) {
        return false;
      }
      const std::size_t end = at_;
      std::uint32_t times = 1;
      if (!repeats(times)) {
        return false;
      }
      const std::size_t after = at_;
      for (std::uint32_t i = 0; i < times; ++i) {
        at_ = begin;
        once.clear();
        if (!atom(once, depth) || at_ != end || out.size() + once.size() > most_bytes) {
          return false;
        }
        out += once;
      }
      at_ = after;
    }
    return true;
  }

  bool repeats(std::uint32_t& times) {
    if (at_ >= pattern_.size()) {
      return true;
    }
    std::uint32_t low = 1;
    std::uint32_t high = 1;
    switch (pattern_[at_]) {
      case '?':
        low = 0;
        break;
      case '*':
        low = 0;
        high = unbounded_repeats;
        break;
      case '+':
        high = unbounded_repeats;
        break;
      case '{':
        if (!braces(low, high)) {
          return false;
        }
        break;
      default:
        return true;
    }
    ++at_;
    if (at_ < pattern_.size() && pattern_[at_] == '?') {
      ++at_;  // lazy: the same texts fit
    }
    times = low + below(high - low + 1);
    return true;
  }

  bool braces(std::uint32_t& low, std::uint32_t& high) {
    const auto number = [&](std::uint32_t& out) {
      const std::size_t begin = at_;
      out = 0;
      while (at_ < pattern_.size() && pattern_[at_] >= '0' && pattern_[at_] <= '9' && out < 1000) {
        out = out * 10 + static_cast<std::uint32_t>(pattern_[at_++] - '0');
      }
      return at_ > begin;
    };
    ++at_;
    if (!number(low)) {
      return false;
    }
    high = low;
    if (at_ < pattern_.size() && pattern_[at_] == ',') {
      ++at_;
      if (!number(high)) {
        high = low + unbounded_repeats;
      }
    }
    return at_ < pattern_.size() && pattern_[at_] == '}' && low <= high;
  }

  bool atom(std::string& out, int depth) {
    if (at_ >= pattern_.size() || ++steps_ > most_steps) {
      return false;
    }
    const char c = pattern_[at_++];
    switch (c) {
      case '(':
        if (pattern_.substr(at_, 2) == "?:") {
          at_ += 2;
        } else if (pattern_.substr(at_, 1) == "?") {
          return false;
        }
        return alternatives(out, depth + 1) && at_ < pattern_.size() && pattern_[at_++] == ')';
      case '[':
        return char_class(out);
      case '.':
        out += static_cast<char>('a' + below(26));
        return true;
      case '^':
      case '$':
        return true;
      case '\\': {
        std::string set;
        if (at_ >= pattern_.size() || !escape(pattern_[at_++], set)) {
          return false;
        }
        out += set[below(static_cast<std::uint32_t>(set.size()))];
        return true;
      }
      default:
        out += c;
        return c != '*' && c != '+' && c != '?' && static_cast<unsigned char>(c) < 0x80;
    }
  }

  static void add_range(std::string& set, char from, char to) {
    for (int c = from; c <= to; ++c) {
      set += static_cast<char>(c);
    }
  }

  static bool escape(char c, std::string& set) {
    switch (c) {
      case 'd':
        add_range(set, '0', '9');
        return true;
      case 'w':
        add_range(set, '0', '9');
        add_range(set, 'A', 'Z');
        add_range(set, 'a', 'z');
        set += '_';
        return true;
      case 's':
        set += ' ';
        return true;
      case 't':
        set += '\t';
        return true;
      case 'n':
        set += '\n';
        return true;
      default: {
        const bool letter =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        set += c;
        return !letter && static_cast<unsigned char>(c) < 0x80;
      }
    }
  }

  bool char_class(std::string& out) {
    std::array<bool, 128> in{};
    bool negated = false;
    if (at_ < pattern_.size() && pattern_[at_] == '^') {
      negated = true;
      ++at_;
    }
    for (bool first = true; at_ < pattern_.size() && (pattern_[at_] != ']' || first);
         first = false) {
      std::string set;
      const char from = pattern_[at_++];
      if (from == '[' && pattern_.substr(at_, 1) == ":") {
        return false;
      }
      if (from == '\\') {
        if (at_ >= pattern_.size() || !escape(pattern_[at_++], set)) {
          return false;
        }
      } else if (pattern_.substr(at_, 1) == "-" && pattern_.substr(at_ + 1, 1) != "]" &&
                 at_ + 1 < pattern_.size()) {
        add_range(set, from, pattern_[at_ + 1]);
        at_ += 2;
      } else {
        set += from;
      }
      for (const char c : set) {
        if (static_cast<unsigned char>(c) >= in.size()) {
          return false;
        }
        in[static_cast<unsigned char>(c)] = true;
      }
    }
    if (at_ >= pattern_.size()) {
      return false;
    }
    ++at_;
    std::string choices;
    for (int c = negated ? '!' : 0; c < (negated ? 0x7F : 0x80); ++c) {
      if (in[static_cast<std::size_t>(c)] != negated) {
        choices += static_cast<char>(c);
      }
    }
    if (choices.empty()) {
      return false;
    }
    out += choices[below(static_cast<std::uint32_t>(choices.size()))];
    return true;
  }

  std::string_view pattern_;
  std::size_t at_ = 0;
  int steps_ = 0;
  std::uint64_t state_ = 14'695'981'039'346'656'037U;
};

}  // namespace

Result<std::string> random_text(std::string_view pattern) {
  const re2::RE2 checked(re2::StringPiece(pattern.data(), pattern.size()), re2::RE2::Quiet);
  if (!checked.ok()) {
    return Error{Error::Kind::parse, "not a regular expression: " + checked.error()};
  }
  return Generator(pattern).run();
}

}  // namespace sluice::policy

// SPDX-License-Identifier: Apache-2.0
// Globs as a small automaton: every byte of the path moves a set of states, so that no pattern,
// however hostile, costs more than its length times that of the path.
#include "base/text.hpp"

#include <array>
#include <bitset>
#include <cstdint>
#include <optional>

namespace sluice::text {

namespace {

using Set = std::bitset<256>;

enum class Op : std::uint8_t {
  set,     ///< one byte of `set`
  repeat,  ///< any number of bytes of `set`
  open,    ///< '{': goes on after itself, and at `target` (the next alternative)
  comma,   ///< ends an alternative: goes on at `target`, after the '}'
  close,   ///< '}', or where an optional part begins: goes on after itself, and at `target`
};

struct State {
  Op op = Op::set;
  Set set;
  std::size_t target = 0;  ///< 0: none (no edge leads back to the start)
};

std::size_t index_of(char c) {
  return static_cast<std::uint8_t>(c);
}

Set only(char c) {
  return Set{}.set(index_of(c));
}
Set not_slash() {
  return ~only('/');
}

class Compiler {
 public:
  explicit Compiler(std::string_view pattern)
      : pattern_(pattern), last_bracket_(pattern.rfind(']')) {}

  std::vector<State> compile() {
    find_braces();
    while (at_ < pattern_.size()) {
      step();
    }
    return std::move(states_);
  }

 private:
  [[nodiscard]] bool here(std::string_view word) const {
    return pattern_.substr(at_).starts_with(word);
  }

  /// Which '{', ',' and '}' belong together; the others stand for themselves.
  void find_braces() {
    structural_.assign(pattern_.size(), 0);
    std::vector<std::vector<std::size_t>> frames;
    for (std::size_t i = 0; i < pattern_.size(); ++i) {
      const char c = pattern_[i];
      if (c == '\\') {
        ++i;
      } else if (c == '[') {
        i = end_of_set(i).value_or(i);
      } else if (c == '{') {
        frames.push_back({i});
      } else if (c == ',' && !frames.empty()) {
        frames.back().push_back(i);
      } else if (c == '}' && !frames.empty()) {
        for (const std::size_t mark : frames.back()) {
          structural_[mark] = 1;
        }
        structural_[i] = 1;
        frames.pop_back();
      }
    }
  }

  /// The place of the ']' of the set that begins at `begin`; a ']' right after the '[' is a member.
  [[nodiscard]] std::optional<std::size_t> end_of_set(std::size_t begin) const {
    if (last_bracket_ == std::string_view::npos || last_bracket_ < begin) {
      return std::nullopt;  // not searched for again and again: "[[[[[[..."
    }
    std::size_t first = begin + 1;
    if (first < pattern_.size() && (pattern_[first] == '!' || pattern_[first] == '^')) {
      ++first;
    }
    const std::size_t end = pattern_.find(']', first + 1);
    return end == std::string_view::npos ? std::nullopt : std::optional(end);
  }

  void step() {
    if (structural_[at_] != 0) {
      brace();
    } else if (here("**/") && at_segment_start()) {
      optional_part({Set{}.set(), only('/')}, Op::repeat, 3);
    } else if (at_ > 0 && pattern_.substr(at_) == "/**") {
      optional_part({only('/'), Set{}.set()}, Op::set, 3);
    } else if (here("**")) {
      add(Op::repeat, Set{}.set(), 2);
    } else if (here("*")) {
      add(Op::repeat, not_slash(), 1);
    } else if (here("?")) {
      add(Op::set, not_slash(), 1);
    } else if (here("[") && end_of_set(at_)) {
      add_set(*end_of_set(at_));
    } else if (here("\\") && at_ + 1 < pattern_.size()) {
      add(Op::set, only(pattern_[at_ + 1]), 2);
    } else {
      add(Op::set, only(pattern_[at_]), 1);
    }
  }

  [[nodiscard]] bool at_segment_start() const {
    const char before = at_ == 0 ? '/' : pattern_[at_ - 1];
    return before == '/' || (structural_[at_ - 1] != 0 && before != '}');
  }

  void add(Op op, const Set& set, std::size_t consumed) {
    states_.push_back({op, set, 0});
    at_ += consumed;
  }

  /// Two states that a path may also do without: "**/" and a final "/**".
  void optional_part(const std::array<Set, 2>& sets, Op first, std::size_t consumed) {
    states_.push_back({Op::close, {}, states_.size() + 3});
    states_.push_back({first, sets[0], 0});
    states_.push_back({first == Op::repeat ? Op::set : Op::repeat, sets[1], 0});
    at_ += consumed;
  }

  void add_set(std::size_t end) {
    std::string_view members = pattern_.substr(at_ + 1, end - at_ - 1);
    const bool negated = members.starts_with('!') || members.starts_with('^');
    members.remove_prefix(negated ? 1 : 0);
    Set set;
    for (std::size_t i = 0; i < members.size(); ++i) {
      const bool range = i + 2 < members.size() && members[i + 1] == '-';
      const std::size_t last = index_of(members[range ? i + 2 : i]);
      for (std::size_t c = index_of(members[i]); c <= last; ++c) {
        set.set(c);
      }
      i += range ? 2 : 0;
    }
    add(Op::set, (negated ? ~set : set) & not_slash(), end - at_ + 1);
  }

  void brace() {
    const char c = pattern_[at_++];
    if (c == '{') {
      groups_.push_back({states_.size(), {}});
      states_.push_back({Op::open, {}, 0});
      return;
    }
    Group& group = groups_.back();
    if (c == ',') {
      group.commas.push_back(states_.size());
      states_.push_back({Op::comma, {}, 0});
      states_[group.open].target = states_.size();
      group.open = states_.size();
      states_.push_back({Op::open, {}, 0});
      return;
    }
    for (const std::size_t comma : group.commas) {
      states_[comma].target = states_.size();
    }
    groups_.pop_back();
  }

  struct Group {
    std::size_t open;  ///< the state that leads to the next alternative
    std::vector<std::size_t> commas;
  };

  std::string_view pattern_;
  std::size_t last_bracket_;
  std::size_t at_ = 0;
  std::vector<std::uint8_t> structural_;
  std::vector<State> states_;
  std::vector<Group> groups_;
};

/// The states that the automaton is in. All edges that consume nothing lead forward, so it ends.
class Simulation {
 public:
  explicit Simulation(const std::vector<State>& states)
      : states_(states), seen_(states.size() + 1, 0) {
    ++round_;
    enter(0);
    current_.swap(next_);
  }

  void consume(char c) {
    ++round_;
    next_.clear();
    for (const std::size_t at : current_) {
      if (at == states_.size() || !states_[at].set.test(index_of(c))) {
        continue;
      }
      enter(states_[at].op == Op::repeat ? at : at + 1);
    }
    current_.swap(next_);
  }

  [[nodiscard]] bool dead() const { return current_.empty(); }
  [[nodiscard]] bool accepted() const { return seen_[states_.size()] == round_; }

 private:
  void enter(std::size_t start) {
    std::vector<std::size_t>& todo = stack_;
    todo.push_back(start);
    while (!todo.empty()) {
      const std::size_t at = todo.back();
      todo.pop_back();
      if (seen_[at] == round_) {
        continue;
      }
      seen_[at] = round_;
      if (at == states_.size()) {
        continue;
      }
      const State& state = states_[at];
      if (state.op == Op::set || state.op == Op::repeat) {
        next_.push_back(at);
      }
      if (state.op != Op::set && state.op != Op::comma) {
        todo.push_back(at + 1);
      }
      if (state.target != 0) {
        todo.push_back(state.target);
      }
    }
  }

  const std::vector<State>& states_;
  std::vector<std::size_t> seen_;  ///< the round in which a state was last entered
  std::vector<std::size_t> current_;
  std::vector<std::size_t> next_;
  std::vector<std::size_t> stack_;
  std::size_t round_ = 0;
};

/// Where the character at `at` ends: bytes that continue one of UTF-8 belong to it.
std::size_t next_character(std::string_view text, std::size_t at) {
  do {
    ++at;
  } while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U);
  return at;
}

}  // namespace

bool wildcard_match(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;  // the last '*', and where its run ends for now
  std::size_t run_end = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      run_end = t;
    } else if (p < pattern.size() && pattern[p] == '?') {
      ++p;
      t = next_character(text, t);
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = run_end = next_character(text, run_end);
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

bool glob_match(std::string_view pattern, std::string_view path) {
  const std::vector<State> states = Compiler(pattern).compile();
  Simulation simulation(states);
  for (const char c : path) {
    if (simulation.dead()) {
      return false;
    }
    simulation.consume(c);
  }
  return simulation.accepted();
}

}  // namespace sluice::text

// SPDX-License-Identifier: Apache-2.0
#include "promote/path_expression.hpp"

#include "base/text.hpp"
#include "edit/tree.hpp"

#include <algorithm>
#include <charconv>

namespace sluice::promote {
namespace {

std::optional<std::size_t> as_index(std::string_view text) {
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), index);
  return error == std::errc{} && end == text.data() + text.size() && !text.empty()
             ? std::optional(index)
             : std::nullopt;
}

/// Reads a path from left to right.
class PathReader {
 public:
  explicit PathReader(std::string_view text) : text_(text) {}

  Result<std::vector<PathStep>> run() {
    std::vector<PathStep> steps;
    while (at_ < text_.size()) {
      if (text_[at_] == '[') {
        SLUICE_TRY(bracket(steps));
      } else {
        SLUICE_TRY(member(steps));
      }
      if (at_ < text_.size() && text_[at_] == '.') {
        ++at_;
        if (at_ == text_.size()) {
          return wrong("it ends with a point");
        }
      } else if (at_ < text_.size() && text_[at_] != '[') {
        return wrong("a point or '[' is expected");
      }
    }
    if (steps.empty()) {
      return wrong("it is empty");
    }
    return steps;
  }

 private:
  [[nodiscard]] Error wrong(const std::string& what) const {
    return {Error::Kind::usage, "the path \"" + text::printable(text_) + "\" is wrong at byte " +
                                    std::to_string(at_ + 1) + ": " + what};
  }

  Result<std::string> quoted() {
    const char quote = text_[at_++];
    const auto end = text_.find(quote, at_);
    if (end == std::string_view::npos) {
      return wrong("the quote is not closed");
    }
    std::string word(text_.substr(at_, end - at_));
    at_ = end + 1;
    return word;
  }

  Result<std::string> word(std::string_view ends) {
    if (at_ < text_.size() && (text_[at_] == '"' || text_[at_] == '\'')) {
      return quoted();
    }
    const auto end = std::min(text_.find_first_of(ends, at_), text_.size());
    std::string found(text_.substr(at_, end - at_));
    if (found.empty()) {
      return wrong("a name is expected");
    }
    at_ = end;
    return found;
  }

  Status member(std::vector<PathStep>& steps) {
    auto key = word(".[");
    if (!key) {
      return std::move(key.error());
    }
    steps.push_back({.key = std::move(*key)});
    return ok;
  }

  /// [0], [name=web], ['a.b'].
  Status bracket(std::vector<PathStep>& steps) {
    ++at_;
    const bool is_quoted = at_ < text_.size() && (text_[at_] == '"' || text_[at_] == '\'');
    auto key = word("=]");
    if (!key) {
      return std::move(key.error());
    }
    PathStep step{.key = std::move(*key)};
    if (at_ < text_.size() && text_[at_] == '=') {
      ++at_;
      auto value = word("]");
      if (!value) {
        return std::move(value.error());
      }
      step.value = std::move(*value);
    } else if (!is_quoted) {
      step.index = as_index(step.key);
      if (!step.index) {
        return wrong("an index, a quoted name or name=value is expected between [ and ]");
      }
    }
    if (at_ >= text_.size() || text_[at_] != ']') {
      return wrong("']' is expected");
    }
    ++at_;
    steps.push_back(std::move(step));
    return ok;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

Result<std::vector<PathStep>> parse_path(std::string_view text) {
  if (!text.starts_with('/')) {
    return PathReader(text).run();
  }
  std::vector<std::string> keys;
  SLUICE_TRY_ASSIGN(keys, edit::split_pointer(text));
  std::vector<PathStep> steps;
  for (auto& key : keys) {
    const auto index = as_index(key);
    steps.push_back({.key = std::move(key), .index = index});
  }
  return steps;
}

}  // namespace sluice::promote

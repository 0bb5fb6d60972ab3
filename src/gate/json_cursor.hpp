// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "yaml/value.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_set>

namespace sluice::gate {

/// Walks over one JSON text (RFC 8259) without building a tree: a report of 200 MB costs its own
/// bytes and what its reader keeps. Strict where readers of JSON disagree: repeated keys, bytes
/// after the value, invalid UTF-8, unpaired surrogates and numbers such as 01 or NaN are errors.
///
/// After the first problem every call does nothing and loops end; look at failed() once, at the
/// end. Each call takes exactly one value off the front.
class JsonCursor {
 public:
  enum class Kind : std::uint8_t { none, null, boolean, number, string, array, object };
  static constexpr int most_depth = 200;
  static constexpr std::size_t most_values = 3'000'000;  ///< that value() makes, in all

  explicit JsonCursor(std::string_view bytes) : bytes_(bytes) {}

  Kind peek();
  /// Calls on_key(key) for each member; it must take the value. null counts as an object without
  /// members: Go writes it for one.
  template <class OnKey>
  void object(OnKey&& on_key) {
    if (!open('{', "an object")) {
      return;
    }
    Keys keys;
    for (bool more = !closes('}'); more; more = !failed_ && next('}')) {
      const std::string_view key = member_key(keys);
      if (failed_) {
        return;
      }
      on_key(key);
    }
    --depth_;
  }
  /// Calls on_item() for each item; it must take the value. null counts as an empty list.
  template <class OnItem>
  void array(OnItem&& on_item) {
    if (!open('[', "a list")) {
      return;
    }
    for (bool more = !closes(']'); more; more = !failed_ && next(']')) {
      on_item();
    }
    --depth_;
  }
  std::string text();      ///< a string; null is empty
  bool boolean();          ///< null is false
  std::uint64_t number();  ///< a whole number from 0 to 2^53; null is 0
  void skip();             ///< any value, checked all the same
  yaml::Value value();     ///< any value, as a tree
  /// Nothing but white space may be left.
  void finish();

  /// Keeps the first problem: "case: detail".
  void fail(std::string problem);
  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  /// The keys of one open object.
  struct Keys {
    std::array<std::string_view, 24> few;
    std::size_t count = 0;
    std::unordered_set<std::string_view> many;
  };

  bool open(char bracket, std::string_view what);
  bool closes(char bracket);
  bool next(char bracket);
  std::string_view member_key(Keys& keys);
  bool is_new(Keys& keys, std::string_view key);
  void space();
  /// What stands between the quotes, checked, escapes as they are written.
  std::string_view raw_string(bool& escaped);
  std::string decode(std::string_view raw);
  bool hex4(std::string_view raw, std::size_t at, std::uint32_t& out);
  std::string_view raw_number();
  void word(std::string_view expected);
  void syntax(std::string_view what);
  /// The value at hand is another than the reader of this schema expects.
  void unexpected(std::string_view what);
  [[nodiscard]] std::string line() const;

  std::string_view bytes_;
  std::size_t at_ = 0;
  int depth_ = 0;
  std::size_t values_ = 0;
  bool failed_ = false;
  std::string problem_;
  std::deque<std::string> decoded_keys_;
};

}  // namespace sluice::gate

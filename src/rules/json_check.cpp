// SPDX-License-Identifier: Apache-2.0
#include "rules/json_check.hpp"

#include <vector>

namespace sluice::rules {
namespace {

/// One pass with a stack of its own, so that depth costs no call stack.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool object() {
    blanks();
    if (word("null")) {
      blanks();
      return text_.empty();
    }
    if (!text_.starts_with('{') || !value()) {
      return false;
    }
    blanks();
    return text_.empty();
  }

 private:
  static constexpr std::size_t depth_limit = 10'000;

  bool value() {
    std::vector<char> open;
    for (;;) {
      blanks();
      if (text_.starts_with('{') || text_.starts_with('[')) {
        open.push_back(text_.front());
        text_.remove_prefix(1);
        blanks();
        const char close = open.back() == '{' ? '}' : ']';
        if (!take(close)) {
          if (open.size() > depth_limit || (open.back() == '{' && !key())) {
            return false;
          }
          continue;
        }
        open.pop_back();
      } else if (!scalar()) {
        return false;
      }
      if (!close_all(open)) {
        return false;
      }
      if (open.empty()) {
        return true;
      }
    }
  }

  /// After a value: closing brackets, and a comma before the next one.
  bool close_all(std::vector<char>& open) {
    while (!open.empty()) {
      blanks();
      if (take(',')) {
        return open.back() == '[' || key();
      }
      if (!take(open.back() == '{' ? '}' : ']')) {
        return false;
      }
      open.pop_back();
    }
    return true;
  }

  bool key() {
    blanks();
    if (!string()) {
      return false;
    }
    blanks();
    return take(':');
  }

  bool scalar() {
    return text_.starts_with('"') ? string()
                                  : word("true") || word("false") || word("null") || number();
  }

  bool string() {
    if (!take('"')) {
      return false;
    }
    while (!text_.empty()) {
      const char c = text_.front();
      text_.remove_prefix(1);
      if (c == '"') {
        return true;
      }
      if (static_cast<unsigned char>(c) < 0x20 || (c == '\\' && !escape())) {
        return false;
      }
    }
    return false;
  }

  bool escape() {
    if (take('u')) {
      const std::string_view digits = text_.substr(0, 4);
      if (digits.size() != 4 ||
          digits.find_first_not_of("0123456789abcdefABCDEF") != std::string_view::npos) {
        return false;
      }
      text_.remove_prefix(4);
      return true;
    }
    constexpr std::string_view known = "\"\\/bfnrt";
    if (text_.empty() || known.find(text_.front()) == std::string_view::npos) {
      return false;
    }
    text_.remove_prefix(1);
    return true;
  }

  bool number() {
    take('-');
    if (!take('0') && !digits()) {
      return false;
    }
    if (take('.') && !digits()) {
      return false;
    }
    if (take('e') || take('E')) {
      take('+') || take('-');
      return digits();
    }
    return true;
  }

  bool digits() {
    std::size_t n = 0;
    while (n < text_.size() && text_[n] >= '0' && text_[n] <= '9') {
      ++n;
    }
    text_.remove_prefix(n);
    return n != 0;
  }

  bool take(char c) {
    if (!text_.starts_with(c)) {
      return false;
    }
    text_.remove_prefix(1);
    return true;
  }

  bool word(std::string_view word) {
    if (!text_.starts_with(word)) {
      return false;
    }
    text_.remove_prefix(word.size());
    return true;
  }

  void blanks() {
    const auto n = text_.find_first_not_of(" \t\r\n");
    text_.remove_prefix(n == std::string_view::npos ? text_.size() : n);
  }

  std::string_view text_;
};

}  // namespace

bool is_json_object(std::string_view text) {
  return Reader(text).object();
}

}  // namespace sluice::rules

// SPDX-License-Identifier: Apache-2.0
#include "policy/go_time.hpp"

#include <array>

namespace sluice::policy {

namespace {

using std::string_view;

bool is_digit(string_view text, std::size_t at) {
  return at < text.size() && text[at] >= '0' && text[at] <= '9';
}

constexpr std::array<string_view, 12> months = {"January",   "February", "March",    "April",
                                                "May",       "June",     "July",     "August",
                                                "September", "October",  "November", "December"};
constexpr std::array<string_view, 7> weekdays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                 "Thursday", "Friday", "Saturday"};

/// Words of a layout; of those that fit the first counts.
constexpr std::array<string_view, 34> words = {
    "January", "Jan", "Monday",  "Mon",       "MST",   "01",     "02",      "03",        "04",
    "05",      "06",  "002",     "15",        "1",     "2006",   "2",       "_2006",     "_2",
    "__2",     "3",   "4",       "5",         "PM",    "pm",     "-070000", "-07:00:00", "-0700",
    "-07:00",  "-07", "Z070000", "Z07:00:00", "Z0700", "Z07:00", "Z07"};

/// The first word of a layout: where it stands, how long it is, which one ("" when none is left).
struct Word {
  std::size_t at = 0, size = 0;
  string_view name;
};

Word next_word(string_view layout) {
  for (std::size_t i = 0; i < layout.size(); ++i) {
    const char c = layout[i];
    if ((c == '.' || c == ',') && i + 1 < layout.size() &&
        (layout[i + 1] == '0' || layout[i + 1] == '9')) {
      std::size_t end = i + 1;
      while (end < layout.size() && layout[end] == layout[i + 1]) {
        ++end;
      }
      if (!is_digit(layout, end)) {
        return {i, end - i, layout[i + 1] == '0' ? "fraction" : "fraction?"};
      }
    }
    for (const auto word : words) {
      if (!layout.substr(i).starts_with(word)) {
        continue;
      }
      const std::size_t end = i + word.size();
      const bool lower = end < layout.size() && layout[end] >= 'a' && layout[end] <= 'z';
      if ((word == "Jan" || word == "Mon") && lower) {
        continue;
      }
      return word == "_2006" ? Word{i + 1, 4, "2006"} : Word{i, word.size(), word};
    }
  }
  return {layout.size(), 0, ""};
}

class Parser {
 public:
  explicit Parser(string_view text) : text_(text) {}

  std::optional<GoTime> run(string_view layout) {
    for (;;) {
      const Word word = next_word(layout);
      if (!skip(layout.substr(0, word.at))) {
        return std::nullopt;
      }
      if (word.name.empty()) {
        break;
      }
      layout.remove_prefix(word.at + word.size);
      if (!take(word, layout)) {
        return std::nullopt;
      }
    }
    return text_.empty() ? finish() : std::nullopt;
  }

 private:
  /// The literal text of a layout; of blanks one stands for any number.
  bool skip(string_view prefix) {
    while (!prefix.empty()) {
      if (prefix[0] == ' ') {
        if (!text_.empty() && text_[0] != ' ') {
          return false;
        }
        trim(prefix);
        trim(text_);
        continue;
      }
      if (text_.empty() || text_[0] != prefix[0]) {
        return false;
      }
      prefix.remove_prefix(1);
      text_.remove_prefix(1);
    }
    return true;
  }
  static void trim(string_view& text) {
    while (!text.empty() && text[0] == ' ') {
      text.remove_prefix(1);
    }
  }

  bool digits(std::size_t least, std::size_t most, int& out) {
    std::size_t n = 0;
    out = 0;
    while (n < most && is_digit(text_, n)) {
      out = out * 10 + (text_[n++] - '0');
    }
    text_.remove_prefix(n);
    return n >= least;
  }
  bool number(bool two_digits, int low, int high, int& out) {
    return digits(two_digits ? 2 : 1, 2, out) && out >= low && out <= high;
  }

  template <std::size_t N>
  bool name(const std::array<string_view, N>& names, std::size_t length, int& out) {
    for (std::size_t i = 0; i < N; ++i) {
      const auto wanted = names[i].substr(0, length);
      bool same = text_.size() >= wanted.size();
      for (std::size_t j = 0; same && j < wanted.size(); ++j) {
        same = (text_[j] | 0x20) == (wanted[j] | 0x20);
      }
      if (same) {
        text_.remove_prefix(wanted.size());
        out = static_cast<int>(i);
        return true;
      }
    }
    return false;
  }

  /// The `count` bytes of a fraction, its point included.
  bool fraction(std::size_t count) {
    if (text_.size() < count || (text_[0] != '.' && text_[0] != ',')) {
      return false;
    }
    std::int64_t value = 0;
    for (std::size_t i = 1; i < 10; ++i) {
      if (i < count && !is_digit(text_, i)) {
        return false;
      }
      value = value * 10 + (i < count ? text_[i] - '0' : 0);
    }
    nanoseconds_ = static_cast<std::int32_t>(value);
    text_.remove_prefix(count);
    return true;
  }
  std::size_t fraction_size() const {
    if (text_.size() < 2 || (text_[0] != '.' && text_[0] != ',') || !is_digit(text_, 1)) {
      return 0;
    }
    std::size_t n = 2;
    while (is_digit(text_, n)) {
      ++n;
    }
    return n;
  }

  bool zone(string_view word) {
    if (word[0] == 'Z' && text_.starts_with('Z')) {
      text_.remove_prefix(1);
      zoned_ = true;
      return true;
    }
    if (text_.empty() || (text_[0] != '+' && text_[0] != '-')) {
      return false;
    }
    const int sign = text_[0] == '-' ? -1 : 1;
    text_.remove_prefix(1);
    std::array<int, 3> parts{};
    std::size_t part = 0;
    for (std::size_t i = 1; i < word.size(); ++i) {
      if (word[i] == ':') {
        if (!text_.starts_with(':')) {
          return false;
        }
        text_.remove_prefix(1);
      } else {
        if (!digits(2, 2, parts[part])) {
          return false;
        }
        ++part;
        ++i;
      }
    }
    if (parts[0] > 24 || parts[1] > 60 || parts[2] > 60) {
      return false;
    }
    offset_ = sign * ((parts[0] * 60 + parts[1]) * 60 + parts[2]);
    zoned_ = true;
    return true;
  }

  /// "UTC", "CEST", "GMT+3": only those of GMT say how far they are.
  bool zone_name() {
    std::size_t n = 0;
    while (n < text_.size() && text_[n] >= 'A' && text_[n] <= 'Z' && n < 6) {
      ++n;
    }
    if (text_.starts_with("UTC")) {
      text_.remove_prefix(3);
      zoned_ = true;
      return true;
    }
    if (text_.starts_with("GMT")) {
      text_.remove_prefix(3);
      if (!text_.empty() && (text_[0] == '+' || text_[0] == '-') && is_digit(text_, 1)) {
        const int sign = text_[0] == '-' ? -1 : 1;
        int hours = 0;
        text_.remove_prefix(1);
        digits(1, 2, hours);
        named_offset_ = hours <= 23 ? sign * hours * 3600 : 0;
      }
      return true;
    }
    if (n != 3 && !(n == 4 && (text_[3] == 'T' || text_.starts_with("WITA"))) &&
        !(n == 5 && text_[4] == 'T')) {
      return false;
    }
    text_.remove_prefix(n);
    return true;
  }

  bool half(string_view word) {
    const bool upper = word == "PM";
    const auto given = text_.substr(0, 2);
    if (given != (upper ? "PM" : "pm") && given != (upper ? "AM" : "am")) {
      return false;
    }
    (given[0] == 'P' || given[0] == 'p' ? afternoon_ : morning_) = true;
    text_.remove_prefix(2);
    return true;
  }

  bool take(const Word& word, string_view rest) {
    const string_view w = word.name;
    int ignored = 0;
    if (w == "2006") {
      return digits(4, 4, year_);
    }
    if (w == "06") {
      const bool fine = digits(2, 2, year_);
      year_ += year_ >= 69 ? 1900 : 2000;
      return fine;
    }
    if (w == "January" || w == "Jan") {
      const bool fine = name(months, w == "Jan" ? 3 : 9, month_);
      ++month_;
      return fine;
    }
    if (w == "1" || w == "01") {
      return number(w == "01", 1, 12, month_);
    }
    if (w == "Monday" || w == "Mon") {
      return name(weekdays, w == "Mon" ? 3 : 9, ignored);
    }
    if (w == "2" || w == "_2" || w == "02") {
      if (w == "_2" && text_.starts_with(' ')) {
        text_.remove_prefix(1);
      }
      return number(w == "02", 0, 99, day_);
    }
    if (w == "002" || w == "__2") {
      for (int i = 0; i < 2 && w == "__2" && text_.starts_with(' '); ++i) {
        text_.remove_prefix(1);
      }
      return digits(w == "002" ? 3 : 1, 3, day_of_year_);
    }
    if (w == "15") {
      return number(false, 0, 23, hour_);
    }
    if (w == "3" || w == "03") {
      return number(w == "03", 0, 12, hour_);
    }
    if (w == "4" || w == "04") {
      return number(w == "04", 0, 59, minute_);
    }
    if (w == "5" || w == "05") {
      // A fraction may follow although the layout has none.
      return number(w == "05", 0, 59, second_) &&
             (fraction_size() == 0 || next_word(rest).name.starts_with("fraction") ||
              fraction(fraction_size()));
    }
    if (w == "PM" || w == "pm") {
      return half(w);
    }
    if (w == "fraction") {
      return fraction(word.size);
    }
    if (w == "fraction?") {
      return fraction_size() == 0 || fraction(fraction_size());
    }
    return w == "MST" ? zone_name() : zone(w);
  }

  std::optional<GoTime> finish() {
    if (afternoon_ && hour_ < 12) {
      hour_ += 12;
    } else if (morning_ && hour_ == 12) {
      hour_ = 0;
    }
    if (day_of_year_ >= 0) {
      int day = day_of_year_;
      int month = 1;
      while (month < 12 && day > days_in(year_, month)) {
        day -= days_in(year_, month++);
      }
      if ((month_ >= 0 && month_ != month) || (day_ >= 0 && day_ != day)) {
        return std::nullopt;
      }
      month_ = month;
      day_ = day;
    }
    month_ = month_ < 0 ? 1 : month_;
    day_ = day_ < 0 ? 1 : day_;
    if (day_ < 1 || day_ > days_in(year_, month_)) {
      return std::nullopt;
    }
    GoTime time;
    time.offset = zoned_ ? offset_ : named_offset_;
    time.nanoseconds = nanoseconds_;
    time.seconds = days_before(year_, month_, day_) * 86'400 + ((hour_ * 60) + minute_) * 60 +
                   second_ - (zoned_ ? offset_ : 0);
    return time;
  }

  string_view text_;
  int year_ = 0, month_ = -1, day_ = -1, day_of_year_ = -1;
  int hour_ = 0, minute_ = 0, second_ = 0;
  std::int32_t nanoseconds_ = 0;
  int offset_ = 0, named_offset_ = 0;
  bool zoned_ = false, morning_ = false, afternoon_ = false;
};

}  // namespace

std::optional<GoTime> parse_time(string_view layout, string_view text) {
  return Parser(text).run(layout);
}

}  // namespace sluice::policy

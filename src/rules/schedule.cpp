// SPDX-License-Identifier: Apache-2.0
#include "rules/schedule.hpp"

#include "base/text.hpp"
#include "schema/format.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <span>
#include <vector>

namespace sluice::rules {
namespace {

struct Bounds {
  std::string_view what;
  int least;
  int most;
  std::span<const std::string_view> names;  ///< the first one is `least`
};

constexpr std::array<std::string_view, 12> months{"jan", "feb", "mar", "apr", "may", "jun",
                                                  "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> days{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
constexpr std::array fields{Bounds{"minute", 0, 59, {}}, Bounds{"hour", 0, 23, {}},
                            Bounds{"day of the month", 1, 31, {}}, Bounds{"month", 1, 12, months},
                            Bounds{"day of the week", 0, 6, days}};
constexpr std::array<std::string_view, 7> descriptors{"@yearly", "@annually", "@monthly", "@weekly",
                                                      "@daily",  "@midnight", "@hourly"};

std::optional<int> number(std::string_view text, std::span<const std::string_view> names) {
  const std::string lower = text::to_lower(text);
  if (const auto found = std::find(names.begin(), names.end(), lower); found != names.end()) {
    return static_cast<int>(found - names.begin()) + (names.size() == months.size() ? 1 : 0);
  }
  if (text.starts_with('+')) {
    text.remove_prefix(1);
  }
  int value = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  const bool whole = error == std::errc{} && stop == end && text.front() != '-';
  return whole ? std::optional(value) : std::nullopt;
}

/// number | number "-" number, with "/" number behind, or '*' or '?' for all.
bool is_range(std::string_view text, const Bounds& bounds) {
  const auto parts = text::split(text, '/');
  const auto ends = text::split(parts[0], '-');
  const bool all = ends[0] == "*" || ends[0] == "?";
  std::optional<int> first = bounds.least;
  std::optional<int> last = bounds.most;
  if (!all) {
    first = number(ends[0], bounds.names);
    last = ends.size() == 2 ? number(ends[1], bounds.names) : first;
    if (ends.size() > 2) {
      return false;
    }
  }
  std::optional<int> step = 1;
  if (parts.size() == 2) {
    step = number(parts[1], {});
    last = ends.size() == 1 ? bounds.most : last;
  }
  return parts.size() <= 2 && first && last && step && *step != 0 && *first >= bounds.least &&
         *last <= bounds.most && *first <= *last;
}

/// What Go's time.ParseDuration reads; the format of custom resources knows longer units too.
bool is_go_duration(std::string_view text) {
  constexpr std::array<std::string_view, 8> units{"ns", "us", "\xC2\xB5s", "\xCE\xBCs",
                                                  "ms", "s",  "m",         "h"};
  if (!schema::has_format(schema::Format::duration, text)) {
    return false;
  }
  constexpr std::string_view digits = "0123456789.+-";
  while (!text.empty()) {
    text.remove_prefix(std::min(text.find_first_not_of(digits), text.size()));
    const auto end = std::min(text.find_first_of(digits), text.size());
    if (end != 0 && std::find(units.begin(), units.end(), text.substr(0, end)) == units.end()) {
      return false;
    }
    text.remove_prefix(end);
  }
  return true;
}

std::vector<std::string_view> words(std::string_view text) {
  constexpr std::string_view blanks = " \t\n\v\f\r";
  std::vector<std::string_view> out;
  for (;;) {
    const auto begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) {
      return out;
    }
    text.remove_prefix(begin);
    const auto end = std::min(text.find_first_of(blanks), text.size());
    out.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

}  // namespace

std::string wrong_schedule(std::string_view schedule) {
  if (schedule.find("TZ") != std::string_view::npos) {
    return "not hold a time zone, which has the field timeZone";
  }
  if (schedule.starts_with('@')) {
    constexpr std::string_view every = "@every ";
    const bool known =
        std::find(descriptors.begin(), descriptors.end(), schedule) != descriptors.end() ||
        (schedule.starts_with(every) && is_go_duration(schedule.substr(every.size())));
    return known ? std::string{} : "be a schedule: @daily and its like, or @every 1h30m";
  }
  const auto parts = words(schedule);
  if (parts.size() != fields.size()) {
    return "have five fields (minute, hour, day of the month, month, day of the week), not " +
           std::to_string(parts.size());
  }
  for (std::size_t i = 0; i < fields.size(); ++i) {
    for (const std::string_view range : text::split(parts[i], ',')) {
      if (!range.empty() && !is_range(range, fields.at(i))) {
        return "be a schedule; \"" + text::printable(range, 30) + "\" is no " +
               std::string(fields.at(i).what) + " (" + std::to_string(fields.at(i).least) + " to " +
               std::to_string(fields.at(i).most) + ")";
      }
    }
  }
  return {};
}

}  // namespace sluice::rules

// SPDX-License-Identifier: Apache-2.0
#include "promote/freeze.hpp"

#include <cstdint>

namespace sluice::promote {

namespace {

constexpr std::int64_t week = std::int64_t{7} * 24 * 60 * 60;
constexpr std::int64_t minute = 60;

/// Seconds since Monday 00:00. 1970 began on a Thursday.
std::int64_t second_of_week(time::Seconds now) {
  constexpr std::int64_t first_monday = std::int64_t{4} * 24 * 60 * 60;
  return ((now.time_since_epoch().count() - first_monday) % week + week) % week;
}

/// Seconds until the weekly window ends, or below zero when it is not open.
std::int64_t left_of_week(const config::Freeze& window, time::Seconds now) {
  const std::int64_t length = ((window.to - window.from) * minute + week) % week;
  const std::int64_t into = ((second_of_week(now) - window.from * minute) % week + week) % week;
  return into < length ? length - into : -1;
}

bool is_open(const config::Freeze& window, time::Seconds now) {
  const std::int64_t at = now.time_since_epoch().count();
  return window.weekly ? left_of_week(window, now) > 0 : window.from <= at && at < window.to;
}

}  // namespace

const config::Freeze* open_freeze(std::span<const config::Freeze> windows, time::Seconds now) {
  for (const config::Freeze& window : windows) {
    if (is_open(window, now)) {
      return &window;
    }
  }
  return nullptr;
}

std::string end_of(const config::Freeze& window, time::Seconds now) {
  const std::int64_t at = now.time_since_epoch().count();
  const std::int64_t end = window.weekly ? at + left_of_week(window, now) : window.to;
  return time::to_string(time::Seconds(std::chrono::seconds(end)));
}

}  // namespace sluice::promote

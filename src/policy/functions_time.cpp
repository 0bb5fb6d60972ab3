// SPDX-License-Identifier: Apache-2.0
#include "policy/functions.hpp"
#include "policy/go_time.hpp"
#include "policy/scalars.hpp"

#include <charconv>
#include <chrono>

namespace sluice::policy {

namespace {

using jmespath::Evaluation;
using jmespath::Outcome;
using Arguments = std::span<const Value>;

GoTime now(const Evaluation& evaluation) {
  std::int64_t nanoseconds = evaluation.now;
  if (nanoseconds == 0) {
    nanoseconds = std::chrono::duration_cast<std::chrono::nanoseconds>(
                      std::chrono::system_clock::now().time_since_epoch())
                      .count();
  }
  return add({}, nanoseconds);
}

bool time_at(Evaluation& evaluation, const Value& argument, GoTime& out) {
  const auto parsed = parse_time(rfc3339, argument.as_string());
  if (!parsed) {
    evaluation.fail("\"" + std::string(argument.as_string()) + "\" is no time of RFC 3339");
    return false;
  }
  out = *parsed;
  return true;
}

bool duration_at(Evaluation& evaluation, const Value& argument, std::int64_t& out) {
  const auto parsed = parse_duration(argument.as_string());
  if (!parsed) {
    evaluation.fail("\"" + std::string(argument.as_string()) + "\" is no duration");
    return false;
  }
  out = *parsed;
  return true;
}

Outcome give(Evaluation& evaluation, Value& out, std::string_view text) {
  out = make_string(evaluation.arena(), text);
  return Outcome::ok;
}

Outcome fn_time_now(Evaluation& evaluation, Arguments, Value& out) {
  return give(evaluation, out, format_rfc3339(now(evaluation)));
}

Outcome fn_time_since(Evaluation& evaluation, Arguments a, Value& out) {
  const auto layout = a[0].as_string().empty() ? rfc3339 : a[0].as_string();
  const auto from = parse_time(layout, a[1].as_string());
  const auto to = a[2].as_string().empty() ? std::optional(now(evaluation))
                                           : parse_time(layout, a[2].as_string());
  if (!from || !to) {
    return evaluation.fail("time_since(): a time does not fit the layout");
  }
  return give(evaluation, out, duration_text(between(*from, *to)));
}

Outcome fn_time_add(Evaluation& evaluation, Arguments a, Value& out) {
  GoTime time;
  std::int64_t duration = 0;
  if (!time_at(evaluation, a[0], time) || !duration_at(evaluation, a[1], duration)) {
    return Outcome::error;
  }
  return give(evaluation, out, format_rfc3339(add(time, duration)));
}

Outcome fn_time_truncate(Evaluation& evaluation, Arguments a, Value& out) {
  GoTime time;
  std::int64_t duration = 0;
  if (!time_at(evaluation, a[0], time) || !duration_at(evaluation, a[1], duration)) {
    return Outcome::error;
  }
  return give(evaluation, out, format_rfc3339(truncate(time, duration)));
}

Outcome fn_time_parse(Evaluation& evaluation, Arguments a, Value& out) {
  const auto whole = [](std::string_view text, std::int64_t& number) {
    text.remove_prefix(text.starts_with('+') ? 1 : 0);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size();
  };
  std::int64_t seconds = 0;
  if (whole(a[0].as_string(), seconds)) {  // a layout that is a number: the time is one too
    if (!whole(a[1].as_string(), seconds)) {
      return evaluation.fail("time_parse(): the time is no whole number");
    }
    return give(evaluation, out, format_rfc3339({.seconds = seconds}));
  }
  const auto parsed = parse_time(a[0].as_string(), a[1].as_string());
  return parsed ? give(evaluation, out, format_rfc3339(*parsed))
                : evaluation.fail("time_parse(): the time does not fit the layout");
}

Outcome fn_time_to_cron(Evaluation& evaluation, Arguments a, Value& out) {
  GoTime time;
  if (!time_at(evaluation, a[0], time)) {
    return Outcome::error;
  }
  const GoDate date = date_of(time);
  return give(evaluation, out,
              std::to_string(date.minute) + " " + std::to_string(date.hour) + " " +
                  std::to_string(date.day) + " " + std::to_string(date.month) + " " +
                  std::to_string(date.weekday));
}

Outcome fn_time_utc(Evaluation& evaluation, Arguments a, Value& out) {
  GoTime time;
  if (!time_at(evaluation, a[0], time)) {
    return Outcome::error;
  }
  time.offset = 0;
  return give(evaluation, out, format_rfc3339(time));
}

bool two_times(Evaluation& evaluation, Arguments a, GoTime& first, GoTime& second) {
  return time_at(evaluation, a[0], first) && time_at(evaluation, a[1], second);
}

Outcome fn_time_diff(Evaluation& evaluation, Arguments a, Value& out) {
  GoTime from;
  GoTime to;
  return two_times(evaluation, a, from, to)
             ? give(evaluation, out, duration_text(between(from, to)))
             : Outcome::error;
}

template <int Order>
Outcome fn_time_order(Evaluation& evaluation, Arguments a, Value& out) {
  GoTime first;
  GoTime second;
  if (!two_times(evaluation, a, first, second)) {
    return Outcome::error;
  }
  out = Value::boolean(compare(first, second) == Order);
  return Outcome::ok;
}

Outcome fn_time_between(Evaluation& evaluation, Arguments a, Value& out) {
  GoTime time;
  GoTime start;
  GoTime end;
  if (!two_times(evaluation, a, time, start) || !time_at(evaluation, a[2], end)) {
    return Outcome::error;
  }
  out = Value::boolean(compare(time, start) > 0 && compare(time, end) < 0);
  return Outcome::ok;
}

using jmespath::accept_string;

constexpr jmespath::Function functions[] = {
    {"time_add", 2, false, {accept_string, accept_string}, fn_time_add},
    {"time_after", 2, false, {accept_string, accept_string}, fn_time_order<1>},
    {"time_before", 2, false, {accept_string, accept_string}, fn_time_order<-1>},
    {"time_between", 3, false, {accept_string, accept_string, accept_string}, fn_time_between},
    {"time_diff", 2, false, {accept_string, accept_string}, fn_time_diff},
    {"time_now", 0, false, {}, fn_time_now},
    {"time_now_utc", 0, false, {}, fn_time_now},
    {"time_parse", 2, false, {accept_string, accept_string}, fn_time_parse},
    {"time_since", 3, false, {accept_string, accept_string, accept_string}, fn_time_since},
    {"time_to_cron", 1, false, {accept_string}, fn_time_to_cron},
    {"time_truncate", 2, false, {accept_string, accept_string}, fn_time_truncate},
    {"time_utc", 1, false, {accept_string}, fn_time_utc},
};

}  // namespace

std::span<const jmespath::Function> time_functions() {
  return functions;
}

}  // namespace sluice::policy

// SPDX-License-Identifier: Apache-2.0
#include "schema/format.hpp"

#include "base/base64.hpp"
#include "base/text.hpp"
#include "k8s/quantity.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <string>

namespace sluice::schema {
namespace {

struct Row {
  std::string_view name;
  Format format;
  std::string_view description;
};

constexpr std::array rows{
    Row{"int32", Format::int32, "a whole number from -2147483648 to 2147483647"},
    Row{"int64", Format::int64, "a whole number of 64 bits"},
    Row{"integer", Format::integer, "a whole number"},
    Row{"int-or-string", Format::int_or_string, "a whole number of 32 bits or a string"},
    Row{"quantity", Format::quantity, "a quantity, such as 250m, 0.5 or 2Gi"},
    Row{"byte", Format::byte, "base64 with its padding"},
    Row{"date-time", Format::date_time, "a time by RFC 3339, such as 2026-01-31T10:00:00Z"},
    Row{"datetime", Format::date_time, "a time by RFC 3339, such as 2026-01-31T10:00:00Z"},
    Row{"date", Format::date, "a day, such as 2026-01-31"},
    Row{"duration", Format::duration, "a duration, such as 90s or 1h30m"},
    Row{"uuid", Format::uuid, "a UUID, such as 123e4567-e89b-12d3-a456-426614174000"},
    Row{"email", Format::email, "an address, such as team@example.com"},
    Row{"uri", Format::uri, "an address with its scheme, such as https://example.com"},
    Row{"hostname", Format::hostname, "a host name"},
    Row{"ipv4", Format::ipv4, "an IPv4 address, such as 10.0.0.1"},
    Row{"ipv6", Format::ipv6, "an IPv6 address, such as fd00::1"},
    Row{"cidr", Format::cidr, "a network, such as 10.0.0.0/8"},
    Row{"mac", Format::mac, "a MAC address, such as 00:1b:44:11:3a:b7"},
};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// A number of exactly `n` digits taken from the front; -1 when there is none.
int take_digits(std::string_view& text, std::size_t n) {
  if (text.size() < n ||
      !std::all_of(text.begin(), text.begin() + static_cast<long>(n), is_digit)) {
    return -1;
  }
  int value = 0;
  for (std::size_t i = 0; i < n; ++i) {
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(n);
  return value;
}

bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) {
    return false;
  }
  text.remove_prefix(1);
  return true;
}

bool take_date(std::string_view& text) {
  const int year = take_digits(text, 4);
  if (year < 0 || !take(text, '-')) {
    return false;
  }
  const int month = take_digits(text, 2);
  if (month < 1 || month > 12 || !take(text, '-')) {
    return false;
  }
  const int day = take_digits(text, 2);
  constexpr std::array days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  const int last = month == 2 && leap ? 29 : days.at(static_cast<std::size_t>(month) - 1);
  return day >= 1 && day <= last;
}

/// As Go's time.Parse(time.RFC3339): capital T and Z, a fraction after '.' or ','.
bool is_date_time(std::string_view text) {
  if (!take_date(text) || !take(text, 'T')) {
    return false;
  }
  const auto part = [&](int limit) {
    const int value = take_digits(text, 2);
    return value >= 0 && value < limit;
  };
  if (!part(24) || !take(text, ':') || !part(60) || !take(text, ':') || !part(60)) {
    return false;
  }
  if (take(text, '.') || take(text, ',')) {
    const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
    if (end == text.begin()) {
      return false;
    }
    text.remove_prefix(static_cast<std::size_t>(end - text.begin()));
  }
  if (take(text, 'Z')) {
    return text.empty();
  }
  return (take(text, '+') || take(text, '-')) && part(25) && take(text, ':') && part(61) &&
         text.empty();
}

/// The usual short forms without the exact reader: digits and one suffix.
bool is_plain_quantity(std::string_view text) {
  const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
  const auto digits = static_cast<std::size_t>(end - text.begin());
  const std::string_view suffix = text.substr(digits);
  return digits != 0 && digits <= 9 &&
         (suffix.empty() || suffix == "m" || suffix == "Mi" || suffix == "Gi" || suffix == "Ki");
}

/// As the API server's format "duration": what Go's time.ParseDuration reads ("1h30m", "0"), and
/// numbers with longer units ("2 days").
bool is_duration(std::string_view text) {
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) {
    text.remove_prefix(1);
  }
  if (text == "0") {
    return true;
  }
  bool any = false;
  while (!text.empty()) {
    std::size_t n = 0;
    std::size_t digits = 0;
    while (n < text.size() && (is_digit(text[n]) || text[n] == '.')) {
      digits += is_digit(text[n]) ? 1 : 0;
      ++n;
    }
    if (digits == 0 || n - digits > 1) {
      return false;
    }
    text.remove_prefix(n);
    const auto blank = std::min(text.find_first_not_of(' '), text.size());
    text.remove_prefix(blank);
    const auto unit = std::min(text.find_first_of("0123456789.+- "), text.size());
    constexpr std::array<std::string_view, 24> units{
        "ns",   "us",    "\xC2\xB5s", "\xCE\xBCs", "ms",   "s",     "sec",    "secs",
        "m",    "min",   "mins",      "h",         "hr",   "hrs",   "d",      "w",
        "week", "weeks", "day",       "days",      "hour", "hours", "minute", "minutes"};
    if (std::find(units.begin(), units.end(), text.substr(0, unit)) == units.end()) {
      return false;
    }
    text.remove_prefix(unit);
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    any = true;
  }
  return any;
}

bool is_uuid(std::string_view text) {
  if (text.size() != 36) {
    return false;
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !is_hex(text[i])) {
      return false;
    }
  }
  return true;
}

bool is_address(int family, std::string_view text) {
  std::array<unsigned char, 16> bytes{};
  return inet_pton(family, std::string(text).c_str(), bytes.data()) == 1 &&
         text.find('\0') == std::string_view::npos;
}

bool is_cidr(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) {
    return false;
  }
  std::string_view bits = text.substr(slash + 1);
  const std::string_view address = text.substr(0, slash);
  const bool six = address.find(':') != std::string_view::npos;
  if (bits.empty() || bits.size() > 3 || (bits.size() > 1 && bits[0] == '0')) {
    return false;
  }
  const int value = take_digits(bits, bits.size());
  return value >= 0 && value <= (six ? 128 : 32) && is_address(six ? AF_INET6 : AF_INET, address);
}

bool is_hostname(std::string_view text) {
  if (text.empty() || text.size() > 255) {
    return false;
  }
  std::size_t label = 0;
  for (const char c : text) {
    if (c == '.') {
      label = 0;
    } else if (!(is_letter(c) || is_digit(c) || c == '-' || c == '_') || ++label > 63) {
      return false;
    }
  }
  return text.front() != '.' && text.front() != '-';
}

bool is_uri(std::string_view text) {
  const std::size_t colon = text.find(':');
  return (text.starts_with('/') || (colon != std::string_view::npos && colon != 0)) &&
         std::none_of(text.begin(), text.end(), [](char c) { return c == ' ' || c == '\n'; });
}

bool is_mac(std::string_view text) {
  const auto hex_or_separator = [](char c) {
    return is_hex(c) || c == ':' || c == '-' || c == '.';
  };
  return text.size() >= 14 && std::all_of(text.begin(), text.end(), hex_or_separator);
}

bool is_email(std::string_view text) {
  const std::size_t at = text.find('@');
  return at != std::string_view::npos && at != 0 && at + 1 < text.size();
}

}  // namespace

Format parse_format(std::string_view name) {
  const auto* row =
      std::find_if(rows.begin(), rows.end(), [&](const Row& r) { return r.name == name; });
  return row == rows.end() ? Format::none : row->format;
}

std::string_view describe(Format format) {
  const auto* row =
      std::find_if(rows.begin(), rows.end(), [&](const Row& r) { return r.format == format; });
  return row == rows.end() ? std::string_view{} : row->description;
}

bool has_format(Format format, std::string_view text) {
  switch (format) {
    case Format::quantity:
      return is_plain_quantity(text) ||
             k8s::parse_quantity(text::trim(text)).has_value();  // as its UnmarshalJSON
    case Format::byte:
      return base64_decode(text).has_value();
    case Format::date_time:
      return is_date_time(text);
    case Format::date:
      return take_date(text) && text.empty();
    case Format::duration:
      return is_duration(text);
    case Format::uuid:
      return is_uuid(text);
    case Format::email:
      return is_email(text);
    case Format::uri:
      return is_uri(text);
    case Format::hostname:
      return is_hostname(text);
    case Format::ipv4:
      return is_address(AF_INET, text);
    case Format::ipv6:
      return is_address(AF_INET6, text);
    case Format::cidr:
      return is_cidr(text);
    case Format::mac:
      return is_mac(text);
    case Format::none:
    case Format::int32:
    case Format::int64:
    case Format::integer:
    case Format::int_or_string:
      break;
  }
  return true;
}

}  // namespace sluice::schema

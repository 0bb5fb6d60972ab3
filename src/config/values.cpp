// SPDX-License-Identifier: Apache-2.0
#include "config/values.hpp"

#include "base/text.hpp"
#include "config/day.hpp"
#include "diag/baseline.hpp"
#include "diag/catalogue.hpp"
#include "io/files.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace sluice::config {

namespace {

constexpr int oldest_minor = 25;
constexpr int newest_minor = 37;

std::string named(std::string_view what, const std::string& value) {
  return std::string(what) + " \"" + text::printable(value, 80) + '"';
}

/// The number, up to four digits without a leading zero; below zero when it is none.
int small_number(std::string_view digits) {
  int value = 0;
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const bool canonical = digits.size() == 1 || !digits.starts_with('0');
  if (digits.empty() || digits.size() > 4 || digits.starts_with('-') || !canonical ||
      failed != std::errc() || end != digits.data() + digits.size()) {
    return -1;
  }
  return value;
}

bool is_amount(std::string_view text) {
  constexpr std::array suffixes = {"",  "n", "u",  "m",  "k",  "M",  "G",  "T",
                                   "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};
  const std::size_t end = std::min(text.find_first_not_of("0123456789."), text.size());
  const std::string_view digits = text.substr(0, end);
  return !digits.empty() && std::ranges::count(digits, '.') <= 1 && digits.front() != '.' &&
         digits.back() != '.' && digits.find_first_not_of("0.") != std::string_view::npos &&
         std::ranges::find(suffixes, text.substr(end)) != suffixes.end();
}

}  // namespace

std::string kube_version(Reader& reader, const YAML::Node& node, std::string_view what) {
  const std::string value = reader.text(node, what);
  if (value.empty()) {
    return {};
  }
  const std::vector<std::string_view> parts = text::split(value, '.');
  const int minor = parts.size() >= 2 ? small_number(parts[1]) : -1;
  const int patch = parts.size() == 3 ? small_number(parts[2]) : 0;
  if (parts.size() > 3 || parts[0] != "1" || minor < 0 || patch < 0) {
    reader.problem(node, named(what, value) + " is no version such as \"1.33\" or \"1.33.2\"");
    return {};
  }
  if (minor < oldest_minor || minor > newest_minor) {
    reader.problem(node, named(what, value) + " is not known; there are 1." +
                             std::to_string(oldest_minor) + " to 1." +
                             std::to_string(newest_minor));
    return {};
  }
  return "1." + std::to_string(minor) + '.' + std::to_string(patch);
}

std::vector<std::string> api_versions(Reader& reader,
                                      const YAML::Node& node,
                                      std::string_view what) {
  std::vector<std::string> values;
  reader.sequence(node, what, [&](const YAML::Node& item) {
    values.push_back(reader.text(item, what));
    const std::string& value = values.back();
    const std::vector<std::string_view> parts = text::split(value, '/');
    const bool clean = std::ranges::all_of(value, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             c == '.' || c == '-' || c == '/';
    });
    if (!value.empty() &&
        (!clean || parts.size() > 3 || std::ranges::find(parts, "") != parts.end())) {
      reader.problem(item, named(what, value) + " is no API version such as \"apps/v1\"");
    }
  });
  return values;
}

std::string quantity(Reader& reader, const YAML::Node& node, std::string_view what) {
  const std::string value = reader.scalar(node, what);
  if (!value.empty() && !is_amount(value)) {
    reader.problem(node, named(what, value) + " is no amount above zero such as \"500m\" or 4Gi");
    return {};
  }
  return value;
}

std::string day(Reader& reader, const YAML::Node& node, std::string_view what) {
  const std::string value = reader.scalar(node, what);
  if (!value.empty() && !is_day(value)) {
    reader.problem(node, named(what, value) + " is no day such as 2027-01-31");
    return {};
  }
  return value;
}

std::string inside(Reader& reader, const YAML::Node& node, std::string_view what) {
  const std::string value = reader.text(node, what);
  if (value.empty()) {
    return {};
  }
  const auto path = io::normalise_inside(value);
  if (!path) {
    reader.problem(node, named(what, value) + " leads out of the repository");
    return {};
  }
  return *path;
}

std::string ignorable_code(Reader& reader, const YAML::Node& node, std::string_view what) {
  const std::string value = reader.text(node, what);
  if (value.empty()) {
    return {};
  }
  if (diag::find(value) == nullptr) {
    std::vector<std::string_view> codes;
    for (const diag::CatalogueRow& row : diag::catalogue()) {
      codes.push_back(row.code);
    }
    reader.problem(node,
                   named(what, value) + " is not in the catalogue" + suggestion(value, codes));
    return {};
  }
  if (!diag::may_be_lived_with(value)) {
    reader.problem(node, named(what, value) + " cannot be ignored");
    return {};
  }
  return value;
}

std::string object(Reader& reader, const YAML::Node& node, std::string_view what) {
  const std::string value = reader.text(node, what);
  const std::vector<std::string_view> parts = text::split(value, '/');
  if (!value.empty() &&
      (parts.size() < 2 || parts.size() > 3 || std::ranges::find(parts, "") != parts.end())) {
    reader.problem(node,
                   named(what, value) + " is neither \"Kind/name\" nor \"Kind/namespace/name\"");
    return {};
  }
  return value;
}

std::string environment_name(Reader& reader, const YAML::Node& node, std::string_view what) {
  const std::string value = reader.text(node, what);
  const bool clean = std::ranges::all_of(value, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_';
  });
  if (!clean || value.starts_with('.') || value.starts_with('-')) {
    reader.problem(node,
                   named(what, value) + " may have letters, digits, \"-\", \"_\" and \".\" only");
    return {};
  }
  return value;
}

}  // namespace sluice::config

// SPDX-License-Identifier: Apache-2.0
#include "base/semver.hpp"

#include "base/text.hpp"

#include <charconv>
#include <vector>

namespace sluice::semver {
namespace {

enum class Op : std::uint8_t {
  equal,
  not_equal,
  greater,
  less,
  greater_equal,
  less_equal,
  tilde,
  caret
};

struct Constraint {
  Op op = Op::equal;
  Version version;
  bool any_major = false;  ///< "*"
  bool any_minor = false;  ///< "1", "1.x"
  bool any_patch = false;  ///< "1.2", "1.2.x"

  [[nodiscard]] bool partial() const { return any_minor || any_patch; }
};

bool is_wildcard(std::string_view part) {
  return part == "x" || part == "X" || part == "*";
}

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty()) {
    return std::nullopt;
  }
  return value;
}

/// "1.2.3-rc.1+build" cut into its numbers' text and its prerelease.
struct Parts {
  std::vector<std::string_view> numbers;
  std::string_view prerelease;
};

std::optional<Parts> cut(std::string_view text) {
  if (text.starts_with('v') || text.starts_with('V')) {
    text.remove_prefix(1);
  }
  text = text.substr(0, text.find('+'));
  Parts parts;
  const auto dash = text.find('-');
  if (dash != std::string_view::npos) {
    parts.prerelease = text.substr(dash + 1);
    if (parts.prerelease.empty()) {
      return std::nullopt;
    }
  }
  parts.numbers = text::split(text.substr(0, dash), '.');
  if (parts.numbers.empty() || parts.numbers.size() > 3) {
    return std::nullopt;
  }
  return parts;
}

std::strong_ordering compare_identifiers(std::string_view a, std::string_view b) {
  const auto left = number(a);
  const auto right = number(b);
  if (left && right) {
    return *left <=> *right;
  }
  if (left || right) {
    return left ? std::strong_ordering::less : std::strong_ordering::greater;
  }
  return a.compare(b) <=> 0;
}

std::strong_ordering compare_prereleases(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) {
    return static_cast<int>(a.empty()) <=>
           static_cast<int>(b.empty());  // a release comes after its prereleases
  }
  const auto left = text::split(a, '.');
  const auto right = text::split(b, '.');
  for (std::size_t i = 0; i < left.size() && i < right.size(); ++i) {
    if (const auto order = compare_identifiers(left[i], right[i]); order != 0) {
      return order;
    }
  }
  return left.size() <=> right.size();
}

std::optional<Constraint> parse_constraint(std::string_view text) {
  constexpr std::pair<std::string_view, Op> operators[] = {
      {"!=", Op::not_equal},  {">=", Op::greater_equal}, {"=>", Op::greater_equal},
      {"<=", Op::less_equal}, {"=<", Op::less_equal},    {"~>", Op::tilde},
      {"=", Op::equal},       {">", Op::greater},        {"<", Op::less},
      {"~", Op::tilde},       {"^", Op::caret}};
  Constraint result;
  for (const auto& [word, op] : operators) {
    if (text.starts_with(word)) {
      result.op = op;
      text.remove_prefix(word.size());
      break;
    }
  }
  const auto parts = cut(text::trim(text));
  if (!parts) {
    return std::nullopt;
  }
  result.version.prerelease = parts->prerelease;
  std::uint64_t* const fields[] = {&result.version.major, &result.version.minor,
                                   &result.version.patch};
  bool* const wild[] = {&result.any_major, &result.any_minor, &result.any_patch};
  bool open = false;
  for (std::size_t i = 0; i < 3; ++i) {
    open = open || i >= parts->numbers.size() || is_wildcard(parts->numbers[i]);
    if (open) {
      *wild[i] = true;
      continue;
    }
    const auto value = number(parts->numbers[i]);
    if (!value) {
      return std::nullopt;
    }
    *fields[i] = *value;
  }
  return result;
}

bool tilde(const Version& v, const Constraint& c) {
  return !(v < c.version) && v.major == c.version.major &&
         (c.any_minor || v.minor == c.version.minor);
}

bool caret(const Version& v, const Constraint& c) {
  if (v < c.version || v.major != c.version.major) {
    return false;
  }
  if (c.version.major > 0 || c.any_minor) {
    return true;
  }
  if (v.minor != c.version.minor) {
    return false;
  }
  return c.version.minor > 0 || c.any_patch || v.patch == c.version.patch;
}

bool greater(const Version& v, const Constraint& c) {
  if (!c.partial() || v.major != c.version.major) {
    return v > c.version;
  }
  return !c.any_minor && v.minor > c.version.minor;  // ">1.2" begins at 1.3.0, ">1" at 2.0.0
}

bool less_equal(const Version& v, const Constraint& c) {
  if (!c.partial()) {
    return v <= c.version;
  }
  return v.major < c.version.major ||
         (v.major == c.version.major && (c.any_minor || v.minor <= c.version.minor));
}

bool equal(const Version& v, const Constraint& c) {
  return c.partial() ? tilde(v, c) : v == c.version;
}

bool holds(const Version& v, const Constraint& c) {
  if (!v.prerelease.empty() && c.version.prerelease.empty()) {
    return false;
  }
  if (c.any_major) {
    return c.op != Op::not_equal && c.op != Op::less && c.op != Op::greater;
  }
  switch (c.op) {
    case Op::equal:
      return equal(v, c);
    case Op::not_equal:
      return !equal(v, c);
    case Op::greater:
      return greater(v, c);
    case Op::less:
      return v < c.version;
    case Op::greater_equal:
      return v >= c.version;
    case Op::less_equal:
      return less_equal(v, c);
    case Op::tilde:
      return tilde(v, c);
    case Op::caret:
      return caret(v, c);
  }
  return false;
}

/// The words of one alternative: an operator may stand apart from its version, commas and spaces
/// separate, and "1.2 - 1.4" is a range.
std::vector<std::string> words(std::string_view alternative) {
  std::vector<std::string> result;
  std::string spaced = text::replace_all(std::string(alternative), ",", " ");
  for (const auto word : text::split(spaced, ' ')) {
    if (text::trim(word).empty()) {
      continue;
    }
    const bool joins =
        !result.empty() && result.back().find_first_not_of("<>=!~^") == std::string::npos;
    if (joins) {
      result.back() += text::trim(word);
    } else {
      result.emplace_back(text::trim(word));
    }
  }
  for (std::size_t i = 1; i + 1 < result.size(); ++i) {
    if (result[i] == "-") {
      result[i - 1].insert(0, ">=");
      result[i + 1].insert(0, "<=");
      result.erase(result.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }
  return result;
}

}  // namespace

std::strong_ordering operator<=>(const Version& a, const Version& b) {
  if (const auto order = a.major <=> b.major; order != 0) {
    return order;
  }
  if (const auto order = a.minor <=> b.minor; order != 0) {
    return order;
  }
  if (const auto order = a.patch <=> b.patch; order != 0) {
    return order;
  }
  return compare_prereleases(a.prerelease, b.prerelease);
}

std::optional<Version> parse_version(std::string_view text) {
  const auto parts = cut(text::trim(text));
  if (!parts) {
    return std::nullopt;
  }
  Version result{.prerelease = std::string(parts->prerelease)};
  std::uint64_t* const fields[] = {&result.major, &result.minor, &result.patch};
  for (std::size_t i = 0; i < parts->numbers.size(); ++i) {
    const auto value = number(parts->numbers[i]);
    if (!value) {
      return std::nullopt;
    }
    *fields[i] = *value;
  }
  return result;
}

std::optional<bool> satisfies(std::string_view version, std::string_view constraint) {
  const auto parsed = parse_version(version);
  if (!parsed) {
    return std::nullopt;
  }
  const std::string alternatives = text::replace_all(std::string(constraint), "||", "|");
  bool any = false;
  for (const auto alternative : text::split(alternatives, '|')) {
    bool all = true;
    for (const auto& word : words(alternative)) {
      const auto one = parse_constraint(word);
      if (!one) {
        return std::nullopt;
      }
      all = all && holds(*parsed, *one);
    }
    any = any || all;
  }
  return any;
}

}  // namespace sluice::semver

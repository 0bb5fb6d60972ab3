// SPDX-License-Identifier: Apache-2.0
#include "yaml/canonical.hpp"

#include "base/json_text.hpp"
#include "yaml/scalar.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <vector>

namespace sluice::yaml {
namespace {

void append_integer(std::string_view text, std::string& out) {
  const auto integer = parse_integer(text);
  if (!integer) {
    out += text;  // cannot happen: the kind was given by the same function
    return;
  }
  out += integer->negative ? "-" : "";
  out += std::to_string(integer->magnitude);
}

void append_real(std::string_view text, std::string& out) {
  const double value = parse_real(text).value_or(0);
  constexpr double exact = 1e15;  // below it a whole number has few digits and is printed as one
  if (std::abs(value) < exact && value == std::trunc(value)) {
    out += std::to_string(static_cast<std::int64_t>(value));
    return;
  }
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(digits.data(), end);
}

void append_mapping(const Document& document, const Node& node, std::string& out) {
  const auto children = document.children(node);
  std::vector<std::uint32_t> order;
  order.reserve(children.size() / 2);
  for (std::uint32_t i = 0; i < children.size(); i += 2) {
    order.push_back(i);
  }
  std::ranges::sort(order, {}, [&](std::uint32_t i) { return children[i].text; });
  out += '{';
  for (const auto i : order) {
    if (out.back() != '{') {
      out += ',';
    }
    text::append_json_string(children[i].text, out);
    out += ':';
    append_canonical_json(document, children[i + 1], out);
  }
  out += '}';
}

}  // namespace

void append_canonical_json(const Document& document, const Node& node, std::string& out) {
  switch (node.kind) {
    case Kind::null:
      out += "null";
      break;
    case Kind::boolean:
      out += as_bool(node) ? "true" : "false";
      break;
    case Kind::integer:
      append_integer(node.text, out);
      break;
    case Kind::real:
      append_real(node.text, out);
      break;
    case Kind::string:
      text::append_json_string(node.text, out);
      break;
    case Kind::sequence: {
      out += '[';
      bool first = true;
      for (const auto& child : document.children(node)) {
        out += first ? "" : ",";
        first = false;
        append_canonical_json(document, child, out);
      }
      out += ']';
      break;
    }
    case Kind::mapping:
      append_mapping(document, node, out);
      break;
  }
}

Digest digest(const Document& document, const Node& node) {
  std::string json;
  json.reserve(document.bytes().size());
  append_canonical_json(document, node, json);
  return sha256(json);
}

std::optional<std::int64_t> as_int64(const Node& node) {
  if (node.kind == Kind::integer) {
    const auto integer = parse_integer(node.text);
    constexpr auto highest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (!integer || integer->magnitude > highest + (integer->negative ? 1 : 0)) {
      return std::nullopt;
    }
    return integer->negative ? static_cast<std::int64_t>(-integer->magnitude)
                             : static_cast<std::int64_t>(integer->magnitude);
  }
  if (node.kind == Kind::real) {
    const auto value = parse_real(node.text);
    constexpr double limit = 9223372036854774784.0;  // the greatest double below 2^63
    if (value && *value == std::trunc(*value) && std::abs(*value) <= limit) {
      return static_cast<std::int64_t>(*value);
    }
  }
  return std::nullopt;
}

std::optional<double> as_double(const Node& node) {
  if (node.kind == Kind::integer) {
    const auto integer = parse_integer(node.text);
    if (!integer) {
      return std::nullopt;
    }
    const auto magnitude = static_cast<double>(integer->magnitude);
    return integer->negative ? -magnitude : magnitude;
  }
  return node.kind == Kind::real ? parse_real(node.text) : std::nullopt;
}

bool as_bool(const Node& node) {
  if (node.text.empty()) {
    return false;
  }
  switch (node.text.front()) {
    case 'y':
    case 'Y':
    case 't':
    case 'T':
      return true;
    case 'o':
    case 'O':
      return node.text.size() == 2;  // on, not off
    default:
      return false;
  }
}

}  // namespace sluice::yaml

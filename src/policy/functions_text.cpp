// SPDX-License-Identifier: Apache-2.0
#include "base/sha256.hpp"
#include "base/text.hpp"
#include "policy/functions.hpp"
#include "policy/scalars.hpp"

#include <algorithm>
#include <cctype>

namespace sluice::policy {

namespace {

using jmespath::Evaluation;
using jmespath::Outcome;
using Arguments = std::span<const Value>;

Outcome give(Evaluation& evaluation, Value& out, std::string_view text) {
  out = make_string(evaluation.arena(), text);
  return Outcome::ok;
}

std::string upper(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return result;
}

Outcome fn_compare(Evaluation&, Arguments a, Value& out) {
  const int order = a[0].as_string().compare(a[1].as_string());
  out = Value::number(order < 0 ? -1 : order > 0 ? 1 : 0);
  return Outcome::ok;
}

Outcome fn_equal_fold(Evaluation&, Arguments a, Value& out) {
  out = Value::boolean(text::to_lower(a[0].as_string()) == text::to_lower(a[1].as_string()));
  return Outcome::ok;
}

Outcome fn_replace(Evaluation& evaluation, Arguments a, Value& out) {
  const auto from = a[1].as_string();
  std::string text(a[0].as_string());
  double left = a[3].as_number();
  std::size_t at = 0;
  while (left != 0 && !from.empty() && (at = text.find(from, at)) != std::string::npos) {
    text.replace(at, from.size(), a[2].as_string());
    at += a[2].as_string().size();
    left -= 1;
  }
  return give(evaluation, out, text);
}

Outcome fn_replace_all(Evaluation& evaluation, Arguments a, Value& out) {
  return give(evaluation, out,
              text::replace_all(std::string(a[0].as_string()), a[1].as_string(), a[2].as_string()));
}

Outcome fn_to_upper(Evaluation& evaluation, Arguments a, Value& out) {
  return give(evaluation, out, upper(a[0].as_string()));
}
Outcome fn_to_lower(Evaluation& evaluation, Arguments a, Value& out) {
  return give(evaluation, out, text::to_lower(a[0].as_string()));
}

Outcome fn_trim(Evaluation& evaluation, Arguments a, Value& out) {
  const auto text = a[0].as_string();
  const auto first = text.find_first_not_of(a[1].as_string());
  const auto last = text.find_last_not_of(a[1].as_string());
  return give(
      evaluation, out,
      first == std::string_view::npos ? std::string_view() : text.substr(first, last - first + 1));
}

Outcome fn_trim_prefix(Evaluation& evaluation, Arguments a, Value& out) {
  auto text = a[0].as_string();
  text.remove_prefix(text.starts_with(a[1].as_string()) ? a[1].as_string().size() : 0);
  return give(evaluation, out, text);
}

Outcome fn_split(Evaluation& evaluation, Arguments a, Value& out) {
  const auto separator = a[1].as_string();
  auto rest = a[0].as_string();
  std::vector<Value> parts;
  if (separator.empty()) {
    for (std::size_t i = 0; i < rest.size(); ++i) {
      parts.push_back(make_string(evaluation.arena(), rest.substr(i, 1)));
    }
    out = make_array(evaluation.arena(), parts);
    return Outcome::ok;
  }
  for (auto at = rest.find(separator); at != std::string_view::npos; at = rest.find(separator)) {
    parts.push_back(Value::string(rest.substr(0, at)));
    rest.remove_prefix(at + separator.size());
  }
  parts.push_back(Value::string(rest));
  out = make_array(evaluation.arena(), parts);
  return Outcome::ok;
}

Outcome fn_truncate(Evaluation& evaluation, Arguments a, Value& out) {
  const double length = std::max(0.0, a[1].as_number());
  const auto text = a[0].as_string();
  std::size_t end = 0;
  for (double characters = 0; end < text.size() && characters < length; characters += 1) {
    do {
      ++end;
    } while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U);
  }
  return give(evaluation, out, text.substr(0, end));
}

constexpr std::string_view base64_digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

Outcome fn_base64_encode(Evaluation& evaluation, Arguments a, Value& out) {
  const auto text = a[0].as_string();
  std::string encoded;
  for (std::size_t i = 0; i < text.size(); i += 3) {
    const auto byte = [&](std::size_t j) {
      return i + j < text.size() ? static_cast<unsigned char>(text[i + j]) : 0U;
    };
    const unsigned word = (byte(0) << 16U) | (byte(1) << 8U) | byte(2);
    encoded += base64_digits[(word >> 18U) & 63U];
    encoded += base64_digits[(word >> 12U) & 63U];
    encoded += i + 1 < text.size() ? base64_digits[(word >> 6U) & 63U] : '=';
    encoded += i + 2 < text.size() ? base64_digits[word & 63U] : '=';
  }
  return give(evaluation, out, encoded);
}

Outcome fn_base64_decode(Evaluation& evaluation, Arguments a, Value& out) {
  std::string text;
  for (const char c : a[0].as_string()) {
    if (c != '\n' && c != '\r') {
      text += c;
    }
  }
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  if (text.size() % 4 != 0) {
    return evaluation.fail("base64_decode(): the text is not base64");
  }
  std::string decoded;
  unsigned word = 0;
  for (std::size_t i = 0; i < text.size() - padding; ++i) {
    const auto digit = base64_digits.find(text[i]);
    if (digit == std::string_view::npos) {
      return evaluation.fail("base64_decode(): the text is not base64");
    }
    word = (word << 6U) | static_cast<unsigned>(digit);
    if (i % 4 != 0) {
      decoded += static_cast<char>((word >> (6U - 2U * (i % 4))) & 255U);
    }
  }
  return give(evaluation, out, decoded);
}

Outcome fn_path_canonicalize(Evaluation& evaluation, Arguments a, Value& out) {
  const auto path = a[0].as_string();
  if (path.empty()) {
    return give(evaluation, out, path);
  }
  const bool absolute = path.starts_with('/');
  std::vector<std::string> parts;
  for (const auto part : text::split(path, '/')) {
    if (part.empty() || part == ".") {
      continue;
    }
    if (part != "..") {
      parts.emplace_back(part);
    } else if (!parts.empty() && parts.back() != "..") {
      parts.pop_back();
    } else if (!absolute) {
      parts.emplace_back(part);
    }
  }
  std::string clean = (absolute ? "/" : "") + text::join(parts, "/");
  return give(evaluation, out, clean.empty() ? "." : clean);
}

Outcome fn_to_boolean(Evaluation& evaluation, Arguments a, Value& out) {
  const auto text = text::to_lower(a[0].as_string());
  const bool yes = text == "true" || text == "1" || text == "t";
  if (!yes && text != "false" && text != "0" && text != "f") {
    return evaluation.fail("to_boolean(): the text is neither true nor false");
  }
  out = Value::boolean(yes);
  return Outcome::ok;
}

Outcome fn_sha256(Evaluation& evaluation, Arguments a, Value& out) {
  return give(evaluation, out, hex(sluice::sha256(a[0].as_string())));
}

using jmespath::accept_any;
using jmespath::accept_number;
using jmespath::accept_string;

constexpr jmespath::Function functions[] = {
    {"base64_decode", 1, false, {accept_string}, fn_base64_decode},
    {"base64_encode", 1, false, {accept_string}, fn_base64_encode},
    {"compare", 2, false, {accept_string, accept_string}, fn_compare},
    {"equal_fold", 2, false, {accept_string, accept_string}, fn_equal_fold},
    {"path_canonicalize", 1, false, {accept_string}, fn_path_canonicalize},
    {"replace", 4, false, {accept_string, accept_string, accept_string, accept_number}, fn_replace},
    {"replace_all", 3, false, {accept_string, accept_string, accept_string}, fn_replace_all},
    {"sha256", 1, false, {accept_string}, fn_sha256},
    {"split", 2, false, {accept_string, accept_string}, fn_split},
    {"to_boolean", 1, false, {accept_string}, fn_to_boolean},
    {"to_lower", 1, false, {accept_string}, fn_to_lower},
    {"to_upper", 1, false, {accept_string}, fn_to_upper},
    {"trim", 2, false, {accept_string, accept_string}, fn_trim},
    {"trim_prefix", 2, false, {accept_string, accept_string}, fn_trim_prefix},
    {"truncate", 2, false, {accept_string, accept_number}, fn_truncate},
};

}  // namespace

std::span<const jmespath::Function> text_functions() {
  return functions;
}

}  // namespace sluice::policy

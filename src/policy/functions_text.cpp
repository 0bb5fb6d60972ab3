// SPDX-License-Identifier: Apache-2.0
#include "base/base64.hpp"
#include "base/text.hpp"
#include "policy/case.hpp"
#include "policy/functions.hpp"
#include "policy/scalars.hpp"

#include <algorithm>
#include <cctype>

namespace sluice::policy {

namespace {

using jmespath::Evaluation;
using jmespath::Outcome;
using Arguments = std::span<const Value>;

constexpr std::size_t most_bytes = std::size_t{2} << 20U;  // Kyverno's limit of a context

Outcome give(Evaluation& evaluation, Value& out, std::string_view text) {
  out = make_string(evaluation.arena(), text);
  return Outcome::ok;
}

Outcome fn_compare(Evaluation&, Arguments a, Value& out) {
  const int order = a[0].as_string().compare(a[1].as_string());
  out = Value::number(order < 0 ? -1 : order > 0 ? 1 : 0);
  return Outcome::ok;
}

Outcome fn_equal_fold(Evaluation& evaluation, Arguments a, Value& out) {
  const auto first = change_case(a[0].as_string(), Case::lower);
  const auto second = change_case(a[1].as_string(), Case::lower);
  if (!first || !second) {
    return evaluation.fail_unsupported("equal_fold(): letters of that script are not supported");
  }
  out = Value::boolean(*first == *second);
  return Outcome::ok;
}

Outcome fn_replace(Evaluation& evaluation, Arguments a, Value& out) {
  const auto from = a[1].as_string();
  std::string text(a[0].as_string());
  double left = a[3].as_number();
  std::size_t at = 0;
  while (left != 0 && (at = text.find(from, at)) != std::string::npos) {
    text.replace(at, from.size(), a[2].as_string());
    at += a[2].as_string().size();
    left -= 1;
    if (from.empty()) {  // nothing stands before each character and at the end
      if (at == text.size()) {
        break;
      }
      at = next_character(text, at);
    }
    if (text.size() > most_bytes) {
      return evaluation.fail("replace(): the text grows too long");
    }
  }
  return give(evaluation, out, text);
}

Outcome fn_replace_all(Evaluation& evaluation, Arguments a, Value& out) {
  return give(evaluation, out,
              text::replace_all(std::string(a[0].as_string()), a[1].as_string(), a[2].as_string()));
}

template <Case To>
Outcome fn_case(Evaluation& evaluation, Arguments a, Value& out) {
  const auto text = change_case(a[0].as_string(), To);
  return text ? give(evaluation, out, *text)
              : evaluation.fail_unsupported("letters of that script are not supported");
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
    for (std::size_t i = 0; i < rest.size();) {
      const std::size_t end = next_character(rest, i);
      parts.push_back(make_string(evaluation.arena(), rest.substr(i, end - i)));
      i = end;
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

Outcome fn_base64_encode(Evaluation& evaluation, Arguments a, Value& out) {
  return give(evaluation, out, base64_encode(a[0].as_string()));
}

Outcome fn_base64_decode(Evaluation& evaluation, Arguments a, Value& out) {
  const auto decoded = base64_decode(a[0].as_string());
  return decoded ? give(evaluation, out, *decoded)
                 : evaluation.fail("base64_decode(): the text is not base64");
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
    {"split", 2, false, {accept_string, accept_string}, fn_split},
    {"to_boolean", 1, false, {accept_string}, fn_to_boolean},
    {"to_lower", 1, false, {accept_string}, fn_case<Case::lower>},
    {"to_upper", 1, false, {accept_string}, fn_case<Case::upper>},
    {"trim", 2, false, {accept_string, accept_string}, fn_trim},
    {"trim_prefix", 2, false, {accept_string, accept_string}, fn_trim_prefix},
    {"truncate", 2, false, {accept_string, accept_number}, fn_truncate},
};

}  // namespace

std::span<const jmespath::Function> text_functions() {
  return functions;
}

}  // namespace sluice::policy

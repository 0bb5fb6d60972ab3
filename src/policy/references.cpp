// SPDX-License-Identifier: Apache-2.0
#include "policy/references.hpp"

#include "base/text.hpp"
#include "policy/pattern.hpp"

#include <algorithm>
#include <array>

namespace sluice::policy {

namespace {

using std::string_view;

struct Place {
  std::size_t begin = 0, end = 0;  ///< of "$(...)"
};

/// The next reference: "$(", something, then as far as the last ')' before a blank.
std::optional<Place> next_reference(string_view text, std::size_t from) {
  for (auto at = text.find("$(", from); at != string_view::npos; at = text.find("$(", at + 1)) {
    // One that follows another at once is not seen, as in Kyverno's expression: a character that
    // belongs to neither must stand between them.
    if (at > 0 && (text[at - 1] == '\\' || at == from)) {
      continue;
    }
    const auto blank = text.find(' ', at + 3);
    const auto close = text.substr(0, blank).rfind(')');
    if (close != string_view::npos && close > at + 2) {
      return Place{at, close + 1};
    }
  }
  return std::nullopt;
}

std::string without_anchor(string_view step) {
  return std::string(parse_anchor(step).key);
}

std::string escaped(string_view step) {
  return text::replace_all(std::string(step), "/", "\\/");
}

/// "a/./../b" below "/x/y" as "/x/b".
std::string joined(const DocumentPath& path, string_view relative) {
  std::vector<std::string> steps;
  if (!relative.starts_with('/')) {
    for (const auto& step : path) {
      steps.push_back(escaped(step));
    }
  }
  for (const auto step : text::split(relative, '/')) {
    if (step == ".." && !steps.empty()) {
      steps.pop_back();
    } else if (!step.empty() && step != "." && step != "..") {
      steps.emplace_back(step);
    }
  }
  std::string all;
  for (const auto& step : steps) {
    all += "/" + step;
  }
  return all.empty() ? "/" : all;
}

/// The scalar whose path without anchors is `wanted`.
std::optional<Value> find_leaf(const Value& value, const std::string& path, string_view wanted) {
  if (!value.is(Type::object) && !value.is(Type::array)) {
    return path == wanted ? std::optional(value) : std::nullopt;
  }
  for (std::size_t i = 0; i < value.size(); ++i) {
    const bool mapping = value.is(Type::object);
    const std::string step = mapping ? escaped(without_anchor(value.key_at(i))) : std::to_string(i);
    const std::string below = path + "/" + step;
    if (!wanted.starts_with(below)) {
      continue;
    }
    if (const auto found = find_leaf(mapping ? value.member_at(i) : value.at(i), below, wanted)) {
      return found;
    }
  }
  return std::nullopt;
}

Result<std::string> resolve(string_view reference, const Value& root, const DocumentPath& path) {
  constexpr std::array<string_view, 5> operators = {">=", "<=", ">", "<", "!"};
  const Error failed{Error::Kind::parse,
                     "failed to resolve " + text::printable(reference) + " in the policy"};
  constexpr string_view frame = "$()";
  const auto first = reference.find_first_not_of(frame);
  if (first == string_view::npos) {
    return failed;
  }
  string_view target = reference.substr(first, reference.find_last_not_of(frame) - first + 1);
  string_view sign;
  for (const auto candidate : operators) {
    if (sign.empty() && target.size() > 1 && target.starts_with(candidate)) {
      sign = candidate;
    }
  }
  target.remove_prefix(sign.size());
  const auto found = target.empty() ? std::nullopt : find_leaf(root, "", joined(path, target));
  if (!found || found->is_null()) {
    return failed;
  }
  if (found->is(Type::string)) {
    return std::string(sign) + std::string(found->as_string());
  }
  if (found->is(Type::number) && !sign.empty()) {
    return std::string(sign) + float_f(found->as_number());
  }
  return failed;
}

bool is_plain(string_view step) {
  const auto fits = [](char c, bool first) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           (first ? c == '(' : c == ')' || (c >= '0' && c <= '9'));
  };
  return !step.empty() && fits(step[0], true) &&
         std::all_of(step.begin() + 1, step.end(), [&](char c) { return fits(c, false); });
}

}  // namespace

bool has_reference(string_view text) {
  return next_reference(text, 0).has_value() || text.find("\\$(") != string_view::npos;
}

Result<std::string> resolve_references(string_view given,
                                       const Value& root,
                                       const DocumentPath& path) {
  std::string out;
  std::size_t done = 0;
  for (auto place = next_reference(given, 0); place; place = next_reference(given, done)) {
    std::string value;
    SLUICE_TRY_ASSIGN(value,
                      resolve(given.substr(place->begin, place->end - place->begin), root, path));
    out += given.substr(done, place->begin - done);
    out += value;
    done = place->end;
  }
  out += given.substr(done);
  return text::replace_all(std::move(out), "\\$(", "$(");
}

std::string own_place(const DocumentPath& path) {
  constexpr std::ptrdiff_t skipped = 2;
  auto from = std::find(path.begin(), path.end(), "foreach");
  from = from == path.end() ? path.begin() : from + 1;
  std::string expression;
  if (path.end() - from <= skipped) {
    return expression;
  }
  for (auto step = from + skipped; step != path.end(); ++step) {
    if (step->find_first_not_of("0123456789") == std::string::npos) {
      expression += "[" + *step + "]";
    } else if (is_plain(*step)) {
      expression += "." + *step;
    } else {
      std::string quoted;
      jmespath::append_json(Value::string(*step), quoted);
      expression += "." + quoted;
    }
  }
  return expression;
}

}  // namespace sluice::policy

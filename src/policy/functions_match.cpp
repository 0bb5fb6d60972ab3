// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "policy/context.hpp"
#include "policy/functions.hpp"

#include <charconv>
#include <map>
#include <memory>
#include <mutex>
#include <re2/re2.h>

namespace sluice::policy {

namespace {

using jmespath::Evaluation;
using jmespath::Outcome;
using Arguments = std::span<const Value>;

/// Patterns come from policies, of which there are few; a manifest's own text is compiled and
/// thrown away past that.
const re2::RE2* compiled(std::string_view pattern) {
  constexpr std::size_t most = 1024;
  static std::mutex mutex;
  static std::map<std::string, std::unique_ptr<re2::RE2>, std::less<>> cache;
  const std::scoped_lock lock(mutex);
  const auto found = cache.find(pattern);
  if (found != cache.end()) {
    return found->second.get();
  }
  if (cache.size() >= most) {
    return nullptr;
  }
  re2::RE2::Options options;
  options.set_log_errors(false);
  auto& kept = cache[std::string(pattern)];
  kept = std::make_unique<re2::RE2>(re2::StringPiece(pattern.data(), pattern.size()), options);
  return kept.get();
}

std::string text_of(const Value& value) {
  return value.is(Type::string) ? std::string(value.as_string()) : go_text(value);
}

Outcome fn_regex_match(Evaluation& evaluation, Arguments a, Value& out) {
  const auto* pattern = compiled(a[0].as_string());
  if (pattern == nullptr || !pattern->ok()) {
    return evaluation.fail("regex_match(): " + (pattern == nullptr
                                                    ? "too many different expressions"
                                                    : pattern->error()));
  }
  out = Value::boolean(re2::RE2::PartialMatch(text_of(a[1]), *pattern));
  return Outcome::ok;
}

/// Go's template "$1" or "${name}" as RE2's rewrite "\\1"; groups that the expression does not have
/// are empty. Nothing for groups beyond the ninth.
std::optional<std::string> rewrite_of(std::string_view replacement, const re2::RE2& expression) {
  const auto in_name = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
  };
  const auto& names = expression.NamedCapturingGroups();
  std::string rewrite;
  for (std::size_t i = 0; i < replacement.size(); ++i) {
    const auto rest = replacement.substr(i);
    const bool braced = rest.starts_with("${");
    const std::size_t start = i + (braced ? 2 : 1);
    std::size_t end = start;
    while (rest[0] == '$' && end < replacement.size() && in_name(replacement[end])) {
      ++end;
    }
    const bool closed = !braced || (end < replacement.size() && replacement[end] == '}');
    if (end == start || !closed) {
      rewrite += rest[0] == '\\' ? "\\\\" : rest.substr(0, 1);
      i += rest.starts_with("$$") ? 1 : 0;
      continue;
    }
    const std::string name(replacement.substr(start, end - start));
    int group = -1;
    const auto [last, error] = std::from_chars(name.data(), name.data() + name.size(), group);
    if (error != std::errc() || last != name.data() + name.size()) {
      const auto found = names.find(name);
      group = found == names.end() ? -1 : found->second;
    }
    if (group > 9 && group <= expression.NumberOfCapturingGroups()) {
      return std::nullopt;
    }
    if (group >= 0 && group <= expression.NumberOfCapturingGroups()) {
      rewrite += '\\' + std::to_string(group);
    }
    i = braced ? end : end - 1;
  }
  return rewrite;
}

enum class Replacement { as_template, literal };

Outcome replaced(Evaluation& evaluation, Arguments a, Replacement sort, Value& out) {
  const auto* pattern = compiled(a[0].as_string());
  if (pattern == nullptr || !pattern->ok()) {
    return evaluation.fail("regex_replace_all(): " + (pattern == nullptr
                                                          ? "too many different expressions"
                                                          : pattern->error()));
  }
  const auto rewrite = sort == Replacement::literal
                           ? std::optional(text::replace_all(text_of(a[2]), "\\", "\\\\"))
                           : rewrite_of(text_of(a[2]), *pattern);
  if (!rewrite) {
    return evaluation.fail_unsupported(
        "regex_replace_all(): only $0 to $9 are supported in a replacement");
  }
  std::string text = text_of(a[1]);
  re2::RE2::GlobalReplace(&text, *pattern, *rewrite);
  out = make_string(evaluation.arena(), text);
  return Outcome::ok;
}

Outcome fn_regex_replace_all(Evaluation& evaluation, Arguments a, Value& out) {
  return replaced(evaluation, a, Replacement::as_template, out);
}

Outcome fn_regex_replace_all_literal(Evaluation& evaluation, Arguments a, Value& out) {
  return replaced(evaluation, a, Replacement::literal, out);
}

Outcome fn_pattern_match(Evaluation&, Arguments a, Value& out) {
  out = Value::boolean(text::wildcard_match(a[0].as_string(), text_of(a[1])));
  return Outcome::ok;
}

Outcome fn_label_match(Evaluation&, Arguments a, Value& out) {
  bool all = true;
  for (std::size_t i = 0; i < a[0].size(); ++i) {
    const auto other = a[1].find(a[0].key_at(i));
    all = all && other && equal(*other, a[0].member_at(i));
  }
  out = Value::boolean(all);
  return Outcome::ok;
}

/// One ">=1.2.3", "1.2.x" or "!1.0.0" of a range; nothing when it is none.
std::optional<bool> in_simple_range(const SemanticVersion& version, std::string_view text) {
  constexpr std::string_view signs = "<>=!";
  const auto digits = text.find_first_not_of(signs);
  if (digits == std::string_view::npos) {
    return std::nullopt;
  }
  const auto sign = text.substr(0, digits);
  auto number = text.substr(digits);
  // A wildcard stands for a range of its own.
  const auto parts = text::split(number, '.');
  const auto wild = [](std::string_view part) { return part == "x" || part == "X" || part == "*"; };
  const bool wild_minor = parts.size() > 1 && wild(parts[1]);
  const bool wild_patch = parts.size() > 2 && wild(parts[2]);
  if (wild_minor || wild_patch) {
    const auto low = parse_semantic_version(std::string(parts[0]) + "." +
                                            std::string(wild_minor ? "0" : parts[1]) + ".0");
    if (!low) {
      return std::nullopt;
    }
    SemanticVersion high = *low;
    wild_minor ? ++high.major : ++high.minor;
    const bool at_least = compare(version, *low) >= 0;
    const bool below = compare(version, high) < 0;
    if (sign.empty() || sign == "=" || sign == "==") {
      return at_least && below;
    }
    return sign == ">"    ? !below
           : sign == ">=" ? at_least
           : sign == "<"  ? !at_least
           : sign == "<=" ? below
                          : !(at_least && below);
  }
  const auto wanted = parse_semantic_version(number);
  if (!wanted) {
    return std::nullopt;
  }
  const int order = compare(version, *wanted);
  if (sign.empty() || sign == "=" || sign == "==") {
    return order == 0;
  }
  if (sign == "!" || sign == "!=") {
    return order != 0;
  }
  return sign == ">" ? order > 0 : sign == ">=" ? order >= 0 : sign == "<" ? order < 0 : order <= 0;
}

Outcome fn_semver_compare(Evaluation& evaluation, Arguments a, Value& out) {
  const auto version = parse_semantic_version(a[0].as_string());
  if (!version) {
    return evaluation.fail("semver_compare(): the first argument is no version");
  }
  bool any = false;
  std::string range = text::replace_all(std::string(a[1].as_string()), "||", "|");
  for (const auto alternative : text::split(range, '|')) {
    bool all = true;
    for (const auto part : text::split(text::trim(alternative), ' ')) {
      if (part.empty()) {
        continue;
      }
      const auto fits = in_simple_range(*version, part);
      if (!fits) {
        return evaluation.fail("semver_compare(): the second argument is no range");
      }
      all = all && *fits;
    }
    any = any || all;
  }
  out = Value::boolean(any);
  return Outcome::ok;
}

using jmespath::accept_number;
using jmespath::accept_object;
using jmespath::accept_string;
constexpr unsigned text_or_number = accept_string | accept_number;

constexpr jmespath::Function functions[] = {
    {"label_match", 2, false, {accept_object, accept_object}, fn_label_match},
    {"pattern_match", 2, false, {accept_string, text_or_number}, fn_pattern_match},
    {"regex_match", 2, false, {accept_string, text_or_number}, fn_regex_match},
    {"regex_replace_all",
     3,
     false,
     {accept_string, text_or_number, text_or_number},
     fn_regex_replace_all},
    {"regex_replace_all_literal",
     3,
     false,
     {accept_string, text_or_number, text_or_number},
     fn_regex_replace_all_literal},
    {"semver_compare", 2, false, {accept_string, accept_string}, fn_semver_compare},
};

}  // namespace

std::span<const jmespath::Function> match_functions() {
  return functions;
}

const jmespath::FunctionTable& kyverno_functions() {
  static const jmespath::FunctionTable table = [] {
    jmespath::FunctionTable made;
    made.add(jmespath::standard_functions());
    made.add(text_functions());
    made.add(match_functions());
    made.add(data_functions());
    made.add(number_functions());
    made.add(time_functions());
    made.add(digest_functions());
    made.add(outside_functions());
    return made;
  }();
  return table;
}

}  // namespace sluice::policy

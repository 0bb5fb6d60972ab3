// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "policy/load.hpp"
#include "policy/signed_manifest.hpp"

#include <array>

namespace sluice::policy {

using std::string_view;

Template Loader::make_template(const Value& source) {
  auto made = compile_template(source, store_);
  if (made) {
    refuse_broken(*made);
    return std::move(*made);
  }
  if (made.error().kind == Error::Kind::unsupported) {
    unsupported(source, made.error().message);
  } else {
    invalid(source, made.error().message);
  }
  return {};
}

/// A reference that leads nowhere is an error in Kyverno as soon as the policy is made.
void Loader::refuse_broken(const Template& made) {
  if (!made.broken.empty()) {
    invalid(made.source, made.broken);
  }
  for (const auto& child : made.children) {
    refuse_broken(child);
  }
}

Condition Loader::condition(const Value& entry, string_view what) {
  constexpr std::array<string_view, 4> keys = {"key", "operator", "value", "message"};
  Condition made;
  made.source = entry;
  if (!known_keys(entry, what, keys)) {
    return made;
  }
  for (const string_view key : {"key", "operator", "value"}) {
    if (!entry.find(key)) {
      invalid(entry, "a condition of " + std::string(what) + " needs key, operator and value; " +
                         std::string(key) + " is missing");
    }
  }
  made.key = make_template(entry.get({"key"}));
  made.value = make_template(entry.get({"value"}));
  made.message = entry.text({"message"});
  check_operation_values(entry, *this);
  const auto name = entry.text({"operator"});
  if (const auto op = parse_operator(name)) {
    made.op = *op;
  } else {
    const auto near = text::nearest(name, operator_names());
    invalid(entry.get({"operator"}), "\"" + text::printable(name) + "\" is no operator",
            near ? "did you mean \"" + std::string(*near) + "\"?"
                 : "operators are written exactly as AnyIn, Equals, GreaterThan");
  }
  return made;
}

Conditions Loader::conditions(const Value& value, string_view what) {
  constexpr std::array<string_view, 2> keys = {"any", "all"};
  Conditions made;
  const auto block = [&](const Value& source) {
    ConditionBlock out;
    known_keys(source, what, keys);
    const Value any = source.get({"any"});
    const Value all = source.get({"all"});
    out.has_any = any.is(Type::array);
    for (std::size_t i = 0; i < any.size(); ++i) {
      out.any.push_back(condition(any.at(i), what));
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
      out.all.push_back(condition(all.at(i), what));
    }
    made.blocks.push_back(std::move(out));
  };
  if (value.is(Type::object)) {
    block(value);
  } else if (value.is(Type::array)) {
    // The old form: a plain list of conditions, all of which must hold; or a list of any/all
    // blocks.
    ConditionBlock plain;
    for (std::size_t i = 0; i < value.size(); ++i) {
      const Value entry = value.at(i);
      if (entry.find("any") || entry.find("all")) {
        block(entry);
      } else {
        plain.all.push_back(condition(entry, what));
      }
    }
    if (!plain.all.empty()) {
      made.blocks.push_back(std::move(plain));
    }
  } else if (!value.is_null()) {
    invalid(value, std::string(what) + " must be a mapping with any and all");
  }
  return made;
}

/// Anchors that only mutations know, and labels that are no strings, are refused by Kyverno too.
void Loader::check_pattern(const Value& pattern, bool labels) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern.is(Type::array)) {
      check_pattern(pattern.at(i), false);
      continue;
    }
    const auto anchor = parse_anchor(pattern.key_at(i));
    const Value value = pattern.member_at(i);
    if (anchor.anchor == Anchor::addition) {
      invalid(value,
              "the anchor " + text::printable(pattern.key_at(i)) + " works in mutations only");
    }
    if (anchor.anchor == Anchor::existence && !value.is(Type::array)) {
      invalid(value, "the pattern below " + text::printable(pattern.key_at(i)) + " must be a list");
    }
    if (labels && (value.is(Type::number) || value.is(Type::boolean))) {
      invalid(value, "labels and annotations in a pattern must be strings; quote the value of \"" +
                         text::printable(pattern.key_at(i)) + "\"");
    }
    const Value inner = value;
    const bool metadata = anchor.key == "metadata";
    for (std::size_t j = 0; metadata && j < inner.size() && inner.is(Type::object); ++j) {
      const auto key = parse_anchor(inner.key_at(j)).key;
      if (key == "labels" || key == "annotations") {
        check_pattern(inner.member_at(j), true);
      }
    }
    check_pattern(value, false);
  }
}

void Loader::add_pattern(const Value& pattern, Check& out) {
  check_pattern(pattern, false);
  out.patterns.push_back(make_template(pattern));
  out.compiled.emplace_back();
  if (out.patterns.back().constant) {
    out.compiled.back() = compile_pattern(arena_, pattern);
  }
}

ForEach Loader::loop(const Value& entry) {
  ForEach made;
  made.list = string(entry, "list", "list");
  if (made.list.empty()) {
    invalid(entry, "foreach needs a list");
  } else if (const auto compiled = store_.get(made.list);
             !compiled && variables_in(made.list).empty()) {
    const std::string message =
        "foreach list \"" + text::printable(made.list) + "\": " + compiled.error().message;
    compiled.error().kind == Error::Kind::unsupported ? unsupported(entry, message)
                                                      : invalid(entry, message);
  }
  if (const Value scope = entry.get({"elementScope"}); scope.is(Type::boolean)) {
    made.element_scope = scope.as_boolean();
  }
  made.context = context(entry.get({"context"}));
  made.preconditions = conditions(entry.get({"preconditions"}), "preconditions");
  made.check = check(entry, true);
  return made;
}

Check Loader::check(const Value& validate, bool in_foreach) {
  constexpr std::array<string_view, 12> rule_keys = {"message",
                                                     "failureAction",
                                                     "failureActionOverrides",
                                                     "allowExistingViolations",
                                                     "pattern",
                                                     "anyPattern",
                                                     "deny",
                                                     "foreach",
                                                     "podSecurity",
                                                     "cel",
                                                     "manifests",
                                                     "assert"};
  constexpr std::array<string_view, 8> loop_keys = {"list",          "elementScope", "context",
                                                    "preconditions", "pattern",      "anyPattern",
                                                    "deny",          "foreach"};
  constexpr std::array<string_view, 1> deny_keys = {"conditions"};
  Check made;
  if (!known_keys(validate, in_foreach ? "foreach" : "validate",
                  in_foreach ? std::span<const string_view>(loop_keys)
                             : std::span<const string_view>(rule_keys))) {
    return made;
  }
  std::size_t sorts = 0;
  for (const string_view sort :
       {"pattern", "anyPattern", "deny", "foreach", "podSecurity", "cel", "manifests", "assert"}) {
    sorts += present(validate, sort) ? 1 : 0;
  }
  if (sorts != 1) {
    invalid(
        validate,
        sorts == 0
            ? "there is nothing to check: no pattern, anyPattern, deny or foreach"
            : "only one of pattern, anyPattern, deny, foreach, podSecurity and cel may be given");
    return made;
  }
  for (const string_view feature : {"cel", "assert"}) {
    if (present(validate, feature)) {
      unsupported(validate.get({feature}), "validate." + std::string(feature));
      return made;
    }
  }
  if (present(validate, "manifests")) {
    made.kind = Check::Kind::manifests;
    made.manifests = load_signed_manifest(*this, validate.get({"manifests"}));
  } else if (present(validate, "podSecurity")) {
    made.kind = Check::Kind::pod_security;
    made.pod_security = pod_security(validate.get({"podSecurity"}));
  } else if (present(validate, "deny")) {
    made.kind = Check::Kind::deny;
    const Value deny = validate.get({"deny"});
    known_keys(deny, "deny", deny_keys);
    made.deny = conditions(deny.get({"conditions"}), "deny.conditions");
  } else if (present(validate, "pattern")) {
    made.kind = Check::Kind::pattern;
    add_pattern(validate.get({"pattern"}), made);
  } else if (present(validate, "anyPattern")) {
    made.kind = Check::Kind::any_pattern;
    const Value patterns = validate.get({"anyPattern"});
    if (!patterns.is(Type::array)) {
      invalid(patterns, "anyPattern must be a list");
    }
    for (std::size_t i = 0; i < patterns.size(); ++i) {
      add_pattern(patterns.at(i), made);
    }
  } else {
    made.kind = Check::Kind::foreach;
    const Value loops = validate.get({"foreach"});
    for (std::size_t i = 0; i < loops.size(); ++i) {
      made.loops.push_back(loop(loops.at(i)));
    }
  }
  return made;
}

}  // namespace sluice::policy

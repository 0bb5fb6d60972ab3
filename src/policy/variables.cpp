// SPDX-License-Identifier: Apache-2.0
#include "policy/variables.hpp"

#include "base/text.hpp"
#include "policy/references.hpp"

#include <algorithm>

namespace sluice::policy {

namespace {

constexpr int most_rounds = 64;  // values that contain variables that contain variables ...
constexpr std::size_t most_bytes = std::size_t{2} << 20U;  // Kyverno's own limit of a context

struct Place {
  std::size_t begin;  ///< of the first brace
  std::size_t end;    ///< after the last
};

/// The end of a variable that begins at `at`: "{{", then no braces but one level of "{...}", then
/// "}}". 0 when it is none.
std::size_t variable_end(std::string_view text, std::size_t at) {
  if (text.substr(at, 2) != "{{") {
    return 0;
  }
  for (std::size_t i = at + 2; i < text.size(); ++i) {
    if (text[i] == '}') {
      return text.substr(i, 2) == "}}" ? i + 2 : 0;
    }
    if (text[i] == '{') {
      i = text.find_first_of("{}", i + 1);
      if (i == std::string_view::npos || text[i] == '{') {
        return 0;
      }
    }
  }
  return 0;
}

/// Variables of a text that are not escaped, left to right. As in Kyverno's expression the
/// character before a variable belongs to it, so that of two that touch only the first is seen; the
/// next round sees the other.
std::vector<Place> find_variables(std::string_view text) {
  std::vector<Place> found;
  std::size_t free_from = 0;  // characters before this belong to the last one
  for (std::size_t i = text.find("{{"); i != std::string_view::npos; i = text.find("{{", i)) {
    const bool can_start = i == 0 || (i > free_from && text[i - 1] != '\\');
    const std::size_t end = can_start ? variable_end(text, i) : 0;
    if (end == 0) {
      ++i;
      continue;
    }
    found.push_back({i, end});
    free_from = end;
    i = end;
  }
  return found;
}

struct Query {
  std::string text;
  bool shallow = false;  ///< "{{- x }}": the value is not looked through again
};

Query query_of(std::string_view variable) {
  auto text = text::replace_all(text::replace_all(std::string(variable), "{{", ""), "}}", "");
  auto trimmed = text::trim(text);
  if (trimmed.starts_with('-')) {
    return {std::string(text::trim(trimmed.substr(1))), true};
  }
  return {std::string(trimmed), false};
}

bool lookup(const Query& query,
            std::string_view own_place,
            Context& context,
            Value& out,
            Failure& failure) {
  if (query.text.empty()) {
    failure = {Failure::Kind::error, "a variable without a name"};
    return false;
  }
  if (query.text == "@") {
    const bool of_target = !context.get("target").is_null();
    const Query whole{std::string(of_target ? "target" : "request.object") + std::string(own_place),
                      false};
    return lookup(whole, "", context, out, failure);
  }
  if (context.deleting) {
    return context.query(text::replace_all(query.text, "request.object", "request.oldObject"), out,
                         failure);
  }
  return context.query(query.text, out, failure);
}

std::string text_of(const Value& value) {
  if (value.is(Type::string)) {
    return std::string(value.as_string());
  }
  std::string json;
  append_json(value, json);
  return json;
}

/// What a string of a policy is: with variables, of the object's own place, one variable alone.
struct Checked {
  bool variable = false;
  bool own_place = false;
  const Expression* single = nullptr;
};

Result<Checked> check_text(std::string_view text, ExpressionStore& store) {
  Checked checked;
  for (const auto& place : find_variables(text)) {
    checked.variable = true;
    const auto query = query_of(text.substr(place.begin, place.end - place.begin));
    if (query.text == "@") {
      checked.own_place = true;
      continue;
    }
    const auto compiled = store.get(query.text);
    if (!compiled) {
      return Error{compiled.error().kind,
                   "{{ " + text::printable(query.text) + " }} (" + compiled.error().message + ")"};
    }
    if (place.begin == 0 && place.end == text.size() && !query.shallow) {
      checked.single = *compiled;
    }
  }
  return checked;
}

/// Compiles a document from its root, which references need.
class TemplateCompiler {
 public:
  TemplateCompiler(const Value& root, ExpressionStore& store) : root_(root), store_(store) {}

  Result<Template> compile(const Value& source) {
    Template made{.source = source, .constant = true, .single = nullptr, .children = {}};
    if (source.is(Type::string)) {
      SLUICE_TRY(text(made));
      return made;
    }
    for (std::size_t i = 0; i < source.size(); ++i) {
      const bool mapping = source.is(Type::object);
      if (mapping) {
        Checked key;
        SLUICE_TRY_ASSIGN(key, check_text(source.key_at(i), store_));
        made.constant = made.constant && !key.variable;
      }
      path_.push_back(mapping ? std::string(source.key_at(i)) : std::to_string(i));
      Template child;
      SLUICE_TRY_ASSIGN(child, compile(mapping ? source.member_at(i) : source.at(i)));
      path_.pop_back();
      made.constant = made.constant && child.constant;
      made.children.push_back(std::move(child));
    }
    if (made.constant) {
      made.children.clear();
    }
    return made;
  }

 private:
  Status text(Template& made) {
    const bool refers = has_reference(made.source.as_string());
    if (refers) {
      auto resolved = resolve_references(made.source.as_string(), root_, path_);
      if (!resolved) {  // as in Kyverno an error, but only when the string is used
        made.constant = false;
        made.broken = resolved.error().message;
        return ok;
      }
      made.source = Value::string(store_.keep(std::move(*resolved))).standing_at(made.source);
    }
    Checked checked;
    SLUICE_TRY_ASSIGN(checked, check_text(made.source.as_string(), store_));
    made.single = checked.single;
    if (checked.own_place) {
      made.own_place = own_place(path_);
    }
    // An escaped brace is unescaped at the end of a substitution.
    made.constant = !refers && !checked.variable &&
                    made.source.as_string().find("\\{{") == std::string_view::npos;
    return ok;
  }

  const Value& root_;
  ExpressionStore& store_;
  DocumentPath path_;
};

}  // namespace

Result<const Expression*> ExpressionStore::get(std::string_view text) {
  if (const auto found = by_text_.find(text); found != by_text_.end()) {
    return static_cast<const Expression*>(found->second.get());
  }
  auto compiled = Expression::compile(text, kyverno_functions());
  if (!compiled) {
    return compiled.error();
  }
  auto& kept = by_text_[std::string(text)];
  kept = std::make_unique<Expression>(std::move(*compiled));
  return static_cast<const Expression*>(kept.get());
}

std::string without_variables(std::string_view text, std::string_view word) {
  std::string value(text);
  for (int round = 0; round < most_rounds; ++round) {
    const auto places = find_variables(value);
    if (places.empty()) {
      break;
    }
    for (auto place = places.rbegin(); place != places.rend(); ++place) {
      value.replace(place->begin, place->end - place->begin, word);
    }
  }
  return value;
}

std::vector<std::string_view> variables_in(std::string_view text) {
  std::vector<std::string_view> names;
  for (const auto& place : find_variables(text)) {
    names.push_back(text::trim(text.substr(place.begin + 2, place.end - place.begin - 4)));
  }
  return names;
}

std::string_view ExpressionStore::keep(std::string text) {
  return kept_.emplace_back(std::move(text));
}

Result<Template> compile_template(const Value& source, ExpressionStore& store) {
  return TemplateCompiler(source, store).compile(source);
}

bool substitute_text(std::string_view text,
                     Context& context,
                     Value& out,
                     Failure& failure,
                     std::string_view own_place) {
  std::string value(text);
  auto places = find_variables(value);
  for (int round = 0; !places.empty(); ++round) {
    if (round >= most_rounds || value.size() > most_bytes) {
      failure = {Failure::Kind::error, "the variables of \"" + std::string(text) + "\" never end"};
      return false;
    }
    const std::string before = value;
    bool shallow = false;
    for (const auto& place : places) {
      const std::string variable = before.substr(place.begin, place.end - place.begin);
      const auto query = query_of(variable);
      shallow = query.shallow;
      Value found;
      if (!lookup(query, own_place, context, found, failure)) {
        return false;
      }
      if (before == variable) {
        out = found;
        return true;
      }
      std::string replacement = text_of(found);
      if (shallow) {
        replacement = text::replace_all(std::move(replacement), "{{", "\\{{");
      }
      const std::string prefix = place.begin == 0 ? "" : before.substr(place.begin - 1, 1);
      if (const auto at = value.find(prefix + variable); at != std::string::npos) {
        value.replace(at, prefix.size() + variable.size(), prefix + replacement);
      }
    }
    places = shallow ? std::vector<Place>() : find_variables(value);
  }
  out = make_string(context.arena(), text::replace_all(std::move(value), "\\{{", "{{"));
  return true;
}

bool substitute(const Template& source, Context& context, Value& out, Failure& failure) {
  if (source.constant) {
    out = source.source;
    return true;
  }
  if (source.single != nullptr && !context.deleting) {
    return context.query(*source.single, out, failure);
  }
  if (!source.broken.empty()) {
    failure = {Failure::Kind::error, source.broken};
    return false;
  }
  if (source.source.is(Type::string)) {
    return substitute_text(source.source.as_string(), context, out, failure, source.own_place);
  }
  const std::size_t count = source.children.size();
  if (source.source.is(Type::array)) {
    const auto elements = context.arena().array<Value>(count);
    for (std::size_t i = 0; i < count; ++i) {
      if (!substitute(source.children[i], context, elements[i], failure)) {
        return false;
      }
    }
    out = Value::array(elements).standing_at(source.source);
    return true;
  }
  const auto members = context.arena().array<Member>(count);
  for (std::size_t i = 0; i < count; ++i) {
    Value key;
    if (!substitute_text(source.source.key_at(i), context, key, failure) ||
        !substitute(source.children[i], context, members[i].value, failure)) {
      return false;
    }
    if (!key.is(Type::string)) {
      failure = {Failure::Kind::error, "the key \"" + std::string(source.source.key_at(i)) +
                                           "\" did not become a string"};
      return false;
    }
    members[i].key = key.as_string();
  }
  out = Value::object(members.first(sort_members(members))).standing_at(source.source);
  return true;
}

}  // namespace sluice::policy

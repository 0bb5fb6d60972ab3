// SPDX-License-Identifier: Apache-2.0
#include "flux/values.hpp"

#include "base/text.hpp"
#include "flux/fields.hpp"

#include <charconv>
#include <vector>

namespace sluice::flux {
namespace {

using yaml::Kind;
using yaml::Value;

struct Step {
  std::string key;
  std::optional<std::size_t> index;  ///< instead of a key
};

/// "a\.b[0].c": {a.b}, {0}, {c}. Nothing when it is no path.
std::optional<std::vector<Step>> steps_of(std::string_view path) {
  std::vector<Step> steps;
  std::string key;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const char c = path[i];
    if (c == '\\' && i + 1 < path.size()) {
      key += path[++i];
    } else if (c == '.') {
      if (!key.empty()) {
        steps.push_back({std::exchange(key, {}), std::nullopt});
      } else if (i == 0 || path[i - 1] != ']') {
        return std::nullopt;
      }
    } else if (c == '[') {
      if (!key.empty()) {
        steps.push_back({std::exchange(key, {}), std::nullopt});
      }
      std::size_t index = 0;
      const auto [end, error] =
          std::from_chars(path.data() + i + 1, path.data() + path.size(), index);
      if (error != std::errc() || end == path.data() + path.size() || *end != ']' ||
          index > 65536) {
        return std::nullopt;
      }
      steps.push_back({{}, index});
      i = static_cast<std::size_t>(end - path.data());
    } else {
      key += c;
    }
  }
  if (!key.empty()) {
    steps.push_back({std::move(key), std::nullopt});
  }
  return steps.empty() || steps.front().index ? std::nullopt : std::optional(steps);
}

/// What --set makes of a text: true, false, null and numbers are themselves.
Value typed(std::string_view text) {
  if (text == "true" || text == "false") {
    return Value::boolean(text == "true");
  }
  if (text == "null") {
    return {};
  }
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc() && end == text.data() + text.size() && !text.empty();
  if (whole && (text == "0" || text[0] != '0')) {
    return {.kind = Kind::integer, .text = std::to_string(number)};
  }
  return Value::string(std::string(text));
}

Result<Value> value_of(std::string_view text, SetAs as) {
  if (as == SetAs::literal) {
    return Value::string(std::string(text));
  }
  const bool quotes =
      text.size() > 1 && (text[0] == '"' || text[0] == '\'') && text.back() == text[0];
  if (quotes) {
    const auto first = text.find_first_not_of("'\"");
    const auto last = text.find_last_not_of("'\"");
    text = first == std::string_view::npos ? "" : text.substr(first, last - first + 1);
  }
  if (text.find_first_of(",\\") != std::string_view::npos || text.starts_with('{')) {
    return Error{Error::Kind::unsupported, "a value that holds commas, braces or '\\'"};
  }
  return quotes ? Value::string(std::string(text)) : typed(text);
}

const Referenced* referenced(Context& context, const Subject& subject, const Value& reference) {
  return context.catalogue.find(subject.cluster, reference.text_at({"kind"}),
                                subject.resource->ref.name_space, reference.text_at({"name"}));
}

std::string described(const Subject& subject, const Value& reference) {
  return std::string(reference.text_at({"kind"})) + " " + subject.resource->ref.name_space + "/" +
         std::string(reference.text_at({"name"}));
}

enum class Found { yes, skipped, no };

/// The text that one reference of valuesFrom names.
Found text_of(Context& context, const Subject& subject, const Value& reference, std::string& text) {
  const auto what = described(subject, reference);
  const bool optional = is_true(&reference, "optional");
  const auto* object = referenced(context, subject, reference);
  if (object != nullptr && !object->file.empty()) {
    context.input(object->file);
  }
  if (object != nullptr && object->encrypted) {
    context.unrenderable(subject, what + ", which gives values, is encrypted");
    return Found::no;
  }
  const auto key = reference.text_at({"valuesKey"});
  const auto entry = object == nullptr
                         ? std::map<std::string, std::string>::const_iterator{}
                         : object->data.find(key.empty() ? "values.yaml" : std::string(key));
  if (object != nullptr && entry != object->data.end()) {
    text = entry->second;
    return Found::yes;
  }
  if (optional) {
    context.report(subject, &reference, diag::Severity::note, "render/optional-missing",
                   what + (object == nullptr ? " is not here" : " has no such key") +
                       " and is optional: it gives no values");
    return Found::skipped;
  }
  if (object == nullptr) {
    context.unrenderable(subject, what + ", which gives values, is not in this repository");
  } else {
    context.missing(subject, &reference,
                    what + " has no key " + quoted(key.empty() ? "values.yaml" : key));
  }
  return Found::no;
}

bool lay_over(Context& context,
              const Subject& subject,
              const Value& reference,
              const Value& own,
              Value& values) {
  if (!check_fields(context, subject, &reference, values_from_fields)) {
    return false;
  }
  std::string text;
  const auto found = text_of(context, subject, reference, text);
  if (found != Found::yes) {
    return found == Found::skipped;
  }
  const auto what = described(subject, reference);
  if (const auto target = reference.text_at({"targetPath"}); !target.empty()) {
    yaml::merge_values(values, own);  // as helm-controller does, before it sets the one value
    const auto as = is_true(&reference, "literal") ? SetAs::literal : SetAs::typed;
    if (const auto status = set_path(values, target, text, as); !status) {
      context.unrenderable(
          subject, what + " at targetPath " + std::string(target) + ": " + status.error().message);
      return false;
    }
    return true;
  }
  const auto parsed = yaml::parse_value(text, what);
  if (!parsed || !(parsed->is_mapping() || parsed->kind == Kind::null)) {
    context.invalid(
        subject, &reference,
        parsed ? what + " holds no mapping" : text::printable(parsed.error().message, 400));
    return false;
  }
  yaml::merge_values(values, *parsed);
  return true;
}

}  // namespace

Status set_path(Value& values, std::string_view path, std::string_view text, SetAs as) {
  const auto steps = steps_of(path);
  if (!steps) {
    return Error{Error::Kind::parse, "no path of values"};
  }
  Value value;
  SLUICE_TRY_ASSIGN(value, value_of(text, as));
  Value* at = &values;
  for (const auto& step : *steps) {
    if (step.index) {
      if (at->kind != Kind::sequence) {
        *at = Value::sequence();
      }
      at->items.resize(std::max(at->items.size(), *step.index + 1));
      at = &at->items[*step.index];
    } else {
      if (!at->is_mapping()) {
        *at = Value::mapping();
      }
      auto* next = at->find(step.key);
      at = next == nullptr ? &at->set(step.key, {}) : next;
    }
  }
  *at = std::move(value);
  return ok;
}

std::optional<Value> release_values(Context& context, const Subject& subject, const Value& spec) {
  const auto* written = present(&spec, "values");
  const Value own = written == nullptr ? Value::mapping() : *written;
  auto values = Value::mapping();
  if (const auto* from = present(&spec, "valuesFrom"); from != nullptr) {
    for (const auto& reference : from->items) {
      if (!lay_over(context, subject, reference, own, values)) {
        return std::nullopt;
      }
    }
  }
  yaml::merge_values(values, own);
  return values;
}

}  // namespace sluice::flux

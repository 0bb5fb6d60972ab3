// SPDX-License-Identifier: Apache-2.0
#include "rules/object.hpp"

#include "base/text.hpp"
#include "rules/path.hpp"
#include "schema/frame.hpp"
#include "yaml/canonical.hpp"

#include <algorithm>

namespace sluice::rules {
namespace {

using yaml::Kind;

/// Nobody reads more of one object, and a hostile one could have millions.
constexpr std::size_t complaint_limit = 100;

bool is_there(const Node* node) {
  return node != nullptr && node->kind != Kind::null;
}

std::string listed(std::span<const std::string_view> known) {
  return text::join(std::vector<std::string>(known.begin(), known.end()), ", ");
}

}  // namespace

const Node* Object::get(const Node* mapping, std::string_view key) const {
  if (mapping == nullptr) {
    return nullptr;
  }
  const Node* found = document_.find(*mapping, key);
  return is_there(found) ? found : nullptr;
}

const Node* Object::get(const Node* mapping, std::initializer_list<std::string_view> keys) const {
  for (const std::string_view key : keys) {
    mapping = get(mapping, key);
  }
  return mapping;
}

std::span<const Node> Object::items(const Node* list) const {
  return list != nullptr && list->kind == Kind::sequence ? document_.children(*list)
                                                         : std::span<const Node>{};
}

Pairs Object::pairs(const Node* mapping) const {
  return Pairs(mapping != nullptr && mapping->kind == Kind::mapping ? document_.children(*mapping)
                                                                    : std::span<const Node>{});
}

std::string_view Object::text(const Node* node) const {
  return node != nullptr && node->kind == Kind::string ? node->text : std::string_view{};
}

std::string_view Object::text(const Node* mapping, std::string_view key) const {
  return text(get(mapping, key));
}

std::optional<std::int64_t> Object::integer(const Node* mapping, std::string_view key) const {
  const Node* found = get(mapping, key);
  return found != nullptr && (found->kind == Kind::integer || found->kind == Kind::real)
             ? yaml::as_int64(*found)
             : std::nullopt;
}

bool Object::is_true(const Node* mapping, std::string_view key) const {
  const Node* found = get(mapping, key);
  return found != nullptr && found->kind == Kind::boolean && yaml::as_bool(*found);
}

bool Object::is_false(const Node* mapping, std::string_view key) const {
  const Node* found = get(mapping, key);
  return found != nullptr && found->kind == Kind::boolean && !yaml::as_bool(*found);
}

std::optional<k8s::Quantity> Object::quantity(const Node* node) const {
  if (!is_there(node)) {
    return k8s::Quantity();
  }
  if (node->kind != Kind::string && node->kind != Kind::integer && node->kind != Kind::real) {
    return std::nullopt;
  }
  std::string number;
  if (node->kind != Kind::string) {
    yaml::append_canonical_json(document_, *node, number);
  }
  const auto parsed =
      k8s::parse_quantity(node->kind == Kind::string ? text::trim(node->text) : number);
  return parsed ? std::optional(parsed->rounded_up_to_milli()) : std::nullopt;
}

Object::Place Object::locate(At at) const {
  Path path = find_path(document_, *root(), *at.node);
  const Node* there = at.field.empty() ? at.node : document_.find(*at.node, at.field);
  Place place{.pointer = path.pointer(at.field),
              .subject = path.subject(at.field),
              .show = is_there(there) ? there : nullptr,
              .point = there};
  if (there == nullptr) {
    place.point =
        path.steps.empty() || path.steps.back().key == nullptr ? at.node : path.steps.back().key;
  }
  return place;
}

std::string Object::value_text(const Place& place) const {
  const bool hidden = resource_.ref.kind == "Secret" && (place.pointer.starts_with("/data/") ||
                                                         place.pointer.starts_with("/stringData/"));
  return hidden ? "a hidden value" : schema::shown(*place.show);
}

void Object::say(
    At, std::string_view code, std::string message, std::string_view hint, Place place) {
  const auto before = findings_.begin() + static_cast<std::ptrdiff_t>(first_finding_);
  const bool known = std::any_of(before, findings_.end(), [&](const diag::Finding& finding) {
    return finding.path == place.pointer && finding.severity == diag::Severity::error;
  });
  if (known || findings_.size() - first_finding_ >= complaint_limit) {
    return;
  }
  diag::Finding finding = k8s::finding_at(resource_, *place.point);
  finding.code = code;
  finding.severity = only_warn_.empty() ? diag::Severity::error : diag::Severity::warning;
  finding.message = std::move(message);
  if (!only_warn_.empty()) {
    finding.message += "; " + std::string(only_warn_);
  }
  finding.hint = hint;
  finding.path = std::move(place.pointer);
  findings_.push_back(std::move(finding));
}

void Object::required(const Node* mapping,
                      std::string_view field,
                      std::string_view why,
                      std::string_view hint) {
  const At at{mapping, field};
  Place place = locate(at);
  std::string message = place.subject + " is required";
  if (place.show != nullptr) {
    message = place.subject + " is empty, but required";
  }
  message += why.empty() ? "" : " " + std::string(why);
  say(at, "schema/required", std::move(message), hint, std::move(place));
}

void Object::invalid(At at, std::string_view code, std::string_view why, std::string_view hint) {
  Place place = locate(at);
  std::string message = place.subject;
  if (place.show != nullptr && place.show->is_scalar()) {
    message += " is " + value_text(place) + "; it must " + std::string(why);
  } else {
    message += " must " + std::string(why);
  }
  say(at, code, std::move(message), hint, std::move(place));
}

void Object::unsupported(At at, std::span<const std::string_view> known) {
  Place place = locate(at);
  std::string hint = "one of: " + listed(known);
  std::string message = place.subject + " is required";
  if (place.show != nullptr) {
    message = place.subject + " is " + value_text(place) + ", which " +
              text::printable(resource_.ref.kind) + " (" +
              text::printable(resource_.ref.api_version) + ") does not know";
    if (const auto near = text::nearest(text(place.show), known)) {
      hint = "did you mean \"" + std::string(*near) + "\"? " + hint;
    }
  }
  say(at, place.show == nullptr ? "schema/required" : "schema/enum", std::move(message), hint,
      std::move(place));
}

void Object::forbidden(At at, std::string_view why, std::string_view hint) {
  Place place = locate(at);
  std::string message = place.subject + " may not be set " + std::string(why);
  say(at, "schema/conflict", std::move(message), hint, std::move(place));
}

void Object::duplicate(At at, std::string_view what, std::string_view hint) {
  Place place = locate(at);
  std::string message = place.subject;
  if (place.show != nullptr && place.show->is_scalar()) {
    message += " is " + value_text(place) + ", which " + std::string(what) + " already has";
  } else {
    message += " repeats " + std::string(what);
  }
  say(at, "schema/duplicate-item", std::move(message), hint, std::move(place));
}

void Object::text_form(At at, std::string_view text, Form form, std::string_view code) {
  if (!has_form(form, text)) {
    invalid(at, code.empty() ? "schema/format" : code, demand(form), describe(form));
  }
}

void Object::form(const Node* mapping, std::string_view field, Form form, std::string_view code) {
  if (const std::string_view value = text(mapping, field); !value.empty()) {
    text_form({mapping, field}, value, form, code);
  }
}

void Object::named(const Node* mapping, std::string_view field, Form form) {
  if (text(mapping, field).empty()) {
    return required(mapping, field);
  }
  this->form(mapping, field, form);
}

void Object::range(const Node* mapping,
                   std::string_view field,
                   std::int64_t least,
                   std::int64_t most) {
  const auto value = integer(mapping, field);
  if (value && (*value < least || *value > most)) {
    invalid({mapping, field}, "schema/range",
            "lie between " + std::to_string(least) + " and " + std::to_string(most));
  }
}

void Object::one_of(const Node* mapping,
                    std::string_view field,
                    std::initializer_list<std::string_view> known) {
  const std::string_view value = text(mapping, field);
  if (!value.empty() && std::find(known.begin(), known.end(), value) == known.end()) {
    unsupported({mapping, field}, {known.begin(), known.size()});
  }
}

void Object::chosen(const Node* mapping,
                    std::string_view field,
                    std::initializer_list<std::string_view> known) {
  const std::string_view value = text(mapping, field);
  if (std::find(known.begin(), known.end(), value) == known.end()) {
    unsupported({mapping, field}, {known.begin(), known.size()});
  }
}

}  // namespace sluice::rules

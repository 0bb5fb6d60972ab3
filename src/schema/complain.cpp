// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "schema/checker.hpp"
#include "schema/format.hpp"
#include "yaml/canonical.hpp"

#include <algorithm>

namespace sluice::schema {

using yaml::Kind;
using yaml::Node;

namespace {

/// Nobody reads more of one object, and a hostile one could have millions.
constexpr int complaint_limit = 100;

/// Whether the text would be one of the wanted kinds if it stood there without quotes.
bool reads_as(std::string_view text, std::uint32_t wanted) {
  const auto wants = [&](Kind kind) { return (wanted >> static_cast<unsigned>(kind) & 1U) != 0; };
  if (wants(Kind::boolean) && (text == "true" || text == "false")) {
    return true;
  }
  return wants(Kind::integer) && !text.empty() &&
         text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

bool Checker::silent() {
  if (probing_ != 0) {
    failed_ = true;
  }
  return probing_ != 0;
}

void Checker::complain(const Node& at, Words words, diag::Severity severity) {
  if (silent() || complaints_ > complaint_limit) {
    return;
  }
  if (++complaints_ > complaint_limit) {
    stopped_ = true;
    words = {"schema/limit",
             "more than " + std::to_string(complaint_limit) + " things are wrong with this object",
             "the rest of it was not checked", words.path};
    severity = diag::Severity::error;
  }
  diag::Finding finding = k8s::finding_at(resource_, at);
  finding.code = words.code;
  finding.severity = severity;
  finding.message = std::move(words.message);
  finding.hint = std::move(words.hint);
  finding.path = std::move(words.path);
  findings_.push_back(std::move(finding));
}

std::string Checker::kind_text() const {
  return text::printable(resource_.ref.kind) + " (" + text::printable(resource_.ref.api_version) +
         ")";
}

std::string Checker::value_text(const Node& node) const {
  return resource_.ref.kind == "Secret" && node.is_scalar() && node.kind != Kind::null
             ? "a hidden value"
             : shown(node);
}

std::string Checker::subject(const Frame& frame) const {
  if (frame.up == nullptr) {
    return "the object";
  }
  return (frame.key == nullptr ? "item \"" : "field \"") + name_of(frame) + '"';
}

void Checker::unknown_field(Place place, const Node& key, const Frame& frame) {
  if (silent()) {
    return;
  }
  std::vector<std::string_view> names;
  for (const Property& property : properties(*place.table, place.properties())) {
    names.push_back(property.name);
  }
  std::sort(names.begin(), names.end());
  std::string hint;
  if (const auto near = text::nearest(key.text, names)) {
    hint = "did you mean \"" + std::string(*near) + "\"?";
  } else if (names.empty()) {
    hint = "the schema gives this mapping no fields at all";
  } else if (frame.up != nullptr) {
    hint = "the place may be wrong: " + pointer(frame) + " has no such field";
  }
  complain(key, {"schema/unknown-field",
                 "field \"" + text::printable(key.text) + "\" is not in " + kind_text(),
                 std::move(hint), pointer(frame, key.text)});
}

void Checker::wrong_type(Place place, const Node& node, const Frame& frame) {
  if (silent()) {
    return;
  }
  std::uint32_t wanted = place.accepts();
  const Format format = place.format();
  constexpr std::uint32_t real = 1U << static_cast<unsigned>(Kind::real);
  if (format >= Format::int32 && format <= Format::int_or_string) {
    wanted &= ~real;  // reals are let in for 3.0, which is an integer too
  }
  std::string hint;
  constexpr std::uint32_t text_bit = 1U << static_cast<unsigned>(Kind::string);
  if (node.is_scalar() && node.kind != Kind::null && (wanted & text_bit) != 0) {
    hint = "write it in quotes";
    hint += resource_.ref.kind == "Secret" ? "" : ": \"" + text::printable(node.text, 60) + '"';
  } else if (node.kind == Kind::string && (wanted & text_bit) == 0 && reads_as(node.text, wanted)) {
    hint = "write it without quotes";
  }
  const bool say_kind =
      node.kind != Kind::null && node.kind != Kind::sequence && node.kind != Kind::mapping;
  complain(node, {"schema/type",
                  subject(frame) + " is " + value_text(node) +
                      (say_kind ? ", " + std::string(kind_name(node.kind)) : std::string{}) + "; " +
                      kind_text() + " wants " + kinds_text(wanted),
                  std::move(hint), pointer(frame)});
}

void Checker::wrong_format(Format format, const Node& node, const Frame& frame) {
  if (silent()) {
    return;
  }
  const bool number = node.kind != Kind::string;
  const bool fraction = node.kind == Kind::real && !yaml::as_int64(node);
  complain(node, {number && !fraction ? "schema/range"
                  : fraction          ? "schema/type"
                                      : "schema/format",
                  subject(frame) + " is " + value_text(node) + "; " + kind_text() + " wants " +
                      std::string(describe(format)),
                  {},
                  pointer(frame)});
}

void Checker::missing_field(std::string_view name, const Node& node, const Frame& frame) {
  if (silent()) {
    return;
  }
  const std::string where =
      frame.up == nullptr ? std::string{} : " in " + name_of(frame) + " of " + kind_text();
  complain(frame.key != nullptr ? *frame.key : node,
           {"schema/required",
            "field \"" + text::printable(name) + "\" is required" +
                (where.empty() ? " in " + kind_text() : where),
            {},
            pointer(frame, name)});
}

void Checker::missing_fields(Place place,
                             std::uint32_t seen,
                             const Node& node,
                             const Frame& frame) {
  if (silent()) {
    return;
  }
  const std::uint32_t missing = place.required() & ~seen;
  for (const Property& property : properties(*place.table, place.properties())) {
    if (property.required != 0 && (missing >> (property.required - 1) & 1U) != 0) {
      missing_field(property.name, node, frame);
    }
  }
}

void Checker::null_item(Place item, const Node& node, const Frame& frame) {
  // For its own kinds the API server reads null as an empty item, which then lacks what it needs;
  // for custom resources null is never an item.
  const bool tolerated = item.table->patterns == nullptr && (lenient_ || item.required() == 0);
  complain(node,
           {"schema/null-item",
            subject(frame) + " is null; " + kind_text() + " wants " + kinds_text(item.accepts()),
            "remove the item, or write its value", pointer(frame)},
           tolerated ? diag::Severity::warning : diag::Severity::error);
}

}  // namespace sluice::schema

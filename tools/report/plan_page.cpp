// SPDX-License-Identifier: Apache-2.0
// The plan for people: text for a terminal, Markdown for a job summary or a comment.
#include "base/text.hpp"
#include "diag/escape.hpp"
#include "report/plan.hpp"

namespace sluice::report {

namespace {

/// A job summary may hold 1,024 KiB; objects beyond this are counted, not shown.
constexpr std::size_t longest_page = 600 * 1024;

std::string object_words(const Change& change) {
  return diag::one_line(to_string(change.object)) + " (" +
         diag::one_line(change.object.api_version) + ')';
}

std::string remarks(const Change& change) {
  std::string words;
  if (!change.moved_from.empty()) {
    words += ", moved here from " + diag::one_line(change.moved_from);
  }
  if (!change.acknowledged.empty()) {
    words += ", acknowledged by " + diag::one_line(change.acknowledged);
  }
  return words;
}

/// "! /spec/replicas: 2 → 3"; the signs are those that readers of a diff colour. Values are
/// printable and begin with a sign, so that none can end a code block.
void append_field(std::string& out, const Field& field, const std::string& indent) {
  switch (field.kind) {
    case Field::Kind::added:
      out += indent + "+ " + field.path + ": " + field.after + '\n';
      return;
    case Field::Kind::removed:
      out += indent + "- " + field.path + ": " + field.before + '\n';
      return;
    case Field::Kind::changed:
      break;
  }
  if (field.lines.empty()) {
    const bool masked = field.before == "(masked)";
    out += indent + "! " + field.path + ": " +
           (masked ? "(changed)" : field.before + " → " + field.after) + '\n';
    return;
  }
  out += indent + "! " + field.path + ":\n";
  for (const std::string& line : field.lines) {
    out += indent + line + '\n';
  }
}

std::string field_lines(const Change& change, const std::string& indent) {
  std::string out;
  for (const Field& field : change.fields.fields) {
    append_field(out, field, indent);
  }
  if (change.fields.more != 0) {
    out += indent + "! ... " + text::counted(change.fields.more, "more field") + '\n';
  }
  return out;
}

std::string or_else(const std::string& text, std::string_view none) {
  return text.empty() ? std::string(none) : text;
}

std::string markdown_of(const Change& change) {
  std::string out = "\n- " + std::string(name(change.kind)) + ' ' +
                    diag::markdown_code(object_words(change)) + diag::markdown(remarks(change)) +
                    '\n';
  const std::string fields = field_lines(change, "  ");
  return fields.empty() ? out : out + "\n  ```diff\n" + fields + "  ```\n";
}

/// Where a change stands: a heading is written when it differs from that of the change before.
struct Heading {
  std::string env, unit, destination;

  friend bool operator==(const Heading&, const Heading&) = default;
};

Heading heading_of(const Change& change) {
  return {change.env, change.unit, change.destination};
}

}  // namespace

std::string to_markdown(const Plan& plan) {
  std::string out = "### Plan: " + plan.sentence() + '\n';
  Heading last;
  bool first = true;
  std::size_t shown = 0;
  for (const Change& change : plan.changes) {
    std::string part;
    const Heading heading = heading_of(change);
    if (first || heading.env != last.env) {
      part += heading.env.empty() ? "\n#### No environment\n"
                                  : "\n#### Environment " + diag::markdown_code(heading.env) + '\n';
    }
    if (first || heading != last) {
      part +=
          "\n**" + diag::markdown_code(or_else(heading.unit, "(no unit)")) + "**" +
          (heading.destination.empty() ? "" : " to " + diag::markdown_code(heading.destination)) +
          '\n';
    }
    part += markdown_of(change);
    if (out.size() + part.size() > longest_page) {
      break;
    }
    out += part;
    last = heading;
    first = false;
    ++shown;
  }
  if (shown < plan.changes.size()) {
    out += "\n" + text::counted(plan.changes.size() - shown, "further object") +
           " not shown here: the plan is too long.\n";
  }
  return out;
}

std::string to_text(const Plan& plan) {
  std::string out;
  Heading last;
  bool first = true;
  for (const Change& change : plan.changes) {
    const Heading heading = heading_of(change);
    if (first || heading != last) {
      out += "env " + diag::one_line(or_else(heading.env, "(none)")) + ", unit " +
             diag::one_line(or_else(heading.unit, "(none)")) +
             (heading.destination.empty() ? "" : ", to " + diag::one_line(heading.destination)) +
             '\n';
    }
    out += "  " + std::string(name(change.kind)) + ' ' + object_words(change) + remarks(change) +
           '\n' + field_lines(change, "    ");
    last = heading;
    first = false;
  }
  return out + "plan: " + plan.sentence() + '\n';
}

}  // namespace sluice::report

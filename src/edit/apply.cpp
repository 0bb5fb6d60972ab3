// SPDX-License-Identifier: Apache-2.0
#include "edit/apply.hpp"

#include "base/text.hpp"
#include "edit/compare.hpp"
#include "edit/content.hpp"
#include "edit/spelling.hpp"
#include "edit/tree.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace sluice::edit {
namespace {

/// Bytes that take the place of others.
struct Splice {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string text;
};

/// One change within a text: a file, or the YAML that a scalar of it holds.
struct Item {
  const Change* change = nullptr;
  std::uint32_t document = 0;
  std::string path, inner;
};

using Items = std::vector<Item>;
struct Edited {
  std::vector<Splice> splices;
  std::string bytes;
};

/// A scalar that changes, with its way from the root.
struct Target {
  const yaml::Document* document = nullptr;
  std::vector<const yaml::Node*> trail;

  [[nodiscard]] const yaml::Node& scalar() const { return *trail.back(); }
  [[nodiscard]] Error refuse(Error::Kind kind, const std::string& why) const {
    return {kind, place_text(*document, scalar()) + ": " + why};
  }
};

Context context_of(const Target& target, bool json_file) {
  bool flow = false;
  for (const auto* node : target.trail) {
    json_file = json_file || node->style == yaml::Style::json;
    flow = flow || node->style == yaml::Style::flow;
  }
  // A plain scalar that has a colon already shows that its readers take one there.
  const auto& scalar = target.scalar();
  const bool colon =
      scalar.style == yaml::Style::plain && scalar.text.find(':') != std::string_view::npos;
  return json_file ? Context::json : flow && !colon ? Context::flow : Context::block;
}

std::string write_whole(const Target& target, std::string_view value, Context context) {
  const auto& scalar = target.scalar();
  auto style = scalar.style;
  if (style == yaml::Style::json) {
    style = yaml::Style::double_quoted;
  }
  auto text = write_scalar(value, style, context);
  if (scalar.span.begin == scalar.span.end) {  // nothing stood there: "tag:", "- &anchor"
    const auto bytes = target.document->source().bytes();
    const auto before = scalar.span.begin > 0 ? bytes[scalar.span.begin - 1] : ' ';
    if (before != ' ' && before != '\t' && before != '\n') {
      text.insert(0, " ");
    }
  }
  return text;
}

/// The parts that change, in order. Errors: they overlap or lie outside the value.
Result<std::vector<std::pair<Part, std::string>>> parts_of(const Target& target,
                                                           const Items& items) {
  const auto value = value_of(target.scalar());
  std::vector<std::pair<Part, std::string>> parts;
  for (const auto& item : items) {
    const auto part = item.change->place.part.value_or(Part{0, value.size()});
    if (part.begin > part.end || part.end > value.size()) {
      return target.refuse(Error::Kind::usage, "the part to change lies outside the value");
    }
    parts.emplace_back(part, item.change->to);
  }
  std::ranges::sort(parts);
  const auto same = std::ranges::unique(parts);
  parts.erase(same.begin(), same.end());
  for (std::size_t i = 1; i < parts.size(); ++i) {
    if (parts[i].first.begin < parts[i - 1].first.end ||
        parts[i].first.begin == parts[i - 1].first.begin) {
      return target.refuse(Error::Kind::usage, "two changes of one value contradict each other");
    }
  }
  return parts;
}

std::string with_parts(std::string_view value,
                       const std::vector<std::pair<Part, std::string>>& parts) {
  std::string changed;
  std::size_t at = 0;
  for (const auto& [part, to] : parts) {
    changed += value.substr(at, part.begin - at);
    changed += to;
    at = part.end;
  }
  changed += value.substr(at);
  return changed;
}

/// Every change must still find what its caller saw.
Status check_stale(const Target& target, const Items& items) {
  const auto& scalar = target.scalar();
  for (const auto& item : items) {
    if (item.inner.empty() && item.change->place.value != value_of(scalar)) {
      return target.refuse(Error::Kind::not_found,
                           "the value is \"" + text::printable(value_of(scalar), 80) +
                               "\" and no longer \"" +
                               text::printable(item.change->place.value, 80) + '"');
    }
    SLUICE_TRY(check_writable(item.change->to));
  }
  return ok;
}

Status check_form(const Target& target) {
  const auto& scalar = target.scalar();
  if (!scalar.is_scalar()) {
    return target.refuse(Error::Kind::unsupported, "this is a collection, not a single value");
  }
  if (scalar.style == yaml::Style::literal || scalar.style == yaml::Style::folded) {
    return target.refuse(Error::Kind::unsupported,
                         "a block scalar (| or >) is not replaced as a whole; write the value on "
                         "one line, or name a value within it");
  }
  if (spans_lines(*target.document, scalar)) {
    return target.refuse(Error::Kind::unsupported,
                         "the value stands on several lines; write it on one");
  }
  return ok;
}

/// The splices that change a scalar itself, and the value that it has then.
Result<std::vector<Splice>> change_scalar(const Target& target,
                                          const Items& items,
                                          bool json_file,
                                          std::string& changed) {
  SLUICE_TRY(check_form(target));
  std::vector<std::pair<Part, std::string>> parts;
  SLUICE_TRY_ASSIGN(parts, parts_of(target, items));
  const auto& scalar = target.scalar();
  const auto value = value_of(scalar);
  changed = with_parts(value, parts);
  if (changed == value && scalar.kind == yaml::Kind::string) {
    return std::vector<Splice>{};
  }
  const auto context = context_of(target, json_file);
  const auto content = Content::of(*target.document, scalar);
  const bool quotes = scalar.style == yaml::Style::plain && !can_be_plain(changed, context);
  const bool whole = parts.size() == 1 && parts[0].first == Part{0, value.size()};
  if (scalar.kind != yaml::Kind::string || quotes || whole || !content) {
    return std::vector<Splice>{
        {scalar.span.begin, scalar.span.end, write_whole(target, changed, context)}};
  }
  std::vector<Splice> splices;
  for (const auto& [part, to] : parts) {
    const auto source = content->source(part);
    if (!source) {
      return target.refuse(Error::Kind::usage, "the part to change begins within a character");
    }
    splices.push_back({source->begin, source->end, write_piece(to, scalar.style)});
  }
  return splices;
}

/// Other places that change with this one, through aliases of it or of what holds it.
Status check_aliases(const Target& target, const std::vector<Step>& steps, const Items& items) {
  if (std::ranges::all_of(
          items, [](const Item& item) { return item.change->aliases == Aliases::follow; })) {
    return ok;
  }
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const auto& node = *steps[i].node;
    if (node.by_alias && std::ranges::any_of(target.trail, [&](const yaml::Node* own) {
          return is_alias_of(node, *own);
        })) {
      return target.refuse(
          Error::Kind::unsupported,
          "the value also stands at \"" + text::printable(path_of(steps, i)) +
              "\" through an alias or a merge key, and would change there too; name the value by "
              "its path or a marker to change both");
    }
  }
  return ok;
}

std::string splice(std::string_view bytes, std::vector<Splice>& splices) {
  std::ranges::sort(splices, {}, [](const Splice& a) { return std::pair(a.begin, a.end); });
  std::string result;
  std::size_t at = 0;
  for (const auto& [begin, end, text] : splices) {
    result += bytes.substr(at, begin - at);
    result += text;
    at = end;
  }
  result += bytes.substr(at);
  return result;
}

Result<Edited> edit_text(std::string_view bytes, const std::string& file, const Items& items);

/// The splices that change values within the YAML text of a scalar.
Result<std::vector<Splice>> change_text_within(const Target& target,
                                               const std::string& file,
                                               const Items& items,
                                               std::string& changed) {
  const auto& scalar = target.scalar();
  const auto content = Content::of(*target.document, scalar);
  if (!content) {
    return target.refuse(Error::Kind::unsupported,
                         "the YAML text here is folded or stands on several lines in quotes; "
                         "write it as a literal block scalar (|)");
  }
  Items inner;
  for (const auto& item : items) {
    inner.push_back({item.change, 0, item.inner, ""});
  }
  auto edited = edit_text(scalar.text, file + '#', inner);
  if (!edited) {
    return in_context(place_text(*target.document, scalar) + ": in the text here",
                      std::move(edited.error()));
  }
  changed = edited->bytes;
  for (auto& part : edited->splices) {
    const auto source = content->source({part.begin, part.end});
    if (!source) {
      return target.refuse(Error::Kind::usage, "the part to change begins within a character");
    }
    part = {source->begin, source->end, write_piece(part.text, scalar.style)};
  }
  return std::move(edited->splices);
}

Result<Edited> edit_text(std::string_view bytes, const std::string& file, const Items& items) {
  auto before = Tree::read(bytes, file);
  if (!before) {
    return std::move(before.error());
  }
  std::map<std::pair<std::uint32_t, std::string>, Items> scalars;
  for (const auto& item : items) {
    scalars[{item.document, item.path}].push_back(item);
  }
  std::map<const yaml::Document*, std::vector<Step>> steps;
  Edited edited;
  Expected expected;
  for (const auto& [where, of_scalar] : scalars) {
    Target target;
    SLUICE_TRY_ASSIGN(target.document, before->document(where.first));
    SLUICE_TRY_ASSIGN(target.trail, trail(*target.document, where.second));
    SLUICE_TRY(check_stale(target, of_scalar));
    const auto known = steps.try_emplace(target.document);
    if (known.second) {
      known.first->second = all_nodes(*target.document);
    }
    SLUICE_TRY(check_aliases(target, known.first->second, of_scalar));
    const auto within = static_cast<std::size_t>(
        std::ranges::count_if(of_scalar, [](const Item& item) { return !item.inner.empty(); }));
    if (within != 0 && within != of_scalar.size()) {
      return target.refuse(Error::Kind::usage, "two changes of one value contradict each other");
    }
    auto& changed = expected[&target.scalar()];
    auto splices = within != 0 ? change_text_within(target, file, of_scalar, changed)
                               : change_scalar(target, of_scalar, file.ends_with(".json"), changed);
    if (!splices) {
      return std::move(splices.error());
    }
    std::ranges::move(*splices, std::back_inserter(edited.splices));
  }
  edited.bytes = splice(bytes, edited.splices);
  const auto after = Tree::read(edited.bytes, file);
  if (!after) {
    return after.error();
  }
  if (auto same = compare(*before, *after, expected); !same) {
    return std::move(same.error());
  }
  return edited;
}

}  // namespace

Result<std::string> apply(std::string_view bytes,
                          const std::string& file,
                          std::span<const Change> changes) {
  Items items;
  for (const auto& change : changes) {
    if (change.place.file != file) {
      return Error{Error::Kind::usage, "a change of " + text::printable(change.place.file) +
                                           " was given for " + text::printable(file)};
    }
    items.push_back({&change, change.place.document, change.place.path, change.place.inner});
  }
  auto edited = edit_text(bytes, file, items);
  if (!edited) {
    return std::move(edited.error());
  }
  return std::move(edited->bytes);
}

}  // namespace sluice::edit

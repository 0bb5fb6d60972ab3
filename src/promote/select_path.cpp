// SPDX-License-Identifier: Apache-2.0
#include "promote/select_path.hpp"

#include "base/text.hpp"
#include "edit/tree.hpp"
#include "image/reference.hpp"
#include "promote/path_expression.hpp"
#include "promote/surveyor.hpp"

#include <algorithm>
#include <utility>

namespace sluice::promote {
namespace {

Cursor step_down(const Cursor& at, const PathStep& step) {
  if (step.value) {
    for (const auto& item : at.children()) {
      if (at.is_list() && item.text(step.key) == *step.value) {
        return item;
      }
    }
    return {};
  }
  if (at.is_mapping()) {
    return at.at(step.key);
  }
  const auto items = at.is_list() ? at.children() : std::vector<Cursor>{};
  return step.index && *step.index < items.size() ? items[*step.index] : Cursor{};
}

/// Follows the path; a string on the way is read as the YAML text that it holds.
Cursor follow(Surveyor& surveyor, Cursor at, const std::vector<PathStep>& steps) {
  for (const auto& step : steps) {
    if (at.is_string()) {
      at = surveyor.open_within(at);
    }
    if (!at) {
      return {};
    }
    at = step_down(at, step);
  }
  return at;
}

Role role_named(std::string_view key, std::string_view value) {
  const auto lower = text::to_lower(key);
  if (image::is_digest(value) || lower.ends_with("digest")) {
    return Role::digest;
  }
  const auto reference = image::parse(value);
  const bool whole = reference && (!reference->domain.empty() || !reference->tag.empty() ||
                                   !reference->digest.empty() || lower.ends_with("image") ||
                                   reference->path.find('/') != std::string::npos);
  return whole                                         ? Role::reference
         : value.find("://") != std::string_view::npos ? Role::segment
                                                       : Role::tag;
}

bool is_at(const edit::Place& place, const edit::Place& other) {
  return place.file == other.file && place.document == other.document && place.path == other.path &&
         place.inner == other.inner;
}

/// The holder of the scalar at `place`, made when nobody has it.
std::size_t holder_of(Survey& survey, edit::Place place, std::string_view key) {
  for (std::size_t i = 0; i < survey.holders.size(); ++i) {
    for (const auto& slot : survey.holders[i].slots) {
      if (is_at(slot.place, place)) {
        return i;
      }
    }
  }
  const auto role = role_named(key, place.value);
  Holder holder{.kind = PlaceKind::named, .old = place.value};
  if (const auto reference = image::parse(place.value); reference && role == Role::reference) {
    holder.name = reference->name();
  }
  holder.slots.push_back({.role = role, .place = std::move(place)});
  survey.holders.push_back(std::move(holder));
  return survey.holders.size() - 1;
}

/// Holders with a slot directly below a mapping.
std::vector<std::size_t> holders_below(const Survey& survey, const edit::Place& mapping) {
  const auto is_below = [&](const Slot& slot) {
    const auto& pointer = mapping.inner.empty() ? slot.place.path : slot.place.inner;
    const auto& prefix = mapping.inner.empty() ? mapping.path : mapping.inner;
    return slot.place.file == mapping.file && slot.place.document == mapping.document &&
           slot.place.inner.empty() == mapping.inner.empty() &&
           (mapping.inner.empty() || slot.place.path == mapping.path) &&
           pointer.starts_with(prefix + '/') &&
           pointer.find('/', prefix.size() + 1) == std::string::npos;
  };
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < survey.holders.size(); ++i) {
    if (std::ranges::any_of(survey.holders[i].slots, is_below)) {
      found.push_back(i);
    }
  }
  return found;
}

bool is_object(const Cursor& root, const std::string& object) {
  return object.empty() ||
         std::string(root.text("kind")) + '/' + std::string(root.at("metadata").text("name")) ==
             object;
}

std::string shown(const Selector& selector) {
  return '"' + text::printable(selector.path) + "\" in " + text::printable(selector.file);
}

/// What the path means in each document of the file.
Result<std::vector<Cursor>> all_at(Surveyor& surveyor,
                                   const edit::Tree& tree,
                                   const Selector& selector) {
  std::vector<PathStep> steps;
  SLUICE_TRY_ASSIGN(steps, parse_path(selector.path));
  std::vector<Cursor> found;
  for (std::size_t i = 0; i < tree.documents().size(); ++i) {
    const auto root = surveyor.open(tree.documents()[i], static_cast<std::uint32_t>(i));
    if (!is_object(root, selector.object)) {
      continue;
    }
    if (const auto at = follow(surveyor, root, steps)) {
      found.push_back(at);
    }
  }
  if (found.empty() && !tree.findings().empty()) {
    return Error{Error::Kind::parse, text::printable(selector.file) + ':' +
                                         std::to_string(tree.findings()[0].location.line) + ": " +
                                         tree.findings()[0].message};
  }
  if (found.empty()) {
    return Error{Error::Kind::not_found, "nothing is at " + shown(selector)};
  }
  if (found.size() > 1) {
    return Error{Error::Kind::usage, shown(selector) + " is in " +
                                         text::counted(found.size(), "document") +
                                         " of the file; name the object too"};
  }
  return found;
}

}  // namespace

Result<std::vector<std::size_t>> select_path(Survey& survey, const Selector& selector) {
  const auto file = std::ranges::find(survey.files, selector.file, &File::path);
  if (file == survey.files.end()) {
    return Error{Error::Kind::not_found,
                 "there is no file " + text::printable(selector.file) + " to search"};
  }
  auto tree = edit::Tree::read(file->bytes, file->path);
  if (!tree) {
    return std::move(tree.error());
  }
  Surveyor surveyor(survey, {});
  const auto& kept = surveyor.keep(std::move(*tree));
  std::vector<Cursor> found;
  SLUICE_TRY_ASSIGN(found, all_at(surveyor, kept, selector));
  const auto& at = found.front();
  auto place = at.place();
  if (at.is_scalar()) {
    // Once more, because this says where the anchor of an alias is.
    const auto located =
        edit::locate(file->bytes, file->path, place.document, place.path, place.inner);
    if (!located) {
      return located.error();
    }
    return std::vector{holder_of(survey, *located, at.key())};
  }
  auto below = holders_below(survey, place);
  if (below.size() == 1) {
    return below;
  }
  return Error{Error::Kind::usage, shown(selector) + " is no single value, and it holds " +
                                       (below.empty() ? std::string("no image or version")
                                                      : text::counted(below.size(), "version")) +
                                       "; name the value itself"};
}

}  // namespace sluice::promote

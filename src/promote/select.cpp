// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "image/reference.hpp"
#include "promote/places.hpp"
#include "promote/select_path.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace sluice::promote {
namespace {

Subject subject_of(PlaceKind kind) {
  switch (kind) {
    case PlaceKind::model:
      return Subject::model;
    case PlaceKind::chart_version:
    case PlaceKind::git_revision:
      return Subject::version;
    default:
      return Subject::image;
  }
}

bool names_image(const Holder& holder, const std::string& name) {
  const auto wanted = image::normalised_name(name);
  const auto is = [&](const std::string& known) {
    return known == name || (wanted && image::normalised_name(known) == wanted);
  };
  return (!holder.name.empty() && is(holder.name)) ||
         (!holder.replaces.empty() && is(holder.replaces));
}

/// By the object's name, by the URI without its version, or by any folder of it on the way there.
bool names_model(const Holder& holder, const std::string& name) {
  const auto slash = holder.object.find('/');
  if (slash != std::string::npos && holder.object.substr(slash + 1) == name) {
    return true;
  }
  const std::string_view uri = holder.old;
  return holder.name == name || uri == name ||
         (uri.starts_with(name) &&
          (name.ends_with('/') || uri[name.size()] == '/' || uri[name.size()] == ':'));
}

bool names(const Holder& holder, const Selector& selector) {
  if (selector.by == Selector::By::marker) {
    const std::string_view marker = holder.marker;
    const auto colon = marker.rfind(':');
    return !marker.empty() &&
           (marker == selector.name ||
            (colon != std::string_view::npos && marker.substr(colon + 1) == selector.name));
  }
  if (subject_of(holder.kind) != selector.subject) {
    return false;
  }
  switch (selector.subject) {
    case Subject::image:
      return names_image(holder, selector.name);
    case Subject::model:
      return names_model(holder, selector.name);
    case Subject::version:
      return holder.name == selector.name;
  }
  return false;
}

bool fits(const Holder& holder, const Selector& selector) {
  const bool in_file =
      selector.file.empty() || std::ranges::any_of(holder.slots, [&](const Slot& slot) {
        return slot.place.file == selector.file;
      });
  return in_file && (selector.object.empty() || holder.object == selector.object) &&
         (selector.container.empty() || holder.container == selector.container);
}

std::string listed(const Survey& survey, const std::vector<std::size_t>& indexes) {
  constexpr std::size_t most = 12;
  std::string text;
  for (std::size_t i = 0; i < std::min(indexes.size(), most); ++i) {
    text += "\n  " + survey.holders[indexes[i]].text();
  }
  return indexes.size() > most ? text + "\n  and " + std::to_string(indexes.size() - most) + " more"
                               : text;
}

Error nothing_found(const Survey& survey, const Selector& selector) {
  const auto what = selector.by == Selector::By::marker  ? "no marker"
                    : selector.subject == Subject::image ? "no image"
                    : selector.subject == Subject::model ? "no model"
                                                         : "no chart or Git source";
  std::set<std::string_view> known;
  for (const auto& holder : survey.holders) {
    const auto& name = selector.by == Selector::By::marker ? holder.marker : holder.name;
    if (!name.empty() &&
        (selector.by == Selector::By::marker || subject_of(holder.kind) == selector.subject)) {
      known.insert(name);
    }
  }
  std::string message = std::string(what) + " named \"" + text::printable(selector.name) +
                        "\" in " + text::counted(survey.files.size(), "file");
  const std::vector<std::string_view> names(known.begin(), known.end());
  if (const auto near = text::nearest(selector.name, names)) {
    message += "; did you mean \"" + text::printable(*near) + "\"?";
  } else if (!names.empty()) {
    constexpr std::size_t most = 8;
    message += "; there are";
    for (std::size_t i = 0; i < std::min(names.size(), most); ++i) {
      message += (i == 0 ? " " : ", ") + text::printable(names[i]);
    }
    message += names.size() > most ? ", ..." : "";
  }
  if (!survey.unread.empty()) {
    message += "; " + text::counted(survey.unread.size(), "document") +
               " could not be read: " + text::printable(survey.unread.front());
  }
  return {Error::Kind::not_found, std::move(message)};
}

/// What the name means, without the places that others of them override.
std::vector<std::size_t> candidates(const Survey& survey, const Selector& selector) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < survey.holders.size(); ++i) {
    if (names(survey.holders[i], selector) && fits(survey.holders[i], selector)) {
      found.push_back(i);
    }
  }
  if (selector.by == Selector::By::name) {
    const std::set<std::size_t> all(found.begin(), found.end());
    std::erase_if(found, [&](std::size_t i) {
      const auto over = survey.holders[i].shadowed_by;
      return over && all.contains(*over);
    });
  }
  return found;
}

}  // namespace

Result<std::vector<std::size_t>> select(Survey& survey, const Selector& selector) {
  std::vector<std::size_t> found;
  if (selector.by != Selector::By::path && selector.name.empty()) {
    return Error{Error::Kind::usage, "a name is needed to search for"};
  }
  if (selector.by == Selector::By::path) {
    SLUICE_TRY_ASSIGN(found, select_path(survey, selector));
  } else {
    found = candidates(survey, selector);
  }
  if (found.empty()) {
    return nothing_found(survey, selector);
  }
  const bool one = selector.by != Selector::By::marker && selector.several == Several::refuse;
  if (one && found.size() > 1) {
    return Error{Error::Kind::usage,
                 '"' + text::printable(selector.name) + "\" stands in " +
                     text::counted(found.size(), "place") +
                     "; choose one by its file and path, or all of them:" + listed(survey, found)};
  }
  const bool follow = selector.by != Selector::By::name || selector.several == Several::all;
  for (const auto index : found) {
    auto& holder = survey.holders[index];
    const auto& why = !holder.refusal.empty() || selector.by != Selector::By::name
                          ? holder.refusal
                          : holder.ambiguity;
    if (!why.empty()) {
      return Error{Error::Kind::unsupported, holder.text() + ": " + why};
    }
    if (follow) {
      holder.aliases = edit::Aliases::follow;
    }
  }
  return found;
}

}  // namespace sluice::promote

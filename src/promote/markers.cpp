// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "edit/tree.hpp"
#include "image/reference.hpp"
#include "promote/surveyor.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace sluice::promote {
namespace {

struct Marker {
  std::size_t comment = 0;  ///< offset of its '#'
  std::string name;
  std::optional<Role> role;
};

std::optional<Role> role_of(std::string_view word, bool& known) {
  known = word == "tag" || word == "name" || word == "digest";
  return word == "tag"      ? std::optional(Role::tag)
         : word == "name"   ? std::optional(Role::name)
         : word == "digest" ? std::optional(Role::digest)
                            : std::nullopt;
}

/// The JSON string after `"$promote":`; empty when there is none.
std::string_view string_after(std::string_view rest) {
  const auto colon = rest.find_first_not_of(" \t");
  if (colon == std::string_view::npos || rest[colon] != ':') {
    return {};
  }
  const auto quote = rest.find_first_not_of(" \t", colon + 1);
  if (quote == std::string_view::npos || rest[quote] != '"') {
    return {};
  }
  const auto end = rest.find('"', quote + 1);
  return end == std::string_view::npos ? std::string_view{}
                                       : rest.substr(quote + 1, end - quote - 1);
}

/// Markers in the comments of a text: `# {"$promote": "iris:tag"}`,
/// `# {"$imagepolicy": "flux-system:iris:tag"}`.
std::vector<Marker> markers_of(std::string_view text) {
  constexpr std::array<std::string_view, 2> words{"\"$promote\"", "\"$imagepolicy\""};
  std::vector<Marker> markers;
  for (const auto word : words) {
    for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
      const auto line = text.rfind('\n', at) + 1;  // npos + 1 is 0
      const auto comment = text.find('#', line);
      const auto end = std::min(text.find('\n', at), text.size());
      auto name = string_after(text.substr(at + word.size(), end - at - word.size()));
      if (comment >= at || name.empty()) {
        continue;
      }
      const auto hash = text.rfind('#', at);
      Marker marker{.comment = hash};
      bool has_role = false;
      const auto colon = name.rfind(':');
      if (colon != std::string_view::npos) {
        marker.role = role_of(name.substr(colon + 1), has_role);
        name = has_role ? name.substr(0, colon) : name;
      }
      marker.name = name;
      markers.push_back(std::move(marker));
    }
  }
  return markers;
}

Role guessed_role(std::string_view value) {
  if (image::is_digest(value)) {
    return Role::digest;
  }
  const auto reference = image::parse(value);
  const bool whole =
      reference && (!reference->domain.empty() || !reference->tag.empty() ||
                    !reference->digest.empty() || reference->path.find('/') != std::string::npos);
  return whole ? Role::reference : Role::revision;
}

bool same_place(const edit::Place& a, const edit::Place& b) {
  return a.file == b.file && a.document == b.document && a.path == b.path && a.inner == b.inner;
}

void mark(Surveyor& surveyor, const Cursor& scalar, const Marker& marker, std::size_t first) {
  auto place = scalar.place();
  auto& holders = surveyor.holders();
  for (auto i = first; i < holders.size(); ++i) {
    for (const auto& slot : holders[i].slots) {
      if (same_place(slot.place, place) && (!marker.role || *marker.role == slot.role)) {
        holders[i].marker = marker.name;
        return;
      }
    }
  }
  const auto role = marker.role.value_or(guessed_role(place.value));
  Holder holder{.kind = PlaceKind::marked, .old = place.value, .marker = marker.name};
  if (role == Role::reference) {
    if (const auto reference = image::parse(place.value)) {
      holder.name = reference->name();
    }
  }
  holder.slots.push_back({.role = role, .place = std::move(place)});
  surveyor.add(std::move(holder));
}

/// All scalar values below, and the texts with markers that some of them hold.
void gather(Surveyor& surveyor,
            const Cursor& at,
            std::vector<Cursor>& scalars,
            std::vector<Cursor>& texts) {
  for (const auto& member : at.children()) {
    if (!surveyor.spend()) {
      return;
    }
    if (!member.is_scalar()) {
      gather(surveyor, member, scalars, texts);
    } else if (!member.node().by_alias) {
      scalars.push_back(member);
      if (member.text().find("\"$") != std::string_view::npos &&
          member.text().find('\n') != std::string_view::npos) {
        texts.push_back(member);
      }
    }
  }
}

}  // namespace

void find_markers(Surveyor& surveyor, const Cursor& root, std::size_t first_holder) {
  const auto& document = *root.scene().document;
  const auto bytes = document.source().bytes();
  const auto markers = markers_of(bytes);
  if (markers.empty()) {
    return;
  }
  std::vector<Cursor> scalars;
  std::vector<Cursor> texts;
  gather(surveyor, root, scalars, texts);
  for (const auto& marker : markers) {
    // Values stand in the order of their bytes: the last that ends before the comment is meant, if
    // only the ends of collections are between, and if the comment is not within the next.
    const auto next = std::ranges::partition_point(
        scalars, [&](const Cursor& scalar) { return scalar.node().span.end <= marker.comment; });
    const bool within = next != scalars.end() && next->node().span.begin <= marker.comment;
    if (within || next == scalars.begin()) {
      continue;
    }
    const auto& scalar = *std::prev(next);
    const auto between =
        bytes.substr(scalar.node().span.end, marker.comment - scalar.node().span.end);
    if (between.find_first_not_of(" \t,]}") == std::string_view::npos) {
      mark(surveyor, scalar, marker, first_holder);
    }
  }
  for (const auto& text : texts) {
    if (const auto inner = surveyor.open_within(text)) {
      find_markers(surveyor, inner, first_holder);
    }
  }
}

void find_holds(Survey& survey, const File& file, std::size_t first_holder) {
  constexpr std::string_view word = "promote: hold";
  const std::string_view bytes = file.bytes;
  if (bytes.find(word) == std::string_view::npos) {
    return;
  }
  // The comment behind a value, and the line above it.
  const auto reason = [&](std::string_view comment) -> std::optional<std::string> {
    const auto hash = comment.find('#');
    const auto at = hash == std::string_view::npos ? hash : comment.find(word, hash);
    return at == std::string_view::npos
               ? std::nullopt
               : std::optional(text::printable(text::trim(comment.substr(at + word.size()))));
  };
  for (auto i = first_holder; i < survey.holders.size(); ++i) {
    auto& holder = survey.holders[i];
    for (const auto& slot : holder.slots) {
      const auto end = std::min(bytes.find('\n', slot.place.end), bytes.size());
      const auto line = bytes.rfind('\n', slot.place.begin);
      auto found = reason(bytes.substr(slot.place.end, end - slot.place.end));
      if (!found && line != std::string_view::npos && line > 0) {
        const auto above = bytes.rfind('\n', line - 1) + 1;
        const auto text = text::trim(bytes.substr(above, line - above));
        found = text.starts_with('#') ? reason(text) : std::nullopt;
      }
      if (found) {
        holder.held = true;
        holder.hold = *found;
      }
    }
  }
}

}  // namespace sluice::promote

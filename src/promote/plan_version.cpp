// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "image/reference.hpp"
#include "promote/planner.hpp"

#include <algorithm>
#include <optional>
#include <vector>

namespace sluice::promote {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f');
}

/// How a segment of a URI names a version; segments of different shapes are not mistaken for each
/// other.
enum class Shape : std::uint8_t { none, with_v, number, date, hash };

Shape shape_of(std::string_view segment) {
  constexpr std::size_t short_hash = 7;
  const auto looks_dated = [&] {
    return segment.size() >= 10 && segment[4] == '-' && segment[7] == '-' && is_digit(segment[0]) &&
           is_digit(segment[3]) && is_digit(segment[5]);
  };
  if (segment.size() > 1 && (segment[0] == 'v' || segment[0] == 'V') && is_digit(segment[1])) {
    return Shape::with_v;
  }
  if (looks_dated()) {
    return Shape::date;
  }
  const bool hex = std::ranges::all_of(segment, is_hex);
  const bool letters = std::ranges::any_of(segment, [](char c) { return c >= 'a' && c <= 'f'; });
  if (segment.size() >= short_hash && hex && letters) {
    return Shape::hash;
  }
  if (!segment.empty() && is_digit(segment[0]) &&
      segment.find_first_not_of("0123456789.") == std::string_view::npos) {
    return Shape::number;
  }
  const bool numbered = !segment.empty() && is_digit(segment[0]) &&
                        segment.find('.') != std::string_view::npos;  // 1.2.0-rc.1
  return numbered ? Shape::number : Shape::none;
}

/// The segments of a URI or path, without its scheme and its host or bucket.
std::vector<edit::Part> segments_of(std::string_view uri) {
  const auto scheme = uri.find("://");
  std::size_t at = 0;
  if (scheme != std::string_view::npos) {
    at = std::min(uri.find('/', scheme + 3), uri.size());
  }
  std::vector<edit::Part> segments;
  while (at <= uri.size()) {
    const auto end = std::min(uri.find('/', at), uri.size());
    if (end > at) {
      segments.push_back({at, end});
    }
    at = end + 1;
  }
  return segments;
}

std::string_view text_of(std::string_view uri, edit::Part part) {
  return uri.substr(part.begin, part.end - part.begin);
}

/// The one segment that differs between the old URI and a whole new one.
std::optional<edit::Part> differing(std::string_view old, std::string_view now, std::string& to) {
  const auto before = segments_of(old);
  const auto after = segments_of(now);
  if (before.empty() || before.size() != after.size() ||
      old.substr(0, before[0].begin) != now.substr(0, after[0].begin)) {
    return std::nullopt;
  }
  std::optional<edit::Part> found;
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (text_of(old, before[i]) == text_of(now, after[i])) {
      continue;
    }
    if (found) {
      return std::nullopt;
    }
    found = before[i];
    to = text_of(now, after[i]);
  }
  return found;
}

std::string with_part(std::string_view value, edit::Part part, std::string_view to) {
  return std::string(value.substr(0, part.begin)) + std::string(to) +
         std::string(value.substr(part.end));
}

void replace_segment(Planner& planner, const Slot& slot, edit::Part part, std::string_view to) {
  auto changed = slot;
  changed.place.part = part;
  planner.plan.now = with_part(slot.place.value, part, to);
  planner.change(changed, to);
}

/// A whole URI was given: it may differ in one segment.
Status plan_uri(Planner& planner, const Slot& slot, const std::string& uri) {
  const std::string_view old = slot.place.value;
  const auto trimmed = [](std::string_view text) {
    return text.ends_with('/') ? text.substr(0, text.size() - 1) : text;
  };
  if (trimmed(old) == trimmed(uri)) {
    planner.plan.now = slot.place.value;
    return ok;
  }
  std::string to;
  if (const auto part = differing(old, uri, to)) {
    replace_segment(planner, slot, *part, to);
    return ok;
  }
  if (planner.options.rename == Rename::refuse) {
    return planner.refuse("\"" + text::printable(uri) +
                          "\" differs from it in more than one segment of its path");
  }
  planner.plan.now = uri;
  planner.change(slot, uri);
  return ok;
}

Status plan_segment(Planner& planner, const Slot& slot) {
  const auto& version = planner.wanted.version;
  if (version.find("://") != std::string::npos) {
    return plan_uri(planner, slot, version);
  }
  const auto shape = shape_of(version);
  if (version.find('/') != std::string::npos || version.empty()) {
    return planner.refuse("\"" + text::printable(version) + "\" is no single version");
  }
  std::vector<edit::Part> fitting;
  for (const auto segment : segments_of(slot.place.value)) {
    if (shape != Shape::none && shape_of(text_of(slot.place.value, segment)) == shape) {
      fitting.push_back(segment);
    }
  }
  if (fitting.size() != 1) {
    return planner.refuse(
        (fitting.empty() ? "no segment of its path" : "more than one segment of its path") +
        std::string(" looks like the version \"") + text::printable(version) +
        "\"; give the whole new URI");
  }
  replace_segment(planner, slot, fitting.front(), version);
  return ok;
}

/// Versions of charts, and Git revisions: ranges and branches move by themselves.
Status check_revision(const Planner& planner, const std::string& version) {
  if (planner.options.floating == Floating::allow) {
    return ok;
  }
  const bool range = version.find_first_of("*^~<>=| ,") != std::string::npos ||
                     version.ends_with(".x") || version == "x" ||
                     version.find(".x.") != std::string::npos;
  if (range) {
    return planner.refuse("\"" + text::printable(version) + "\" is a range, which moves by itself");
  }
  if (const auto why = why_floating(planner.holder, version); !why.empty()) {
    return planner.refuse("\"" + text::printable(version) + "\" " + std::string(why));
  }
  return ok;
}

Status plan_revision(Planner& planner, const Slot& slot) {
  auto version = planner.wanted.version;
  if (const auto& reference = planner.wanted.reference;
      reference && !reference->path.empty() && !reference->tag.empty()) {
    version = reference->tag;  // a marked value may be given the whole reference of its image
  }
  const bool whole = version.find("://") != std::string::npos;
  if (whole && slot.place.part) {  // hf://org/model:revision
    const auto prefix = slot.place.value.substr(0, slot.place.part->begin);
    if (!version.starts_with(prefix)) {
      return planner.refuse("\"" + text::printable(version) + "\" is another model");
    }
    version.erase(0, prefix.size());
  } else if (whole) {
    return planner.refuse("\"" + text::printable(version) + "\" is no version");
  }
  if (version.empty() || version.find_first_of(" \t:@") != std::string::npos) {
    return planner.refuse("\"" + text::printable(planner.wanted.version) + "\" is no version");
  }
  SLUICE_TRY(check_revision(planner, version));
  planner.plan.now =
      slot.place.part ? with_part(slot.place.value, *slot.place.part, version) : version;
  planner.change(slot, version);
  return ok;
}

}  // namespace

std::string_view why_floating(const Holder& holder, std::string_view version) {
  auto digits = version;
  digits.remove_prefix(digits.starts_with('v') ? 1 : 0);
  const bool number = !digits.empty() && std::ranges::all_of(digits, is_digit);
  const bool numbered = holder.kind == PlaceKind::model || holder.kind == PlaceKind::named ||
                        (holder.kind == PlaceKind::marked && holder.slot(Role::tag) == nullptr);
  return number && numbered ? std::string_view{} : image::why_floating(version);
}

Status plan_version(Planner& planner) {
  if (const auto* slot = planner.holder.slot(Role::segment)) {
    return plan_segment(planner, *slot);
  }
  return plan_revision(planner, *planner.holder.slot(Role::revision));
}

}  // namespace sluice::promote

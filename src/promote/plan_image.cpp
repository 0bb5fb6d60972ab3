// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "image/reference.hpp"
#include "promote/planner.hpp"
#include "yaml/scalar.hpp"

#include <algorithm>

// The form that stands in the file is kept: a tag stays a tag, a digest a digest, both both.
namespace sluice::promote {
namespace {

std::string current(const Holder& holder, Role role) {
  const auto* slot = holder.slot(role);
  return slot == nullptr ? std::string() : std::string(slot->place.current());
}

/// Which of tag and digest stand there, and so are needed.
struct Form {
  bool tag = false;
  bool digest = false;
};

Status check_version(const Planner& planner, const Form& form) {
  const auto& wanted = *planner.wanted.reference;
  if (form.digest && wanted.digest.empty()) {
    return planner.refuse(
        "it is pinned by a digest; give the digest of the new image too "
        "(NAME:TAG@sha256:...)");
  }
  if (form.tag && wanted.tag.empty()) {
    return planner.refuse(form.digest
                              ? "it has tag and digest; give the tag of the new image too"
                              : "it has a tag and no digest; give the tag of the new image");
  }
  if (form.tag && !form.digest && planner.options.floating == Floating::refuse) {
    // The reference may carry a digest, but here only its tag would be written.
    if (const auto why = why_floating(planner.holder, wanted.tag); !why.empty()) {
      return planner.refuse("the tag \"" + wanted.tag + "\" " + std::string(why) +
                            "; name one version of the image");
    }
  }
  return ok;
}

/// Whether the wanted name may be written over the one that stands there.
Status check_name(const Planner& planner, const std::string& found, bool& renames) {
  const auto& wanted = *planner.wanted.reference;
  renames = false;
  if (wanted.path.empty() || found.empty()) {
    return ok;
  }
  const auto known = image::normalised_name(found);
  renames = known != image::normalised_name(wanted);
  if (renames && planner.options.rename == Rename::refuse) {
    return planner.refuse("the new image is " + wanted.name() +
                          ", which is another repository than " + text::printable(found));
  }
  return ok;
}

/// A reference that stands as a whole.
Status plan_whole(Planner& planner, const Slot& slot) {
  const auto old = image::parse(slot.place.current());
  if (!old) {
    return planner.refuse(old.error().message);
  }
  bool renames = false;
  SLUICE_TRY(check_name(planner, old->name(), renames));
  auto changed = *planner.wanted.reference;
  Form form{.tag = !old->tag.empty(), .digest = !old->digest.empty()};
  if (!form.tag && !form.digest) {
    form.tag = !changed.tag.empty();
    form.digest = !form.tag;
  }
  SLUICE_TRY(check_version(planner, form));
  changed.tag = form.tag ? changed.tag : "";
  changed.digest = form.digest ? changed.digest : "";
  const auto name = old->name();
  if (!renames) {
    changed.domain = old->domain;
    changed.path = old->path;
  }
  planner.plan.now = changed.text();
  if (planner.plan.now == slot.place.current()) {
    planner.change(slot, planner.plan.now);
    return ok;
  }
  // Only what follows the name changes, so that the bytes of the name stay.
  auto part = slot;
  const std::size_t begin = slot.place.part ? slot.place.part->begin : 0;
  const std::size_t end = slot.place.part ? slot.place.part->end : slot.place.value.size();
  part.place.part = edit::Part{renames ? begin : begin + name.size(), end};
  planner.change(part, renames ? planner.plan.now : planner.plan.now.substr(name.size()));
  return ok;
}

/// What Helm makes of a parameter's value without forceString (strvals, typedVal).
bool helm_gives_it_a_type(std::string_view value) {
  if (value == "true" || value == "false" || value == "null" || value == "0") {
    return true;
  }
  const bool digits =
      !value.empty() && std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; });
  return digits && value.front() != '0';
}

Status change_part(Planner& planner, const Slot& slot, std::string_view to) {
  if (slot.typed && helm_gives_it_a_type(to)) {
    return planner.refuse("Helm would read \"" + std::string(to) +
                          "\" as a number or boolean; add forceString: true to the parameter");
  }
  planner.change(slot, to);
  return ok;
}

/// A digest as the slot spells it: some charts want the hexadecimal digits alone.
std::string spelt_digest(std::string_view old, std::string_view digest) {
  const bool bare = !old.empty() && old.find(':') == std::string_view::npos;
  return std::string(bare ? digest.substr(digest.find(':') + 1) : digest);
}

/// Writes another name into registry and repository.
Status rename(Planner& planner) {
  const auto& wanted = *planner.wanted.reference;
  const auto* name = planner.holder.slot(Role::name);
  const auto* registry = planner.holder.slot(Role::registry);
  if (name == nullptr) {
    return planner.refuse("the new image is " + wanted.name() +
                          ", and no name stands here that could be changed");
  }
  if (registry != nullptr && !registry->place.value.empty()) {
    SLUICE_TRY(
        change_part(planner, *registry, wanted.domain.empty() ? "docker.io" : wanted.domain));
    return change_part(planner, *name, wanted.path);
  }
  return change_part(planner, *name, wanted.name());
}

/// Tag and digest in fields of their own. "tag@digest" in the tag's field counts as both.
Status plan_split(Planner& planner) {
  const auto& holder = planner.holder;
  const auto& wanted = *planner.wanted.reference;
  const auto* tag = holder.slot(Role::tag);
  const auto* digest = holder.slot(Role::digest);
  const auto old_tag = current(holder, Role::tag);
  const auto old_digest = current(holder, Role::digest);
  const bool both_in_tag = old_tag.find('@') != std::string::npos;
  Form form{.digest = !old_digest.empty() || both_in_tag};
  form.tag = tag != nullptr && (!old_tag.empty() || !form.digest) && !old_tag.starts_with('@');
  if (tag == nullptr && digest != nullptr) {
    form.digest = true;
  }
  SLUICE_TRY(check_version(planner, form));
  bool renames = false;
  SLUICE_TRY(check_name(planner, holder.name, renames));
  if (renames) {
    SLUICE_TRY(rename(planner));
  }
  std::string now = renames ? wanted.name() : holder.name;
  if (form.tag) {
    now += (now.empty() ? "" : ":") + wanted.tag;
  }
  if (form.digest) {
    now += '@' + wanted.digest;
  }
  planner.plan.now = now;
  if (tag != nullptr && both_in_tag) {
    SLUICE_TRY(change_part(planner, *tag, (form.tag ? wanted.tag : "") + '@' + wanted.digest));
  } else if (tag != nullptr && form.tag) {
    SLUICE_TRY(change_part(planner, *tag, wanted.tag));
  }
  if (digest != nullptr && form.digest && (!both_in_tag || !old_digest.empty())) {
    SLUICE_TRY(change_part(planner, *digest, spelt_digest(old_digest, wanted.digest)));
  }
  return ok;
}

}  // namespace

Status plan_image(Planner& planner) {
  const auto& holder = planner.holder;
  if (!planner.wanted.reference) {
    return planner.refuse('"' + text::printable(planner.wanted.version) +
                          "\" is no image reference, tag or digest");
  }
  if (const auto* slot = holder.slot(Role::reference)) {
    return plan_whole(planner, *slot);
  }
  if (holder.slot(Role::tag) == nullptr && holder.slot(Role::digest) == nullptr) {
    const auto* name = holder.slot(Role::name);  // a marker on a name alone
    if (name == nullptr || planner.wanted.reference->path.empty()) {
      return planner.refuse("there is neither a tag nor a digest to change");
    }
    planner.plan.now = planner.wanted.reference->name();
    if (image::normalised_name(name->place.value) ==
        image::normalised_name(*planner.wanted.reference)) {
      planner.plan.now = name->place.value;
      return ok;
    }
    return planner.options.rename == Rename::refuse
               ? planner.refuse("the new image is " + planner.plan.now +
                                ", which is another repository")
               : rename(planner);
  }
  return plan_split(planner);
}

}  // namespace sluice::promote

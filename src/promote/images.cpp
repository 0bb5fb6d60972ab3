// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "image/reference.hpp"
#include "promote/surveyor.hpp"

#include <algorithm>
#include <array>
#include <utility>

// Images in Helm values and in objects of any kind: nobody's schema is asked, because charts and
// custom resources name their fields as they like.
namespace sluice::promote {
namespace {

/// Members under which an image stands as a whole: image, sidecarImage, image_name, imageName.
bool names_an_image(const Cursor& scalar) {
  const auto key = text::to_lower(scalar.key());
  return key == "image" || key.ends_with("image") || key == "imagename" || key == "image_name" ||
         (key == "reference" && scalar.parent_key() == "image");  // an image volume
}

/// The first of these members that is there.
Cursor first_of(const Cursor& mapping, std::initializer_list<std::string_view> keys) {
  for (const auto key : keys) {
    if (const auto found = mapping.at(key); found.is_scalar()) {
      return found;
    }
  }
  return {};
}

/// The fields of a split reference.
struct Parts {
  Cursor registry, name, tag, digest;
};

Parts parts_of(const Cursor& mapping) {
  Parts parts{.registry = first_of(mapping, {"registry"}),
              .name = first_of(mapping, {"repository", "repo"}),
              .tag = first_of(mapping, {"tag", "imageTag"}),
              .digest = first_of(mapping, {"digest", "imageDigest", "sha"})};
  if (!parts.name && (parts.tag || parts.digest)) {
    parts.name = first_of(mapping, {"image", "imageName", "name"});
  }
  if (parts.name && !parts.tag && !parts.digest && parts.name.key() != "name") {
    parts.tag = first_of(mapping, {"version"});
  }
  return parts;
}

/// The name that registry and repository make; empty when they make none, or when the tag stands
/// in it too.
std::string joined_name(const Parts& parts) {
  std::string name(parts.name.text());
  if (parts.registry && !parts.registry.text().empty()) {
    name = std::string(parts.registry.text()) + '/' + name;
  }
  const auto reference = image::parse(name);
  return reference && reference->tag.empty() && reference->digest.empty() ? name : std::string();
}

/// The old reference of a split one: charts prefer the digest, and so do we when we compare.
std::string joined_reference(const std::string& name, const Parts& parts) {
  auto text = name;
  if (!parts.tag.text().empty()) {
    text += ':' + std::string(parts.tag.text());
  }
  if (!parts.digest.text().empty()) {
    text += '@' + std::string(parts.digest.text());
  }
  return text;
}

void add_slot(Holder& holder, Role role, const Cursor& scalar) {
  if (scalar) {
    holder.slots.push_back({.role = role, .place = scalar.place()});
  }
}

/// A mapping with repository and tag, or with a tag alone under a key that says image. True when it
/// is one: then its members are no images by themselves.
bool find_split(Surveyor& surveyor, const Cursor& mapping, PlaceKind kind) {
  const auto parts = parts_of(mapping);
  if (!parts.tag && !parts.digest) {
    return false;
  }
  const auto name = parts.name ? joined_name(parts) : std::string();
  if (name.empty() && (parts.name || !text::to_lower(mapping.key()).ends_with("image"))) {
    return false;
  }
  Holder holder{.kind = kind, .name = name, .old = joined_reference(name, parts)};
  add_slot(holder, Role::registry, parts.registry);
  add_slot(holder, Role::name, parts.name);
  add_slot(holder, Role::tag, parts.tag);
  add_slot(holder, Role::digest, parts.digest);
  surveyor.add(std::move(holder));
  return true;
}

/// The name beside an image, where lists of containers have it.
std::string container_of(const Cursor& mapping) {
  return mapping.at("image").is_scalar() ? std::string(mapping.text("name")) : std::string();
}

void find_joined(Surveyor& surveyor,
                 const Cursor& scalar,
                 PlaceKind kind,
                 const std::string& container) {
  if (!scalar.is_string() || scalar.node().by_alias) {
    return;
  }
  const auto reference = image::parse(scalar.text());
  if (!reference) {
    return;
  }
  const bool versioned = !reference->tag.empty() || !reference->digest.empty();
  if (!names_an_image(scalar) &&
      !(versioned && surveyor.asked(image::normalised_name(*reference)))) {
    return;
  }
  surveyor.add({.kind = kind,
                .name = reference->name(),
                .old = std::string(scalar.text()),
                .container = container,
                .slots = {{.role = Role::reference, .place = scalar.place()}}});
}

}  // namespace

void find_images(Surveyor& surveyor, const Cursor& at, PlaceKind kind) {
  if (!at || !surveyor.spend() || at.is_scalar()) {
    return;
  }
  const bool split = at.is_mapping() && find_split(surveyor, at, kind);
  const auto container = at.is_mapping() ? container_of(at) : std::string();
  for (const auto& member : at.children()) {
    if (!member.is_scalar()) {
      find_images(surveyor, member, kind);
    } else if (!split) {
      find_joined(surveyor, member, kind, container);
    }
  }
}

}  // namespace sluice::promote

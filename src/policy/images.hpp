// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/context.hpp"
#include "policy/object.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace sluice::policy {

/// An image reference taken apart as Kyverno does it: `docker.io` when no registry is named (but no
/// "library/"), `latest` when there is neither tag nor digest.
struct Image {
  std::string registry, path, name, tag, digest, reference, reference_with_tag;
};
std::optional<Image> parse_image(std::string_view text);

/// The variable `images`: {containers, initContainers, ephemeralContainers} by container name; {}
/// for kinds without containers. False: an image is no reference.
bool images_of(Arena& arena, const Object& object, Value& out, Failure& failure);

}  // namespace sluice::policy

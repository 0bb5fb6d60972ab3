// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/context.hpp"
#include "policy/object.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::policy {

/// An image reference taken apart as Kyverno does it: `docker.io` when no registry is named (but no
/// "library/"), `latest` when there is neither tag nor digest.
struct Image {
  std::string registry, path, name, tag, digest, reference, reference_with_tag;
};
std::optional<Image> parse_image(std::string_view text);

/// Where a rule's imageExtractors find images in objects of one kind.
struct ImageExtractor {
  std::vector<std::string> steps;  ///< "*" is every element
  std::string name = "custom";     ///< of the group in the variable `images`
  std::string value, key;          ///< fields with the image and its name; no key: its place
  std::string jmespath;            ///< applied to the field
};

/// An image and where it stands.
struct FoundImage {
  std::string key, pointer, group;
  Image image;
};

/// The images of an object, by its kind's containers. False: one is no reference.
bool find_images(const Object& object, std::vector<FoundImage>& out, Failure& failure);
/// By extractors. False: as above, or a step leads to what is no mapping.
bool find_images(const Object& object,
                 const std::vector<ImageExtractor>& extractors,
                 Context& context,
                 std::vector<FoundImage>& out,
                 Failure& failure);

/// The variable `images`: {containers, initContainers, ephemeralContainers} by container name; {}
/// for kinds without containers. False: an image is no reference.
bool images_of(Arena& arena, const Object& object, Value& out, Failure& failure);

}  // namespace sluice::policy

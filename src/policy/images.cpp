// SPDX-License-Identifier: Apache-2.0
#include "policy/images.hpp"

#include "base/text.hpp"

#include <array>
#include <re2/re2.h>

namespace sluice::policy {

namespace {

/// The grammar of distribution/reference.
const re2::RE2& reference_grammar() {
  static const re2::RE2 grammar(
      "^(?:((?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-"
      "zA-Z0-9-]*[a-zA-Z0-9]))*"
      "(?::[0-9]+)?)/)?"
      "([a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*)"
      "(?::([0-9A-Za-z_][0-9A-Za-z_.-]{0,127}))?"
      "(?:@([A-Za-z][A-Za-z0-9]*(?:[+._-][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}))?$");
  return grammar;
}

std::string with_registry(std::string_view text) {
  const auto slash = text.find('/');
  const auto first = text.substr(0, slash);
  const bool registry =
      slash != std::string_view::npos && (first.find_first_of(".:") != std::string_view::npos ||
                                          first == "localhost" || text::to_lower(first) != first);
  return registry ? std::string(text) : "docker.io/" + std::string(text);
}

/// Where the Pod's spec stands in an object of this kind.
std::optional<Value> pod_spec(const Object& object, std::string& pointer) {
  constexpr std::array<std::string_view, 6> with_template = {
      "DaemonSet", "Deployment", "Job", "ReplicaSet", "StatefulSet", "ReplicationController"};
  if (object.kind == "Pod") {
    pointer = "/spec";
    return object.value.find("spec");
  }
  if (object.kind == "CronJob") {
    pointer = "/spec/jobTemplate/spec/template/spec";
    return object.value.get({"spec", "jobTemplate", "spec", "template"}).find("spec");
  }
  for (const auto kind : with_template) {
    if (object.kind == kind) {
      pointer = "/spec/template/spec";
      return object.value.get({"spec", "template"}).find("spec");
    }
  }
  return std::nullopt;
}

Value image_value(Arena& arena, const Image& image, const std::string& pointer) {
  std::vector<Member> members;
  const auto add = [&](std::string_view key, const std::string& text) {
    if (!text.empty()) {
      members.push_back({key, make_string(arena, text)});
    }
  };
  add("registry", image.registry);
  members.push_back({"name", make_string(arena, image.name)});
  members.push_back({"path", make_string(arena, image.path)});
  add("tag", image.tag);
  add("digest", image.digest);
  add("reference", image.reference);
  add("referenceWithTag", image.reference_with_tag);
  add("jsonPointer", pointer);
  return make_object(arena, members);
}

}  // namespace

std::optional<Image> parse_image(std::string_view text) {
  const std::string full = with_registry(text);
  Image image;
  if (!re2::RE2::FullMatch(full, reference_grammar(), &image.registry, &image.path, &image.tag,
                           &image.digest)) {
    return std::nullopt;
  }
  image.name = image.path.substr(image.path.rfind('/') + 1);  // npos + 1 is 0: all of it
  if (image.tag.empty() && image.digest.empty()) {
    image.tag = "latest";
  }
  const std::string repository =
      image.registry.empty() ? image.path : image.registry + "/" + image.path;
  image.reference_with_tag = repository + ":" + image.tag;
  image.reference =
      image.digest.empty() ? repository + ":" + image.tag : repository + "@" + image.digest;
  return image;
}

bool images_of(Arena& arena, const Object& object, Value& out, Failure& failure) {
  std::string pointer;
  const auto spec = pod_spec(object, pointer);
  std::vector<Member> groups;
  for (const std::string_view group : {"initContainers", "containers", "ephemeralContainers"}) {
    const Value list = spec ? spec->get({group}) : Value();
    std::vector<Member> images;
    for (std::size_t i = 0; i < list.size() && list.is(Type::array); ++i) {
      const auto text = list.at(i).text({"image"});
      if (text::trim(text).empty()) {
        continue;
      }
      const auto image = parse_image(text);
      if (!image) {
        failure = {Failure::Kind::error, "invalid image '" + std::string(text) + "'"};
        return false;
      }
      const std::string place =
          pointer + "/" + std::string(group) + "/" + std::to_string(i) + "/image";
      images.push_back({list.at(i).text({"name"}), image_value(arena, *image, place)});
    }
    if (!images.empty()) {
      groups.push_back({group, make_object(arena, images)});
    }
  }
  out = make_object(arena, groups);
  return true;
}

}  // namespace sluice::policy

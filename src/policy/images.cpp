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

namespace {

std::string_view text_below(const Value& object, const std::string& key) {
  const auto value = object.find(key);
  return value && value->is(Type::string) ? value->as_string() : std::string_view();
}

bool add_image(std::string_view text,
               std::string key,
               std::string pointer,
               std::string_view group,
               std::vector<FoundImage>& out,
               Failure& failure) {
  auto image = parse_image(text);
  if (!image) {
    failure = {Failure::Kind::error, "invalid image '" + std::string(text) + "'"};
    return false;
  }
  out.push_back({std::move(key), std::move(pointer), std::string(group), std::move(*image)});
  return true;
}

/// Follows the steps of an extractor from one value.
class Extraction {
 public:
  Extraction(const ImageExtractor& extractor,
             Context& context,
             std::vector<FoundImage>& out,
             Failure& failure)
      : extractor_(extractor), context_(context), out_(out), failure_(failure) {}

  bool follow(const Value& value, std::size_t step, const std::string& pointer) {
    if (value.is_null()) {
      return true;
    }
    const auto& steps = extractor_.steps;
    const bool each = step < steps.size() && steps[step] == "*" &&
                      (value.is(Type::array) || value.is(Type::object));
    for (std::size_t i = 0; each && i < value.size(); ++i) {
      const bool mapping = value.is(Type::object);
      const Value element = mapping ? value.member_at(i) : value.at(i);
      const std::string below =
          pointer + "/" + (mapping ? std::string(value.key_at(i)) : std::to_string(i));
      const bool deeper = element.is(Type::array) && !mapping;  // a list of lists: the same step
      if ((element.is(Type::object) || element.is(Type::array)) &&
          !follow(element, deeper ? step : step + 1, below)) {
        return false;
      }
    }
    if (each) {
      return true;
    }
    if (!value.is(Type::object)) {
      failure_ = {Failure::Kind::error, "invalid image config"};
      return false;
    }
    if (step < steps.size()) {
      const auto next = value.find(steps[step]);
      return !next || follow(*next, step + 1, pointer + "/" + steps[step]);
    }
    return take(value, pointer);
  }

 private:
  bool take(const Value& holder, const std::string& pointer) {
    const std::string place = (pointer.empty() ? "/" : pointer) + "/" + extractor_.value;
    std::string key = place;
    if (!extractor_.key.empty()) {
      const auto named = holder.find(extractor_.key);
      if (!named || !named->is(Type::string)) {
        failure_ = {Failure::Kind::error, "invalid key"};
        return false;
      }
      key = std::string(named->as_string());
    }
    std::string_view text = text_below(holder, extractor_.value);
    if (text::trim(text).empty()) {
      return true;
    }
    Value found;
    if (!extractor_.jmespath.empty()) {
      if (!context_.search(extractor_.jmespath, Value::string(text), found, failure_)) {
        return false;
      }
      if (!found.is(Type::string)) {
        failure_ = {Failure::Kind::error, "the jmesPath of an image must produce a string"};
        return false;
      }
      text = found.as_string();
    }
    return add_image(text, std::move(key), place, extractor_.name, out_, failure_);
  }

  const ImageExtractor& extractor_;
  Context& context_;
  std::vector<FoundImage>& out_;
  Failure& failure_;
};

}  // namespace

bool find_images(const Object& object, std::vector<FoundImage>& out, Failure& failure) {
  std::string pointer;
  const auto spec = pod_spec(object, pointer);
  for (const std::string_view group : {"initContainers", "containers", "ephemeralContainers"}) {
    const Value list = spec ? spec->get({group}) : Value();
    for (std::size_t i = 0; i < list.size() && list.is(Type::array); ++i) {
      const auto text = list.at(i).text({"image"});
      const std::string place =
          pointer + "/" + std::string(group) + "/" + std::to_string(i) + "/image";
      if (!text::trim(text).empty() &&
          !add_image(text, std::string(list.at(i).text({"name"})), place, group, out, failure)) {
        return false;
      }
    }
  }
  return true;
}

bool find_images(const Object& object,
                 const std::vector<ImageExtractor>& extractors,
                 Context& context,
                 std::vector<FoundImage>& out,
                 Failure& failure) {
  for (const auto& extractor : extractors) {
    if (!Extraction(extractor, context, out, failure).follow(object.value, 0, "")) {
      return false;
    }
  }
  return true;
}

bool images_of(Arena& arena, const Object& object, Value& out, Failure& failure) {
  std::vector<FoundImage> found;
  if (!find_images(object, found, failure)) {
    return false;
  }
  std::vector<Member> groups;
  for (const std::string_view group : {"initContainers", "containers", "ephemeralContainers"}) {
    std::vector<Member> images;
    for (const auto& entry : found) {
      if (entry.group == group) {
        images.push_back({arena.copy(entry.key), image_value(arena, entry.image, entry.pointer)});
      }
    }
    if (!images.empty()) {
      groups.push_back({group, make_object(arena, images)});
    }
  }
  out = make_object(arena, groups);
  return true;
}

}  // namespace sluice::policy

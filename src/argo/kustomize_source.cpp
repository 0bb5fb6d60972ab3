// SPDX-License-Identifier: Apache-2.0
#include "argo/fields.hpp"
#include "argo/source.hpp"
#include "base/text.hpp"
#include "io/files.hpp"

#include <algorithm>

namespace sluice::argo {
namespace {

using yaml::Kind;
using yaml::Value;

const Value* present(const Value& mapping, std::string_view key) {
  const auto* value = mapping.find(key);
  return value == nullptr || value->is_zero() ? nullptr : value;
}

bool is_true(const Value& mapping, std::string_view key) {
  const auto* value = mapping.find(key);
  return value != nullptr && value->is_true();
}

/// The part of "name:tag@digest" that is no name goes into `image`; what is left is the name.
std::string_view take_version(std::string_view reference, Value& image) {
  if (const auto at = reference.find('@'); at != std::string_view::npos) {
    image.set("digest", Value::string(std::string(reference.substr(at + 1))));
    reference = reference.substr(0, at);
  }
  const auto colon = reference.rfind(':');
  if (colon == std::string_view::npos ||
      reference.find('/', colon) != std::string_view::npos) {  // a registry's port
    return reference;
  }
  image.set("newTag", Value::string(std::string(reference.substr(colon + 1))));
  return reference.substr(0, colon);
}

/// "name=new:tag", "name=new@digest", "name:tag", "name@digest": what `kustomize edit set image`
/// reads.
std::optional<Value> image(std::string_view text) {
  auto entry = Value::mapping();
  const auto equals = text.find('=');
  if (equals != std::string_view::npos) {
    entry.set("name", Value::string(std::string(text.substr(0, equals))));
    const auto name = take_version(text.substr(equals + 1), entry);
    if (!name.empty()) {
      entry.set("newName", Value::string(std::string(name)));
    }
  } else {
    const auto name = take_version(text, entry);
    entry.set("name", Value::string(std::string(name)));
  }
  const bool versioned = entry.find("newTag") != nullptr || entry.find("digest") != nullptr ||
                         entry.find("newName") != nullptr;
  return versioned && !entry.text_at({"name"}).empty() ? std::optional(entry) : std::nullopt;
}

bool take_images(
    Context& context, const Subject& subject, Source& source, const Value& options, Value& edits) {
  const auto* images = present(options, "images");
  if (images == nullptr) {
    return true;
  }
  auto list = Value::sequence();
  for (const auto& written : images->items) {
    const auto text = substitute(source.environment, written.text);
    if (text.find('*') != std::string::npos) {  // "keep what is there": needs the other file
      context.unrenderable(subject, "kustomize.images " + text + " keeps a part with '*'");
      return false;
    }
    auto entry = image(text);
    if (!entry) {
      context.invalid(subject, &written,
                      "image " + quoted(text) + " is not name=newname, name:tag or name@digest");
      return false;
    }
    list.items.push_back(std::move(*entry));
  }
  edits.set("images", std::move(list));
  return true;
}

bool take_replicas(Context& context, const Subject& subject, const Value& options, Value& edits) {
  const auto* replicas = present(options, "replicas");
  if (replicas == nullptr) {
    return true;
  }
  auto list = Value::sequence();
  for (const auto& written : replicas->items) {
    const auto* count = written.find("count");
    const auto name = written.text_at({"name"});
    const bool number = count != nullptr && !count->text.empty() && count->text.size() < 10 &&
                        count->text.find_first_not_of("0123456789") == std::string::npos;
    if (name.empty() || !number) {
      context.invalid(subject, &written, "an entry of kustomize.replicas needs name and count");
      return false;
    }
    auto entry = Value::mapping();
    entry.set("name", Value::string(std::string(name)));
    entry.set("count",
              Value{.kind = Kind::integer, .text = std::to_string(std::stoul(count->text))});
    list.items.push_back(std::move(entry));
  }
  edits.set("replicas", std::move(list));
  return true;
}

/// The kustomization of the source's folder, or null.
Value kustomization_of(Context& context, const Source& source) {
  for (const auto* name : {"kustomization.yaml", "kustomization.yml", "Kustomization"}) {
    const auto path = source.path == "." ? std::string(name) : source.path + "/" + name;
    if (!context.repository.has_file(path)) {
      continue;
    }
    context.input(path);
    const auto real = io::resolve_inside(context.repository.root, path);
    auto bytes = real ? io::read_file(*real) : Result<std::string>(real.error());
    auto value = bytes ? yaml::parse_value(std::move(*bytes), path) : Result<Value>(Value{});
    return value ? std::move(*value) : Value{};  // kustomize itself will say what is wrong
  }
  return {};
}

enum class Force { no, yes };

/// `kustomize edit add` refuses a key that is there already, unless forced.
bool add_pairs(Context& context,
               const Subject& subject,
               const Value& pairs,
               const Value* already,
               Force force) {
  for (const auto& [key, value] : pairs.members) {
    if (force == Force::no && already != nullptr && already->find(key) != nullptr) {
      context.invalid(subject, &value, quoted(key) + " is already in the kustomization",
                      "set forceCommonLabels or forceCommonAnnotations to replace it");
      return false;
    }
  }
  return true;
}

Value substituted(Source& source, const Value& pairs) {
  auto out = Value::mapping();
  for (const auto& [key, value] : pairs.members) {
    out.set(key, Value::string(substitute(source.environment, value.text)));
  }
  return out;
}

bool take_labels(
    Context& context, const Subject& subject, Source& source, const Value& options, Value& edits) {
  const auto file = kustomization_of(context, source);
  if (const auto* labels = present(options, "commonLabels"); labels != nullptr) {
    const auto force = is_true(options, "forceCommonLabels") ? Force::yes : Force::no;
    auto pairs = substituted(source, *labels);
    if (is_true(options, "labelWithoutSelector")) {
      auto entry = Value::mapping();
      entry.set("pairs", std::move(pairs));
      if (is_true(options, "labelIncludeTemplates")) {
        entry.set("includeTemplates", Value::boolean(true));
      }
      auto list = Value::sequence();
      list.items.push_back(std::move(entry));
      edits.set("labels", std::move(list));
    } else {
      if (!add_pairs(context, subject, *labels, file.find("commonLabels"), force)) {
        return false;
      }
      edits.set("commonLabels", std::move(pairs));
    }
  }
  if (const auto* annotations = present(options, "commonAnnotations"); annotations != nullptr) {
    const auto force = is_true(options, "forceCommonAnnotations") ? Force::yes : Force::no;
    if (!add_pairs(context, subject, *annotations, file.find("commonAnnotations"), force)) {
      return false;
    }
    edits.set("commonAnnotations", is_true(options, "commonAnnotationsEnvsubst")
                                       ? substituted(source, *annotations)
                                       : *annotations);
  }
  return true;
}

bool take_components(Context& context,
                     const Subject& subject,
                     const Source& source,
                     const Value& options,
                     Value& edits) {
  const auto* components = present(options, "components");
  if (components == nullptr) {
    return true;
  }
  const bool ignore = is_true(options, "ignoreMissingComponents");
  auto list = Value::sequence();
  for (const auto& component : components->items) {
    const auto joined = source.path == "." ? component.text : source.path + "/" + component.text;
    const auto path = io::normalise_inside(joined);
    if (component.text.find("://") != std::string::npos) {
      context.unrenderable(subject,
                           "kustomize component " + component.text + " is not in this repository");
      return false;
    }
    const bool here = path && context.repository.has_folder(*path);
    if (!here && !ignore) {
      context.missing(subject, &component,
                      "component " + quoted(component.text) + " is not in this repository");
      return false;
    }
    if (here) {
      list.items.push_back(Value::string(component.text));
    }
  }
  edits.set("components", std::move(list));
  return true;
}

}  // namespace

std::optional<delivery::KustomizeSource> kustomize_source(Context& context,
                                                          const Subject& subject,
                                                          Source& source) {
  delivery::KustomizeSource out{.path = source.path};
  const auto* options = source.find("kustomize");
  if (options == nullptr) {
    return out;
  }
  if (!check_fields(context, subject, options, kustomize_fields)) {
    return std::nullopt;
  }
  auto edits = Value::mapping();
  for (const auto* key : {"namePrefix", "nameSuffix", "namespace"}) {
    if (const auto* text = present(*options, key); text != nullptr) {
      edits.set(key, *text);
    }
  }
  if (!take_images(context, subject, source, *options, edits) ||
      !take_replicas(context, subject, *options, edits) ||
      !take_labels(context, subject, source, *options, edits) ||
      !take_components(context, subject, source, *options, edits)) {
    return std::nullopt;
  }
  if (const auto* patches = present(*options, "patches"); patches != nullptr) {
    edits.set("patches", *patches);
  }
  out.edits = edits.members.empty() ? std::string() : yaml::to_json(edits);
  return out;
}

}  // namespace sluice::argo

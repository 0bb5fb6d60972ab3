// SPDX-License-Identifier: Apache-2.0
#include "argo/application_set.hpp"

#include "argo/fields.hpp"
#include "argo/generators.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <set>

namespace sluice::argo {
namespace {

using yaml::Kind;
using yaml::Value;

const Value* present(const Value* mapping, std::string_view key) {
  const auto* value = mapping == nullptr ? nullptr : mapping->find(key);
  return value == nullptr || value->kind == Kind::null ? nullptr : value;
}

bool is_go(const Value& spec) {
  const auto* go = spec.find("goTemplate");
  return go != nullptr && go->is_true();
}

/// goTemplateOptions; nothing when one is not known (reported).
std::optional<MissingKey> missing_key(Context& context, const Subject& subject, const Value& spec) {
  auto missing = MissingKey::no_value;
  const auto* options = present(&spec, "goTemplateOptions");
  if (options == nullptr) {
    return missing;
  }
  for (const auto& option : options->items) {
    if (option.text == "missingkey=error") {
      missing = MissingKey::error;
    } else if (option.text == "missingkey=default" || option.text == "missingkey=invalid" ||
               option.text == "missingkey=zero") {
      missing = MissingKey::no_value;  // all print "<no value>" for parameters
    } else {
      context.invalid(subject, &option,
                      "unknown option " + quoted(option.text) + " of Go templates");
      return std::nullopt;
    }
  }
  return missing;
}

/// A strategic merge patch over an Application is a merge patch: its lists have no merge keys. What
/// only a strategic patch can say is not.
bool has_directive(const Value& patch) {
  const auto is_directive = [](const auto& member) {
    return member.first.starts_with('$') || has_directive(member.second);
  };
  return std::ranges::any_of(patch.members, is_directive) ||
         std::ranges::any_of(patch.items, has_directive);
}

void set_below(Value& object, std::string_view section, std::string_view key, std::string text) {
  auto* present = object.find(section);
  auto& mapping = present == nullptr ? object.set(section, Value::mapping()) : *present;
  mapping.set(key, Value::string(std::move(text)));
}

/// Makes the Applications of one set, one after another.
class Maker {
 public:
  Maker(Attempt& attempt, const Value& set, const Value& spec)
      : attempt_(attempt), set_(set), spec_(spec), patch_(present(&spec, "templatePatch")) {}

  bool take(const Value& generator) {
    const auto parameters = generate(attempt_, generator, nullptr);
    if (!parameters) {
      return false;
    }
    if (attempt_.pending) {
      return true;  // the parameters are not known yet
    }
    const auto frame = template_for(generator);
    for (const auto& one : *parameters) {
      if (!attempt_.within_limit(++count_, generator) || !make(frame, one)) {
        return false;
      }
    }
    return true;
  }

 private:
  /// The set's template, with what the generator's own says laid over it.
  [[nodiscard]] Value template_for(const Value& generator) const {
    const auto* common = spec_.find("template");
    const auto* kind = generator_kind(generator);
    const auto* own = kind == nullptr ? nullptr : present(&kind->second, "template");
    Value frame = own == nullptr ? Value::mapping() : *own;
    if (common != nullptr) {
      yaml::merge_missing(frame, *common);
    }
    return frame;
  }

  bool patch(Value& application, const Value& parameters) {
    const auto text = attempt_.text(*patch_, patch_->text, parameters);
    if (!text || attempt_.pending) {
      return text.has_value();
    }
    const auto value = yaml::parse_value(*text, "templatePatch");
    if (!value) {
      attempt_.context.invalid(attempt_.subject, patch_,
                               text::printable(value.error().message, 400));
      return false;
    }
    if (has_directive(*value)) {
      attempt_.context.unrenderable(attempt_.subject,
                                    "templatePatch with a $-directive of strategic merge patches");
      return false;
    }
    // Argo CD takes neither the name nor the project from a patch.
    const auto name = std::string(application.text_at({"metadata", "name"}));
    const auto project = std::string(application.text_at({"spec", "project"}));
    yaml::merge_patch(application, *value);
    set_below(application, "metadata", "name", name);
    set_below(application, "spec", "project", project);
    return true;
  }

  bool make(const Value& frame, const Value& parameters) {
    auto application = attempt_.tree(frame, parameters);
    if (!application || (patch_ != nullptr && !patch(*application, parameters))) {
      return false;
    }
    if (attempt_.pending) {
      return true;
    }
    auto& context = attempt_.context;
    const auto name = std::string(application->text_at({"metadata", "name"}));
    if (!names_.insert(name).second) {
      context.invalid(attempt_.subject, set_.find({"spec", "template"}),
                      "the ApplicationSet makes two Applications named " + quoted(name));
      return true;
    }
    const Subject made{.resource = attempt_.subject.resource,
                       .name = name,
                       .chain = attempt_.subject.chain + " > " + text::printable(name)};
    if (name.find("{{") != std::string::npos) {
      context.invalid(made, set_.find({"spec", "template", "metadata", "name"}),
                      "no parameter for a tag in the name " + quoted(name));
      return true;
    }
    expand_application(context, made, *application);
    return true;
  }

  Attempt& attempt_;
  const Value& set_;
  const Value& spec_;
  const Value* patch_;
  std::size_t count_ = 0;
  std::set<std::string> names_;
};

}  // namespace

Outcome expand_set(Context& context,
                   const Subject& subject,
                   const Value& set,
                   std::span<const Cluster> clusters,
                   TemplateBatch& batch) {
  const auto* spec = present(&set, "spec");
  const auto* generators = present(spec, "generators");
  if (generators == nullptr || present(spec, "template") == nullptr) {
    context.invalid(subject, spec, "an ApplicationSet needs spec.generators and spec.template");
    return Outcome::finished;
  }
  check_fields(context, subject, spec, set_spec);
  check_fields(context, subject, spec->find("template"), set_template);
  const auto missing = missing_key(context, subject, *spec);
  if (!missing) {
    return Outcome::finished;
  }
  Evaluator evaluator(is_go(*spec) ? Language::go : Language::fast, *missing, batch);
  Attempt attempt(context, subject, evaluator, clusters);
  Maker maker(attempt, set, *spec);
  for (const auto& generator : generators->items) {
    if (!maker.take(generator)) {
      break;  // Argo CD makes nothing of a set with a failing generator
    }
  }
  return attempt.pending ? Outcome::pending : Outcome::finished;
}

}  // namespace sluice::argo

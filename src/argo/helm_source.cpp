// SPDX-License-Identifier: Apache-2.0
#include "argo/fields.hpp"
#include "argo/source.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace sluice::argo {
namespace {

using delivery::HelmParameter;
using yaml::Kind;
using yaml::Style;
using yaml::Value;

const Value* present(const Value& mapping, std::string_view key) {
  const auto* value = mapping.find(key);
  return value == nullptr || value->kind == Kind::null ? nullptr : value;
}

bool is_true(const Value& mapping, std::string_view key) {
  const auto* value = mapping.find(key);
  return value != nullptr && value->is_true();
}

/// A comma would begin the next assignment of --set; Argo CD escapes it, but for "{a,b}" lists.
std::string escape_commas(const std::string& value) {
  if (value.starts_with('{') && value.ends_with('}')) {
    return value;
  }
  std::string out;
  for (const char c : value) {
    if (c == ',' && !out.ends_with('\\')) {
      out += '\\';
    }
    out += c;
  }
  return out;
}

/// One Go map for --set, one for --set-string and one for --set-file: a name given twice counts
/// once, the last time.
void put(std::vector<HelmParameter>& parameters, HelmParameter parameter) {
  std::erase_if(parameters, [&](const auto& other) {
    return other.as == parameter.as && other.name == parameter.name;
  });
  parameters.push_back(std::move(parameter));
}

/// "a.b" is part of "a.b.c" and of "a.b[0]".
bool overlap(std::string_view shorter, std::string_view longer) {
  return longer.starts_with(shorter) &&
         (longer.size() == shorter.size() || longer[shorter.size()] == '.' ||
          longer[shorter.size()] == '[');
}

/// Argo CD passes parameters in an order of chance: two that set the same place have no one result.
void warn_of_overlaps(Context& context,
                      const Subject& subject,
                      const Value* at,
                      const std::vector<HelmParameter>& sorted) {
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    const auto& previous = sorted[i - 1];
    if (previous.as == sorted[i].as && overlap(previous.name, sorted[i].name)) {
      context.report(subject, at, diag::Severity::warning, "render/argo-ambiguous",
                     "parameters " + quoted(previous.name) + " and " + quoted(sorted[i].name) +
                         " set the same value, and Argo CD passes them in no fixed order",
                     "keep one of them");
    }
  }
}

bool take_file_parameters(Context& context,
                          const Subject& subject,
                          Source& source,
                          const Value& helm,
                          std::vector<HelmParameter>& parameters) {
  const auto* files = present(helm, "fileParameters");
  if (files == nullptr) {
    return true;
  }
  for (const auto& file : files->items) {
    check_fields(context, subject, &file, helm_file_parameter_fields);
    const auto* path = present(file, "path");
    if (path == nullptr) {
      context.invalid(subject, &file, "a file parameter has no path");
      return false;
    }
    auto located = locate_file(context, subject, source, *path);
    if (!located) {
      return false;
    }
    context.input(*located);
    put(parameters, {std::string(file.text_at({"name"})), *located, HelmParameter::As::file});
  }
  return true;
}

std::optional<std::vector<HelmParameter>> parameters(Context& context,
                                                     const Subject& subject,
                                                     Source& source,
                                                     const Value& helm) {
  std::vector<HelmParameter> found;
  const auto* written = present(helm, "parameters");
  if (written != nullptr) {
    for (const auto& parameter : written->items) {
      check_fields(context, subject, &parameter, helm_parameter_fields);
      const auto name = parameter.text_at({"name"});
      const auto* value = present(parameter, "value");
      if (name.empty() || (value != nullptr && !value->is_string())) {
        context.invalid(subject, &parameter,
                        name.empty() ? "a parameter has no name"
                                     : "the value of parameter " + quoted(name) + " is not text",
                        name.empty() ? "" : "put it in quotes");
        return std::nullopt;
      }
      const auto text = substitute(source.environment, value == nullptr ? "" : value->text);
      put(found, {std::string(name), escape_commas(text),
                  is_true(parameter, "forceString") ? HelmParameter::As::string
                                                    : HelmParameter::As::value});
    }
  }
  if (!take_file_parameters(context, subject, source, helm, found)) {
    return std::nullopt;
  }
  std::ranges::stable_sort(found, {}, [](const auto& parameter) {
    return std::pair(parameter.as, std::string_view(parameter.name));
  });
  warn_of_overlaps(context, subject, written, found);
  return found;
}

/// valuesObject takes the place of values; they are not merged.
void take_values(const Context& context,
                 const Subject& subject,
                 const Value& helm,
                 delivery::HelmSource& out) {
  const auto* object = present(helm, "valuesObject");
  if (object != nullptr && !object->is_zero()) {
    out.values = yaml::to_json(*object) + "\n";
    out.values_at = context.place(subject, object);
    return;
  }
  const auto* values = present(helm, "values");
  if (values != nullptr && !values->text.empty()) {
    out.values = values->text;
    out.values_at = context.place(subject, values);
    const bool block = values->style == Style::literal || values->style == Style::folded;
    out.values_at.line += block && out.values_at.line != 0 ? 1 : 0;
  }
}

}  // namespace

std::optional<std::string> full_version(std::string_view text) {
  if (text.starts_with('v')) {
    text.remove_prefix(1);
  }
  text = text.substr(0, text.find_first_of("-+"));  // as Kubernetes' generic versions drop them
  auto parts = text::split(text, '.');
  const auto digits = [](std::string_view part) {
    return !part.empty() && part.size() < 10 &&
           part.find_first_not_of("0123456789") == std::string_view::npos;
  };
  if (parts.size() < 2 || parts.size() > 3 || !std::ranges::all_of(parts, digits)) {
    return std::nullopt;
  }
  return std::string(text) + (parts.size() == 2 ? ".0" : "");
}

std::optional<delivery::HelmSource> helm_source(Context& context,
                                                const Subject& subject,
                                                Source& source) {
  delivery::HelmSource out{.chart = source.path, .release = subject.name};
  const auto* helm = source.find("helm");
  if (helm == nullptr) {
    return out;
  }
  if (!check_fields(context, subject, helm, helm_fields)) {
    return std::nullopt;
  }
  if (const auto version = helm->text_at({"version"}); !version.empty() && version != "v3") {
    context.unrenderable(subject, "helm.version " + std::string(version) + " is not Helm 3");
    return std::nullopt;
  }
  if (const auto release = helm->text_at({"releaseName"}); !release.empty()) {
    out.release = release;
  }
  out.name_space = helm->text_at({"namespace"});
  auto files = value_files(context, subject, source);
  auto set = parameters(context, subject, source, *helm);
  if (!files || !set) {
    return std::nullopt;
  }
  out.values_files = std::move(*files);
  out.parameters = std::move(*set);
  take_values(context, subject, *helm, out);
  out.skip_crds = is_true(*helm, "skipCrds");
  out.skip_tests = is_true(*helm, "skipTests");
  out.skip_schema_validation = is_true(*helm, "skipSchemaValidation");
  return out;
}

}  // namespace sluice::argo

// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "policy/check.hpp"
#include "policy/declared.hpp"

namespace sluice::policy {

namespace {

bool refused(Failure& failure, std::string why) {
  failure = {Failure::Kind::error, std::move(why)};
  return false;
}

}  // namespace

bool Checker::through_path(
    const ContextEntry& entry, Context& context, const Value& data, Value& out, Failure& failure) {
  Value path;
  if (entry.jmespath && !substitute(*entry.jmespath, context, path, failure)) {
    return false;
  }
  if (!path.is(Type::string) || path.as_string().empty()) {
    out = data;
    return true;
  }
  return context.search(path.as_string(), data, out, failure);
}

bool Checker::load_api_call(const ContextEntry& entry,
                            Context& context,
                            Value& out,
                            Failure& failure) {
  Value url;
  if (!substitute(entry.reference, context, url, failure)) {
    return false;
  }
  const Declared& declared = *request_.declared;
  const std::string wanted = go_text(url);
  const std::string method = entry.method.empty() ? "GET" : entry.method;
  if (const auto* answer = declared.answer(method, wanted)) {
    if (answer->status < 200 || answer->status >= 300) {
      return refused(failure, "HTTP " + std::to_string(answer->status) +
                                  " is declared for the context entry \"" + entry.name + "\"");
    }
    return through_path(entry, context, answer->body, out, failure);
  }
  if (!declared.has_cluster) {
    failure = {
        request_.undeclared,
        "no answer to " + wanted + " is declared for the context entry \"" + entry.name + "\""};
    return false;
  }
  const auto found = method == "GET" ? declared.get(arena_, wanted) : std::nullopt;
  if (found) {
    return through_path(entry, context, *found, out, failure);
  }
  if (entry.fallback) {
    return substitute(*entry.fallback, context, out, failure);
  }
  return refused(failure, "there is no " + wanted + " among the declared objects");
}

bool Checker::load_global(const ContextEntry& entry,
                          Context& context,
                          Value& out,
                          Failure& failure) {
  if (!policy_.name_space.empty()) {
    return refused(failure, "globalReference is not allowed in namespaced policies");
  }
  Value name;
  if (!substitute(entry.reference, context, name, failure)) {
    return false;
  }
  const std::string text = go_text(name);
  const auto parts = text::split(text, '.');
  const auto& globals = request_.declared->globals;
  const auto found = globals.find(parts[0]);
  if (found == globals.end()) {
    return refused(failure,
                   "the global context entry \"" + std::string(parts[0]) + "\" is not declared");
  }
  Value value = found->second.value;
  if (parts.size() > 1 && !parts[1].empty()) {
    const auto member = value.find(parts[1]);
    if (!member) {
      return refused(failure, "the global context entry \"" + std::string(parts[0]) +
                                  "\" has no projection \"" + std::string(parts[1]) + "\"");
    }
    value = *member;
  }
  return through_path(entry, context, value, out, failure);
}

std::optional<RuleResult> Checker::load_answers() {
  if (request_.declared == nullptr || request_.declared->answers.empty()) {
    return std::nullopt;
  }
  for (const auto& entry : rule_.context) {
    Value value;
    Failure failure;
    if (entry.kind == ContextEntry::Kind::api_call && context().get(entry.name).is_null() &&
        !load_api_call(entry, context(), value, failure) && failure.message.starts_with("HTTP ")) {
      return error("failed to load context", failure);
    }
  }
  return std::nullopt;
}

}  // namespace sluice::policy

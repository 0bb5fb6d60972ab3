// SPDX-License-Identifier: Apache-2.0
#include "policy/check.hpp"

#include "policy/declared.hpp"
#include "policy/images.hpp"

#include <algorithm>

namespace sluice::policy {

namespace {

constexpr int deepest_loop = 20;

const RuleValues* rule_values(const Values* values, const Policy& policy, const Rule& rule) {
  if (values == nullptr) {
    return nullptr;
  }
  const auto found = values->policies.find(policy.name);
  if (found == values->policies.end()) {
    return nullptr;
  }
  const auto& rules = found->second.rules;
  auto own = rules.find(rule.name);
  own = own == rules.end() ? rules.find(rule.base_name) : own;
  return own == rules.end() ? nullptr : &own->second;
}

}  // namespace

RuleResult Checker::ended(RuleStatus status, std::string message) {
  RuleResult result;
  result.status = status;
  result.message = std::move(message);
  return result;
}

RuleResult Checker::error(std::string_view step, const Failure& failure) {
  const bool unsupported = failure.kind == Failure::Kind::unsupported;
  return ended(unsupported ? RuleStatus::no_verdict : RuleStatus::error,
               std::string(step) + ": " + failure.message);
}

Context& Checker::context() {
  if (context_) {
    return *context_;
  }
  context_.emplace(arena_, cache_);
  fill_(*context_);
  context_->defer("images", [this](Context&, Value& out, Failure& failure) {
    return images_of(arena_, request_.object, out, failure);
  });
  if (const auto* values = rule_values(request_.values, policy_, rule_)) {
    for (const auto& [name, value] : values->values) {
      context_->merge(dotted_path(arena_, name), value);
    }
    for (const auto& each : values->foreach_values) {
      if (!each.of_element.empty()) {
        context_->merge(dotted_path(arena_, each.name), each.of_element.front());
      }
    }
  }
  defer(rule_.context);
  return *context_;
}

void Checker::defer(const std::vector<ContextEntry>& entries) {
  for (const auto& entry : entries) {
    if (entry.kind != ContextEntry::Kind::variable && !context_->get(entry.name).is_null()) {
      continue;  // declared in a values file
    }
    context_->defer(entry.name, [this, &entry](Context& context, Value& out, Failure& failure) {
      switch (entry.kind) {
        case ContextEntry::Kind::variable:
          return load_variable(entry, context, out, failure);
        case ContextEntry::Kind::config_map:
          return load_config_map(entry, context, out, failure);
        case ContextEntry::Kind::api_call:
          if (request_.declared != nullptr) {
            return load_api_call(entry, context, out, failure);
          }
          break;
        case ContextEntry::Kind::global:
          if (request_.declared != nullptr && !request_.declared->globals.empty()) {
            return load_global(entry, context, out, failure);
          }
          break;
        case ContextEntry::Kind::external:
          break;
      }
      failure = {request_.undeclared, "the context entry \"" + entry.name + "\" (" + entry.feature +
                                          ") is not declared in a values file"};
      return false;
    });
  }
}

bool Checker::load_variable(const ContextEntry& entry,
                            Context& context,
                            Value& out,
                            Failure& failure) {
  Value path;
  Value fallback;
  if ((entry.jmespath && !substitute(*entry.jmespath, context, path, failure)) ||
      (entry.fallback && !substitute(*entry.fallback, context, fallback, failure))) {
    return false;
  }
  const bool has_path = path.is(Type::string) && !path.as_string().empty();
  if (entry.jmespath && !path.is(Type::string)) {
    failure = {Failure::Kind::error, "the jmesPath of variable " + entry.name + " is not a string"};
    return false;
  }
  Value found = fallback;
  if (entry.value && !substitute(*entry.value, context, found, failure)) {
    return false;
  }
  if (has_path) {
    Value result;
    const bool ok_path = entry.value ? context.search(path.as_string(), found, result, failure)
                                     : context.query(path.as_string(), result, failure);
    if (!ok_path && (failure.kind == Failure::Kind::unsupported || fallback.is_null())) {
      return false;
    }
    // A null over the context falls back; over a given value it stays.
    found = !ok_path || (!entry.value && result.is_null()) ? fallback : result;
  }
  if (found.is_null()) {
    failure = {Failure::Kind::error, "the variable " + entry.name + " has no value"};
    return false;
  }
  out = found;
  return true;
}

bool Checker::load_config_map(const ContextEntry& entry,
                              Context& context,
                              Value& out,
                              Failure& failure) {
  Value name;
  Value name_space;
  if (!substitute(entry.config_map_name, context, name, failure) ||
      !substitute(entry.config_map_namespace, context, name_space, failure)) {
    return false;
  }
  const std::string key =
      (name_space.is_null() ? "default" : go_text(name_space)) + "/" + go_text(name);
  const auto* maps = request_.config_maps;
  const auto found = maps == nullptr ? ConfigMaps::const_iterator() : maps->find(key);
  if (maps == nullptr || found == maps->end()) {
    failure = {request_.undeclared,
               "the ConfigMap " + key + " of context entry \"" + entry.name +
                   "\" is neither among the objects nor declared in a values file"};
    return false;
  }
  out = found->second;
  return true;
}

RuleResult Checker::run() {
  if (!rule_.supported) {
    return ended(RuleStatus::no_verdict, "the rule uses something that is not supported");
  }
  if (auto ending = load_answers()) {
    return std::move(*ending);
  }
  if (auto nothing = without_images()) {
    return std::move(*nothing);
  }
  // A broken context entry does harm only where it is used, so nothing is loaded yet.
  return checked(rule_.preconditions, rule_.check, nullptr, 0);
}

std::optional<RuleResult> Checker::stopped_by(const Conditions& preconditions) {
  if (preconditions.blocks.empty()) {
    return std::nullopt;
  }
  ConditionsResult met;
  Failure failure;
  if (!evaluate(preconditions, context(), met, failure)) {
    return error("failed to evaluate preconditions", failure);
  }
  if (met.holds) {
    return std::nullopt;
  }
  return ended(RuleStatus::skip, met.message.empty() ? "preconditions not met"
                                                     : "preconditions not met; " + met.message);
}

/// Kyverno looks for the images of a rule before anything else of it.
std::optional<RuleResult> Checker::without_images() {
  std::vector<FoundImage> found;
  return rule_.check.kind == Check::Kind::images ? find_rule_images(found) : std::nullopt;
}

RuleResult Checker::checked(const Conditions& preconditions,
                            const Check& check,
                            const Value* element,
                            int nesting) {
  if (auto stopped = stopped_by(preconditions)) {
    return std::move(*stopped);
  }
  std::vector<const PolicyException*> matched;
  if (nesting == 0 && !request_.exceptions.empty()) {
    matched = exceptions();
    if (!matched.empty() && check.kind != Check::Kind::pod_security) {
      return excepted(matched, "rule is skipped due to policy exceptions");
    }
  }
  switch (check.kind) {
    case Check::Kind::deny:
      return deny(check);
    case Check::Kind::foreach:
      return foreach (check, nesting);
    case Check::Kind::images:
      return images(check);
    default:
      break;
  }
  if (element == nullptr && operation_ == Operation::remove) {
    return {};
  }
  if (check.kind == Check::Kind::pod_security) {
    return pod_security(check, matched);
  }
  if (check.kind == Check::Kind::manifests) {
    return manifests(check);
  }
  const Value& target = element == nullptr ? request_.object.value : *element;
  return check.kind == Check::Kind::pattern ? patterns(check, target) : any_pattern(check, target);
}

RuleResult Checker::deny(const Check& check) {
  ConditionsResult denied;
  Failure failure;
  if (!evaluate(check.deny, context(), denied, failure)) {
    return error("failed to check deny conditions", failure);
  }
  return denied.holds ? failed(denied.message, nullptr) : ended(RuleStatus::pass, "");
}

/// The policy's message with its variables replaced; the bare message when one has no value.
RuleResult Checker::failed(std::string_view extra_message, const Mismatch* why) {
  std::string message = rule_.message ? std::string(rule_.message->source.is(Type::string)
                                                        ? rule_.message->source.as_string()
                                                        : "")
                                      : "";
  if (!extra_message.empty()) {
    message += message.empty() ? "" : "; ";
    message += extra_message;
  }
  Failure failure;
  Value text;
  const bool plain = message.find("{{") == std::string::npos;
  if (!plain && substitute_text(message, context(), text, failure)) {
    message = go_text(text);
  }
  RuleResult result = ended(RuleStatus::fail, message);
  if (why != nullptr) {
    result.why = *why;
    result.has_mismatch = true;
  }
  return result;
}

bool Checker::compiled(const Check& check, std::size_t i, CompiledPattern& out, Failure& failure) {
  if (check.compiled[i]) {
    out = *check.compiled[i];
    return true;
  }
  Value pattern;
  if (!substitute(check.patterns[i], context(), pattern, failure)) {
    return false;
  }
  out = compile_pattern(arena_, pattern);
  return true;
}

RuleResult Checker::patterns(const Check& check, const Value& target) {
  CompiledPattern pattern;
  Failure failure;
  if (!compiled(check, 0, pattern, failure)) {
    return error("variable substitution failed", failure);
  }
  Mismatch why;
  switch (match_pattern(arena_, pattern, target, why)) {
    case Verdict::match:
      return ended(RuleStatus::pass, "");
    case Verdict::skip:
      return ended(RuleStatus::skip, why.reason);
    case Verdict::error:
      return ended(RuleStatus::error, why.reason);
    case Verdict::fail:
      break;
  }
  return failed("", &why);
}

RuleResult Checker::any_pattern(const Check& check, const Value& target) {
  std::optional<Mismatch> first;
  bool skipped = false;
  for (std::size_t i = 0; i < check.patterns.size(); ++i) {
    CompiledPattern pattern;
    Failure failure;
    if (!compiled(check, i, pattern, failure)) {
      return error("variable substitution failed", failure);
    }
    Mismatch why;
    const Verdict verdict = match_pattern(arena_, pattern, target, why);
    if (verdict == Verdict::match) {
      return ended(RuleStatus::pass, "");
    }
    skipped = skipped || verdict == Verdict::skip;
    if (verdict != Verdict::skip && !first) {
      first = why;
    }
  }
  if (first) {
    return failed("", &*first);
  }
  return ended(skipped ? RuleStatus::skip : RuleStatus::pass, "no pattern applies");
}

RuleResult Checker::foreach (const Check& check, int nesting) {
  std::size_t applied = 0;
  std::optional<Failure> list_failure;
  for (const auto& loop : check.loops) {
    Value list;
    Failure failure;
    Value query = Value::string(loop.list);
    if (!substitute_text(loop.list, context(), query, failure) || !query.is(Type::string) ||
        !context().query(query.as_string(), list, failure)) {
      if (failure.kind == Failure::Kind::unsupported) {
        return error("failed to evaluate list", failure);
      }
      if (failure.kind != Failure::Kind::unknown_key) {
        list_failure = failure;
      }
      continue;
    }
    if (!list.is(Type::array)) {
      list = make_array(arena_, {&list, 1});
    }
    if (auto result = elements(loop, list, nesting, applied)) {
      return std::move(*result);
    }
  }
  if (applied > 0) {
    return ended(RuleStatus::pass, "");
  }
  return list_failure ? error("failed to evaluate list", *list_failure) : RuleResult();
}

std::optional<RuleResult> Checker::elements(const ForEach& loop,
                                            const Value& list,
                                            int nesting,
                                            std::size_t& applied) {
  const auto checkpoint = context().checkpoint();
  const std::string suffix = std::to_string(nesting);
  std::optional<RuleResult> ending;
  for (std::size_t i = 0; i < list.size() && !ending; ++i) {
    const Value element = list.at(i);
    if (element.is_null()) {
      continue;
    }
    context_->restore(checkpoint);
    const Value index = Value::number(static_cast<double>(i));
    context_->set("element", element);
    context_->set(arena_.copy("element" + suffix), element);
    context_->set("elementIndex", index);
    context_->set(arena_.copy("elementIndex" + suffix), index);
    const bool mapping = element.is(Type::object) && element.size() > 0;
    if (loop.element_scope.value_or(false) && !element.is(Type::object)) {
      ending = ended(RuleStatus::error, "elementScope needs an element that is a mapping");
      break;
    }
    defer(loop.context);
    const bool scoped = mapping && loop.element_scope.value_or(true);
    RuleResult result =
        nesting > deepest_loop
            ? ended(RuleStatus::no_verdict, "foreach is nested too deep")
            : checked(loop.preconditions, loop.check, scoped ? &element : nullptr, nesting + 1);
    const bool precondition_error = result.status == RuleStatus::error &&
                                    result.message.starts_with("failed to evaluate preconditions");
    if (result.status == RuleStatus::pass) {
      ++applied;
    } else if (result.status != RuleStatus::skip && result.status != RuleStatus::none &&
               !precondition_error) {
      ending = std::move(result);
      ending->element = ending->element.node() == nullptr ? element : ending->element;
    }
  }
  context_->restore(checkpoint);
  return ending;
}

}  // namespace sluice::policy

// SPDX-License-Identifier: Apache-2.0
#include "argo/evaluator.hpp"

#include "base/text.hpp"

namespace sluice::argo {
namespace {

using yaml::Kind;
using yaml::Value;

/// Whether "{{" and "}}" stand on one line, which is when Argo CD looks for tags at all.
bool looks_templated(std::string_view text) {
  for (const auto line : text::split(text, '\n')) {
    const auto open = line.find("{{");
    if (open != std::string_view::npos && line.find("}}", open + 2) != std::string_view::npos) {
      return true;
    }
  }
  return false;
}

using Flat = std::map<std::string, std::string>;

using Names = std::set<std::string>;

/// Whether one of the names is `prefix`, or lies below it.
bool may_lead(const Names& names, const std::string& prefix) {
  const auto below = prefix + ".";
  const auto next = names.lower_bound(below);
  return prefix.empty() || names.contains(prefix) ||
         (next != names.end() && next->starts_with(below));
}

/// `names`: what is wanted; null: everything.
void flatten_into(const Value& value, const std::string& prefix, const Names* names, Flat& out) {
  if (names != nullptr && !may_lead(*names, prefix)) {
    return;
  }
  if (value.is_mapping()) {
    for (const auto& [key, member] : value.members) {
      flatten_into(member, prefix.empty() ? key : prefix + "." + key, names, out);
    }
  } else if (value.kind == Kind::sequence) {
    for (std::size_t i = 0; i < value.items.size(); ++i) {
      const auto index = std::to_string(i);
      flatten_into(value.items[i], prefix.empty() ? index : prefix + "." + index, names, out);
    }
  } else if (names == nullptr || names->contains(prefix)) {
    out[prefix] = go_text(value);
  }
}

Value from_flat(Flat flat) {
  auto out = Value::mapping();
  for (auto& [key, text] : flat) {
    out.members.emplace_back(key, Value::string(std::move(text)));
  }
  return out;
}

Rendered from(Evaluation evaluation) {
  switch (evaluation.state) {
    case Evaluation::State::done:
      return {Rendered::State::done, std::move(evaluation.text)};
    case Evaluation::State::failed:
      return {Rendered::State::failed, std::move(evaluation.text)};
    case Evaluation::State::unsupported:
      break;
  }
  return {Rendered::State::unsupported, std::move(evaluation.text)};
}

}  // namespace

const TemplateResult* TemplateBatch::ask(Key key) {
  const auto found = answers_.find(key);
  if (found != answers_.end()) {
    return &found->second;
  }
  waiting_.emplace(std::move(key), 0);
  return nullptr;
}

Status TemplateBatch::run(const Templater* templater) {
  std::vector<TemplateJob> jobs;
  for (const auto& [key, unused] : waiting_) {
    jobs.push_back({key.first, key.second});
  }
  waiting_.clear();
  if (templater == nullptr) {
    return Error{Error::Kind::unsupported, "there is no engine for Go templates"};
  }
  std::vector<TemplateResult> results;
  SLUICE_TRY_ASSIGN(results, templater->run(jobs));
  if (results.size() != jobs.size()) {
    return Error{Error::Kind::subprocess, "the template engine answered another number of jobs"};
  }
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    answers_[{std::move(jobs[i].text), std::move(jobs[i].parameters)}] = std::move(results[i]);
  }
  return ok;
}

Rendered Evaluator::evaluate(std::string_view text, const Value& parameters) {
  if (language_ == Language::fast) {
    return from(evaluate_fast(text, parameters));
  }
  auto native = evaluate_natively(text, parameters, missing_);
  return native.state == Evaluation::State::unsupported ? ask(text, parameters)
                                                        : from(std::move(native));
}

Rendered Evaluator::ask(std::string_view text, const Value& parameters) {
  auto prepared = prepare_for_helm(text, parameters, missing_);
  if (prepared.state != Evaluation::State::done) {
    return from(std::move(prepared));
  }
  const auto* answer = batch_.ask({std::move(prepared.text), yaml::to_json(parameters)});
  if (answer == nullptr) {
    return {Rendered::State::pending, {}};
  }
  if (!answer->ok) {
    return {Rendered::State::failed, answer->text};
  }
  if (answer->text.find(no_value_mark) == std::string::npos) {
    return {Rendered::State::done, answer->text};
  }
  if (missing_ == MissingKey::error) {
    return {Rendered::State::failed, "a key is missing"};
  }
  return {Rendered::State::done, text::replace_all(answer->text, no_value_mark, "<no value>")};
}

Evaluation evaluate_fast(std::string_view text, const Value& parameters) {
  if (!looks_templated(text)) {
    return {Evaluation::State::done, std::string(text)};
  }
  std::string out;
  while (true) {
    const auto open = text.find("{{");
    if (open == std::string_view::npos) {
      return {Evaluation::State::done, out + std::string(text)};
    }
    const auto close = text.find("}}", open + 2);
    if (close == std::string_view::npos) {
      return {Evaluation::State::failed, "a tag \"{{\" has no end"};
    }
    out += text.substr(0, open);
    const auto tag = text.substr(open + 2, close - open - 2);
    const auto* value = parameters.find(text::trim(tag));
    if (value != nullptr && value->is_string() && !text::trim(tag).empty()) {
      out += value->text;
    } else {
      out += text.substr(open, close + 2 - open);
    }
    text.remove_prefix(close + 2);
  }
}

Value flatten(const Value& value) {
  Flat flat;
  flatten_into(value, "", nullptr, flat);
  return from_flat(std::move(flat));
}

Value flatten(const Value& value, const std::set<std::string>& names) {
  Flat flat;
  flatten_into(value, "", &names, flat);
  return from_flat(std::move(flat));
}

}  // namespace sluice::argo

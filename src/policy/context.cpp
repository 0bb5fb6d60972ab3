// SPDX-License-Identifier: Apache-2.0
#include "policy/context.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace sluice::policy {

namespace {

bool in_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// Whether `name` stands in `text` as a word of its own that is not a field of something
/// ("x.name").
bool mentions(std::string_view text, std::string_view name) {
  for (auto at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    const bool starts =
        at == 0 || text[at - 1] == '_' || (!in_word(text[at - 1]) && text[at - 1] != '.');
    const std::size_t end = at + name.size();
    if (starts && (end == text.size() || !in_word(text[end]))) {
      return true;
    }
  }
  return false;
}

Value merge_values(Arena& arena, const Value& base, const Value& over) {
  if (!base.is(Type::object) || !over.is(Type::object)) {
    return over;
  }
  std::vector<Member> members;
  for (std::size_t i = 0; i < base.size(); ++i) {
    const auto key = base.key_at(i);
    const auto other = over.find(key);
    members.push_back(
        {key, other ? merge_values(arena, base.member_at(i), *other) : base.member_at(i)});
  }
  for (std::size_t i = 0; i < over.size(); ++i) {
    if (!base.find(over.key_at(i))) {
      members.push_back({over.key_at(i), over.member_at(i)});
    }
  }
  return make_object(arena, members).standing_at(base);
}

}  // namespace

Value merged(Arena& arena,
             const Value& base,
             std::span<const std::string_view> path,
             const Value& value) {
  Value over = value;
  for (std::size_t i = path.size(); i > 0; --i) {
    const Member member{path[i - 1], over};
    over = make_object(arena, {&member, 1});
  }
  return merge_values(arena, base, over);
}

std::vector<std::string_view> dotted_path(Arena& arena, std::string_view text) {
  std::vector<std::string_view> path;
  std::string key;
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == '.' && !quoted) {
      path.push_back(arena.copy(key));
      key.clear();
    } else {
      key += c;
    }
  }
  path.push_back(arena.copy(key));
  return path;
}

Result<std::shared_ptr<const Expression>> ExpressionCache::get(std::string_view text) {
  if (const auto found = by_text_.find(text); found != by_text_.end()) {
    return found->second;
  }
  auto compiled = Expression::compile(text, kyverno_functions());
  if (!compiled) {
    return compiled.error();
  }
  if (by_text_.size() >= most) {
    by_text_.clear();  // one that is being evaluated is kept by whoever asked for it
  }
  auto& kept = by_text_[std::string(text)];
  kept = std::make_shared<const Expression>(std::move(*compiled));
  return kept;
}

void Context::set(std::string_view name, const Value& value) {
  const auto found = std::find_if(members_.begin(), members_.end(),
                                  [&](const Member& m) { return m.key == name; });
  if (found != members_.end()) {
    found->value = value;
  } else {
    members_.push_back({name, value});
  }
}

void Context::merge(std::span<const std::string_view> path, const Value& value) {
  if (path.size() == 1) {
    set(path[0], merge_values(*arena_, get(path[0]), value));
  } else if (!path.empty()) {
    set(path[0], merged(*arena_, get(path[0]), path.subspan(1), value));
  }
}

Value Context::get(std::string_view name) const {
  const auto found = std::find_if(members_.begin(), members_.end(),
                                  [&](const Member& m) { return m.key == name; });
  return found == members_.end() ? Value() : found->value;
}

void Context::defer(std::string_view name, Loader loader) {
  deferred_.push_back({name, std::move(loader), false});
}

Context::Checkpoint Context::checkpoint() const {
  Checkpoint made{.members = members_, .loaded = {}};
  for (const auto& deferred : deferred_) {
    made.loaded.push_back(deferred.loading);
  }
  return made;
}

void Context::restore(const Checkpoint& checkpoint) {
  members_ = checkpoint.members;
  deferred_.resize(checkpoint.loaded.size());
  // What was loaded since is loaded again when next mentioned: it may have been made of the
  // element.
  for (std::size_t i = 0; i < deferred_.size(); ++i) {
    deferred_[i].loading = checkpoint.loaded[i];
  }
}

bool Context::load_mentioned(std::string_view text, Failure& failure) {
  for (std::size_t i = 0; i < deferred_.size(); ++i) {
    if (deferred_[i].loading || !mentions(text, deferred_[i].name)) {
      continue;
    }
    deferred_[i].loading = true;  // first: its own expression may mention it
    const Loader loader = deferred_[i].loader;
    const auto name = deferred_[i].name;
    Value value;
    if (!loader(*this, value, failure)) {
      deferred_[i].loading = false;
      return false;
    }
    set(name, value);
  }
  return true;
}

bool Context::run(const Expression& expression, const Value& root, Value& out, Failure& failure) {
  jmespath::Evaluation evaluation(*arena_, jmespath::Dialect::kyverno);
  evaluation.now = now;
  const auto outcome = evaluation.run(expression, root, out);
  if (outcome == jmespath::Outcome::ok) {
    return true;
  }
  if (evaluation.is_unsupported()) {
    failure = {Failure::Kind::unsupported, evaluation.error()};
    return false;
  }
  failure = {
      outcome == jmespath::Outcome::unknown_key ? Failure::Kind::unknown_key : Failure::Kind::error,
      expression.text() + ": " + evaluation.error()};
  return false;
}

bool Context::query(const Expression& expression, Value& out, Failure& failure) {
  return load_mentioned(expression.text(), failure) &&
         run(expression, Value::object(members_), out, failure);
}

bool Context::query(std::string_view text, Value& out, Failure& failure) {
  const auto expression = cache_->get(text);
  if (!expression) {
    const bool unsupported = expression.error().kind == Error::Kind::unsupported;
    failure = {unsupported ? Failure::Kind::unsupported : Failure::Kind::error,
               "\"" + std::string(text) + "\": " + expression.error().message};
    return false;
  }
  return query(**expression, out, failure);
}

bool Context::search(std::string_view text, const Value& root, Value& out, Failure& failure) {
  const auto expression = cache_->get(text);
  if (!expression) {
    const bool unsupported = expression.error().kind == Error::Kind::unsupported;
    failure = {unsupported ? Failure::Kind::unsupported : Failure::Kind::error,
               "\"" + std::string(text) + "\": " + expression.error().message};
    return false;
  }
  return run(**expression, root, out, failure);
}

}  // namespace sluice::policy

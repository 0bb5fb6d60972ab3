// SPDX-License-Identifier: Apache-2.0
#include "helm/unstable_calls.hpp"

#include "base/text.hpp"
#include "gotemplate/lexer.hpp"
#include "helm/freeze.hpp"

#include <algorithm>

namespace sluice::helm {
namespace {

using gotemplate::Token;

constexpr std::size_t most_actions = 50'000;  ///< followed for one answer
constexpr std::size_t most_actions_of_a_chart = 400'000;
constexpr std::size_t most_keys = 20'000;  ///< of one template

std::string base_name(std::string_view path) {
  return std::string(path.substr(path.rfind('/') + 1));
}

/// Whether a template makes objects, rather than being there for others.
bool makes_objects(std::string_view path) {
  const auto name = base_name(path);
  return !name.starts_with('_') && name != "NOTES.txt";
}

std::string variable_of(const Token& token) {
  return token.text.substr(0, token.text.find('.'));
}

std::optional<UnstableCall> call_of(const Token& token) {
  if (token.kind == Token::Kind::word) {
    if (const auto cause = cause_of(token.text)) {
      return UnstableCall{.cause = *cause, .function = token.text};
    }
  }
  if (token.names.size() > 1 && token.names[0] == "Capabilities") {
    const auto& what = token.names[1];
    if (what == "APIVersions" || what == "KubeVersion") {
      return UnstableCall{
          .cause = what == "KubeVersion" ? Cause::kube_version : Cause::api_versions,
          .function = ".Capabilities." + what};
    }
  }
  return std::nullopt;
}

/// Words of a pointer that may be written as keys: no indexes, the deepest first.
std::vector<std::string> keys_of(const std::string& pointer) {
  std::vector<std::string> keys;
  for (const auto word : text::split(pointer, '/')) {
    if (word.find_first_not_of("0123456789") != std::string_view::npos) {
      keys.insert(keys.begin(),
                  text::replace_all(text::replace_all(std::string(word), "~1", "/"), "~0", "~"));
    }
  }
  return keys;
}

}  // namespace

std::optional<Cause> cause_of(std::string_view function) {
  if (function == "now" || function == "ago") {
    return Cause::time;
  }
  if (function == "lookup" || function == "getHostByName") {
    return Cause::cluster;
  }
  return is_frozen(function) ? std::optional(Cause::random) : std::nullopt;
}

/// Reads one template into actions, its definitions apart from the rest.
class UnstableCalls::Reader {
 public:
  Reader(UnstableCalls& to, const std::string& file, std::string_view text)
      : to_(to), file_(file), text_(text), template_(to.files_[file]) {}

  void read() {
    const auto segments = gotemplate::split_template(text_);
    if (!segments) {
      return;  // helm fails on it as well
    }
    for (const auto& segment : *segments) {
      if (segment.is_action && !segment.tokens.empty()) {
        action(segment.tokens);
      }
    }
    key_lines();
  }

 private:
  void action(const std::vector<Token>& tokens) {
    const auto& first = tokens.front();
    const auto word = first.kind == Token::Kind::word ? std::string_view(first.text) : "";
    const bool names = tokens.size() > 1 && tokens[1].kind == Token::Kind::string;
    if (word == "end") {
      if (!open_.empty()) {
        open_.pop_back();
      }
      return;
    }
    if (word == "define") {
      open_.push_back(names ? tokens[1].text : "");
      return;
    }
    add(tokens);
    if (word == "if" || word == "with" || word == "range") {
      open_.push_back(open_.empty() ? "" : open_.back());
    } else if (word == "block") {
      open_.push_back(names ? tokens[1].text : "");
    }
  }

  void add(const std::vector<Token>& tokens) {
    Action action{.line = line_at(tokens.front().begin)};
    const auto sets = std::ranges::find_if(tokens, [](const Token& token) {
      return token.kind == Token::Kind::other && (token.text == "=" || token.text == ":");
    });
    for (auto token = tokens.begin(); token != tokens.end(); ++token) {
      if (auto call = call_of(*token)) {
        call->file = file_;
        call->line = line_at(token->begin);
        to_.may_differ_ = to_.may_differ_ || call->differs();
        action.calls.push_back(std::move(*call));
      }
      if (token->kind == Token::Kind::variable) {
        const bool set = sets != tokens.end() && token < sets;
        (set ? action.sets : action.uses).push_back(variable_of(*token));
      }
      const bool includes =
          token->kind == Token::Kind::word &&
          (token->text == "include" || token->text == "template" || token->text == "block");
      if (includes) {  // of a name that is put together, its first string: mostly a file's
        const auto name = std::find_if(token, tokens.end(), [](const Token& next) {
          return next.kind == Token::Kind::string;
        });
        if (name != tokens.end()) {
          action.includes.push_back(name->text);
        }
      }
    }
    const bool counts = !action.calls.empty() || !action.includes.empty() || !action.sets.empty() ||
                        !action.uses.empty();
    if (counts) {
      auto& to = body();
      for (const auto& variable : action.sets) {
        to.setters.emplace(variable, to.actions.size());
      }
      to.actions.push_back(std::move(action));
    }
  }

  Body& body() {
    if (open_.empty() || open_.back().empty()) {
      return template_.own;
    }
    auto& bodies = to_.defined_[open_.back()];
    if (current_ != open_.back()) {
      current_ = open_.back();
      bodies.emplace_back();
    }
    return bodies.back();
  }

  void key_lines() {
    std::uint32_t number = 0;
    for (const auto line : text::split(text_, '\n')) {
      if (++number > most_keys) {
        return;
      }
      const auto indent = line.find_first_not_of(" -");
      const auto colon = line.find(':');
      if (indent == std::string_view::npos || colon == std::string_view::npos || colon < indent) {
        continue;
      }
      auto key = line.substr(indent, colon - indent);
      if (key.size() > 1 && (key.front() == '"' || key.front() == '\'')) {
        key = key.substr(1, key.size() - 2);
      }
      if (!key.empty() && key.find_first_of(" {") == std::string_view::npos) {
        template_.keys.push_back({number, indent, std::string(key)});
      }
    }
  }

  /// Asked for in rising order.
  std::uint32_t line_at(std::size_t at) {
    line_ +=
        static_cast<std::uint32_t>(std::ranges::count(text_.substr(counted_, at - counted_), '\n'));
    counted_ = at;
    return line_;
  }

  UnstableCalls& to_;
  const std::string& file_;
  std::string_view text_;
  Template& template_;
  std::vector<std::string> open_;  ///< of each open block the definition that it is in, or ""
  std::string current_;            ///< the definition that was added to last
  std::size_t counted_ = 0;
  std::uint32_t line_ = 1;
};

UnstableCalls::UnstableCalls(const ChartFiles& files) {
  for (const auto& [path, text] : files) {
    if (is_template(path)) {
      Reader(*this, path, text).read();
    }
  }
  Walk walk{.most = most_actions_of_a_chart};
  for (const auto& entry : files_) {
    by_name_.emplace(base_name(entry.first), &entry);
    if (makes_objects(entry.first)) {
      enter(entry.second.own, walk);
    }
  }
  finish(walk);
  reached_.assign(walk.calls.begin(), walk.calls.end());
}

void UnstableCalls::take(const Body& body, const Action& action, Walk& walk) {
  if (walk.taken.size() < walk.most && walk.taken.insert(&action).second) {
    walk.open.emplace_back(&body, &action);
  }
}

void UnstableCalls::enter(const Body& body, Walk& walk) {
  if (walk.entered.insert(&body).second) {
    for (const auto& action : body.actions) {
      take(body, action, walk);
    }
  }
}

/// Follows what is open to all that it leads to.
void UnstableCalls::finish(Walk& walk) const {
  while (!walk.open.empty()) {
    const auto [body, action] = walk.open.back();
    walk.open.pop_back();
    walk.calls.insert(action->calls.begin(), action->calls.end());
    for (const auto& variable : action->uses) {
      const auto [begin, end] = body->setters.equal_range(variable);
      for (auto setter = begin; setter != end; ++setter) {
        take(*body, body->actions[setter->second], walk);
      }
    }
    for (const auto& name : action->includes) {
      if (const auto found = defined_.find(name); found != defined_.end()) {
        for (const auto& next : found->second) {
          enter(next, walk);
        }
      } else if (name.starts_with('/')) {  // `print $.Template.BasePath "/secret.yaml"`
        const auto [begin, end] = by_name_.equal_range(base_name(name));
        for (auto file = begin; file != end; ++file) {
          if (file->second->first.ends_with(name)) {
            enter(file->second->second.own, walk);
          }
        }
      }
    }
  }
}

UnstableCalls::Behind UnstableCalls::behind(const std::string& file,
                                            const std::string& pointer) const {
  const auto found = files_.find(file);
  if (found == files_.end()) {
    return {.calls = reached_};
  }
  const auto& [own, keys] = found->second;
  const auto differs = [](const Walk& walk) {
    return std::ranges::any_of(walk.calls, &UnstableCall::differs);
  };
  const auto answer = [](std::uint32_t line, const Walk& walk) {
    return Behind{.line = line, .calls = {walk.calls.begin(), walk.calls.end()}};
  };
  std::size_t followed = 0;
  for (const auto& word : keys_of(pointer)) {
    for (auto key = keys.begin(); key != keys.end() && followed < most_actions; ++key) {
      if (key->key != word) {
        continue;
      }
      const auto next = std::find_if(
          key + 1, keys.end(), [&](const auto& other) { return other.indent <= key->indent; });
      followed += static_cast<std::size_t>(next - key);
      Walk walk{.most = most_actions};
      for (auto action = std::ranges::lower_bound(own.actions, key->line, {}, &Action::line);
           action != own.actions.end() && (next == keys.end() || action->line < next->line);
           ++action) {
        take(own, *action, walk);
      }
      finish(walk);
      followed += walk.taken.size();
      if (differs(walk)) {
        return answer(key->line, walk);
      }
    }
  }
  Walk walk{.most = most_actions};
  enter(own, walk);
  finish(walk);
  return differs(walk) ? answer(0, walk) : Behind{.calls = reached_};
}

}  // namespace sluice::helm

// SPDX-License-Identifier: Apache-2.0
#include "helm/unstable_calls.hpp"

#include "base/text.hpp"
#include "gotemplate/lexer.hpp"
#include "helm/freeze.hpp"

#include <algorithm>

namespace sluice::helm {
namespace {

using gotemplate::Token;

constexpr std::size_t most_bodies = 20'000;  ///< visited for one answer

/// Whether a template makes objects, rather than being there for others.
bool makes_objects(std::string_view path) {
  const auto name = path.substr(path.rfind('/') + 1);
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
      return token.text == "=" || token.text == ":" || token.text == ":=";
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
      if (includes) {  // a name put together from strings ends with the last of them: a file's
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
      body().push_back(std::move(action));
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
      ++number;
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
    if (at < counted_) {
      counted_ = 0;
      line_ = 1;
    }
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
  Walk walk;
  for (const auto& [path, file] : files_) {
    if (makes_objects(path)) {
      enter(file.own, walk);
    }
  }
  reached_.assign(walk.calls.begin(), walk.calls.end());
}

void UnstableCalls::enter(const Body& body, Walk& walk) const {
  if (walk.seen.size() < most_bodies && walk.seen.insert(&body).second) {
    std::vector<const Action*> all;
    std::ranges::transform(body, std::back_inserter(all), [](const auto& one) { return &one; });
    follow(body, std::move(all), walk);
  }
}

/// From some actions of a body to all that they lead to.
void UnstableCalls::follow(const Body& body, std::vector<const Action*> open, Walk& walk) const {
  std::set<const Action*> taken(open.begin(), open.end());
  while (!open.empty()) {
    const auto* action = open.back();
    open.pop_back();
    walk.calls.insert(action->calls.begin(), action->calls.end());
    for (const auto& other : body) {  // what its variables were set to
      const bool sets = std::ranges::any_of(other.sets, [&](const auto& name) {
        return std::ranges::find(action->uses, name) != action->uses.end();
      });
      if (sets && taken.insert(&other).second) {
        open.push_back(&other);
      }
    }
    for (const auto& name : action->includes) {
      if (const auto found = defined_.find(name); found != defined_.end()) {
        std::ranges::for_each(found->second, [&](const auto& next) { enter(next, walk); });
      } else if (name.starts_with('/')) {  // `print $.Template.BasePath "/secret.yaml"`
        for (const auto& [path, file] : files_) {
          if (path.ends_with(name)) {
            enter(file.own, walk);
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
  const auto answer = [](std::uint32_t line, const Walk& walk) {
    return Behind{.line = line, .calls = {walk.calls.begin(), walk.calls.end()}};
  };
  for (const auto& word : keys_of(pointer)) {
    for (auto key = keys.begin(); key != keys.end(); ++key) {
      if (key->key != word) {
        continue;
      }
      const auto next = std::find_if(
          key + 1, keys.end(), [&](const auto& other) { return other.indent <= key->indent; });
      std::vector<const Action*> inside;
      for (const auto& action : own) {
        if (action.line >= key->line && (next == keys.end() || action.line < next->line)) {
          inside.push_back(&action);
        }
      }
      Walk walk;
      follow(own, std::move(inside), walk);
      if (std::ranges::any_of(walk.calls, &UnstableCall::differs)) {
        return answer(key->line, walk);
      }
    }
  }
  Walk walk;
  enter(own, walk);
  return std::ranges::any_of(walk.calls, &UnstableCall::differs) ? answer(0, walk)
                                                                 : Behind{.calls = reached_};
}

}  // namespace sluice::helm

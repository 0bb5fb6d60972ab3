// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "policy/findings.hpp"
#include "policy/strict.hpp"

#include <algorithm>

namespace sluice::policy {

namespace {

using std::string_view;

bool is_word(char c) {
  return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Whether `word` stands in `text` with no letter or digit beside it.
bool mentions(string_view text, string_view word) {
  for (auto at = text.find(word); at != string_view::npos; at = text.find(word, at + 1)) {
    const bool starts = at == 0 || !is_word(text[at - 1]);
    const bool ends = at + word.size() >= text.size() || !is_word(text[at + word.size()]);
    if (starts && ends) {
      return true;
    }
  }
  return false;
}

/// The entries of a values file that nothing uses, one after another.
class Unused {
 public:
  Unused(std::span<const Policy* const> policies,
         std::span<const std::string> texts,
         std::span<const Seen> objects)
      : policies_(policies), texts_(texts), objects_(objects) {}

  void look(const Value& document) {
    variables(document.get({"globalValues"}), texts_);
    const Value policies = document.get({"policies"});
    for (std::size_t i = 0; i < policies.size(); ++i) {
      policy(policies.at(i));
    }
    for (const auto* const key : {"namespaceSelector", "namespaces"}) {
      const Value spaces = document.get({key});
      for (std::size_t i = 0; i < spaces.size(); ++i) {
        name_space(spaces.at(i), key == string_view("namespaces"));
      }
    }
  }

  std::vector<diag::Finding> findings;

 private:
  void say(const Value& at, std::string message, std::string hint) {
    diag::Finding finding{
        .code = "policy/unused-value", .message = std::move(message), .hint = std::move(hint)};
    if (at.node() != nullptr) {
      finding.location = at.document()->in_stream(*at.node());
    }
    findings.push_back(std::move(finding));
  }

  /// `request.*` changes what is judged and need not be mentioned.
  void variables(const Value& values, std::span<const std::string> texts) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      const auto key = values.key_at(i);
      const auto word = key.substr(0, key.find_first_of(".["));
      if (word == "request" || std::any_of(texts.begin(), texts.end(), [&](const auto& text) {
            return mentions(text, word);
          })) {
        continue;
      }
      say(values.member_at(i), "no policy mentions the variable \"" + text::printable(key) + "\"",
          "remove it, or correct the name");
    }
  }

  void policy(const Value& entry) {
    const auto name = entry.text({"name"});
    std::vector<string_view> names;
    const Policy* found = nullptr;
    for (const auto* candidate : policies_) {
      names.push_back(candidate->name);
      found = candidate->name == name ? candidate : found;
    }
    if (found == nullptr) {
      if (!of_another_kind(name)) {
        say(entry.get({"name"}), "there is no policy \"" + text::printable(name) + "\"",
            did_you_mean(name, std::move(names)));
      }
      return;
    }
    std::string text;
    append_json(found->source, text);
    const Value resources = entry.get({"resources"});
    for (std::size_t i = 0; i < resources.size(); ++i) {
      object(resources.at(i));
      variables(resources.at(i).get({"values"}), std::span(&text, 1));
    }
    const Value rules = entry.get({"rules"});
    for (std::size_t i = 0; i < rules.size(); ++i) {
      rule(*found, rules.at(i));
      variables(rules.at(i).get({"values"}), std::span(&text, 1));
      variables(rules.at(i).get({"foreachValues"}), std::span(&text, 1));
    }
  }

  [[nodiscard]] bool of_another_kind(string_view name) const {
    const std::string quoted = "\"name\":\"" + std::string(name) + "\"";
    return std::any_of(texts_.begin(), texts_.end(), [&](const std::string& text) {
      return text.find(quoted) != std::string::npos;
    });
  }

  void object(const Value& entry) {
    const auto name = entry.text({"name"});
    std::vector<string_view> names;
    for (const auto& seen : objects_) {
      if (seen.name == name) {
        return;
      }
      names.push_back(seen.name);
    }
    say(entry.get({"name"}), "no object is called \"" + text::printable(name) + "\"",
        did_you_mean(name, std::move(names)));
  }

  void rule(const Policy& policy, const Value& entry) {
    const auto name = entry.text({"name"});
    if (rule_named(policy, name) != nullptr) {
      return;
    }
    std::vector<string_view> names;
    for (const auto& rule : policy.rules) {
      names.push_back(rule.name);
    }
    say(entry.get({"name"}),
        "policy " + text::printable(policy.name) + " has no rule \"" + text::printable(name) + "\"",
        did_you_mean(name, std::move(names)));
  }

  void name_space(const Value& entry, bool whole) {
    const Value at = whole ? entry.get({"metadata", "name"}) : entry.get({"name"});
    const auto name = at.is(Type::string) ? at.as_string() : string_view();
    std::vector<string_view> names;
    for (const auto& seen : objects_) {
      const auto space = seen.kind == "Namespace" ? seen.name : seen.name_space;
      if (space == name) {
        return;
      }
      names.push_back(space);
    }
    say(at, "no object is in the namespace \"" + text::printable(name) + "\"",
        did_you_mean(name, std::move(names)));
  }

  std::span<const Policy* const> policies_;
  std::span<const std::string> texts_;
  std::span<const Seen> objects_;
};

}  // namespace

std::vector<diag::Finding> unused_values(const Values& values,
                                         std::span<const Policy* const> policies,
                                         std::span<const std::string> texts,
                                         std::span<const Seen> objects) {
  Unused unused(policies, texts, objects);
  unused.look(values.source);
  return std::move(unused.findings);
}

}  // namespace sluice::policy

// SPDX-License-Identifier: Apache-2.0
// Which variables a policy may mention. Kyverno's webhook refuses the others when the policy is
// created, and its CLI then counts every expectation of the policy as passed.
#include "base/text.hpp"
#include "policy/load.hpp"

#include <algorithm>
#include <array>

namespace sluice::policy {

namespace {

using std::string_view;

bool has_call(string_view text) {
  for (auto at = text.find('('); at != string_view::npos; at = text.find('(', at + 1)) {
    const char before = at == 0 ? ' ' : text[at - 1];
    const bool name =
        before == '_' || (before >= '0' && before <= '9') || (before >= 'a' && before <= 'z');
    if (name && at + 1 < text.size() && text[at + 1] != '{' && text[at + 1] != '}') {
      return true;
    }
  }
  return false;
}

/// Who sends the request is not known when objects are judged in the background.
bool asks_for_user(string_view text) {
  constexpr std::array<string_view, 4> words = {"request.userInfo", "request.roles",
                                                "request.clusterRoles", "serviceAccountName"};
  return text.find("serviceAccountNamespace") != string_view::npos ||
         std::any_of(words.begin(), words.end(),
                     [&](string_view word) { return text.find(word) != string_view::npos; });
}

/// The names of every context of the rule, those of its loops too.
void declared_names(const Value& value, std::vector<string_view>& names) {
  for (std::size_t i = 0; i < value.size(); ++i) {
    const bool mapping = value.is(Type::object);
    const Value member = mapping ? value.member_at(i) : value.at(i);
    if (mapping && value.key_at(i) == "context") {
      for (std::size_t j = 0; j < member.size() && member.is(Type::array); ++j) {
        names.push_back(member.at(j).text({"name"}));
      }
    }
    declared_names(member, names);
  }
}

class Variables {
 public:
  Variables(Loader& loader, bool background, const Value& rule)
      : loader_(loader), background_(background) {
    declared_names(rule, names_);
    has_targets_ = present(rule.get({"mutate"}), "targets");
  }

  void walk(const Value& value) {
    if (value.is(Type::string)) {
      text(value, value.as_string());
    }
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (value.is(Type::object)) {
        text(value.member_at(i), value.key_at(i));
        walk(value.member_at(i));
      } else {
        walk(value.at(i));
      }
    }
  }

 private:
  /// The innermost {{ ... }} of the text; what stands around them depends on values.
  void text(const Value& at, string_view text) {
    auto open = text.find("{{");
    while (open != string_view::npos) {
      const auto close = text.find("}}", open);
      if (close == string_view::npos) {
        return;
      }
      const auto inner = text.rfind("{{", close);
      const auto words = text.substr(inner + 2, close - inner - 2);
      const bool escaped = inner > 0 && text[inner - 1] == '\\';
      if (!escaped) {
        variable(at, text::trim(words.starts_with('-') ? words.substr(1) : words));
      }
      open = text.find("{{", close + 2);
    }
  }

  void variable(const Value& at, string_view words) {
    if (background_ && asks_for_user(words)) {
      loader_.invalid(at, "{{ " + text::printable(words) + " }} is not allowed in background mode",
                      "set spec.background to false");
      return;
    }
    constexpr std::array<string_view, 5> parts = {"request.", "element", "@", "images", "image."};
    // A name may be written as a quoted identifier: "roles-dictionary".data.
    const std::string unquoted = text::replace_all(std::string(words), "\"", "");
    const bool known =
        std::any_of(parts.begin(), parts.end(),
                    [&](string_view part) { return words.find(part) != string_view::npos; }) ||
        has_call(words) || (!background_ && asks_for_user(words)) ||
        (has_targets_ && words.find("target.") != string_view::npos) ||
        std::any_of(names_.begin(), names_.end(),
                    [&](string_view name) { return !name.empty() && unquoted.starts_with(name); });
    if (!known) {
      const auto near = text::nearest(words.substr(0, words.find_first_of(".[ |")), names_);
      loader_.invalid(at, "{{ " + text::printable(words) + " }} is no variable that Kyverno knows",
                      near ? "did you mean \"" + text::printable(*near) + "\"?"
                           : "declare it in the context of the rule");
    }
  }

  Loader& loader_;
  bool background_;
  bool has_targets_ = false;
  std::vector<string_view> names_;
};

bool is_operation(const Value& value) {
  constexpr std::array<string_view, 4> names = {"CREATE", "UPDATE", "DELETE", "CONNECT"};
  return value.is(Type::string) &&
         std::find(names.begin(), names.end(), text::trim(value.as_string())) != names.end();
}

}  // namespace

void check_variables(const Value& rule, bool background, Loader& loader) {
  Variables(loader, background, rule).walk(rule);
}

void check_operation_values(const Value& condition, Loader& loader) {
  const Value key = condition.get({"key"});
  if (!key.is(Type::string) ||
      text::replace_all(std::string(key.as_string()), " ", "") != "{{request.operation}}") {
    return;
  }
  const Value value = condition.get({"value"});
  const auto check = [&](const Value& one) {
    if (!is_operation(one)) {
      loader.invalid(one, "\"" + text::printable(go_text(one)) + "\" is no operation",
                     "operations are CREATE, UPDATE, DELETE and CONNECT");
    }
  };
  for (std::size_t i = 0; i < value.size() && value.is(Type::array); ++i) {
    check(value.at(i));
  }
  if (!value.is(Type::array)) {
    check(value);
  }
}

}  // namespace sluice::policy

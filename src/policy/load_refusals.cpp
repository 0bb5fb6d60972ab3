// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "policy/load.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <set>

/// What Kyverno refuses when a policy is made, beyond fields and types: such a policy is never
/// applied, so that it must not look as if it were.
namespace sluice::policy {

namespace {

using std::string_view;
using Visit = std::function<void(string_view text, const Value& at)>;

/// Every string and every key.
void each_text(const Value& value, const Visit& visit) {
  if (value.is(Type::string)) {
    visit(value.as_string(), value);
  }
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value.is(Type::object)) {
      visit(value.key_at(i), value);
    }
    each_text(value.is(Type::object) ? value.member_at(i) : value.at(i), visit);
  }
}

bool contains(string_view text, string_view part) {
  return text.find(part) != string_view::npos;
}

/// "name(" and something after it.
bool calls_function(string_view text) {
  const auto open = text.find('(');
  return open != string_view::npos && open > 0 && open + 1 < text.size() &&
         (std::isalnum(static_cast<unsigned char>(text[open - 1])) != 0 || text[open - 1] == '_');
}

/// Kyverno looks at how a variable begins, without quotes.
bool begins_with_name(string_view variable, const std::string& name) {
  const std::string plain = text::replace_all(std::string(variable), "\"", "");
  auto query = text::trim(plain);
  if (query.starts_with('-')) {
    query = text::trim(query.substr(1));
  }
  return !name.empty() && query.starts_with(name);
}

/// The names that context entries of a rule and of its loops declare.
void declared_names(const Value& rule, std::set<std::string>& names) {
  for (std::size_t i = 0; i < rule.size(); ++i) {
    const Value member = rule.is(Type::object) ? rule.member_at(i) : rule.at(i);
    if (rule.is(Type::object) && rule.key_at(i) == "context") {
      for (std::size_t j = 0; j < member.size(); ++j) {
        names.emplace(member.at(j).text({"name"}));
      }
    }
    declared_names(member, names);
  }
}

class Refusals {
 public:
  Refusals(Loader& loader, const Value& policy)
      : loader_(loader),
        policy_(policy),
        background_(!policy.get({"spec", "background"}).is(Type::boolean) ||
                    policy.get({"spec", "background"}).as_boolean()) {}

  void policy() {
    const Value spec = policy_.get({"spec"});
    const Value admission = spec.get({"admission"});
    if (!background_ && admission.is(Type::boolean) && !admission.as_boolean()) {
      loader_.invalid(spec, "disabling both admission and background processing is not allowed");
    }
    if (policy_.text({"kind"}) == "ClusterPolicy" &&
        !policy_.text({"metadata", "namespace"}).empty()) {
      loader_.invalid(policy_, "a ClusterPolicy should not have a namespace");
    }
    const auto apply = spec.text({"applyRules"});
    if (!apply.empty() && apply != "One" && apply != "All") {
      loader_.invalid(spec.get({"applyRules"}), "applyRules is All or One");
    }
    overrides(spec.get({"validationFailureActionOverrides"}));
  }

  void rule(const Value& rule) {
    names_.clear();
    declared_names(rule, names_);
    for (const string_view part : {"match", "exclude"}) {
      filters(rule.get({part}), part);
    }
    same_filters(rule);
    any_kind(rule);
    operations(rule);
    variables(rule);
    context(rule.get({"context"}));
    const Value validate = rule.get({"validate"});
    if (const Value message = validate.get({"message"});
        !message.is_null() && !message.is(Type::string)) {
      loader_.invalid(message, "message must be a string");
    }
    const auto action = validate.text({"failureAction"});
    if (!action.empty() && action != "Audit" && action != "Enforce") {
      loader_.invalid(validate.get({"failureAction"}), "failureAction is Audit or Enforce");
    }
    if (const Value any = validate.get({"anyPattern"}); any.is(Type::array) && any.size() == 0) {
      loader_.invalid(any, "anyPattern needs a pattern");
    }
    overrides(validate.get({"failureActionOverrides"}));
  }

 private:
  void overrides(const Value& list) {
    std::set<std::string> audit;
    std::set<std::string> enforce;
    for (std::size_t i = 0; i < list.size(); ++i) {
      const bool audits = text::to_lower(list.at(i).text({"action"})) == "audit";
      const Value names = list.at(i).get({"namespaces"});
      for (std::size_t j = 0; j < names.size(); ++j) {
        const std::string name = go_text(names.at(j));
        if ((audits ? enforce : audit).contains(name)) {
          loader_.invalid(names.at(j), "namespace \"" + text::printable(name) +
                                           "\" is both audited and enforced");
        }
        (audits ? audit : enforce).insert(name);
      }
    }
  }

  void filters(const Value& block, string_view what) {
    const std::string where(what);
    const bool any = present(block, "any");
    const bool all = present(block, "all");
    if (any && all) {
      loader_.invalid(block, where + " has any or all, not both");
    }
    if ((any || all) && block.get({"resources"}).size() > 0) {
      loader_.invalid(block, where + " has any or all, or resources, not both");
    }
    if (what == "match" && block.is(Type::object) && block.size() == 0) {
      loader_.invalid(block, "match resources not specified");
    }
    each_text(block, [&](string_view text, const Value& at) {
      if (!variables_in(text).empty()) {
        loader_.invalid(at, where + " must not have variables");
      }
    });
    filter(block);
    for (const string_view key : {"any", "all"}) {
      const Value list = block.get({key});
      for (std::size_t i = 0; i < list.size(); ++i) {
        filter(list.at(i));
      }
    }
  }

  void filter(const Value& entry) {
    const Value resources = entry.get({"resources"});
    if (present(resources, "name") && resources.get({"names"}).size() > 0) {
      loader_.invalid(resources, "give name or names, not both");
    }
    for (const string_view key : {"selector", "namespaceSelector"}) {
      selector(resources.get({key}));
    }
    if (background_ && (entry.get({"roles"}).size() > 0 || entry.get({"clusterRoles"}).size() > 0 ||
                        entry.get({"subjects"}).size() > 0)) {
      loader_.invalid(entry, "users can be named only with background: false");
    }
    const Value subjects = entry.get({"subjects"});
    for (std::size_t i = 0; i < subjects.size(); ++i) {
      const auto kind = subjects.at(i).text({"kind"});
      if (kind != "User" && kind != "Group" && kind != "ServiceAccount") {
        loader_.invalid(subjects.at(i), "a subject is a User, a Group or a ServiceAccount");
      } else if (kind == "ServiceAccount" && subjects.at(i).text({"namespace"}).empty()) {
        loader_.invalid(subjects.at(i), "a ServiceAccount needs a namespace");
      }
    }
  }

  void selector(const Value& selector) {
    if (!selector.is(Type::object)) {
      return;
    }
    const Value expressions = selector.get({"matchExpressions"});
    if (selector.get({"matchLabels"}).size() == 0 && expressions.size() == 0) {
      loader_.invalid(selector, "the requirements are not specified in the selector");
    }
    for (std::size_t i = 0; i < expressions.size(); ++i) {
      const auto op = expressions.at(i).text({"operator"});
      const bool wants = op == "In" || op == "NotIn";
      if (wants && expressions.at(i).get({"values"}).size() == 0) {
        loader_.invalid(expressions.at(i), "the operator " + std::string(op) + " needs values");
      }
    }
  }

  /// The kind "*" takes in objects of which only the metadata is known to be there.
  void any_kind(const Value& rule) {
    bool alone = false;
    const auto look = [&](const Value& resources) {
      const Value kinds = resources.get({"kinds"});
      for (std::size_t i = 0; i < kinds.size(); ++i) {
        if (go_text(kinds.at(i)) != "*") {
          continue;
        }
        alone = true;
        if (background_) {
          loader_.invalid(kinds, "the kind * can be matched only with background: false");
        }
        if (kinds.size() > 1) {
          loader_.invalid(kinds, "the kind * stands for all others: give it alone");
        }
      }
    };
    for (const string_view part : {"match", "exclude"}) {
      const Value block = rule.get({part});
      look(block.get({"resources"}));
      for (const string_view key : {"any", "all"}) {
        const Value list = block.get({key});
        for (std::size_t i = 0; i < list.size(); ++i) {
          look(list.at(i).get({"resources"}));
        }
      }
    }
    const Value validate = rule.get({"validate"});
    if (alone && (present(rule, "generate") || present(rule, "verifyImages") ||
                  present(validate, "foreach"))) {
      loader_.invalid(rule, "the kind * does not go with a rule of this sort");
    }
    const Value any = validate.get({"anyPattern"});
    bool beyond = asks_beyond_metadata(validate.get({"pattern"}));
    for (std::size_t i = 0; i < any.size(); ++i) {
      beyond = beyond || asks_beyond_metadata(any.at(i));
    }
    if (alone && beyond) {
      loader_.invalid(validate, "of the kind * only the metadata can be asked");
    }
  }
  /// Whether a pattern asks for more than metadata.
  static bool asks_beyond_metadata(const Value& pattern) {
    for (std::size_t i = 0; i < pattern.size() && pattern.is(Type::object); ++i) {
      if (parse_anchor(pattern.key_at(i)).key != "metadata") {
        return true;
      }
    }
    return false;
  }

  /// A condition on request.operation can ask only for those that there are.
  void operations(const Value& value) {
    if (value.is(Type::object) && value.find("operator")) {
      const std::string key = text::replace_all(std::string(value.text({"key"})), " ", "");
      const Value wanted = value.get({"value"});
      const auto check = [&](const Value& one) {
        const bool plain = one.is(Type::string) && variables_in(one.as_string()).empty();
        if (plain && !parse_operation(one.as_string())) {
          loader_.invalid(one, "request.operation is CREATE, UPDATE, DELETE or CONNECT, not \"" +
                                   text::printable(one.as_string()) + "\"");
        }
      };
      if (key == "{{request.operation}}") {
        check(wanted);
        for (std::size_t i = 0; i < wanted.size() && wanted.is(Type::array); ++i) {
          check(wanted.at(i));
        }
      }
    }
    for (std::size_t i = 0; i < value.size(); ++i) {
      operations(value.is(Type::object) ? value.member_at(i) : value.at(i));
    }
  }

  void same_filters(const Value& rule) {
    const Value in = rule.get({"match", "any"});
    const Value out = rule.get({"exclude", "any"});
    for (std::size_t i = 0; i < in.size(); ++i) {
      for (std::size_t j = 0; j < out.size(); ++j) {
        if (equal(in.at(i), out.at(j))) {
          loader_.invalid(out.at(j), "the rule matches an empty set: what it matches is excluded");
        }
      }
    }
  }

  void variables(const Value& rule) {
    each_text(rule, [&](string_view text, const Value& at) {
      for (const auto variable : variables_in(text)) {
        check_variable(variable, rule, at);
      }
    });
  }

  void check_variable(string_view variable, const Value& rule, const Value& at) {
    const bool of_user =
        contains(variable, "request.userInfo") || contains(variable, "request.roles") ||
        contains(variable, "request.clusterRoles") || contains(variable, "serviceAccountName");
    if (background_ && of_user) {
      loader_.invalid(
          at, "{{ " + text::printable(variable) + " }} is known only with background: false");
      return;
    }
    constexpr std::array<string_view, 6> known = {"request.", "element", "@",
                                                  "images",   "image.",  "serviceAccountName"};
    const bool fine = std::any_of(known.begin(), known.end(),
                                  [&](string_view word) { return contains(variable, word); }) ||
                      calls_function(variable) ||
                      (contains(variable, "target.") && present(rule.get({"mutate"}), "targets")) ||
                      std::any_of(names_.begin(), names_.end(), [&](const std::string& name) {
                        return begins_with_name(variable, name);
                      });
    if (!fine) {
      loader_.invalid(at, "{{ " + text::printable(variable) +
                              " }} is neither of the request nor declared in the context");
    }
  }

  void context(const Value& entries) {
    constexpr std::array<string_view, 7> reserved = {
        "request", "serviceAccountName", "serviceAccountNamespace",
        "element", "elementIndex",       "images",
        "image"};
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const Value entry = entries.at(i);
      const auto name = entry.text({"name"});
      if (std::find(reserved.begin(), reserved.end(), name) != reserved.end()) {
        loader_.invalid(entry, "the context entry \"" + std::string(name) +
                                   "\" has the name of a variable that is always there");
      }
      int sources = 0;
      for (const string_view source :
           {"variable", "configMap", "apiCall", "imageRegistry", "globalReference"}) {
        sources += present(entry, source) ? 1 : 0;
      }
      if (sources > 1) {
        loader_.invalid(entry, "a context entry has one source");
      }
      for (const string_view source : {"variable", "apiCall", "imageRegistry", "globalReference"}) {
        const Value path = entry.get({source, "jmesPath"});
        if (path.is(Type::string) && variables_in(path.as_string()).empty() &&
            !path.as_string().empty()) {
          loader_.make_template(
              Value::string(loader_.arena().concat({"{{", path.as_string(), "}}"}))
                  .standing_at(path));
        }
      }
      const Value map = entry.get({"configMap"});
      if (map.is(Type::object) && (map.text({"name"}).empty() || map.text({"namespace"}).empty())) {
        loader_.invalid(map, "a configMap context entry needs a name and a namespace");
      }
    }
  }

  Loader& loader_;
  const Value& policy_;
  bool background_;
  std::set<std::string> names_;
};

}  // namespace

void refuse_policy(Loader& loader, const Value& policy) {
  Refusals(loader, policy).policy();
}

void refuse_rule(Loader& loader, const Value& policy, const Value& rule) {
  Refusals(loader, policy).rule(rule);
}

}  // namespace sluice::policy

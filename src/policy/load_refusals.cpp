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
    for (const string_view part : {"match", "exclude"}) {
      filters(rule.get({part}), part);
    }
    same_filters(rule);
    any_kind(rule);
    check_variables(rule, background_, loader_);
    context(rule.get({"context"}));
    const Value validate = rule.get({"validate"});
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
      loader_.invalid(entry, "users can be named only with background: false",
                      "set spec.background to false");
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
};

}  // namespace

void refuse_policy(Loader& loader, const Value& policy) {
  Refusals(loader, policy).policy();
}

void refuse_rule(Loader& loader, const Value& policy, const Value& rule) {
  Refusals(loader, policy).rule(rule);
}

}  // namespace sluice::policy

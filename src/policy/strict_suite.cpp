// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "io/files.hpp"
#include "policy/findings.hpp"
#include "policy/strict.hpp"

#include <algorithm>

namespace sluice::policy {

namespace {

using std::string_view;

diag::Finding finding_in(const Suite& suite, const Value& at, string_view code) {
  diag::Finding finding{.location = {.file = suite.file}, .code = std::string(code)};
  if (at.node() != nullptr) {
    finding.location = at.document()->in_stream(*at.node());
  }
  return finding;
}

/// The member as it is written; the row itself when it is not there.
Value place(const Expectation& row, string_view key) {
  const auto found = row.source.find(key);
  return found && found->node() != nullptr ? *found : row.source;
}

string_view plain_name(string_view name) {
  return name.substr(name.rfind('/') == string_view::npos ? 0 : name.rfind('/') + 1);
}

/// What one row names and nothing has.
class Row {
 public:
  Row(const SuiteFacts& facts, const Expectation& row, std::vector<diag::Finding>& findings)
      : facts_(facts), row_(row), findings_(findings) {}

  void look() {
    policy();
    objects();
  }

 private:
  void say(string_view key, std::string message, std::string hint) {
    auto finding = finding_in(facts_.suite, place(row_, key), "policy/suite-unknown-name");
    finding.message = std::move(message);
    finding.hint =
        hint.empty() ? "the Kyverno CLI is green here, whatever the row expects" : std::move(hint);
    findings_.push_back(std::move(finding));
  }

  void policy() {
    const auto slash = row_.policy.find('/');
    const auto name = plain_name(row_.policy);
    for (const auto* candidate : facts_.policies) {
      if (candidate->name != name) {
        continue;
      }
      if (slash != std::string::npos && candidate->name_space != row_.policy.substr(0, slash)) {
        say("policy",
            "policy " + text::printable(name) + " is in no namespace \"" +
                text::printable(row_.policy.substr(0, slash)) + "\"",
            candidate->name_space.empty()
                ? "it is a ClusterPolicy: write its name alone"
                : "it is in \"" + text::printable(candidate->name_space) + "\"");
      }
      return;
    }
  }

  void objects() {
    std::set<string_view> kinds;
    for (const auto& wanted : row_.resources) {
      const auto slash = wanted.find('/');
      const auto is_it = [&](const Seen& seen) {
        return seen.name == plain_name(wanted) &&
               (slash == std::string::npos || seen.name_space == wanted.substr(0, slash));
      };
      object("resources", is_it, wanted, kinds);
    }
    for (const auto& spec : row_.resource_specs) {
      specified(spec, kinds);
    }
    const std::string kind = parse_kind_selector(row_.kind).kind;
    if (!row_.kind.empty() && !kinds.empty() && !kinds.contains(kind)) {
      say("kind",
          "the kind is \"" + text::printable(row_.kind) + "\", but the objects of this row are " +
              text::printable(
                  text::join(std::vector<std::string>(kinds.begin(), kinds.end()), ", ")),
          did_you_mean(kind, {kinds.begin(), kinds.end()}));
    }
  }

  void specified(const Value& spec, std::set<string_view>& kinds) {
    const std::string group(spec.text({"group"}));
    const std::string api_version =
        (group.empty() ? "" : group + "/") + std::string(spec.text({"version"}));
    const auto name = spec.text({"name"});
    const auto name_space = spec.text({"namespace"});
    const auto is_it = [&](const Seen& seen) {
      return seen.api_version == api_version && seen.name == name && seen.name_space == name_space;
    };
    object("resourceSpecs", is_it,
           (name_space.empty() ? "" : std::string(name_space) + "/") + std::string(name), kinds);
  }

  /// Adds the kinds of the objects that are meant; says so when there are none.
  template <class IsIt>
  void object(string_view key,
              const IsIt& is_it,
              const std::string& wanted,
              std::set<string_view>& kinds) {
    bool found = false;
    std::vector<string_view> names;
    for (const auto& seen : facts_.objects) {
      names.push_back(seen.name);
      if (is_it(seen)) {
        kinds.insert(seen.kind);
        found = true;
      }
    }
    if (found) {
      return;
    }
    if (!std::any_of(facts_.untouched.begin(), facts_.untouched.end(), is_it)) {
      say(key, "no object is called \"" + text::printable(wanted) + "\"",
          did_you_mean(plain_name(wanted), std::move(names)));
    } else if (is_classic()) {
      say(key, "no rule changed the target \"" + text::printable(wanted) + "\"",
          "the row is judged by the objects of the test instead");
    }
  }

  /// What policies of other sorts do to targets is not known.
  [[nodiscard]] bool is_classic() const {
    return std::any_of(facts_.policies.begin(), facts_.policies.end(), [&](const Policy* policy) {
      return policy->name == plain_name(row_.policy);
    });
  }

  const SuiteFacts& facts_;
  const Expectation& row_;
  std::vector<diag::Finding>& findings_;
};

/// The kinds that the rule of that name is for; of all rules without a name.
std::vector<std::string> kinds_of(const Policy& policy, string_view rule_name) {
  std::vector<std::string> kinds;
  for (const auto* rules : {&policy.rules, &policy.generated}) {
    for (const auto& rule : *rules) {
      const bool named = rule_name.empty() || rule.name == rule_name || rule.base_name == rule_name;
      for (const auto& filter : rule.match.filters) {
        for (const auto& kind : filter.kinds) {
          if (named && std::find(kinds.begin(), kinds.end(), kind.kind) == kinds.end()) {
            kinds.push_back(kind.kind);
          }
        }
      }
    }
  }
  return kinds;
}

/// The operations that a filter of the rule limits itself to.
std::set<Operation> operations_of(const Policy& policy, string_view rule_name) {
  std::set<Operation> operations;
  for (const auto& rule : policy.rules) {
    for (const auto& filter : rule.match.filters) {
      if (rule_name.empty() || rule.name == rule_name) {
        operations.insert(filter.operations.begin(), filter.operations.end());
      }
    }
  }
  return operations;
}

void append(std::vector<diag::Finding>& all, std::vector<diag::Finding>&& more) {
  std::move(more.begin(), more.end(), std::back_inserter(all));
}

}  // namespace

std::vector<diag::Finding> strict_findings(const SuiteFacts& facts) {
  std::vector<diag::Finding> findings;
  for (const auto& row : facts.suite.expectations) {
    Row(facts, row, findings).look();
  }
  for (const auto& object : facts.duplicates) {
    auto finding = finding_in(facts.suite, object, "policy/suite-duplicate-object");
    finding.message = text::printable(object.text({"kind"})) + " " +
                      text::printable(object.text({"metadata", "name"})) +
                      " stands twice in the objects of the test";
    finding.hint = "the Kyverno CLI judges the first alone; give this one another name";
    findings.push_back(std::move(finding));
  }
  std::set<string_view> kinds;
  for (const auto& seen : facts.objects) {
    kinds.insert(seen.kind);
  }
  for (const auto* policy : facts.policies) {
    for (const auto& problem : policy->problems) {
      if (problem.kind == Problem::Kind::invalid) {
        findings.push_back(finding_of(problem, *policy));
      }
    }
    append(findings, misspelt_kinds(*policy, kinds));
    if (!facts.evaluated.contains(policy) && policy->problems.empty()) {
      findings.push_back(never_matched(*policy, kinds));
    }
  }
  append(findings, unused_values(facts.values, facts.policies, facts.texts, facts.objects));
  return findings;
}

void explain_excluded(const Expectation& expectation,
                      const Policy& policy,
                      const Object& object,
                      SuiteRow& row) {
  const std::string rule =
      expectation.rule.empty() ? "the policy" : "rule " + text::printable(expectation.rule);
  const auto point_at = [&](string_view key) {
    if (const Value at = place(expectation, key); at.node() != nullptr) {
      row.at = at.document()->in_stream(*at.node());
    }
  };
  row.hint = "the Kyverno CLI counts this row as passed";
  if (!expectation.rule.empty() && rule_named(policy, expectation.rule) == nullptr) {
    std::vector<string_view> names;
    for (const auto& own : policy.rules) {
      names.push_back(own.name);
    }
    point_at("rule");
    row.code = "policy/suite-unknown-name";
    row.reason = "the policy has no such rule";
    const std::string meant = did_you_mean(expectation.rule, std::move(names));
    row.hint = meant.empty() ? row.hint : meant;
    return;
  }
  const auto kinds = kinds_of(policy, expectation.rule);
  const bool fits = std::any_of(kinds.begin(), kinds.end(), [&](const std::string& kind) {
    return text::wildcard_match(kind, object.kind);
  });
  if (!fits && !kinds.empty()) {
    row.reason = rule + " is for " + text::printable(text::join(kinds, ", ")) + ", not for " +
                 text::printable(object.kind);
    const std::string meant = did_you_mean(object.kind, {kinds.begin(), kinds.end()});
    row.hint +=
        meant.empty() ? "" : "; does the policy mean \"" + text::printable(object.kind) + "\"?";
    return;
  }
  const auto operation = expectation.operation.value_or(Operation::create);
  if (const auto wanted = operations_of(policy, expectation.rule);
      !wanted.empty() && !wanted.contains(operation)) {
    if (expectation.operation) {
      point_at("operation");
    }
    std::vector<std::string> names;
    for (const auto one : wanted) {
      names.emplace_back(name(one));
    }
    row.reason = rule + " is for " + text::join(names, ", ") + ", and the operation is " +
                 std::string(name(operation));
    row.hint += "; say \"operation: " + names.front() + "\" in the row";
    return;
  }
  row.reason = rule +
               " says nothing of it: its match or exclude leaves the object out, or its "
               "foreach found no element";
}

std::vector<diag::Finding> missing_paths(const Suite& suite) {
  std::vector<diag::Finding> findings;
  const auto look = [&](string_view key, const std::vector<std::string>& paths) {
    const Value list = suite.source.get({key});
    for (std::size_t i = 0; i < paths.size(); ++i) {
      if (paths[i].find("://") != std::string::npos || io::exists(paths[i])) {
        continue;
      }
      auto finding = finding_in(suite, list.is(Type::array) && i < list.size() ? list.at(i) : list,
                                "policy/suite-missing-path");
      finding.message = text::printable(paths[i]) + " does not exist";
      finding.hint = "paths are relative to the test file";
      findings.push_back(std::move(finding));
    }
  };
  look("policies", suite.policies);
  look("resources", suite.resources);
  look("targetResources", suite.targets);
  look("exceptions", suite.exceptions);
  return findings;
}

}  // namespace sluice::policy

// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "report/loosened.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace sluice::report {

namespace {

/// Verdicts are listed up to here; a removed policy would name every object of the repository.
constexpr std::size_t most_verdicts = 20;

enum class Action : std::uint8_t { audit, enforce };

/// A policy as far as it can be weakened by taking something away.
struct Judge {
  diag::Location at;
  std::map<std::string, Action, std::less<>> rules;
};

/// By "ClusterPolicy/-/name".
using Judges = std::map<std::string, Judge>;

bool is_policy(const k8s::Resource& resource) {
  constexpr std::array<std::string_view, 3> groups = {"kyverno.io", "policies.kyverno.io",
                                                      "admissionregistration.k8s.io"};
  return resource.ref.kind.ends_with("Policy") &&
         std::ranges::find(groups, resource.group()) != groups.end();
}

bool is_exception(const k8s::Resource& resource) {
  return resource.ref.kind == "PolicyException" && resource.group().ends_with("kyverno.io");
}

std::string key_of(const k8s::Resource& resource) {
  const auto& ref = resource.ref;
  return ref.kind + '/' + (ref.name_space.empty() ? "-" : ref.name_space) + '/' + ref.name;
}

bool is_enforce(std::string_view word) {
  return word == "Enforce" || word == "enforce";
}

void add_rules(const k8s::Resource& resource, Judge& judge) {
  const yaml::Document& document = *resource.document;
  const yaml::Node* const rules = document.find(*resource.object, {"spec", "rules"});
  if (rules == nullptr || rules->kind != yaml::Kind::sequence) {
    return;
  }
  const bool all = is_enforce(document.text(*resource.object, {"spec", "validationFailureAction"}));
  for (const yaml::Node& rule : document.children(*rules)) {
    const std::string_view own = document.text(rule, {"validate", "failureAction"});
    const bool enforces = own.empty() ? all : is_enforce(own);
    Action& action =
        judge.rules.try_emplace(std::string(document.text(rule, {"name"})), Action::audit)
            .first->second;
    action = enforces ? Action::enforce : action;
  }
}

Judges judges_of(const manifests::Objects& objects) {
  Judges judges;
  for (const k8s::Resource& resource : objects.resources) {
    if (is_policy(resource)) {
      Judge& judge = judges[key_of(resource)];
      judge.at = resource.document->where(*resource.object);
      add_rules(resource, judge);
    }
  }
  return judges;
}

std::string shown(const std::string& key) {
  return text::printable(key, 120);
}

void compare_rules(const std::string& key,
                   const Judge& base,
                   const Judge& head,
                   std::vector<Loosening>& found) {
  for (const auto& [rule, action] : base.rules) {
    const auto other = head.rules.find(rule);
    const std::string what = shown(key) + ": the rule " + text::printable(rule, 80);
    if (other == head.rules.end()) {
      found.push_back({"policies", what + " is gone", head.at});
    } else if (other->second < action) {
      found.push_back({"policies", what + " no longer enforces", head.at});
    }
  }
}

}  // namespace

std::vector<Loosening> loosened_policies(const manifests::Objects& base,
                                         const manifests::Objects& head) {
  std::vector<Loosening> found;
  const Judges before = judges_of(base);
  const Judges after = judges_of(head);
  for (const auto& [key, judge] : before) {
    const auto other = after.find(key);
    if (other == after.end()) {
      found.push_back({"policies", shown(key) + " is gone", {.file = judge.at.file}});
    } else {
      compare_rules(key, judge, other->second, found);
    }
  }
  std::set<std::string> exceptions;
  for (const k8s::Resource& resource : base.resources) {
    if (is_exception(resource)) {
      exceptions.insert(key_of(resource));
    }
  }
  for (const k8s::Resource& resource : head.resources) {
    if (is_exception(resource) && exceptions.insert(key_of(resource)).second) {
      found.push_back({"policies", shown(key_of(resource)) + " is new",
                       resource.document->where(*resource.object)});
    }
  }
  return found;
}

std::vector<Loosening> loosened_baseline(const diag::Baseline& base,
                                         const diag::Baseline& head,
                                         const std::string& file) {
  std::vector<Loosening> found;
  std::map<std::string, std::uint32_t> before;
  for (const diag::BaselineEntry& entry : base) {
    before[entry.fingerprint] = entry.count;
  }
  for (const diag::BaselineEntry& entry : head) {
    if (before[entry.fingerprint] < entry.count) {
      found.push_back({"baseline",
                       "the baseline lives with a new " + text::printable(entry.code, 60) +
                           (entry.file.empty() ? "" : " in " + text::printable(entry.file, 120)) +
                           ": " + text::printable(entry.message, 200),
                       {.file = file}});
    }
  }
  return found;
}

std::vector<Loosening> loosened_verdicts(const diag::Report& by_base, const diag::Report& by_head) {
  std::map<std::string, diag::Severity> still;
  for (const diag::Finding& finding : by_head.findings) {
    const auto [entry, is_new] = still.try_emplace(diag::fingerprint(finding), finding.severity);
    entry->second = std::min(entry->second, finding.severity);  // errors come first
  }
  std::vector<Loosening> found;
  std::size_t more = 0;
  for (const diag::Finding& finding : by_base.findings) {
    const auto other = still.find(diag::fingerprint(finding));
    const bool is_kept = other != still.end() && other->second <= finding.severity;
    if (finding.code != "policy/fail" || is_kept) {
      continue;
    }
    if (found.size() == most_verdicts) {
      ++more;
      continue;
    }
    found.push_back({"policies",
                     "the policies of the base refuse " +
                         text::printable(to_string(finding.object)) + ": " +
                         text::printable(finding.message, 300),
                     finding.location});
  }
  if (more != 0) {
    found.back().what += " (and " + text::counted(more, "object") + " more)";
  }
  return found;
}

}  // namespace sluice::report

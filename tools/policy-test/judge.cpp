// SPDX-License-Identifier: Apache-2.0
#include "policy-test/judge.hpp"

#include "base/text.hpp"
#include "policy-test/changes.hpp"
#include "policy-test/surroundings.hpp"
#include "policy/declared.hpp"
#include "policy/findings.hpp"
#include "policy/plan.hpp"
#include "policy/strict.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <set>
#include <thread>

namespace sluice::policy_test {
namespace {

using policy::RuleStatus;

/// What one thread found; merged in the end, where everything is sorted.
struct Found {
  std::vector<diag::Finding> findings;
  std::vector<diag::LedgerRow> ledger;
  std::set<std::string> no_verdict;
  std::vector<bool> applied;  ///< of each policy
  std::set<const policy::PolicyException*> used;
  std::vector<Outcome> outcomes;
  std::size_t passed = 0;
  std::size_t failed = 0;
  std::size_t changed = 0;  ///< objects that mutate rules changed before they were judged
};

class Worker {
 public:
  Worker(const Job& job, const policy::Plan& plan, const ByEnvironment& around)
      : job_(job), plan_(plan), around_(around) {
    found_.applied.resize(job.policies.size());
  }

  void judge(const k8s::Resource& resource) {
    evaluator_.forget();
    const auto value = policy::Value::of(*resource.document, *resource.object);
    policy::Request request{
        .object = policy::normalise(evaluator_.arena(), value, resource.ref.name_space,
                                    scope_of(resource)),
        .operation = {}};
    request.values = job_.values;
    request.user = job_.user;
    request.declared = job_.declared;
    request.now = job_.now;
    std::string skipped;
    const policy::Labels labels = look_around(resource, request);
    request.namespace_labels = &labels;
    const auto entries =
        plan_.entries(request.object.group, request.object.version, request.object.kind);
    const auto changing = those_that_change(entries, resource);
    if (!changing.empty()) {
      const ChangeResults changes = change_object(evaluator_, changing, request);
      found_.changed += changes.changed ? 1 : 0;
      note(changes, request, resource, skipped);
    }
    std::optional<policy::Admission> common;
    if (request.values == nullptr) {
      common = policy::admit(request);
    }
    for (const auto& entry : entries) {
      const auto& policy = job_.policies[entry.policy];
      if (!concerns(policy, resource) || policy.is_invalid()) {
        continue;
      }
      results_.clear();
      if (common) {
        evaluator_.judge(policy, entry.rules, *common, results_);
      } else {
        evaluator_.judge(policy, entry.rules, request, results_);
      }
      found_.applied[entry.policy] = found_.applied[entry.policy] || !results_.empty();
      for (const auto& result : results_) {
        take(result, resource, skipped);
        note_exceptions(result, request);
        if (job_.keep == Keep::outcomes) {
          found_.outcomes.push_back(
              {static_cast<std::size_t>(&resource - job_.input.resources.data()), result.policy,
               result.rule, result.status});
        }
      }
    }
    if (!changing.empty()) {
      note(try_generating(evaluator_, changing, request), request, resource, skipped);
    }
    if (job_.ledger == Ledger::rows) {
      found_.ledger.push_back(
          k8s::ledger_row(resource, skipped.empty() ? "checked" : "skipped: " + skipped));
    }
  }

  Found& found() { return found_; }

 private:
  /// A policy of the stream judges the other objects of its own environment.
  static bool concerns(const policy::Policy& policy, const k8s::Resource& resource) {
    return !policy.from_stream ||
           (policy.environment == resource.env() && policy.source.node() != resource.object);
  }

  std::vector<Concerned> those_that_change(std::span<const policy::Plan::Entry> entries,
                                           const k8s::Resource& resource) const {
    std::vector<Concerned> found;
    for (const auto& entry : entries) {
      const auto& policy = job_.policies[entry.policy];
      if (policy.changes() && concerns(policy, resource) && !policy.is_invalid()) {
        found.push_back({.policy = &policy, .rules = entry.rules});
      }
    }
    return found;
  }

  /// Rules that change or make objects have been applied, and may have gone wrong.
  void note(const ChangeResults& changes,
            const policy::Request& request,
            const k8s::Resource& resource,
            std::string& skipped) {
    for (const auto& result : changes.results) {
      note_exceptions(result, request);
      found_.applied[static_cast<std::size_t>(result.policy - job_.policies.data())] = true;
      if (result.status == RuleStatus::error || result.status == RuleStatus::no_verdict) {
        take(result, resource, skipped);
      }
    }
  }

  /// The result tells of one exception; others that take in the object are as useful.
  void note_exceptions(const policy::RuleResult& result, const policy::Request& request) {
    if (result.exception == nullptr) {
      return;
    }
    const auto candidate =
        policy::candidate_of(request, request.operation.value_or(policy::Operation::create));
    found_.used.insert(result.exception);
    for (const auto* exception : request.exceptions) {
      if (exception->covers(*result.policy, *result.rule) &&
          policy::excepts(exception->match, candidate)) {
        found_.used.insert(exception);
      }
    }
  }

  policy::Scope scope_of(const k8s::Resource& resource) const {
    const auto found = around_.find(resource.env());
    const bool cluster = found != around_.end() && found->second.cluster_scoped.contains(
                                                       {resource.group(), resource.ref.kind});
    return cluster ? policy::Scope::cluster : policy::Scope::look_up;
  }

  policy::Labels look_around(const k8s::Resource& resource, policy::Request& request) const {
    policy::Labels labels;
    const auto found = around_.find(resource.env());
    if (found != around_.end()) {
      request.config_maps = &found->second.config_maps;
      if (found->second.cluster.has_cluster) {
        request.declared = &found->second.cluster;
      }
      request.exceptions = found->second.exceptions;
      const auto own = found->second.namespaces.find(request.object.name_space);
      if (own != found->second.namespaces.end()) {
        labels = own->second;
      }
    }
    if (job_.values != nullptr) {
      const auto given = job_.values->namespace_labels.find(request.object.name_space);
      if (given != job_.values->namespace_labels.end()) {
        labels = given->second;
      }
    }
    return labels;
  }

  void take(const policy::RuleResult& result, const k8s::Resource& resource, std::string& skipped) {
    switch (result.status) {
      case RuleStatus::fail:
      case RuleStatus::warn:
      case RuleStatus::error:
        ++found_.failed;
        found_.findings.push_back(policy::finding_of(result, resource));
        return;
      case RuleStatus::no_verdict: {
        const std::string rule = "policy " + text::printable(result.policy->name) + ", rule " +
                                 text::printable(result.rule->name);
        // What the rule as such cannot do was said when the policy was read.
        if (result.rule->supported) {
          found_.no_verdict.insert(rule + ": " + policy::one_line(result.message) + " (" +
                                   diag::to_string(resource.ref) + ")");
        }
        skipped = skipped.empty() ? rule + " gives no verdict" : skipped;
        return;
      }
      default:
        ++found_.passed;
        return;
    }
  }

  const Job& job_;
  const policy::Plan& plan_;
  const ByEnvironment& around_;
  policy::Evaluator evaluator_;
  std::vector<policy::RuleResult> results_;
  Found found_;
};

std::vector<Found> work(const Job& job, const policy::Plan& plan, const ByEnvironment& around) {
  const auto& resources = job.input.resources;
  constexpr std::size_t batch = 32;
  const std::size_t threads = std::clamp<std::size_t>(resources.size() / batch, 1, job.jobs);
  std::vector<Found> all(threads);
  std::atomic<std::size_t> next = 0;
  const auto loop = [&](std::size_t thread) {
    Worker worker(job, plan, around);
    for (std::size_t from = next.fetch_add(batch); from < resources.size();
         from = next.fetch_add(batch)) {
      for (std::size_t i = from; i < std::min(from + batch, resources.size()); ++i) {
        worker.judge(resources[i]);
      }
    }
    all[thread] = std::move(worker.found());
  };
  {
    std::vector<std::jthread> helpers;
    for (std::size_t i = 1; i < threads; ++i) {
      helpers.emplace_back(loop, i);
    }
    loop(0);
  }
  return all;
}

}  // namespace

void report_invalid(const Job& job, Strict with_unsupported, diag::Report& report) {
  for (const auto& policy : job.policies) {
    std::set<std::string> said;
    for (const auto& problem : policy.problems) {
      if (problem.kind == policy::Problem::Kind::invalid) {
        report.findings.push_back(policy::finding_of(problem, policy));
        const std::string line =
            "policy " + text::printable(policy.name) + " is invalid, so that it judges nothing";
        if (said.insert(line).second) {
          report.no_verdict.push_back(line);
        }
      } else if (const auto line = policy::unsupported_text(problem, policy);
                 with_unsupported == Strict::yes && said.insert(line).second) {
        report.no_verdict.push_back(line);
      }
    }
  }
}

void report_idle(const Job& job, const std::vector<bool>& applied, diag::Report& report) {
  std::set<std::string_view> kinds;
  for (const auto& resource : job.input.resources) {
    kinds.insert(resource.ref.kind);
  }
  for (std::size_t i = 0; i < applied.size(); ++i) {
    const auto& policy = job.policies[i];
    if (policy.from_pack) {
      continue;
    }
    auto misspelt = policy::misspelt_kinds(policy, kinds);
    std::move(misspelt.begin(), misspelt.end(), std::back_inserter(report.findings));
    if (!applied[i] && policy.problems.empty()) {
      report.findings.push_back(policy::never_matched(policy, kinds));
    }
  }
}

std::vector<Outcome> judge(const Job& job, diag::Report& report) {
  policy::Plan plan(job.policies);
  for (const auto& resource : job.input.resources) {
    plan.prepare(resource.group(), resource.version(), resource.ref.kind);
  }
  report_invalid(job, Strict::yes, report);
  std::vector<Outcome> outcomes;
  const ByEnvironment around = surroundings(job);
  std::vector<bool> applied(job.policies.size());
  std::set<const policy::PolicyException*> used;
  std::set<std::string> no_verdict;
  std::size_t passed = 0;
  std::size_t failed = 0;
  std::size_t changed = 0;
  for (auto& found : work(job, plan, around)) {
    used.merge(found.used);
    std::move(found.findings.begin(), found.findings.end(), std::back_inserter(report.findings));
    std::move(found.ledger.begin(), found.ledger.end(), std::back_inserter(report.ledger));
    std::move(found.outcomes.begin(), found.outcomes.end(), std::back_inserter(outcomes));
    no_verdict.merge(found.no_verdict);
    passed += found.passed;
    failed += found.failed;
    changed += found.changed;
    for (std::size_t i = 0; i < applied.size() && i < found.applied.size(); ++i) {
      applied[i] = applied[i] || found.applied[i];
    }
  }
  report.no_verdict.insert(report.no_verdict.end(), no_verdict.begin(), no_verdict.end());
  if (job.strict == Strict::yes) {
    report_idle(job, applied, report);
    for (const auto& exception : job.exceptions) {
      if (exception.problems.empty() && !used.contains(&exception)) {
        report.findings.push_back(policy::unused_exception(exception, job.policies));
      }
    }
  }
  report.summary.push_back(text::counted(passed + failed, "rule result") + ", " +
                           std::to_string(failed) + " failed");
  if (changed > 0) {
    report.summary.push_back(text::counted(changed, "object") + " mutated before judging");
  }
  return outcomes;
}

}  // namespace sluice::policy_test

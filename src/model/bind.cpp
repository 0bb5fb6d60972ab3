// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "model/judge.hpp"

#include <cmath>
#include <functional>

namespace sluice::model {
namespace {

using Reasons = std::vector<std::string>;

std::string who(const Subject& subject) {
  return text::printable(subject.source);
}

void bind_data(const Policy& policy, const Case& what, Reasons& reasons) {
  const Subject& candidate = what.candidate;
  if (candidate.data.empty()) {
    reasons.push_back(who(candidate) + " does not say which data it was measured on (data.sha256)");
  } else if (!policy.data_sha256.empty() && candidate.data != policy.data_sha256) {
    reasons.push_back(who(candidate) + " was measured on other data (" + candidate.data +
                      ") than the policy names (" + text::printable(policy.data_sha256) + ")");
  }
  if (!what.champion) {
    return;
  }
  const Subject& champion = *what.champion;
  if (champion.data.empty()) {
    reasons.push_back(who(champion) + " does not say which data it was measured on (data.sha256)");
  } else if (!candidate.data.empty() && candidate.data != champion.data) {
    reasons.push_back("candidate and champion were measured on other data: " + candidate.data +
                      " and " + champion.data);
  }
  if (candidate.split != champion.split) {
    reasons.push_back("candidate and champion were measured on other splits: " +
                      text::printable(candidate.split.empty() ? "none named" : candidate.split) +
                      " and " +
                      text::printable(champion.split.empty() ? "none named" : champion.split));
  }
}

void bind_commit(const Policy& policy, const Case& what, Reasons& reasons) {
  const std::string& commit = what.candidate.commit;
  if (policy.commit == CommitBinding::expected && what.expected_commit.empty()) {
    reasons.emplace_back(
        "--commit is missing, and the policy wants the commit compared (commit: expected)");
  }
  if (commit.empty()) {
    reasons.push_back(who(what.candidate) + " names no commit (git_commit)");
  } else if (!what.expected_commit.empty() && commit != what.expected_commit) {
    reasons.push_back(who(what.candidate) + " was trained at commit " + commit + ", not at " +
                      text::printable(what.expected_commit));
  }
}

void bind_model(const Policy& policy, const Case& what, Reasons& reasons) {
  const std::string& named = what.candidate.model_sha256;
  if (named.empty() && policy.model_binding == Need::required) {
    reasons.push_back(who(what.candidate) + " does not name its model (model_sha256)");
  }
  if (!what.model_file_sha256.empty() && !named.empty() && named != what.model_file_sha256) {
    reasons.push_back("the model is " + what.model_file_sha256 + ", and " + who(what.candidate) +
                      " speaks of " + named);
  }
}

/// Calls `each` with every metric that the policy names and that predictions can speak of.
void for_metrics(const Policy& policy, const std::function<void(const std::string&)>& each) {
  for (const Check& check : policy.checks) {
    each(check.metric);
    for (const Slice& slice : check.slices) {
      each(slice.metric);
    }
  }
}

void bind_predictions(const Policy& policy, const Subject& subject, Reasons& reasons) {
  if (subject.predictions.empty()) {
    return;
  }
  for_metrics(policy, [&](const std::string& metric) {
    const auto said = subject.metrics.find(metric);
    const auto counted = metric_of(subject.predictions, metric, nullptr);
    if (said != subject.metrics.end() && counted && std::abs(said->second - *counted) > 1e-9) {
      reasons.push_back(who(subject) + " says that " + text::printable(metric) + " is " +
                        shown(said->second) + ", and its predictions say " + shown(*counted));
    }
  });
  for (const Check& check : policy.checks) {
    const auto n = subject.metrics.find(check.samples);
    if (n != subject.metrics.end() &&
        n->second != static_cast<double>(subject.predictions.size())) {
      reasons.push_back(who(subject) + " says that " + text::printable(check.samples) + " is " +
                        shown(n->second) + ", and there are " +
                        text::counted(subject.predictions.size(), "prediction"));
    }
  }
}

void pair_predictions(const Subject& candidate, const Subject& champion, Reasons& reasons) {
  if (candidate.predictions.empty() || champion.predictions.empty()) {
    return;
  }
  const std::size_t count = candidate.predictions.size();
  if (count != champion.predictions.size()) {
    reasons.push_back("the predictions cannot be paired: candidate " + std::to_string(count) +
                      ", champion " + std::to_string(champion.predictions.size()));
    return;
  }
  for (std::size_t i = 0; i < count; ++i) {
    const Prediction& ours = candidate.predictions[i];
    const Prediction& theirs = champion.predictions[i];
    if (ours.id != theirs.id || ours.label != theirs.label) {
      reasons.push_back(
          "the predictions cannot be paired: " +
          (ours.id == theirs.id
               ? "the id " + text::quoted(ours.id, 80) + " has another label"
               : "the id " + text::quoted(std::min(ours.id, theirs.id), 80) + " is in one only"));
      return;
    }
  }
}

}  // namespace

std::vector<std::string> mismatches(const Policy& policy, const Case& what) {
  Reasons reasons;
  bind_data(policy, what, reasons);
  bind_commit(policy, what, reasons);
  bind_model(policy, what, reasons);
  bind_predictions(policy, what.candidate, reasons);
  if (what.champion) {
    bind_predictions(policy, *what.champion, reasons);
    pair_predictions(what.candidate, *what.champion, reasons);
  }
  return reasons;
}

}  // namespace sluice::model

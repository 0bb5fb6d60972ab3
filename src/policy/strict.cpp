// SPDX-License-Identifier: Apache-2.0
#include "policy/strict.hpp"

#include "base/text.hpp"
#include "policy/findings.hpp"

#include <algorithm>
#include <array>
#include <functional>

namespace sluice::policy {

namespace {

using std::string_view;

/// Kinds of Kubernetes that policies are written for, and those that autogen adds.
constexpr std::array kubernetes_kinds = {string_view("APIService"),
                                         string_view("Binding"),
                                         string_view("CSIDriver"),
                                         string_view("CertificateSigningRequest"),
                                         string_view("ClusterRole"),
                                         string_view("ClusterRoleBinding"),
                                         string_view("ConfigMap"),
                                         string_view("ControllerRevision"),
                                         string_view("CronJob"),
                                         string_view("CustomResourceDefinition"),
                                         string_view("DaemonSet"),
                                         string_view("Deployment"),
                                         string_view("EndpointSlice"),
                                         string_view("Endpoints"),
                                         string_view("Event"),
                                         string_view("HorizontalPodAutoscaler"),
                                         string_view("Ingress"),
                                         string_view("IngressClass"),
                                         string_view("Job"),
                                         string_view("Lease"),
                                         string_view("LimitRange"),
                                         string_view("MutatingWebhookConfiguration"),
                                         string_view("Namespace"),
                                         string_view("NetworkPolicy"),
                                         string_view("Node"),
                                         string_view("PersistentVolume"),
                                         string_view("PersistentVolumeClaim"),
                                         string_view("Pod"),
                                         string_view("PodDisruptionBudget"),
                                         string_view("PodSecurityPolicy"),
                                         string_view("PodTemplate"),
                                         string_view("PriorityClass"),
                                         string_view("ReplicaSet"),
                                         string_view("ReplicationController"),
                                         string_view("ResourceQuota"),
                                         string_view("Role"),
                                         string_view("RoleBinding"),
                                         string_view("RuntimeClass"),
                                         string_view("Secret"),
                                         string_view("Service"),
                                         string_view("ServiceAccount"),
                                         string_view("StatefulSet"),
                                         string_view("StorageClass"),
                                         string_view("ValidatingAdmissionPolicy"),
                                         string_view("ValidatingWebhookConfiguration"),
                                         string_view("VolumeAttachment")};

struct WrittenKind {
  std::string text;
  Value at;
};

/// The kinds of match and exclude, with their places.
void written_kinds(const Value& block, std::vector<WrittenKind>& out) {
  const auto take = [&](const Value& filter) {
    const Value kinds = filter.get({"resources", "kinds"});
    for (std::size_t i = 0; i < kinds.size(); ++i) {
      out.push_back({go_text(kinds.at(i)), kinds.at(i)});
    }
  };
  take(block);
  for (const auto* const form : {"any", "all"}) {
    const Value filters = block.get({form});
    for (std::size_t i = 0; i < filters.size(); ++i) {
      take(filters.at(i));
    }
  }
}

std::vector<WrittenKind> kinds_of(const Policy& policy) {
  std::vector<WrittenKind> kinds;
  for (const auto& rule : policy.rules) {
    written_kinds(rule.source.get({"match"}), kinds);
    written_kinds(rule.source.get({"exclude"}), kinds);
  }
  return kinds;
}

bool is_custom_group(string_view group) {
  return group.find('.') != string_view::npos && !group.ends_with(".k8s.io");
}

/// Near enough to be an error: other custom kinds may well be called so, but hardly within one
/// letter of a kind of Kubernetes.
string_view misspelling_of(string_view kind) {
  for (const auto known : kubernetes_kinds) {
    const std::string plain = text::to_lower(known);
    const std::string word = text::to_lower(kind);
    constexpr std::size_t shortest = 6;  // "Jib" may be a kind of its own
    if (plain == word || plain + "s" == word || plain + "es" == word ||
        (known.size() >= shortest && text::edit_distance(known, kind, 1) <= 1)) {
      return known;
    }
  }
  return {};
}

}  // namespace

std::string did_you_mean(string_view word, std::vector<string_view> candidates) {
  std::sort(candidates.begin(), candidates.end());
  const auto near = text::nearest(word, candidates);
  return near && *near != word ? "did you mean \"" + text::printable(*near) + "\"?" : "";
}

const Rule* rule_named(const Policy& policy, string_view name) {
  for (const auto* rules : {&policy.rules, &policy.generated}) {
    for (const auto& rule : *rules) {
      if (rule.name == name || rule.name == "autogen-" + std::string(name) ||
          rule.name == "autogen-cronjob-" + std::string(name)) {
        return &rule;
      }
    }
  }
  return nullptr;
}

std::vector<diag::Finding> misspelt_kinds(const Policy& policy,
                                          const std::set<string_view>& kinds_seen) {
  std::vector<diag::Finding> findings;
  for (const auto& written : kinds_of(policy)) {
    const KindSelector selector = parse_kind_selector(written.text);
    const bool known = selector.kind.find_first_of("*?") != std::string::npos ||
                       kinds_seen.contains(selector.kind) || is_custom_group(selector.group) ||
                       std::find(kubernetes_kinds.begin(), kubernetes_kinds.end(), selector.kind) !=
                           kubernetes_kinds.end();
    const auto meant = known ? string_view() : misspelling_of(selector.kind);
    if (meant.empty()) {
      continue;
    }
    diag::Finding finding = finding_at_policy(policy, written.at);
    finding.code = "policy/unknown-kind";
    finding.message = "policy " + text::printable(policy.name) + ": there is no kind \"" +
                      text::printable(selector.kind) + "\" in Kubernetes or in this run";
    finding.hint = "did you mean \"" + std::string(meant) +
                   "\"? A custom kind is written with its group: example.com/*/" +
                   text::printable(selector.kind);
    findings.push_back(std::move(finding));
  }
  return findings;
}

diag::Finding never_matched(const Policy& policy, const std::set<string_view>& kinds_seen) {
  diag::Finding finding = finding_at_policy(policy, policy.source.get({"metadata", "name"}));
  finding.code = "policy/never-matched";
  finding.severity = diag::Severity::warning;
  finding.message = "policy " + text::printable(policy.name) + " applied to no object of this run";
  finding.hint = "check the kinds, names and namespaces of its match";
  const std::vector<string_view> seen(kinds_seen.begin(), kinds_seen.end());
  for (const auto& written : kinds_of(policy)) {
    const std::string kind = parse_kind_selector(written.text).kind;
    if (kinds_seen.contains(kind)) {
      continue;
    }
    if (const auto meant = did_you_mean(kind, seen); !meant.empty()) {
      finding.hint = "no object of this run is of kind \"" + text::printable(kind) + "\"; " + meant;
      return finding;
    }
  }
  return finding;
}

diag::Finding unused_exception(const PolicyException& exception, std::span<const Policy> policies) {
  diag::Finding finding;
  finding.object = {.api_version = std::string(exception.source.text({"apiVersion"})),
                    .kind = "PolicyException",
                    .name_space = exception.name_space,
                    .name = exception.name};
  const Value name = exception.source.get({"metadata", "name"});
  const Value& at = name.node() == nullptr ? exception.source : name;
  at.document()->locate(finding, *at.node());
  finding.code = "policy/unused-exception";
  finding.severity = diag::Severity::warning;
  finding.message =
      "PolicyException " + text::printable(exception.key()) + " let nothing pass in this run";
  finding.hint = "remove it, or check the match";
  const auto covers = [&](const Policy& policy) {
    const auto covered = [&](const Rule& rule) { return exception.covers(policy, rule); };
    return std::any_of(policy.rules.begin(), policy.rules.end(), covered) ||
           std::any_of(policy.generated.begin(), policy.generated.end(), covered);
  };
  if (std::none_of(policies.begin(), policies.end(), covers)) {
    finding.hint = "it names no rule of any policy of this run";
    std::vector<string_view> names;
    std::transform(policies.begin(), policies.end(), std::back_inserter(names),
                   [](const Policy& policy) { return string_view(policy.name); });
    for (const auto& entry : exception.covered) {
      if (const auto meant = did_you_mean(entry.policy, names); !meant.empty()) {
        finding.hint += "; " + meant;
        break;
      }
    }
  }
  return finding;
}

}  // namespace sluice::policy

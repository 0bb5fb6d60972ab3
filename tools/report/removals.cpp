// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "k8s/scope.hpp"
#include "report/plan.hpp"
#include "report/scope.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace sluice::report {

namespace {

using config::Removal;
using diag::Finding;

constexpr std::size_t most_names = 10;

bool acknowledges(const Removal& removal, const diag::ObjectRef& object) {
  const std::string plain = object.kind + '/' + object.name;
  return removal.object == plain
             ? object.name_space.empty()
             : removal.object == object.kind + '/' + object.name_space + '/' + object.name;
}

/// Why deleting the object takes more than itself; empty when it does not.
std::string consequence(const k8s::Resource& resource, const ClusterScope& scope) {
  const std::string& kind = resource.ref.kind;
  if (kind == "CustomResourceDefinition") {
    return "all objects of its kind are deleted with it";
  }
  if (kind == "Namespace") {
    return "everything in it is deleted with it";
  }
  if (kind == "PersistentVolumeClaim" && resource.group().empty()) {
    return "its volume and data may be deleted with it";
  }
  return scope.has(resource) ? "it belongs to the whole cluster" : std::string();
}

class Judge {
 public:
  Judge(const Side& base, const Side& head, const config::Config& config, const std::string& today)
      : scope_({&base, &head}), config_(config), today_(today) {}

  void take(Change& change) {
    const std::string why = consequence(*change.base, scope_);
    if (why.empty()) {
      plain_[{change.env, change.unit}].push_back(&change);
      return;
    }
    const auto removal = std::ranges::find_if(
        config_.removals, [&](const Removal& entry) { return acknowledges(entry, change.object); });
    if (removal == config_.removals.end()) {
      guarded(change, why);
      return;
    }
    used_.insert(&*removal);
    if (removal->expires < today_) {
      expired(change, *removal);
    } else {
      change.acknowledged =
          text::printable(removal->owner, 80) + ": " + text::printable(removal->reason);
      plain_[{change.env, change.unit}].push_back(&change);
    }
  }

  std::vector<Finding> finish() {
    for (const auto& [place, changes] : plain_) {
      removed(changes);
    }
    for (const Removal& removal : config_.removals) {
      if (!used_.contains(&removal)) {
        findings_.push_back({.location = removal.at,
                             .code = "config/unused-removal",
                             .severity = diag::Severity::warning,
                             .message = text::printable(removal.object) + " is not removed",
                             .hint = "remove the entry"});
      }
    }
    return std::move(findings_);
  }

 private:
  void guarded(const Change& change, const std::string& why) {
    Finding finding = k8s::finding_at(*change.base, *change.base->object);
    finding.code = "plan/removed-object";
    finding.message =
        text::printable(to_string(change.object)) + " is removed" +
        (change.destination.empty() ? "" : " from " + text::printable(change.destination, 80)) +
        ": " + why;
    finding.hint =
        "keep it, or acknowledge it under removals in sluice.yaml with an owner, a reason "
        "and a day";
    findings_.push_back(std::move(finding));
  }

  void expired(const Change& change, const Removal& removal) {
    findings_.push_back(
        {.location = removal.at,
         .code = "config/expired-removal",
         .message = "the acknowledgement that " + text::printable(to_string(change.object)) +
                    " is removed expired on " + removal.expires,
         .hint = "let " + text::printable(removal.owner, 80) + " renew it, or keep the object",
         .object = change.object,
         .unit = change.unit,
         .env = change.env});
  }

  void removed(const std::vector<const Change*>& changes) {
    std::vector<std::string> names;
    for (const Change* change : changes) {
      if (names.size() < most_names) {
        names.push_back(text::printable(to_string(change->object), 80));
      }
    }
    if (changes.size() > names.size()) {
      names.push_back("and " + std::to_string(changes.size() - names.size()) + " more");
    }
    Finding finding = k8s::finding_at(*changes.front()->base, *changes.front()->base->object);
    finding.location.line = finding.location.column = 0;
    finding.rendered = {};
    finding.object = changes.size() == 1 ? changes.front()->object : diag::ObjectRef{};
    finding.code = "plan/removed";
    finding.severity = diag::Severity::note;
    finding.message = text::counted(changes.size(), "object") +
                      (changes.size() == 1 ? " is removed: " : " are removed: ") +
                      text::join(names, ", ");
    findings_.push_back(std::move(finding));
  }

  ClusterScope scope_;
  const config::Config& config_;
  const std::string& today_;
  std::set<const Removal*> used_;
  std::map<std::pair<std::string, std::string>, std::vector<const Change*>> plain_;
  std::vector<Finding> findings_;
};

}  // namespace

ClusterScope::ClusterScope(std::initializer_list<const Side*> sides) {
  for (const Side* side : sides) {
    for (const k8s::Resource& resource : side->resources) {
      const auto text = [&resource](std::initializer_list<std::string_view> keys) {
        return std::string(resource.document->text(*resource.object, keys));
      };
      if (resource.ref.kind == "CustomResourceDefinition" && text({"spec", "scope"}) == "Cluster") {
        customs_.emplace(text({"spec", "group"}), text({"spec", "names", "kind"}));
      }
    }
  }
}

bool ClusterScope::has(const k8s::Resource& resource) const {
  return k8s::is_cluster_scoped(resource.group(), resource.ref.kind) ||
         customs_.contains({std::string(resource.group()), resource.ref.kind});
}

std::vector<Finding> judge_removals(Plan& plan,
                                    const Side& base,
                                    const Side& head,
                                    const config::Config& config,
                                    const std::string& today) {
  Judge judge(base, head, config, today);
  for (Change& change : plan.changes) {
    if (change.kind == Change::Kind::removed) {
      judge.take(change);
    }
  }
  return judge.finish();
}

}  // namespace sluice::report

// SPDX-License-Identifier: Apache-2.0
#include "cost/flags.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace sluice::cost {
namespace {

using diag::Finding;
using diag::Severity;
using k8s::Quantity;

struct PodFlag {
  std::string_view resource;
  std::string_view quantity;
};
/// One pod above this is flagged when sluice.yaml says nothing about the resource.
constexpr std::array<PodFlag, 2> pod_flags{{{"cpu", "2"}, {"memory", "4Gi"}}};

Quantity amount_of(const Amounts& amounts, std::string_view resource) {
  return resource == "gpu"       ? accelerators(amounts)
         : resource == "storage" ? storage(amounts)
                                 : get(amounts, resource);
}

Finding finding(const Workload& workload, std::string code, Severity severity) {
  const auto& resource = *workload.resource;
  const auto* spec = resource.document->find(*resource.object, "spec");
  auto out = k8s::finding_at(resource, spec == nullptr ? *resource.object : *spec);
  out.code = std::move(code);
  out.severity = severity;
  return out;
}

/// Judges one row after the other.
class Judge {
 public:
  Judge(const Thresholds& thresholds, bool has_base)
      : thresholds_(thresholds), has_base_(has_base) {}

  void look(const Pair& row) {
    if (row.head == nullptr) {
      return;
    }
    compare_with(row, thresholds_.limits, "cost/limit", Severity::error);
    compare_with(row, thresholds_.flags, "cost/flag", Severity::warning);
    for (const auto& flag : pod_flags) {
      if (thresholds_.flags.find(flag.resource) == nullptr) {
        look_at_pods(row, flag);
      }
    }
    look_at_accelerators(row);
    look_at_bounds(row);
    look_for_missing(row);
  }

  void look(const LeftOut& left_out) {
    const auto& resource = *left_out.resource;
    auto out = k8s::finding_at(resource, *resource.object);
    out.code = "cost/not-counted";
    out.severity = Severity::note;
    out.message = "not counted: " + left_out.reason;
    findings_.push_back(std::move(out));
  }

  std::vector<Finding> take() { return std::move(findings_); }

 private:
  [[nodiscard]] bool grew(Quantity before, Quantity after) const {
    return !has_base_ || after > before;
  }

  void compare_with(const Pair& row, const Amounts& bounds, std::string code, Severity severity) {
    if (bounds.empty()) {
      return;
    }
    const auto most = steady_max(*row.head);
    const auto before = row.base == nullptr ? Amounts() : steady_max(*row.base);
    for (const auto& [name, bound] : bounds) {
      const auto after = amount_of(most, name);
      if (after <= bound || !grew(amount_of(before, name), after)) {
        continue;
      }
      auto out = finding(*row.head, code, severity);
      const bool limit = severity == Severity::error;
      out.message = "asks for " + people_text(name, after) + " " + text::printable(name, 80) +
                    pods_text(*row.head) + ", above the " + (limit ? "limit" : "flag") + " of " +
                    people_text(name, bound);
      out.hint = std::string("ask for less, or raise cost.") + (limit ? "limits" : "flags") +
                 " in sluice.yaml";
      findings_.push_back(std::move(out));
    }
  }

  static std::string pods_text(const Workload& workload) {
    std::int64_t pods = 0;
    for (const auto& part : workload.parts) {
      pods += part.pods.role == Role::steady ? part.pods.max : 0;
    }
    return pods == 0 ? "" : " (" + text::counted(static_cast<std::size_t>(pods), "pod") + ")";
  }

  void look_at_pods(const Pair& row, const PodFlag& flag) {
    const auto bound = *k8s::parse_quantity(flag.quantity);
    for (const auto& part : row.head->parts) {
      const auto after = get(part.per_pod.amounts, flag.resource);
      if (after <= bound || !grew(before(row, part, flag.resource), after)) {
        continue;
      }
      auto out = finding(*row.head, "cost/flag", Severity::warning);
      out.message = "one pod" + (part.name.empty() ? "" : " of the " + part.name) + " asks for " +
                    people_text(flag.resource, after) + " " + std::string(flag.resource) +
                    ", above the flag of " + people_text(flag.resource, bound);
      out.hint = "ask for less, or say in sluice.yaml what is usual: cost.flags";
      findings_.push_back(std::move(out));
    }
  }

  static Quantity before(const Pair& row, const Part& part, std::string_view resource) {
    if (row.base == nullptr) {
      return {};
    }
    for (const auto& old : row.base->parts) {
      if (old.name == part.name) {
        return get(old.per_pod.amounts, resource);
      }
    }
    return {};
  }

  static Amounts all_accelerators(const Workload* workload) {
    Amounts all;
    if (workload != nullptr) {
      for (const auto& part : workload->parts) {
        for (const auto& [name, quantity] : part.per_pod.amounts) {
          if (is_accelerator(name) && quantity.nano() != 0 && part.pods.max != 0) {
            all[name] = plus(all[name], times(quantity, part.pods.max));
          }
        }
      }
    }
    return all;
  }

  void look_at_accelerators(const Pair& row) {
    const auto now = all_accelerators(row.head);
    if (now.empty()) {
      return;
    }
    const auto then = all_accelerators(row.base);
    for (const auto& [name, after] : now) {
      const auto base = get(then, name);
      if (!grew(base, after)) {
        continue;
      }
      auto out = finding(*row.head, "cost/gpu", Severity::note);
      out.message = "asks for " + people_text(name, after) + " " + text::printable(name, 80) +
                    (base.nano() == 0 ? "" : ", " + people_text(name, base) + " before");
      findings_.push_back(std::move(out));
    }
  }

  void look_at_bounds(const Pair& row) {
    for (std::size_t i = 0; i < row.head->parts.size(); ++i) {
      const auto& part = row.head->parts[i];
      const bool known = row.base != nullptr && i < row.base->parts.size() &&
                         row.base->parts[i].pods.bound == part.pods.bound;
      if (part.pods.bound == Bound::written || known || part.pods.role == Role::batch) {
        continue;
      }
      auto out = finding(*row.head, "cost/unbounded", Severity::warning);
      const bool keda = part.pods.bound == Bound::keda_default;
      out.message = keda ? "may run " + std::to_string(part.pods.max) +
                               " pods: KEDA's default, for maxReplicaCount is not set"
                         : (part.name.empty() ? "" : "the " + part.name + " ") +
                               "may run any number of pods: no maximum is set";
      out.hint = keda ? "set maxReplicaCount" : "set maxReplicas (KServe) or max-scale (Knative)";
      findings_.push_back(std::move(out));
    }
  }

  void look_for_missing(const Pair& row) {
    std::set<std::string> known;
    if (row.base != nullptr) {
      for (const auto& part : row.base->parts) {
        known.insert(part.missing.begin(), part.missing.end());
      }
    }
    for (const auto& part : row.head->parts) {
      for (const auto& missing : part.missing) {
        if (known.contains(missing)) {
          continue;
        }
        auto out = finding(*row.head, "cost/missing-requests", Severity::warning);
        const auto colon = missing.rfind(": ");
        out.message = "container " + missing.substr(0, colon) + " requests no " +
                      text::replace_all(missing.substr(colon + 2), ", ", " and no ") +
                      ", so it counts as nothing";
        out.hint = "give resources.requests, or a LimitRange to the namespace";
        findings_.push_back(std::move(out));
      }
    }
  }

  const Thresholds& thresholds_;
  bool has_base_;
  std::vector<Finding> findings_;
};

Result<Amounts> read(const std::map<std::string, std::string>& texts, std::string_view key) {
  Amounts out;
  for (const auto& [name, text] : texts) {
    const auto quantity = k8s::parse_quantity(text);
    if (!quantity) {
      return in_context(std::string(key) + "." + text::printable(name, 80), quantity.error());
    }
    out.set(name, *quantity);
  }
  return out;
}

}  // namespace

Result<Thresholds> thresholds(const std::map<std::string, std::string>& flags,
                              const std::map<std::string, std::string>& limits) {
  Thresholds out;
  SLUICE_TRY_ASSIGN(out.flags, read(flags, "cost.flags"));
  SLUICE_TRY_ASSIGN(out.limits, read(limits, "cost.limits"));
  return out;
}

std::vector<Finding> flags(const Delta& delta, const Thresholds& thresholds) {
  const bool has_base = delta.base != nullptr;
  Judge judge(thresholds, has_base);
  for (const auto& pair : delta.pairs) {
    judge.look(pair);
  }
  std::set<std::pair<KeyView, std::string_view>> known;
  if (has_base) {
    for (const auto& left_out : delta.base->left_out) {
      known.emplace(left_out.key, left_out.reason);
    }
  }
  for (const auto& left_out : delta.head->left_out) {
    if (!known.contains({left_out.key, left_out.reason})) {
      judge.look(left_out);
    }
  }
  auto out = judge.take();
  out.insert(out.end(), delta.head->findings.begin(), delta.head->findings.end());
  if (!has_base) {
    out.push_back({.code = "cost/no-base",
                   .severity = Severity::note,
                   .message = "no base to compare with: these are totals, not a change",
                   .hint = "give the stream of the base revision with --base"});
  }
  return out;
}

}  // namespace sluice::cost

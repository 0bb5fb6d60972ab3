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
  Judge(const Rules& rules, const Report& report)
      : rules_(rules), prices_(report.prices), has_base_(report.has_base) {}

  void look(const Pair& row) {
    if (row.head == nullptr || row.head == row.base) {
      return;  // gone, or nothing about it is new
    }
    if (row.change != Change::unchanged || !has_base_) {
      compare_with(row, Severity::error);
      compare_with(row, Severity::warning);
      look_for_overflow(row);
    }
    for (const auto& flag : pod_flags) {
      if (rules_.workload.flags.amounts.find(flag.resource) == nullptr) {
        look_at_pods(row, flag);
      }
    }
    look_at_accelerators(row);
    look_at_bounds(row);
    look_for_missing(row);
  }

  /// What the change adds, all workloads together.
  void look(const Report& report) {
    for (const auto severity : {Severity::error, Severity::warning}) {
      const auto& bounds = bounds_of(rules_.change, severity);
      const auto added = difference(report.base.steady_max, report.head.steady_max);
      const Finding out{.location = {.file = rules_.file}, .severity = severity};
      for (const auto& [name, bound] : bounds.amounts) {
        const auto more = amount_of(added, name);
        if (more > bound) {
          add_threshold(out, rules_.change, "cost.change",
                        "the change asks for " + people_text(name, more) + " " +
                            text::printable(name, 80) + " more",
                        people_text(name, bound));
        }
      }
      if (bounds.month && prices_) {
        const auto more = month(report.head.costs.steady_max) - month(report.base.costs.steady_max);
        if (more > *bounds.month) {
          add_threshold(out, rules_.change, "cost.change",
                        "the change asks for " + money_text(more) + " a month more",
                        money_text(*bounds.month));
        }
      }
    }
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

  void compare_with(const Pair& row, Severity severity) {
    const auto& bounds = bounds_of(rules_.workload, severity);
    if (bounds.amounts.empty() && !bounds.month) {
      return;
    }
    const auto after = totals_of(*row.head);
    const auto before = row.base == nullptr ? Totals() : totals_of(*row.base);
    for (const auto& [name, bound] : bounds.amounts) {
      const auto now = amount_of(after.steady_max, name);
      if (now > bound && grew(amount_of(before.steady_max, name), now)) {
        add_threshold(finding(*row.head, "", severity), rules_.workload, "cost",
                      "asks for " + people_text(name, now) + " " + text::printable(name, 80) +
                          pods_text(*row.head),
                      people_text(name, bound));
      }
    }
    if (bounds.month && prices_) {
      const auto now = month(after.costs.steady_max);
      if (now > *bounds.month && now > month(before.costs.steady_max)) {
        add_threshold(finding(*row.head, "", severity), rules_.workload, "cost",
                      "asks for " + money_text(now) + " a month" + pods_text(*row.head),
                      money_text(*bounds.month));
      }
    }
  }

  static const Bounds& bounds_of(const Thresholds& thresholds, Severity severity) {
    return severity == Severity::error ? thresholds.limits : thresholds.flags;
  }

  [[nodiscard]] Money month(Money per_hour) const { return per_hour * prices_->hours_per_month; }
  [[nodiscard]] std::string money_text(Money money) const {
    return people_text(money) + " " + prices_->currency;
  }

  void add_threshold(Finding out,
                     const Thresholds& thresholds,
                     const std::string& section,
                     const std::string& what,
                     const std::string& bound) {
    const bool limit = out.severity == Severity::error;
    out.code = limit ? "cost/limit" : "cost/flag";
    out.message = what + ", above the " + (limit ? "limit" : "flag") + " of " + bound;
    out.hint = "ask for less, or raise " + section + (limit ? ".limits" : ".flags") +
               " in sluice.yaml" +
               (thresholds.owner.empty()
                    ? ""
                    : ", which is for " + text::printable(thresholds.owner, 80) + " to decide");
    findings_.push_back(std::move(out));
  }

  void look_for_overflow(const Pair& row) {
    const auto totals = totals_of(*row.head);
    const bool amounts = std::ranges::any_of(totals.rollout_peak, [](const auto& entry) {
      return is_saturated(Money(entry.second.nano()));
    });
    if (amounts || is_saturated(totals.costs.rollout_peak) ||
        is_saturated(totals.costs.batch_peak)) {
      auto out = finding(*row.head, "cost/overflow", Severity::warning);
      out.message = std::string("asks for more than can be counted, so the sum of ") +
                    (amounts ? "its amounts" : "its money") + " is too small";
      out.hint = "lower its replicas or requests to what the cluster can hold";
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
      auto out = finding(*row.head, "cost/gpu", rules_.gpu);
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
      auto out = finding(*row.head, "cost/unbounded", rules_.unbounded);
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
        auto out = finding(*row.head, "cost/missing-requests", rules_.missing_requests);
        const auto colon = missing.rfind(": ");
        out.message = "container " + missing.substr(0, colon) + " requests no " +
                      text::replace_all(missing.substr(colon + 2), ", ", " and no ") +
                      ", so it counts as nothing";
        out.hint = "give resources.requests, or a LimitRange to the namespace";
        findings_.push_back(std::move(out));
      }
    }
  }

  const Rules& rules_;
  const std::optional<PriceList>& prices_;
  bool has_base_;
  std::vector<Finding> findings_;
};

}  // namespace

Result<Bounds> read_bounds(const std::map<std::string, std::string>& texts, std::string_view key) {
  Bounds out;
  for (const auto& [name, text] : texts) {
    const auto where = std::string(key) + "." + text::printable(name, 80);
    if (name == "month") {
      out.month = parse_money(text);
      if (!out.month) {
        return Error{Error::Kind::parse, where + ": " + text::quoted(text, 80) + " is no money"};
      }
      continue;
    }
    const auto quantity = k8s::parse_quantity(text);
    if (!quantity) {
      return in_context(where, quantity.error());
    }
    out.amounts.set(name, *quantity);
  }
  return out;
}

bool asks_for_money(const Rules& rules) {
  return std::ranges::any_of(std::array{&rules.workload.flags, &rules.workload.limits,
                                        &rules.change.flags, &rules.change.limits},
                             [](const Bounds* bounds) { return bounds->month.has_value(); });
}

std::vector<Finding> flags(const Delta& delta, const Report& report, const Rules& rules) {
  const bool has_base = delta.base != nullptr;
  Judge judge(rules, report);
  for (const auto& pair : delta.pairs) {
    judge.look(pair);
  }
  if (has_base) {
    judge.look(report);
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

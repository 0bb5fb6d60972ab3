// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "cost/report.hpp"

#include <array>
#include <utility>

namespace sluice::cost {
namespace {

/// "3 cpu, 6Gi memory and 2 nvidia.com/gpu": the accelerators and all storage classes as one.
std::string list(const Amounts& amounts, bool negative) {
  std::vector<std::string> words;
  const auto take = [&](std::string_view name, k8s::Quantity quantity) {
    if (quantity.nano() != 0 && (quantity.nano() < 0) == negative) {
      const auto size = negative ? minus({}, quantity) : quantity;
      words.push_back(people_text(name, size) + " " + std::string(name));
    }
  };
  take("cpu", get(amounts, "cpu"));
  take("memory", get(amounts, "memory"));
  for (const auto& [name, quantity] : amounts) {
    if (name != "cpu" && name != "memory" && !is_storage(name)) {
      take(name, quantity);
    }
  }
  take("storage", storage(amounts));
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    out += (i == 0 ? "" : i + 1 == words.size() ? " and " : ", ") + words[i];
  }
  return out;
}

/// "3 cpu more and 1Gi memory less"; empty when nothing differs.
std::string more_or_less(const Amounts& base, const Amounts& head) {
  const auto change = difference(base, head);
  const auto more = list(change, false);
  const auto less = list(change, true);
  return (more.empty() ? "" : more + " more") + (more.empty() || less.empty() ? "" : " and ") +
         (less.empty() ? "" : less + " less");
}

/// ", for 12.30 EUR a month more (without ephemeral-storage, which has no price)"; empty without
/// prices, and where neither money nor what has no price differs.
std::string money(const Report& report) {
  if (!report.prices) {
    return "";
  }
  const auto more = report.head.costs.steady_max - report.base.costs.steady_max;
  std::string names;
  for (const auto& name : unpriced(report.base, report.head, &Totals::steady_max)) {
    names += (names.empty() ? "" : ", ") + people_name(name);
  }
  const bool less = more < Money();
  std::string out = people_text((less ? Money() - more : more) * report.prices->hours_per_month) +
                    " " + report.prices->currency + " a month";
  if (report.has_base) {
    out += less ? " less" : " more";
  }
  if (more == Money()) {
    return names.empty() ? "" : " (no price is known for " + names + ")";
  }
  return ", for " + out + (names.empty() ? "" : " (without " + names + ": no price is known)");
}

/// The other moments, when only they change.
std::string elsewhere(const Report& delta) {
  struct Moment {
    std::string_view name;
    Amounts Totals::*amounts;
  };
  constexpr std::array<Moment, 3> moments{{{"steady minimum", &Totals::steady_min},
                                           {"rollout peak", &Totals::rollout_peak},
                                           {"batch peak", &Totals::batch_peak}}};
  for (const auto& moment : moments) {
    const auto change = more_or_less(delta.base.*moment.amounts, delta.head.*moment.amounts);
    if (!change.empty()) {
      return ", but for " + change + " at its " + std::string(moment.name);
    }
  }
  return "";
}

std::string counts(const Report& delta) {
  return std::to_string(delta.workloads() - delta.unchanged) + " of " +
         text::counted(delta.workloads(), "workload") + " differ (" + std::to_string(delta.added) +
         " added, " + std::to_string(delta.changed) + " changed, " + std::to_string(delta.removed) +
         " removed" +
         (delta.renamed == 0 ? "" : ", " + std::to_string(delta.renamed) + " renamed") + ")";
}

}  // namespace

std::string sentence(const Report& delta) {
  const auto workloads = text::counted(delta.workloads(), "workload");
  if (!delta.has_base) {
    const auto all = list(delta.head.steady_max, false);
    const auto each = list(delta.head.per_node, false);
    return "No base to compare with: " + workloads + (delta.workloads() == 1 ? " asks" : " ask") +
           " for " + (delta.head.open ? "at least " : "") + (all.empty() ? "nothing" : all) +
           " at the steady maximum" + money(delta) +
           (each.empty() ? "" : ", and for " + each + " on each node") + ".";
  }
  if (delta.workloads() - delta.unchanged == 0) {
    return "This change asks for nothing more or less: 0 of " + workloads + " differ.";
  }
  const auto change = more_or_less(delta.base.steady_max, delta.head.steady_max);
  const auto each = more_or_less(delta.base.per_node, delta.head.per_node);
  return "This change asks for " + (change.empty() ? "nothing more or less" : change) +
         " at the steady maximum" + money(delta) + (change.empty() ? elsewhere(delta) : "") +
         (each.empty() ? "" : ", and for " + each + " on each node") + ": " + counts(delta) + ".";
}

}  // namespace sluice::cost

// SPDX-License-Identifier: Apache-2.0
#include "cost-proxy/tables.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>

namespace sluice::cost_proxy {
namespace {

using cost::Amounts;
using cost::Dimension;
using cost::Totals;
using k8s::Quantity;

constexpr std::size_t most_columns = 8;

constexpr std::array<Moment, 5> all_moments{{
    {"steady minimum", "steady_min", &Totals::steady_min, &Totals::Costs::steady_min, nullptr},
    {"steady maximum", "steady_max", &Totals::steady_max, &Totals::Costs::steady_max,
     &Totals::open},
    {"rollout peak", "rollout_peak", &Totals::rollout_peak, &Totals::Costs::rollout_peak,
     &Totals::open},
    {"batch peak", "batch_peak", &Totals::batch_peak, &Totals::Costs::batch_peak,
     &Totals::batch_open},
    {"on each node", "per_node", &Totals::per_node, &Totals::Costs::per_node, nullptr},
}};

/// What somebody asks for, or (with a base) asks for more or less of.
void collect(const Totals& base, const Totals& head, bool has_base, std::set<std::string>& names) {
  for (const Moment& moment : all_moments) {
    const Amounts& after = head.*moment.amounts;
    for (const auto& [name, quantity] :
         has_base ? cost::difference(base.*moment.amounts, after) : after) {
      if (name != "cpu" && name != "memory" && quantity.nano() != 0) {
        names.insert(cost::is_storage(name) ? "storage" : name);
      }
    }
  }
}

std::string_view title(Dimension dimension) {
  constexpr std::array<std::string_view, 5> titles{"environment", "namespace", "team", "owner",
                                                   "cost center"};
  return titles[static_cast<std::size_t>(dimension)];
}

Quantity amount_of(const Column& column, const Amounts& amounts) {
  return column.kind == Column::Kind::storage ? cost::storage(amounts)
                                              : cost::get(amounts, column.name);
}

template <class Number>
Step::Sense sense(Number before, Number after) {
  return after > before   ? Step::Sense::more
         : after < before ? Step::Sense::less
                          : Step::Sense::same;
}

std::string names(const std::vector<std::string>& resources) {
  std::vector<std::string> out;
  std::ranges::transform(resources, std::back_inserter(out), cost::people_name);
  return text::join(out, ", ");
}

/// Money of one side: what has no price makes it a lower bound, and is never shown as nothing.
std::string money_text(const Totals& totals, const Moment& moment, cost::Money money) {
  const bool partly = !cost::unpriced({}, totals, moment.amounts).empty();
  if (money == cost::Money()) {
    return partly ? "unknown" : "";
  }
  return (partly ? "≥ " : "") + cost::people_text(money);
}

Step money_step(const cost::Report& report,
                const Moment& moment,
                const Totals& old,
                const Totals& now) {
  const auto hours = report.prices->hours_per_month;
  const auto before = old.costs.*moment.money * hours;
  const auto after = now.costs.*moment.money * hours;
  const auto missing = report.has_base ? cost::unpriced(old, now, moment.amounts)
                                       : cost::unpriced({}, now, moment.amounts);
  return {.before = money_text(old, moment, before),
          .after = money_text(now, moment, after),
          .change = before == after ? "" : cost::signed_text(after - before),
          .missing = names(missing),
          .sense = sense(before, after),
          .old_size = static_cast<double>(before.pico()),
          .new_size = static_cast<double>(after.pico())};
}

std::string amount_text(std::string_view resource, Quantity quantity) {
  return quantity.nano() == 0 ? "" : cost::people_text(resource, quantity);
}

/// How much a row changes at its worst moment.
Quantity size(const cost::Row& row, Quantity (*of)(const Amounts&)) {
  const auto change = cost::minus(of(row.after().rollout_peak), of(row.before().rollout_peak));
  return change.nano() < 0 ? cost::minus({}, change) : change;
}

}  // namespace

std::span<const Moment> moments() {
  return all_moments;
}

const Moment& steady_maximum() {
  return all_moments[1];
}

std::vector<Column> columns(const cost::Report& report) {
  std::set<std::string> names;
  collect(report.base, report.head, report.has_base, names);
  for (const auto& group : report.groups) {  // what moves between teams changes no total
    collect(group.base, group.head, report.has_base, names);
  }
  std::vector<Column> out{{.name = "cpu"}, {.name = "memory"}};
  for (const auto& name : names) {
    if (out.size() < most_columns) {
      out.push_back({.kind = name == "storage" ? Column::Kind::storage : Column::Kind::resource,
                     .name = name});
    }
  }
  if (auto money = money_column(report)) {
    out.push_back(std::move(*money));
  }
  return out;
}

std::optional<Column> money_column(const cost::Report& report) {
  if (!report.prices) {
    return std::nullopt;
  }
  return Column{.kind = Column::Kind::money, .name = report.prices->currency + " / month"};
}

std::string legend(const cost::Report& report) {
  std::string out = "Requested at the steady maximum.";
  if (!report.prices) {
    return out;
  }
  out += " Money is what this costs in a month of " +
         std::to_string(report.prices->hours_per_month) + " hours at the prices of " +
         report.prices->file + ".";
  std::set<std::string> without = {report.base.unpriced.begin(), report.base.unpriced.end()};
  without.insert(report.head.unpriced.begin(), report.head.unpriced.end());
  if (!without.empty()) {
    out += " No price is known for " + names({without.begin(), without.end()}) +
           ", which is in no sum of money.";
  }
  return out;
}

Step step(const cost::Report& report,
          const Column& column,
          const Moment& moment,
          const Totals& before,
          const Totals& after) {
  Step out;
  if (column.kind == Column::Kind::money) {
    out = money_step(report, moment, before, after);
  } else {
    const Quantity old = amount_of(column, before.*moment.amounts);
    const Quantity now = amount_of(column, after.*moment.amounts);
    out = {.before = amount_text(column.name, old),
           .after = amount_text(column.name, now),
           .change = old == now ? "" : cost::signed_text(column.name, cost::minus(now, old)),
           .sense = sense(old, now),
           .old_size = static_cast<double>(old.nano()),
           .new_size = static_cast<double>(now.nano())};
  }
  const auto least = [&moment](const Totals& totals, std::string& text) {
    const bool bounded = text.empty() || text == "unknown" || text.starts_with("≥");
    if (moment.open != nullptr && totals.*moment.open && !bounded) {
      text = "≥ " + text;
    }
  };
  least(before, out.before);
  least(after, out.after);
  if (!report.has_base) {
    out.before.clear();
    out.change.clear();
    out.sense = Step::Sense::same;
    out.old_size = out.new_size;
  }
  return out;
}

SliceTable slice_table(const cost::Report& report, const std::vector<Dimension>& dimensions) {
  SliceTable out;
  std::vector<Dimension> used;
  for (const auto dimension : dimensions) {
    const auto any = slices(report.groups, {dimension});
    if (std::ranges::any_of(any, [](const auto& slice) { return !slice.values[0].empty(); })) {
      used.push_back(dimension);
      out.titles.emplace_back(title(dimension));
    }
  }
  if (used.empty()) {
    return out;
  }
  out.rows = slices(report.groups, used);
  std::erase_if(out.rows, [&report](const cost::Slice& slice) {
    const bool nothing = slice.base.steady_max.empty() && slice.head.steady_max.empty();
    return nothing || (report.has_base && slice.base == slice.head);
  });
  return out;
}

QuotaRow quota_row(const cost::QuotaFit& quota) {
  const auto text = [&quota](Quantity quantity) {
    return cost::people_text(quota.resource, quantity);
  };
  return {.steady_max = text(quota.head.steady_max),
          .peak = text(quota.head.peak),
          .steady_fits = !quota.hard || quota.head.steady_max <= *quota.hard,
          .peak_fits = !quota.hard || quota.head.peak <= *quota.hard,
          .hard = quota.hard ? text(*quota.hard) : "removed"};
}

std::vector<const cost::Row*> by_size(const cost::Report& report) {
  std::vector<const cost::Row*> rows;
  for (const auto& row : report.rows) {
    rows.push_back(&row);
  }
  constexpr std::array<Quantity (*)(const Amounts&), 3> orders{
      cost::accelerators, [](const Amounts& amounts) { return cost::get(amounts, "cpu"); },
      [](const Amounts& amounts) { return cost::get(amounts, "memory"); }};
  std::ranges::stable_sort(rows, [&orders](const cost::Row* a, const cost::Row* b) {
    for (const auto of : orders) {
      if (const auto order = size(*a, of) <=> size(*b, of); order != 0) {
        return order > 0;
      }
    }
    return false;
  });
  return rows;
}

std::string pods_text(const cost::PartView& part) {
  const bool open = part.bound == cost::Bound::none;
  switch (part.role) {
    case cost::Role::per_node:
      return "one on each node";
    case cost::Role::batch:
      return (open ? "≥ " : "") + std::to_string(part.max) + " in a run";
    case cost::Role::steady:
      break;
  }
  std::string out = std::to_string(part.min);
  if (part.max != part.min || open) {
    out += open ? " to any number" : " to " + std::to_string(part.max);
  }
  return out + (part.surge > 0 ? " (+" + std::to_string(part.surge) + " in a rollout)" : "");
}

std::vector<std::string> part_names(const cost::Row& row) {
  std::set<std::string> names;
  for (const auto* side : {&row.base, &row.head}) {
    if (*side) {
      for (const auto& part : (*side)->parts) {
        names.insert(part.name);
      }
    }
  }
  return {names.begin(), names.end()};
}

const cost::PartView* part_named(const std::optional<cost::Side>& side, const std::string& name) {
  if (side) {
    const auto found = std::ranges::find(side->parts, name, &cost::PartView::name);
    return found == side->parts.end() ? nullptr : &*found;
  }
  return nullptr;
}

std::string sources_text(const std::vector<cost::Source>& from) {
  std::set<std::string> names;
  for (const auto& source : from) {
    names.insert(source.what);
  }
  return names == std::set<std::string>{"manifest"}
             ? ""
             : text::join(std::vector(names.begin(), names.end()), ", ");
}

std::vector<AmountStep> amount_steps(const cost::PartView* before, const cost::PartView* after) {
  std::vector<AmountStep> out;
  const auto place = [&out](const std::string& resource) -> AmountStep& {
    const std::string name = cost::people_name(resource);
    const auto at = std::ranges::lower_bound(out, name, {}, &AmountStep::resource);
    return at != out.end() && at->resource == name ? *at
                                                   : *out.insert(at, AmountStep{.resource = name});
  };
  const auto take = [&place](const cost::PartView* part, std::string AmountStep::*side) {
    if (part != nullptr) {
      for (const auto& amount : part->per_pod) {
        AmountStep& at = place(amount.resource);
        at.*side = cost::people_text(amount.resource, amount.quantity);
        at.from = sources_text(amount.from);
      }
    }
  };
  take(before, &AmountStep::before);
  take(after, &AmountStep::after);  // whose sources count, where there are both
  return out;
}

std::vector<AmountStep> claim_steps(const cost::Row& row) {
  const auto as_part = [](const std::optional<cost::Side>& side) {
    cost::PartView part;
    if (side) {
      for (const auto& [name, quantity] : side->claims) {
        part.per_pod.push_back({.resource = name, .quantity = quantity, .from = {}});
      }
    }
    return part;
  };
  const auto before = as_part(row.base);
  const auto after = as_part(row.head);
  return amount_steps(&before, &after);
}

std::vector<const diag::Finding*> flags(const cost::Report& report) {
  std::vector<const diag::Finding*> shown;
  for (const auto& finding : report.findings) {
    const bool listed_elsewhere =
        finding.code == "cost/not-counted" || finding.code == "cost/no-base";
    if (finding.code.starts_with("cost/") && !listed_elsewhere) {
      shown.push_back(&finding);
    }
  }
  std::ranges::stable_sort(shown, {}, &diag::Finding::severity);
  return shown;
}

bool says_something(const cost::Report& report) {
  return !report.has_base || report.workloads() != report.unchanged ||
         std::ranges::any_of(flags(report), [](const auto* finding) {
           return finding->severity != diag::Severity::note;
         });
}

}  // namespace sluice::cost_proxy

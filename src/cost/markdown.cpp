// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "cost/markdown_row.hpp"
#include "cost/page.hpp"
#include "cost/report.hpp"
#include "diag/escape.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace sluice::cost {
namespace {

using k8s::Quantity;

/// Flags shown, the worst first, so that there is room for the tables.
constexpr std::size_t most_flags = 30;

/// "0.5 → 2 (+1.5)", or one number when nothing changed or there is no base.
std::string step(std::string_view resource, Quantity before, Quantity after, bool has_base) {
  if (!has_base || before == after) {
    return people_text(resource, after);
  }
  return people_text(resource, before) + " → " + people_text(resource, after) + " (**" +
         signed_text(resource, minus(after, before)) + "**)";
}

/// The columns of every table of amounts: cpu and memory always, others when somebody has them.
std::vector<std::string> columns(const Report& delta) {
  std::set<std::string> others;
  for (const auto* totals : {&delta.base, &delta.head}) {
    for (const auto* amounts : {&totals->steady_max, &totals->batch_peak, &totals->per_node}) {
      for (const auto& [name, quantity] : *amounts) {
        if (name != "cpu" && name != "memory" && quantity.nano() != 0) {
          others.insert(is_storage(name) ? "storage" : name);
        }
      }
    }
  }
  std::vector<std::string> out{"cpu", "memory"};
  constexpr std::size_t most = 8;  // a hostile stream may name thousands
  for (const auto& name : others) {
    if (out.size() < most) {
      out.push_back(name);
    }
  }
  return out;
}

Quantity cell_of(const Amounts& amounts, const std::string& column) {
  return column == "storage" ? storage(amounts) : get(amounts, column);
}

std::string heading(const std::string& first, const std::vector<std::string>& columns) {
  std::string head = "| " + first;
  std::string rule = "|";
  for (std::ptrdiff_t i = std::count(first.begin(), first.end(), '|'); i >= 0; --i) {
    rule += "---|";
  }
  for (const auto& column : columns) {
    head += " | " + words(column);
    rule += "---:|";
  }
  return head + " |\n" + rule + "\n";
}

std::string cells(const std::vector<std::string>& columns,
                  const Amounts& before,
                  const Amounts& after,
                  bool has_base,
                  bool open) {
  std::string out;
  for (const auto& column : columns) {
    const auto old = cell_of(before, column);
    const auto now = cell_of(after, column);
    const bool empty = now.nano() == 0 && (!has_base || old.nano() == 0);
    out += " | " + (empty ? "" : (open ? "≥ " : "") + step(column, old, now, has_base));
  }
  return out + " |\n";
}

std::vector<std::string> flag_rows(const Report& report) {
  std::vector<const diag::Finding*> shown;
  for (const auto& finding : report.findings) {
    const bool listed_elsewhere =
        finding.code == "cost/not-counted" || finding.code == "cost/no-base";
    if (finding.code.starts_with("cost/") && !listed_elsewhere) {
      shown.push_back(&finding);
    }
  }
  std::stable_sort(shown.begin(), shown.end(),
                   [](const auto* a, const auto* b) { return a->severity < b->severity; });
  std::vector<std::string> rows;
  for (const auto* finding : shown) {
    if (rows.size() == most_flags) {
      rows.push_back("- and " + std::to_string(shown.size() - most_flags) +
                     " more: see the JSON report\n");
      break;
    }
    const auto object = to_string(finding->object);
    const auto subject = object.empty()
                             ? finding->location.file
                             : object + (finding->env.empty() ? "" : " in " + finding->env);
    rows.push_back("- **" + std::string(diag::name(finding->severity)) + "** " + code(subject) +
                   ": " + words(finding->message) + " <sub>" + words(finding->code) + "</sub>\n");
  }
  return rows;
}

std::vector<std::string> total_rows(const Report& report, const std::vector<std::string>& columns) {
  struct Moment {
    std::string_view title;
    Amounts Totals::*amounts;
  };
  constexpr std::array<Moment, 5> moments{{{"steady minimum", &Totals::steady_min},
                                           {"steady maximum", &Totals::steady_max},
                                           {"rollout peak", &Totals::rollout_peak},
                                           {"batch peak", &Totals::batch_peak},
                                           {"on each node", &Totals::per_node}}};
  const auto& delta = report;
  std::vector<std::string> rows;
  for (const auto& [title, amounts] : moments) {
    if ((delta.base.*amounts).empty() && (delta.head.*amounts).empty()) {
      continue;
    }
    const bool steady = amounts == &Totals::steady_max || amounts == &Totals::rollout_peak;
    const bool open =
        (steady && delta.head.open) || (amounts == &Totals::batch_peak && delta.head.batch_open);
    rows.push_back("| " + std::string(title) +
                   cells(columns, delta.base.*amounts, delta.head.*amounts, delta.has_base, open));
  }
  return rows;
}

std::vector<std::string> group_rows(const Report& report, const std::vector<std::string>& columns) {
  std::vector<std::string> rows;
  for (const auto& group :
       slices(report.groups, {Dimension::env, Dimension::name_space, Dimension::team})) {
    const bool empty = group.base.steady_max.empty() && group.head.steady_max.empty();
    if (empty || (report.has_base && group.base == group.head)) {
      continue;
    }
    rows.push_back("| " + code(group.values[0]) + " | " + code(group.values[1]) + " | " +
                   code(group.values[2]) +
                   cells(columns, group.base.steady_max, group.head.steady_max, report.has_base,
                         group.head.open));
  }
  return rows;
}

/// Rows with the largest changes first: accelerators, then cpu, then memory; then by key.
std::vector<const Row*> by_size(const Report& delta) {
  std::vector<const Row*> rows;
  for (const auto& row : delta.rows) {
    if (!delta.has_base || row.change != Change::unchanged) {
      rows.push_back(&row);
    }
  }
  const auto size = [](const Row* row, auto of) {
    const auto change = minus(of(row->after().rollout_peak), of(row->before().rollout_peak));
    return change.nano() < 0 ? minus({}, change) : change;
  };
  std::stable_sort(rows.begin(), rows.end(), [&](const Row* a, const Row* b) {
    const auto of = [](std::string_view name) {
      return [name](const Amounts& amounts) { return get(amounts, name); };
    };
    if (const auto order = size(a, accelerators) <=> size(b, accelerators); order != 0) {
      return order > 0;
    }
    if (const auto order = size(a, of("cpu")) <=> size(b, of("cpu")); order != 0) {
      return order > 0;
    }
    return size(a, of("memory")) > size(b, of("memory"));
  });
  return rows;
}

std::vector<std::string> not_counted_rows(const Report& report) {
  std::vector<std::string> rows;
  for (const auto& left_out : report.not_counted) {
    const auto& key = left_out.key;
    rows.push_back(
        "- " +
        code(key.kind + " " + (key.name_space.empty() ? "" : key.name_space + "/") + key.name) +
        (key.env.empty() ? "" : " in " + code(key.env)) + ": " + words(left_out.reason) + "\n");
  }
  return rows;
}

std::string folded(const std::string& title) {
  return "\n<details><summary>" + title + "</summary>\n\n";
}

}  // namespace

std::string to_markdown(const Report& report, std::size_t limit) {
  const auto& delta = report;
  const auto wide = columns(delta);
  Page page(limit);
  page.put((delta.has_base ? "## Cost of this change\n\n" : "## Cost\n\n") + sentence(report) +
           "\n");
  page.table("\n### Flags\n\n", flag_rows(report), "");
  page.table("\n### Totals\n\n" + heading("all together", wide), total_rows(report, wide), "");
  page.table("\n### By environment, namespace and team\n\nAt the steady maximum.\n\n" +
                 heading("environment | namespace | team", wide),
             group_rows(report, wide), "");
  const auto rows = by_size(delta);
  const auto counted = text::counted(delta.workloads(), "workload");
  const std::string last = delta.has_base ? " | change |\n" : " |\n";
  page.table(
      folded(delta.has_base ? std::to_string(rows.size()) + " of " + counted + " differ"
                            : counted) +
          "| workload | environment | namespace | pods | for one pod" + last +
          (delta.has_base ? "|---|---|---|---|---|---|\n" : "|---|---|---|---|---|\n"),
      rows.size(), [&](std::size_t i) { return workload_row(*rows[i], delta.has_base); },
      "\n</details>\n");
  page.table(folded(std::to_string(report.not_counted.size()) + " not counted"),
             not_counted_rows(report), "\n</details>\n");
  return std::move(page).finish();
}

}  // namespace sluice::cost

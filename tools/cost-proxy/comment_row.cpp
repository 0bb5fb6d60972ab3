// SPDX-License-Identifier: Apache-2.0
#include "cost-proxy/comment_row.hpp"

#include "cost-proxy/escape.hpp"
#include "cost-proxy/tables.hpp"

namespace sluice::cost_proxy {
namespace {

constexpr std::size_t most_lines = 8;  ///< amounts of one pod, notes, reasons

std::string small(std::string_view untrusted) {
  return untrusted.empty() ? "" : " <sub>" + words(untrusted) + "</sub>";
}

/// Old and new text, or one of them.
std::string arrow(const std::string& before, const std::string& after) {
  if (before.empty() || before == after) {
    return after;
  }
  return before + " → " + (after.empty() ? "none" : "**" + after + "**");
}

std::string amount_lines(const std::vector<AmountStep>& steps) {
  std::string out = steps.empty() ? "nothing" : "";
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const AmountStep& step = steps[i];
    if (i == most_lines) {
      return out + "<br/>...";
    }
    out += (i == 0 ? "" : "<br/>") + words(step.resource) + " " + arrow(step.before, step.after) +
           small(step.from);
  }
  return out;
}

/// The cluster, where it is neither called like the environment nor the one that the agent runs in.
std::string cluster_text(std::string_view destination, std::string_view env) {
  const bool own = destination.empty() || destination == env || destination == "in-cluster" ||
                   destination == "https://kubernetes.default.svc";
  return own ? "" : "<br/><sub>" + code(destination) + "</sub>";
}

struct Cells {
  std::string pods, amounts;
};

/// One line of cells for each part that either side has.
Cells part_cells(const cost::Row& row) {
  Cells out;
  for (const std::string& name : part_names(row)) {
    const auto* before = part_named(row.base, name);
    const auto* after = part_named(row.head, name);
    const std::string line =
        (out.pods.empty() ? "" : "<br/>") + (name.empty() ? "" : words(name) + ": ");
    out.pods += line +
                arrow(before == nullptr ? "" : pods_text(*before),
                      after == nullptr ? "" : pods_text(*after)) +
                small(sources_text({(after != nullptr ? after : before)->pods_from}));
    out.amounts += line + amount_lines(amount_steps(before, after));
  }
  return out.pods.empty() ? Cells{.pods = "", .amounts = amount_lines(claim_steps(row))} : out;
}

template <class Items, class Text>
std::string lines(const Items& items, Text text) {
  std::string out;
  std::size_t shown = 0;
  for (const auto& item : items) {
    if (shown++ == most_lines) {
      return out + "<br/>...";
    }
    out += "<br/><sub>" + words(text(item)) + "</sub>";
  }
  return out;
}

}  // namespace

std::string number_cell(const Step& step) {
  const std::string missing = step.missing.empty() ? "" : " without " + words(step.missing);
  if (step.change.empty()) {
    return step.after + (missing.empty() ? "" : "<br/><sub>" + missing.substr(1) + "</sub>");
  }
  const auto number = [](const std::string& text) { return text.empty() ? "0" : text; };
  return "**" + step.change + "**<br/><sub>" + number(step.before) + " → " + number(step.after) +
         missing + "</sub>";
}

std::string workload_heading(const cost::Report& report) {
  const auto money = money_column(report);
  return std::string("| workload | environment | namespace | pods | for one pod |") +
         (money ? " " + words(money->name) + " |" : "") + (report.has_base ? " change |" : "") +
         "\n|---|---|---|---|---|" + (money ? "---:|" : "") + (report.has_base ? "---|" : "") +
         "\n";
}

std::string comment_row(const cost::Report& report, const cost::Row& row) {
  const auto& side = row.head ? *row.head : *row.base;
  const auto& key = row.key;
  const auto parts = part_cells(row);
  const auto notes = lines(side.notes, [](const std::string& note) { return note; });
  std::string out = "| " + code(key.kind + " " + key.name) + notes + " | " + code(key.env) +
                    cluster_text(key.destination, key.env) + " | " + code(key.name_space) + " | " +
                    parts.pods + " | " + parts.amounts;
  if (const auto money = money_column(report)) {
    out += " | " + number_cell(step(report, *money, steady_maximum(), row.before(), row.after()));
  }
  if (report.has_base) {
    out += " | " + std::string(name(row.change)) +
           (row.was.empty() ? "" : "<br/><sub>was " + words(row.was) + "</sub>") +
           lines(row.because, [](const cost::Source& source) { return source.what; });
  }
  return out + " |\n";
}

}  // namespace sluice::cost_proxy

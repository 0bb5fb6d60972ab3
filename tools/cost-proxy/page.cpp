// SPDX-License-Identifier: Apache-2.0
#include "cost-proxy/page.hpp"

#include "base/text.hpp"
#include "cost-proxy/page_chart.hpp"
#include "cost-proxy/page_style.hpp"
#include "cost-proxy/tables.hpp"
#include "diag/escape.hpp"
#include "diag/page.hpp"

namespace sluice::cost_proxy {
namespace {

constexpr std::size_t most_rows = 2000;  ///< of one list: a browser has to lay them out

std::string html(std::string_view untrusted) {
  return diag::xml(untrusted);
}

std::string element(std::string_view name, const std::string& content) {
  return "<" + std::string(name) + ">" + content + "</" + std::string(name) + ">";
}

std::string small(const std::string& content) {
  return content.empty() ? "" : "<small>" + content + "</small>";
}

std::string arrow(const std::string& before, const std::string& after) {
  if (before.empty() || before == after) {
    return html(after);
  }
  return html(before) + " → " + element("b", after.empty() ? "none" : html(after));
}

/// The items as they are shown, and how many there are besides.
template <class Items, class Show>
std::string limited(const Items& items, Show show) {
  std::string out;
  std::size_t shown = 0;
  for (const auto& item : items) {
    if (shown++ == most_rows) {
      break;
    }
    out += show(item);
  }
  return out;
}

std::string left_out(std::size_t count) {
  return count <= most_rows ? ""
                            : "<p>" + text::counted(count - most_rows, "more row") +
                                  " left out here: see the JSON report.</p>\n";
}

std::string flags_html(const cost::Report& report) {
  const auto shown = flags(report);
  if (shown.empty()) {
    return "";
  }
  return "<h2>Flags</h2>\n<ul class=\"flags\">\n" +
         limited(shown,
                 [](const diag::Finding* finding) {
                   const std::string severity(name(finding->severity));
                   const std::string where = to_string(finding->object) +
                                             (finding->env.empty() ? "" : " in " + finding->env);
                   return "<li class=\"" + severity + "\"><b>" + severity + "</b> <code>" +
                          html(where) + "</code> " + html(finding->message) + " " +
                          small(html(finding->code)) + "</li>\n";
                 }) +
         "</ul>\n" + left_out(shown.size());
}

std::string cell(const Step& step) {
  const auto missing = small(step.missing.empty() ? "" : "without " + html(step.missing));
  if (step.change.empty()) {
    return "<td class=\"n\">" + html(step.after) + missing + "</td>";
  }
  const auto number = [](const std::string& text) { return text.empty() ? "0" : html(text); };
  return "<td class=\"n " + std::string(step.sense == Step::Sense::more ? "more" : "less") +
         "\"><b>" + html(step.change) + "</b>" +
         small(number(step.before) + " → " + number(step.after)) + missing + "</td>";
}

/// A heading, and the head of a table whose right columns are numbers.
std::string numbers_head(const std::string& heading,
                         const std::vector<std::string>& titles,
                         const std::vector<Column>& wide) {
  std::string out = "<h2>" + heading + "</h2>\n<div class=\"wide\"><table>\n<tr>";
  for (const auto& title : titles) {
    out += element("th", title);
  }
  for (const auto& column : wide) {
    out += "<th class=\"n\">" + html(column.name) + "</th>";
  }
  return out + "</tr>\n";
}

std::string moments_html(const cost::Report& report) {
  const auto wide = columns(report);
  std::string out = numbers_head("All together", {""}, wide);
  for (const Moment& moment : moments()) {
    if ((report.base.*moment.amounts).empty() && (report.head.*moment.amounts).empty()) {
      continue;
    }
    out += "<tr><th>" + std::string(moment.title) + "</th>";
    for (const auto& column : wide) {
      out += cell(step(report, column, moment, report.base, report.head));
    }
    out += "</tr>\n";
  }
  return out + "</table></div>\n";
}

std::string spaces_html(const cost::Report& report) {
  using cost::Dimension;
  const auto table = slice_table(
      report, {Dimension::env, Dimension::name_space, Dimension::owner, Dimension::cost_center});
  if (table.rows.empty()) {
    return "";
  }
  const auto wide = columns(report);
  const auto row = [&](const cost::Slice& slice) {
    std::string cells;
    for (const auto& value : slice.values) {
      cells += element("td", html(value));
    }
    for (const auto& column : wide) {
      cells += cell(step(report, column, steady_maximum(), slice.base, slice.head));
    }
    return element("tr", cells) + "\n";
  };
  return numbers_head("By namespace, owner and cost center", table.titles, wide) +
         limited(table.rows, row) + "</table></div>\n" + left_out(table.rows.size());
}

std::string quotas_html(const cost::Report& report) {
  if (report.quotas.empty()) {
    return "";
  }
  const auto used = [](const std::string& text, bool fits) {
    return std::string("<td class=\"n") + (fits ? "" : " more") + "\">" +
           (fits ? html(text) : element("b", html(text))) + "</td>";
  };
  const auto row = [&](const cost::QuotaFit& quota) {
    const auto shown = quota_row(quota);
    return element("tr", element("td", html(quota.env)) + element("td", html(quota.name_space)) +
                             element("td", html(quota.quota)) +
                             element("td", html(quota.resource)) +
                             used(shown.steady_max, shown.steady_fits) +
                             used(shown.peak, shown.peak_fits) + used(shown.hard, true)) +
           "\n";
  };
  return "<h2>Quotas: what is in Git against the hard limit</h2>\n<div class=\"wide\"><table>\n"
         "<tr><th>environment</th><th>namespace</th><th>quota</th><th>resource</th>"
         "<th class=\"n\">steady maximum</th><th class=\"n\">peak</th>"
         "<th class=\"n\">hard</th></tr>\n" +
         limited(report.quotas, row) + "</table></div>\n" + left_out(report.quotas.size());
}

std::string amounts_html(const std::vector<AmountStep>& steps) {
  std::string out;
  for (const auto& step : steps) {
    out += "<div>" + html(step.resource) + " " + arrow(step.before, step.after) + " " +
           small(html(step.from)) + "</div>";
  }
  return out;
}

std::string parts_html(const cost::Row& row) {
  std::string out;
  for (const std::string& name : part_names(row)) {
    const auto* before = part_named(row.base, name);
    const auto* after = part_named(row.head, name);
    out += "<div>" + (name.empty() ? "pods: " : html(name) + ": ") +
           arrow(before == nullptr ? "" : pods_text(*before),
                 after == nullptr ? "" : pods_text(*after)) +
           " " + small(html(sources_text({(after != nullptr ? after : before)->pods_from}))) +
           "</div><div class=\"each\">" + amounts_html(amount_steps(before, after)) + "</div>";
  }
  return out.empty() ? amounts_html(claim_steps(row)) : out;
}

std::string workload_html(const cost::Report& report, const cost::Row& row) {
  const auto& side = row.head ? *row.head : *row.base;
  std::string place = html(row.key.env);
  place += (place.empty() || row.key.name_space.empty() ? "" : " / ") + html(row.key.name_space);
  std::string out =
      "<tr><td><code>" + html(row.key.kind + " " + row.key.name) + "</code>" + small(place);
  for (const auto& note : side.notes) {
    out += small(html(note));
  }
  out += "</td><td>" + parts_html(row) + "</td>";
  if (const auto money = money_column(report)) {
    out += cell(step(report, *money, steady_maximum(), row.before(), row.after()));
  }
  if (report.has_base) {
    out += "<td>" + std::string(name(row.change)) +
           (row.was.empty() ? "" : small("was " + html(row.was)));
    for (const auto& source : row.because) {
      out += small(html(source.what));
    }
    out += "</td>";
  }
  return out + "</tr>\n";
}

std::string workloads_html(const cost::Report& report) {
  const auto rows = by_size(report);
  if (rows.empty()) {
    return "";
  }
  const auto money = money_column(report);
  return "<h2>" + (report.has_base ? std::to_string(rows.size()) + " of " : std::string()) +
         text::counted(report.workloads(), "workload") + (report.has_base ? " differ" : "") +
         "</h2>\n<div class=\"wide\"><table>\n<tr><th>workload</th><th>pods, and what each asks "
         "for</th>" +
         (money ? "<th class=\"n\">" + html(money->name) + "</th>" : "") +
         (report.has_base ? "<th>change</th>" : "") + "</tr>\n" +
         limited(rows, [&](const cost::Row* row) { return workload_html(report, *row); }) +
         "</table></div>\n" + left_out(rows.size());
}

std::string not_counted_html(const cost::Report& report) {
  if (report.not_counted.empty()) {
    return "";
  }
  return "<h2>Not counted</h2>\n<ul>\n" +
         limited(report.not_counted,
                 [](const cost::NotCounted& left_out) {
                   const auto& key = left_out.key;
                   return "<li><code>" +
                          html(key.kind + " " +
                               (key.name_space.empty() ? "" : key.name_space + "/") + key.name) +
                          "</code> " + html(left_out.reason) + "</li>\n";
                 }) +
         "</ul>\n" + left_out(report.not_counted.size());
}

}  // namespace

std::string page(const cost::Report& report) {
  const std::string title = report.has_base ? "Cost of this change" : "Cost";
  return diag::page(title, page_style,
                    "<h1>" + title + "</h1>\n<p class=\"sentence\">" + html(sentence(report)) +
                        "</p>\n" + flags_html(report) + charts(report) + moments_html(report) +
                        spaces_html(report) + quotas_html(report) + workloads_html(report) +
                        not_counted_html(report));
}

}  // namespace sluice::cost_proxy

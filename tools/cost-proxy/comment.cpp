// SPDX-License-Identifier: Apache-2.0
#include "cost-proxy/comment.hpp"

#include "base/text.hpp"
#include "cost-proxy/comment_row.hpp"
#include "cost-proxy/escape.hpp"
#include "cost-proxy/rows.hpp"
#include "cost-proxy/tables.hpp"

#include <algorithm>
#include <iterator>

namespace sluice::cost_proxy {
namespace {

using cost::Dimension;
using Lines = std::vector<std::string>;

/// Flags shown, the worst first, so that there is room for the tables.
constexpr std::size_t most_flags = 30;

/// What a flag is about, for people.
std::string subject(const diag::Finding& finding) {
  const auto object = to_string(finding.object);
  return object.empty() ? finding.location.file
                        : object + (finding.env.empty() ? "" : " in " + finding.env);
}

/// One line for all flags of one code about one object.
Lines flag_lines(const cost::Report& report) {
  const auto shown = flags(report);
  Lines out;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    if (out.size() == most_flags) {
      out.push_back("- and " + std::to_string(shown.size() - i) + " more: see the JSON report\n");
      break;
    }
    const auto& first = *shown[i];
    const std::string about = subject(first);
    std::string line = "- **" + std::string(name(first.severity)) + "** " +
                       (about.empty() ? "" : code(about) + ": ") + words(first.message);
    while (i + 1 < shown.size() && shown[i + 1]->code == first.code &&
           shown[i + 1]->severity == first.severity && subject(*shown[i + 1]) == about) {
      line += "; " + words(shown[++i]->message);
    }
    out.push_back(line + " <sub>" + words(first.code) + "</sub>\n");
  }
  return out;
}

/// Tables of numbers that have the same columns on the right.
class Numbers {
 public:
  explicit Numbers(const cost::Report& report) : report_(report), columns_(columns(report)) {}

  [[nodiscard]] std::string heading(const Lines& labels) const {
    std::string head = "|";
    std::string rule = "|";
    for (const auto& label : labels) {
      head += " " + label + " |";
      rule += "---|";
    }
    for (const auto& column : columns_) {
      head += " " + words(column.name) + " |";
      rule += "---:|";
    }
    return head + "\n" + rule + "\n";
  }

  [[nodiscard]] std::string row(const Lines& labels,
                                const Moment& moment,
                                const cost::Totals& before,
                                const cost::Totals& after) const {
    std::string out = "|";
    for (const auto& label : labels) {
      out += " " + label + " |";
    }
    for (const auto& column : columns_) {
      out += " " + number_cell(step(report_, column, moment, before, after)) + " |";
    }
    return out + "\n";
  }

 private:
  const cost::Report& report_;
  std::vector<Column> columns_;
};

bool is_nothing(const cost::Totals& totals, const Moment& moment) {
  return (totals.*moment.amounts).empty();
}

/// The rows of a table by some dimensions.
Lines slice_rows(const Numbers& numbers, const SliceTable& table) {
  Lines out;
  for (const auto& slice : table.rows) {
    Lines cells;
    std::ranges::transform(slice.values, std::back_inserter(cells),
                           [](const std::string& value) { return code(value); });
    out.push_back(numbers.row(cells, steady_maximum(), slice.base, slice.head));
  }
  return out;
}

Lines moment_rows(const cost::Report& report, const Numbers& numbers) {
  Lines out;
  for (const Moment& moment : moments()) {
    if (!is_nothing(report.base, moment) || !is_nothing(report.head, moment)) {
      out.push_back(numbers.row({std::string(moment.title)}, moment, report.base, report.head));
    }
  }
  return out;
}

Lines quota_rows(const cost::Report& report) {
  const auto used = [](const std::string& text, bool fits) {
    return fits ? text : "**" + text + "**";
  };
  Lines out;
  for (const auto& quota : report.quotas) {
    const auto row = quota_row(quota);
    out.push_back("| " + code(quota.env) + " | " + code(quota.name_space) + " | " +
                  code(quota.quota) + " | " + words(quota.resource) + " | " +
                  used(row.steady_max, row.steady_fits) + " | " + used(row.peak, row.peak_fits) +
                  " | " + row.hard + " |\n");
  }
  return out;
}

Lines not_counted_lines(const cost::Report& report) {
  Lines out;
  for (const auto& left_out : report.not_counted) {
    const auto& key = left_out.key;
    out.push_back(
        "- " +
        code(key.kind + " " + (key.name_space.empty() ? "" : key.name_space + "/") + key.name) +
        (key.env.empty() ? "" : " in " + code(key.env)) + ": " + words(left_out.reason) + "\n");
  }
  return out;
}

std::string folded(const std::string& title) {
  return "\n<details><summary>" + title + "</summary>\n\n";
}
constexpr const char* folded_end = "\n</details>\n";

void put_teams(const cost::Report& report, const Numbers& numbers, Rows& page) {
  const auto teams = slice_table(report, {Dimension::env, Dimension::team});
  Lines titles = teams.titles;
  Lines rows = slice_rows(numbers, teams);
  if (rows.size() != 1) {
    Lines all(std::max<std::size_t>(titles.size(), 1));
    all.front() = "**all**";
    rows.push_back(numbers.row(all, steady_maximum(), report.base, report.head));
  }
  if (titles.empty()) {
    titles.emplace_back("");
  }
  page.table("\n### By environment and team\n\n" + words(legend(report), 1000) + "\n\n" +
                 numbers.heading(titles),
             rows, "");
}

void put_details(const cost::Report& report, const Numbers& numbers, Rows& page) {
  page.table(folded("At other moments: minimum, rollout, jobs") + numbers.heading({"all together"}),
             moment_rows(report, numbers), folded_end);
  const auto spaces = slice_table(
      report, {Dimension::env, Dimension::name_space, Dimension::owner, Dimension::cost_center});
  page.table(folded("By namespace, owner and cost center") + numbers.heading(spaces.titles),
             slice_rows(numbers, spaces), folded_end);
  page.table(folded("Quotas: what is in Git against the hard limit") +
                 "| environment | namespace | quota | resource | steady maximum | peak | hard |\n"
                 "|---|---|---|---|---:|---:|---:|\n",
             quota_rows(report), folded_end);
}

void put_workloads(const cost::Report& report, Rows& page) {
  const auto rows = by_size(report);
  const auto counted = text::counted(report.workloads(), "workload");
  page.table(
      folded(report.has_base ? std::to_string(rows.size()) + " of " + counted + " differ"
                             : counted) +
          workload_heading(report),
      rows.size(), [&](std::size_t i) { return comment_row(report, *rows[i]); }, folded_end);
}

}  // namespace

std::string comment(const cost::Report& report, std::size_t limit) {
  const Numbers numbers(report);
  Rows page(limit);
  page.put((report.has_base ? "## Cost of this change\n\n" : "## Cost\n\n") +
           words(sentence(report), 1000) + "\n");
  page.table("\n### Flags\n\n", flag_lines(report), "");
  put_teams(report, numbers, page);
  put_details(report, numbers, page);
  put_workloads(report, page);
  page.table(folded(std::to_string(report.not_counted.size()) + " not counted"),
             not_counted_lines(report), folded_end);
  return std::move(page).finish();
}

}  // namespace sluice::cost_proxy

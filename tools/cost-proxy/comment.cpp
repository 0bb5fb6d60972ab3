// SPDX-License-Identifier: Apache-2.0
#include "cost-proxy/comment.hpp"

#include "base/text.hpp"
#include "cost-proxy/comment_row.hpp"
#include "cost-proxy/escape.hpp"
#include "cost-proxy/rows.hpp"
#include "cost-proxy/tables.hpp"

#include <algorithm>

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
      out += " " + cell(step(report_, column, moment, before, after)) + " |";
    }
    return out + "\n";
  }

 private:
  /// The change first, below it what it is made of.
  static std::string cell(const Step& step) {
    if (step.change.empty()) {
      return step.after;
    }
    const auto number = [](const std::string& text) { return text.empty() ? "0" : text; };
    return "**" + step.change + "**<br/><sub>" + number(step.before) + " → " + number(step.after) +
           "</sub>";
  }

  const cost::Report& report_;
  std::vector<Column> columns_;
};

bool is_nothing(const cost::Totals& totals, const Moment& moment) {
  return (totals.*moment.amounts).empty();
}

/// A dimension and what its column is called.
struct Label {
  Dimension dimension;
  const char* title;
};

/// A table by some dimensions: those that anything has, and the slices where something changes.
class SliceTable {
 public:
  SliceTable(const cost::Report& report, const Numbers& numbers, const std::vector<Label>& labels) {
    std::vector<Dimension> dimensions;
    for (const auto& [dimension, title] : labels) {
      const auto any = slices(report.groups, {dimension});
      if (std::ranges::any_of(any, [](const auto& slice) { return !slice.values[0].empty(); })) {
        dimensions.push_back(dimension);
        titles_.emplace_back(title);
      }
    }
    if (titles_.empty()) {
      return;
    }
    for (const auto& slice : slices(report.groups, dimensions)) {
      const bool empty =
          is_nothing(slice.base, steady_maximum()) && is_nothing(slice.head, steady_maximum());
      if (empty || (report.has_base && slice.base == slice.head)) {
        continue;
      }
      Lines cells;
      for (const auto& value : slice.values) {
        cells.push_back(code(value));
      }
      rows_.push_back(numbers.row(cells, steady_maximum(), slice.base, slice.head));
    }
  }

  [[nodiscard]] const Lines& titles() const { return titles_; }
  [[nodiscard]] const Lines& rows() const { return rows_; }

 private:
  Lines titles_, rows_;
};

Lines moment_rows(const cost::Report& report, const Numbers& numbers) {
  Lines out;
  for (const Moment& moment : moments()) {
    if (!is_nothing(report.base, moment) || !is_nothing(report.head, moment)) {
      out.push_back(numbers.row({std::string(moment.title)}, moment, report.base, report.head));
    }
  }
  return out;
}

/// "3 of 4" in bold where it does not fit.
std::string fit(const cost::QuotaFit& quota, k8s::Quantity used) {
  const std::string text = cost::people_text(quota.resource, used);
  return quota.hard && used > *quota.hard ? "**" + text + "**" : text;
}

Lines quota_rows(const cost::Report& report) {
  Lines out;
  for (const auto& quota : report.quotas) {
    const std::string hard =
        quota.hard ? cost::people_text(quota.resource, *quota.hard) : std::string("removed");
    out.push_back("| " + code(quota.env) + " | " + code(quota.name_space) + " | " +
                  code(quota.quota) + " | " + words(quota.resource) + " | " +
                  fit(quota, quota.head.steady_max) + " | " + fit(quota, quota.head.peak) + " | " +
                  hard + " |\n");
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
  const SliceTable teams(report, numbers,
                         {{Dimension::env, "environment"}, {Dimension::team, "team"}});
  Lines titles = teams.titles();
  Lines rows = teams.rows();
  if (rows.size() != 1) {
    Lines all(std::max<std::size_t>(titles.size(), 1));
    all.front() = "**all**";
    rows.push_back(numbers.row(all, steady_maximum(), report.base, report.head));
  }
  if (titles.empty()) {
    titles.emplace_back("");
  }
  page.table("\n### By environment and team\n\nRequested at the steady maximum.\n\n" +
                 numbers.heading(titles),
             rows, "");
}

void put_details(const cost::Report& report, const Numbers& numbers, Rows& page) {
  page.table(folded("At other moments: minimum, rollout, jobs") + numbers.heading({"all together"}),
             moment_rows(report, numbers), folded_end);
  const SliceTable spaces(report, numbers,
                          {{Dimension::env, "environment"},
                           {Dimension::name_space, "namespace"},
                           {Dimension::owner, "owner"},
                           {Dimension::cost_center, "cost center"}});
  page.table(folded("By namespace, owner and cost center") + numbers.heading(spaces.titles()),
             spaces.rows(), folded_end);
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
          "| workload | environment | namespace | pods | for one pod |" +
          (report.has_base ? " change |\n|---|---|---|---|---|---|\n"
                           : "\n|---|---|---|---|---|\n"),
      rows.size(), [&](std::size_t i) { return comment_row(*rows[i], report.has_base); },
      folded_end);
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

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cost/report.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

/// What the comment, the page and the metrics show, before it is markup.
namespace sluice::cost_proxy {

/// One of the numbers that are never added up: when it is asked for.
struct Moment {
  std::string_view title;  ///< "steady maximum"
  std::string_view id;     ///< "steady_max"
  cost::Amounts cost::Totals::*amounts;
  cost::Money cost::Totals::Costs::*money;
  bool cost::Totals::*open;  ///< says whether the numbers are lower bounds; or null
};
std::span<const Moment> moments();
const Moment& steady_maximum();

/// A column of the tables: a resource, all storage together, or money for a month.
struct Column {
  enum class Kind : std::uint8_t { resource, storage, money };
  Kind kind = Kind::resource;
  std::string name;  ///< "cpu", "storage", "EUR / month"
};

/// cpu, memory, what else somebody asks for (with a base: more or less of), and money where there
/// are prices. Bounded: a hostile stream may name thousands.
std::vector<Column> columns(const cost::Report& report);

/// A number before and after, as text for people; trusted.
struct Step {
  enum class Sense : std::uint8_t { same, more, less };
  std::string before, after;  ///< empty for nothing
  std::string change;         ///< "+1.5"; empty when the same, or without a base
  std::string missing;        ///< of money: what has no price, and so is not in it
  Sense sense = Sense::same;
  double old_size = 0, new_size = 0;  ///< for bars only, in any one unit of the column
};
Step step(const cost::Report& report,
          const Column& column,
          const Moment& moment,
          const cost::Totals& before,
          const cost::Totals& after);

/// The column of money; nothing without prices.
std::optional<Column> money_column(const cost::Report& report);

/// What stands above the numbers: when they are asked for, what money means, what has no price.
std::string legend(const cost::Report& report);

/// A table by some dimensions, for people.
struct SliceTable {
  std::vector<std::string> titles;  ///< "environment"; of the dimensions that anything has
  std::vector<cost::Slice> rows;    ///< where anything is asked for and, with a base, differs
};
SliceTable slice_table(const cost::Report& report, const std::vector<cost::Dimension>& dimensions);

/// How one line of a quota is used by the head, as text; trusted.
struct QuotaRow {
  std::string steady_max, peak;
  bool steady_fits = true, peak_fits = true;
  std::string hard;  ///< "removed" when there is none any more
};
QuotaRow quota_row(const cost::QuotaFit& quota);

/// Rows with the largest changes first: accelerators, then cpu, then memory; then by key.
std::vector<const cost::Row*> by_size(const cost::Report& report);

/// "2 to 6 (+2 in a rollout)"; trusted.
std::string pods_text(const cost::PartView& part);

/// The names of all parts that either side has, and the part of a name; nullptr when it is not
/// there.
std::vector<std::string> part_names(const cost::Row& row);
const cost::PartView* part_named(const std::optional<cost::Side>& side, const std::string& name);

/// One amount of one pod (or of a claim), before and after. `from` is empty where it goes without
/// saying: the manifest.
struct AmountStep {
  std::string resource;       ///< for people
  std::string before, after;  ///< empty for nothing
  std::string from;           ///< hostile: names of objects
};
std::vector<AmountStep> amount_steps(const cost::PartView* before, const cost::PartView* after);
std::vector<AmountStep> claim_steps(const cost::Row& row);

/// Where the numbers of pods and amounts come from, as one text; hostile.
std::string sources_text(const std::vector<cost::Source>& from);

/// Findings about cost, the worst first; those that are listed elsewhere are left out.
std::vector<const diag::Finding*> flags(const cost::Report& report);

/// Whether there is anything to say: a workload differs, or there is a warning.
bool says_something(const cost::Report& report);

}  // namespace sluice::cost_proxy

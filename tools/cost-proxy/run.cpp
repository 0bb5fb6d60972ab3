// SPDX-License-Identifier: Apache-2.0
#include "cost-proxy/run.hpp"

#include "base/text.hpp"
#include "config/config.hpp"
#include "cost-proxy/comment.hpp"
#include "cost-proxy/settings.hpp"
#include "cost/delta.hpp"
#include "cost/flags.hpp"
#include "cost/quota.hpp"
#include "cost/report.hpp"
#include "manifests/input.hpp"

#include <algorithm>
#include <future>
#include <iterator>
#include <memory>
#include <ostream>
#include <utility>

namespace sluice::cost_proxy {
namespace {

using Side = manifests::Objects;

/// One side counted; its account points into it.
struct Counted {
  Side side;
  cost::Context context;
  cost::Account account;
  std::vector<cost::QuotaLine> quotas;
};

/// What both sides are counted with.
struct Basis {
  Side more;  ///< --context
  config::Config config;
  Counting counting;
  std::optional<cost::Prices> prices;
  cost::Rules rules;
};

/// Both sides; `base` is empty when there is nothing to compare with.
struct Sides {
  Counted base, head;
};

void add_context(Counted& counted, const Basis& basis) {
  counted.context.add(counted.side.resources);
  counted.context.add(basis.more.resources);
}

/// The head first, then what the base does not share with it.
std::unique_ptr<Sides> count(manifests::Sides read, const Basis& basis, unsigned jobs) {
  auto out = std::make_unique<Sides>();  // stays where it is: all points into it
  auto& [base, head] = *out;
  base.side = std::move(read.base);
  head.side = std::move(read.head);
  add_context(base, basis);
  add_context(head, basis);
  const auto with = [&](const Counted& counted) {
    return cost::Basis{counted.context, basis.counting.options,
                       basis.prices ? &*basis.prices : nullptr};
  };
  head.account = cost::count(head.side.resources, with(head), jobs);
  base.account =
      cost::count_beside(head.account, head.context, base.side.resources, with(base), jobs);
  const auto add_quotas = [](Counted& counted) {
    counted.quotas = cost::quota_lines(counted.account, counted.side.resources, counted.context);
  };
  auto later =
      std::async(jobs > 1 ? std::launch::async : std::launch::deferred, [&] { add_quotas(base); });
  add_quotas(head);
  later.get();
  return out;
}

/// Until the process ends, which is there at once: to take ten thousand objects apart costs a tenth
/// of the run.
const Sides& keep(std::unique_ptr<const Sides> sides) {
  static const Sides* kept = nullptr;
  kept = sides.release();
  return *kept;
}

/// Why a side cannot be judged at all; empty when it can.
std::string unusable(const Side& side, const Options& options, std::string_view which) {
  // A base that render wrote and that holds nothing is a fact: everything is new.
  const bool fact = which == "base" && side.rendered;
  if (!side.resources.empty() || options.allow_empty || fact) {
    return "";
  }
  const auto& path = which == "base" ? options.base : options.head;
  return "no object in the " + std::string(which) + " (" + text::printable(path) +
         "); --allow-empty if that is meant";
}

/// A side that is known to lack objects makes every number of the change doubtful.
void report_gaps(const Side& side, const std::string& which, diag::Report& report) {
  const auto warn = [&](const std::string& what, diag::Location location) {
    report.findings.push_back(
        {.location = std::move(location),
         .code = "cost/incomplete",
         .severity = diag::Severity::warning,
         .message = "the " + which + " lacks " + what + ", so the change is not known exactly",
         .hint = which == "base" ? "what is missing there looks added here" : ""});
  };
  if (side.skipped != 0) {
    warn(text::counted(side.skipped, "object") + " that render left out", {});
    report.skipped.push_back(which + ": " + text::counted(side.skipped, "object") +
                             " that render left out");
  }
  if (side.unchanged != 0) {  // the same on both sides: no number of the change depends on them
    report.skipped.push_back(which + ": " + text::counted(side.unchanged, "unit") +
                             " that did not change; what they set for others is not seen");
  }
  const auto unread = std::ranges::count_if(
      side.findings, [](const auto& finding) { return finding.severity == diag::Severity::error; });
  if (unread != 0 && which == "base") {  // the head's own findings are reported as they are
    warn(text::counted(static_cast<std::size_t>(unread), "document") + " that cannot be read",
         side.findings.front().location);
  }
}

bool wants_ledger(const cli::Common& common) {
  return common.format == "ledger" || std::ranges::any_of(common.reports, [](const auto& report) {
           return report.first == "ledger";
         });
}

void summarise(const Counted& head, const cost::Report& cost, diag::Report& report) {
  report.summary.push_back(text::counted(head.side.resources.size(), "object"));
  report.summary.push_back(text::counted(head.account.workloads.size(), "workload"));
  report.summary.push_back(cost.has_base
                               ? std::to_string(cost.workloads() - cost.unchanged) + " differ"
                               : "no base to compare with");
  if (cost.prices) {
    const auto hours = cost.prices->hours_per_month;
    const auto now = cost.head.costs.steady_max * hours;
    const auto more = now - cost.base.costs.steady_max * hours;
    report.summary.push_back((cost.has_base ? cost::signed_text(more) : cost::people_text(now)) +
                             " " + cost.prices->currency + " a month");
  }
}

/// Everything but the words: findings, ledger, summary.
void judge(const Counted* base,
           const Counted& head,
           const Basis& basis,
           const cli::Common& common,
           cost::Report& cost,
           diag::Report& report) {
  const auto delta = cost::compare(base == nullptr ? nullptr : &base->account, head.account);
  const auto* base_quotas = base == nullptr ? nullptr : &base->quotas;
  cost = cost::finish(delta, basis.prices ? &*basis.prices : nullptr, common.jobs);
  cost.quotas = cost::fits_of(base_quotas, head.quotas);
  const auto take = [&report](std::vector<diag::Finding> findings) {
    std::move(findings.begin(), findings.end(), std::back_inserter(report.findings));
  };
  take(cost::flags(delta, cost, basis.rules));
  take(cost::quota_findings(base_quotas, head.quotas, basis.rules.quota));
  take(head.side.findings);
  if (base != nullptr) {
    report_gaps(base->side, "base", report);
  }
  report_gaps(head.side, "head", report);
  if (wants_ledger(common)) {
    for (const auto& resource : head.side.resources) {
      report.ledger.push_back(k8s::ledger_row(resource, "checked"));
    }
  }
  summarise(head, cost, report);
}

/// What sluice.yaml, the context and the price lists say.
Status read_basis(const Options& options,
                  const cli::Common& common,
                  Basis& out,
                  diag::Report& report) {
  SLUICE_TRY_ASSIGN(out.config, config::load(common.config, "."));
  read_counting(out.config, options, out.counting);
  SLUICE_TRY_ASSIGN(out.rules, read_rules(out.config));
  cost::PricesRead prices;
  SLUICE_TRY_ASSIGN(prices, read_price_lists(out.config, options));
  if (!prices.prices && prices.findings.empty() && cost::asks_for_money(out.rules)) {
    return Error{Error::Kind::usage,
                 "sluice.yaml has a threshold on money, and there is no price list: give one with "
                 "--prices or cost.prices"};
  }
  out.prices = std::move(prices.prices);
  report.findings = std::move(prices.findings);
  SLUICE_TRY_ASSIGN(out.more,
                    manifests::read_objects(options.context, options.limits, common.jobs));
  return ok;
}

}  // namespace

Result<diag::Report> diff(const Options& options,
                          const cli::Common& common,
                          std::ostream& product) {
  if (options.head.empty()) {
    return Error{Error::Kind::usage, "diff needs --head STREAM"};
  }
  Basis basis;
  diag::Report report;
  SLUICE_TRY(read_basis(options, common, basis, report));
  std::vector<std::string> base;
  if (!options.base.empty()) {
    base.push_back(options.base);
  }
  manifests::Sides read;
  SLUICE_TRY_ASSIGN(read, manifests::read_sides(base, {options.head}, options.limits, common.jobs));
  if (auto why = unusable(read.head, options, "head"); !why.empty()) {
    report.findings = std::move(read.head.findings);
    report.no_verdict.push_back(std::move(why));
    return report;
  }
  if (auto why = base.empty() ? "" : unusable(read.base, options, "base"); !why.empty()) {
    report.no_verdict.push_back(std::move(why));
    return report;
  }
  const auto& sides = keep(count(std::move(read), basis, common.jobs));
  cost::Report cost;
  judge(base.empty() ? nullptr : &sides.base, sides.head, basis, common, cost, report);
  report.tool = "sluice-cost-proxy";
  SLUICE_TRY(config::apply_ignores(basis.config, common.now, report));
  SLUICE_TRY(cli::apply(options.living_with, report));
  diag::normalise(report);
  cost.findings = report.findings;
  auto markdown = comment(cost);
  SLUICE_TRY(write_outputs(options.outputs, cost));
  if (common.format == "json") {
    product << cost::to_json(cost);
  } else if (common.format != "markdown") {  // which is printed as the report's own format
    product << markdown;
  }
  report.own_formats.emplace_back("markdown", std::move(markdown));
  return report;
}

}  // namespace sluice::cost_proxy

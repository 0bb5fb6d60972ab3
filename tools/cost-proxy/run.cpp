// SPDX-License-Identifier: Apache-2.0
#include "cost-proxy/run.hpp"

#include "base/text.hpp"
#include "config/config.hpp"
#include "cost-proxy/comment.hpp"
#include "cost/delta.hpp"
#include "cost/flags.hpp"
#include "cost/report.hpp"
#include "manifests/input.hpp"

#include <algorithm>
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
};

Counted count(Side side, const Side& more, const cost::Options& options) {
  Counted out{.side = std::move(side), .context = {}, .account = {}};
  out.context.add(out.side.resources);
  out.context.add(more.resources);
  out.account = cost::count(out.side.resources, out.context, options, nullptr);
  return out;
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
}

/// Everything but the words: findings, ledger, summary.
Status judge(const Counted* base,
             const Counted& head,
             const config::Config& config,
             const cli::Common& common,
             cost::Report& cost,
             diag::Report& report) {
  cost::Thresholds thresholds;
  SLUICE_TRY_ASSIGN(thresholds, cost::thresholds(config.cost_flags, config.cost_limits));
  const auto* base_account = base == nullptr ? nullptr : &base->account;
  const auto delta = cost::compare(base_account, head.account);
  cost = cost::finish(delta, nullptr);
  report.findings = cost::flags(delta, thresholds);
  report.findings.insert(report.findings.end(), head.side.findings.begin(),
                         head.side.findings.end());
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
  report.tool = "sluice-cost-proxy";
  SLUICE_TRY(config::apply_ignores(config, common.now, report));
  diag::normalise(report);
  cost.findings = report.findings;
  return ok;
}

}  // namespace

Result<diag::Report> diff(const Options& options,
                          const cli::Common& common,
                          std::ostream& product) {
  if (options.head.empty()) {
    return Error{Error::Kind::usage, "diff needs --head STREAM"};
  }
  config::Config config;
  SLUICE_TRY_ASSIGN(config, config::load(common.config, "."));
  Side more;
  SLUICE_TRY_ASSIGN(more, manifests::read_objects(options.context, options.limits, common.jobs));
  const cost::Options counting{.nodes = options.nodes};
  Side head_side;
  SLUICE_TRY_ASSIGN(head_side,
                    manifests::read_objects({options.head}, options.limits, common.jobs));
  diag::Report report;
  if (auto why = unusable(head_side, options, "head"); !why.empty()) {
    report.findings = std::move(head_side.findings);
    report.no_verdict.push_back(std::move(why));
    return report;
  }
  const Counted head = count(std::move(head_side), more, counting);
  std::optional<Counted> base;
  if (!options.base.empty()) {
    Side base_side;
    SLUICE_TRY_ASSIGN(base_side,
                      manifests::read_objects({options.base}, options.limits, common.jobs));
    if (auto why = unusable(base_side, options, "base"); !why.empty()) {
      report.no_verdict.push_back(std::move(why));
      return report;
    }
    base = count(std::move(base_side), more, counting);
  }
  cost::Report cost;
  SLUICE_TRY(judge(base ? &*base : nullptr, head, config, common, cost, report));
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

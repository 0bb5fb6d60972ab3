// SPDX-License-Identifier: Apache-2.0
#include "cost-proxy/read_report.hpp"

#include "cost-proxy/read_value.hpp"

#include <array>

namespace sluice::cost_proxy {
namespace {

using cost::Amounts;
using Json = nlohmann::json;

constexpr std::string_view schema = "sluice.cost/2";
constexpr int deepest = 16;

/// The enumerator of that name.
template <class Enum, std::size_t n>
Enum one_of(const Value& value, const std::array<Enum, n>& all) {
  for (const Enum each : all) {
    if (name(each) == value.text()) {
      return each;
    }
  }
  value.fail("a word that is known there");
}

k8s::Quantity quantity(const Value& value) {
  const auto read = k8s::parse_quantity(value.text());
  if (!read) {
    value.fail("a quantity");
  }
  return *read;
}

std::optional<k8s::Quantity> quantity_or_none(const Value& value) {
  return value.is_null() ? std::nullopt : std::optional(quantity(value));
}

const std::string& resource_name(const std::string& name, const Value& value) {
  if (!cost::is_resource_name(name)) {
    value.fail("named as a resource");
  }
  return name;
}

Amounts amounts(const Value& value) {
  Amounts out;
  for (const auto& [name, amount] : value.members()) {
    out.set(resource_name(name, amount), quantity(amount));
  }
  return out;
}

diag::Location location(const Value& value) {
  return {.file = value["file"].text(), .line = static_cast<std::uint32_t>(value["line"].count())};
}

cost::Source source(const Value& value) {
  return {.what = value["what"].text(), .at = {.file = value.text_or_empty("file")}};
}

std::vector<cost::Source> sources(const Value& value) {
  std::vector<cost::Source> out;
  for (const Value& item : value.items()) {
    out.push_back(source(item));
  }
  return out;
}

cost::Money money(const Value& value, const char* member) {
  const std::string text = value.text_or_empty(member);
  const auto read = text.empty() ? cost::Money() : cost::parse_money(text);
  if (!read) {
    value.fail("money");
  }
  return *read;
}

cost::Totals totals(const Value& value) {
  const Value per_hour = value["perHour"];
  return {.steady_min = amounts(value["steadyMin"]),
          .steady_max = amounts(value["steadyMax"]),
          .rollout_peak = amounts(value["rolloutPeak"]),
          .batch_peak = amounts(value["batchPeak"]),
          .per_node = amounts(value["perNode"]),
          .costs = {.steady_min = money(per_hour, "steadyMin"),
                    .steady_max = money(per_hour, "steadyMax"),
                    .rollout_peak = money(per_hour, "rolloutPeak"),
                    .batch_peak = money(per_hour, "batchPeak"),
                    .per_node = money(per_hour, "perNode")},
          .unpriced = value["unpriced"].texts(),
          .open = value["steadyMaxIsLeast"].truth(),
          .batch_open = value["batchPeakIsLeast"].truth()};
}

cost::PartView part(const Value& value) {
  using cost::Bound;
  using cost::Role;
  cost::PartView out{.name = value["name"].text()};
  for (const auto& [name, amount] : value["perPod"].members()) {
    out.per_pod.push_back({.resource = resource_name(name, amount),
                           .quantity = quantity(amount["amount"]),
                           .from = sources(amount["from"])});
  }
  const Value pods = value["pods"];
  out.min = pods["min"].count();
  out.max = pods["max"].count();
  out.surge = pods["surge"].count();
  out.role = one_of(pods["role"], std::array{Role::steady, Role::batch, Role::per_node});
  out.bound = one_of(pods["bound"], std::array{Bound::written, Bound::keda_default, Bound::none});
  out.pods_from = source(pods["from"]);
  out.qos = value["qos"].text();
  out.placement = value["placement"].text();
  out.missing = value["missingRequests"].texts();
  return out;
}

std::optional<cost::Side> side(const Value& value) {
  if (value.is_null()) {
    return std::nullopt;
  }
  cost::Side out{.at = location(value["at"]),
                 .claims = amounts(value["claims"]),
                 .totals = totals(value["totals"]),
                 .notes = value["notes"].texts()};
  for (const Value& item : value["parts"].items()) {
    out.parts.push_back(part(item));
  }
  return out;
}

cost::Key key(const Value& value) {
  return {.env = value["env"].text(),
          .destination = value["destination"].text(),
          .name_space = value["namespace"].text(),
          .kind = value["kind"].text(),
          .group = value["group"].text(),
          .name = value["name"].text()};
}

cost::Owners owners(const Value& value) {
  return {.team = value["team"].text(),
          .owner = value["owner"].text(),
          .cost_center = value["costCenter"].text()};
}

cost::Row row(const Value& value, bool has_base) {
  using cost::Change;
  cost::Row out{.key = key(value), .owners = owners(value), .head = side(value["head"])};
  if (has_base) {
    out.change = one_of(value["change"], std::array{Change::added, Change::removed, Change::changed,
                                                    Change::renamed, Change::unchanged});
    out.was = value["was"].text();
    out.because = sources(value["because"]);
    out.base = side(value["base"]);
  }
  if (!out.base && !out.head) {
    value.fail("a workload: it has no side");
  }
  return out;
}

cost::Group group(const Value& value, bool has_base) {
  return {.env = value["env"].text(),
          .name_space = value["namespace"].text(),
          .owners = owners(value),
          .base = has_base ? totals(value["base"]) : cost::Totals(),
          .head = totals(value["head"])};
}

cost::QuotaFit::Use use(const Value& value) {
  return {.steady_min = quantity(value["steadyMin"]),
          .steady_max = quantity(value["steadyMax"]),
          .peak = quantity(value["peak"])};
}

cost::QuotaFit quota(const Value& value, bool has_base) {
  cost::QuotaFit out{.env = value["env"].text(),
                     .destination = value["destination"].text(),
                     .name_space = value["namespace"].text(),
                     .quota = value["quota"].text(),
                     .resource = value["resource"].text(),
                     .at = location(value["at"]),
                     .hard = quantity_or_none(value["hard"]),
                     .head = use(value["head"])};
  if (has_base) {
    out.base_hard = quantity_or_none(value["baseHard"]);
    out.base = use(value["base"]);
  }
  return out;
}

/// "Deployment prod/web" as diag::to_string wrote it.
diag::ObjectRef object(const std::string& text) {
  const std::size_t blank = std::min(text.find(' '), text.size());
  const std::size_t slash = text.find('/', blank);
  diag::ObjectRef out{.kind = text.substr(0, blank)};
  const std::size_t begin = std::min(blank + 1, text.size());
  if (slash != std::string::npos) {
    out.name_space = text.substr(begin, slash - begin);
  }
  out.name = text.substr(slash == std::string::npos ? begin : slash + 1);
  return out;
}

diag::Finding finding(const Value& value) {
  using diag::Severity;
  return {.location = location(value),
          .code = value["code"].text(),
          .severity = one_of(value["severity"],
                             std::array{Severity::error, Severity::warning, Severity::note}),
          .message = value["message"].text(),
          .hint = value["hint"].text(),
          .object = object(value["object"].text()),
          .env = value["env"].text()};
}

void read_counts(const Value& counts, cost::Report& out) {
  const auto read = [&counts](const char* member, std::size_t& to) {
    to = static_cast<std::size_t>(counts[member].count());
  };
  read("added", out.added);
  read("removed", out.removed);
  read("changed", out.changed);
  read("renamed", out.renamed);
  read("unchanged", out.unchanged);
}

cost::Report whole(const Value& value) {
  if (value["schema"].text() != schema) {
    throw NotAReport{"its schema is not " + std::string(schema)};
  }
  cost::Report out{.has_base = value["hasBase"].truth()};
  if (const Value prices = value["prices"]; !prices.is_null()) {
    out.prices = {.file = prices["file"].text(),
                  .currency = prices["currency"].text(),
                  .hours_per_month = prices["hoursPerMonth"].count()};
  }
  read_counts(value["counts"], out);
  if (out.has_base) {
    out.base = totals(value["totals"]["base"]);
  }
  out.head = totals(value["totals"]["head"]);
  for (const Value& item : value["groups"].items()) {
    out.groups.push_back(group(item, out.has_base));
  }
  for (const Value& item : value["workloads"].items()) {
    out.rows.push_back(row(item, out.has_base));
  }
  for (const Value& item : value["quotas"].items()) {
    out.quotas.push_back(quota(item, out.has_base));
  }
  for (const Value& item : value["notCounted"].items()) {
    out.not_counted.push_back({.key = key(item), .reason = item["reason"].text()});
  }
  for (const Value& item : value["findings"].items()) {
    out.findings.push_back(finding(item));
  }
  return out;
}

}  // namespace

Result<cost::Report> read_report(std::string_view json) try {
  bool too_deep = false;
  const auto guard = [&too_deep](int depth, Json::parse_event_t /*event*/, Json& /*parsed*/) {
    too_deep = too_deep || depth > deepest;
    return depth <= deepest;
  };
  const Json parsed = Json::parse(json, guard, false);
  if (parsed.is_discarded() || too_deep) {
    throw NotAReport{too_deep ? "it is nested too deeply" : "it is no JSON"};
  }
  return whole(Value(parsed, ""));
} catch (const NotAReport& problem) {
  return Error{Error::Kind::parse, "no report of diff --format json: " + problem.reason};
}

}  // namespace sluice::cost_proxy

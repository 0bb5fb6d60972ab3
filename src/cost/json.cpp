// SPDX-License-Identifier: Apache-2.0
#include "cost/report.hpp"

#include <nlohmann/json.hpp>

namespace sluice::cost {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const Amounts& amounts) {
  Json json = Json::object();
  for (const auto& [name, quantity] : amounts) {
    if (quantity.nano() != 0) {
      json[name] = quantity.text();
    }
  }
  return json;
}

Json to_json(const diag::Location& at) {
  return {{"file", at.file}, {"line", at.line}};
}

Json to_json(const Source& source) {
  Json json = {{"what", source.what}};
  if (!source.at.file.empty()) {
    json["file"] = source.at.file;
    json["line"] = source.at.line;
  }
  return json;
}

Json to_json(const std::vector<Source>& sources) {
  Json json = Json::array();
  for (const auto& source : sources) {
    json.push_back(to_json(source));
  }
  return json;
}

Json to_json(const Totals& totals) {
  const auto& costs = totals.costs;
  Json per_hour = Json::object();
  const auto put = [&per_hour](const char* key, Money money) {
    if (money != Money()) {
      per_hour[key] = exact_text(money);
    }
  };
  put("steadyMin", costs.steady_min);
  put("steadyMax", costs.steady_max);
  put("rolloutPeak", costs.rollout_peak);
  put("batchPeak", costs.batch_peak);
  put("perNode", costs.per_node);
  return {{"steadyMin", to_json(totals.steady_min)},
          {"steadyMax", to_json(totals.steady_max)},
          {"rolloutPeak", to_json(totals.rollout_peak)},
          {"batchPeak", to_json(totals.batch_peak)},
          {"perNode", to_json(totals.per_node)},
          {"perHour", std::move(per_hour)},
          {"unpriced", totals.unpriced},
          {"steadyMaxIsLeast", totals.open},
          {"batchPeakIsLeast", totals.batch_open}};
}

Json to_json(const PartView& part) {
  Json per_pod = Json::object();
  for (const auto& [resource, quantity, from] : part.per_pod) {
    per_pod[resource] = {{"amount", quantity.text()}, {"from", to_json(from)}};
  }
  return {{"name", part.name},
          {"perPod", std::move(per_pod)},
          {"pods",
           {{"role", name(part.role)},
            {"min", part.min},
            {"max", part.max},
            {"surge", part.surge},
            {"bound", name(part.bound)},
            {"from", to_json(part.pods_from)}}},
          {"qos", part.qos},
          {"placement", part.placement},
          {"missingRequests", part.missing}};
}

Json to_json(const std::optional<Side>& side) {
  if (!side) {
    return nullptr;
  }
  Json parts = Json::array();
  for (const auto& part : side->parts) {
    parts.push_back(to_json(part));
  }
  return {{"at", to_json(side->at)},
          {"parts", std::move(parts)},
          {"claims", to_json(side->claims)},
          {"totals", to_json(side->totals)},
          {"notes", side->notes}};
}

Json to_json(const Key& key) {
  return {{"env", key.env},
          {"destination", key.destination},
          {"namespace", key.name_space},
          {"group", key.group},
          {"kind", key.kind},
          {"name", key.name}};
}

void put_owners(Json& json, const Owners& owners) {
  json["team"] = owners.team;
  json["owner"] = owners.owner;
  json["costCenter"] = owners.cost_center;
}

Json to_json(const Row& row, bool has_base) {
  Json json = to_json(row.key);
  put_owners(json, row.owners);
  if (has_base) {
    json["change"] = name(row.change);
    json["was"] = row.was;
    json["because"] = to_json(row.because);
    json["base"] = to_json(row.base);
  }
  json["head"] = to_json(row.head);
  return json;
}

Json to_json(const Group& group, bool has_base) {
  Json json = {{"env", group.env}, {"namespace", group.name_space}};
  put_owners(json, group.owners);
  if (has_base) {
    json["base"] = to_json(group.base);
  }
  json["head"] = to_json(group.head);
  return json;
}

Json to_json(const QuotaFit::Use& use) {
  return {{"steadyMin", use.steady_min.text()},
          {"steadyMax", use.steady_max.text()},
          {"peak", use.peak.text()}};
}

Json to_json(const QuotaFit& fit, bool has_base) {
  const auto text = [](const std::optional<k8s::Quantity>& quantity) {
    return quantity ? Json(quantity->text()) : Json(nullptr);
  };
  Json json = {
      {"env", fit.env},     {"destination", fit.destination}, {"namespace", fit.name_space},
      {"quota", fit.quota}, {"resource", fit.resource},       {"at", to_json(fit.at)}};
  if (has_base) {
    json["baseHard"] = text(fit.base_hard);
    json["base"] = to_json(fit.base);
  }
  json["hard"] = text(fit.hard);
  json["head"] = to_json(fit.head);
  return json;
}

Json to_json(const NotCounted& left_out) {
  Json json = to_json(left_out.key);
  json["reason"] = left_out.reason;
  json["at"] = to_json(left_out.at);
  return json;
}

Json to_json(const diag::Finding& finding) {
  return {{"code", finding.code},
          {"severity", diag::name(finding.severity)},
          {"message", finding.message},
          {"hint", finding.hint},
          {"object", diag::to_string(finding.object)},
          {"env", finding.env},
          {"file", finding.location.file},
          {"line", finding.location.line}};
}

Json prices_json(const Report& report) {
  if (!report.prices) {
    return nullptr;
  }
  return {{"file", report.prices->file},
          {"currency", report.prices->currency},
          {"hoursPerMonth", report.prices->hours_per_month}};
}

Json totals_json(const Report& report) {
  Json json = {{"base", nullptr}, {"head", to_json(report.head)}, {"steadyMaxChange", nullptr}};
  if (report.has_base) {
    json["base"] = to_json(report.base);
    json["steadyMaxChange"] = to_json(difference(report.base.steady_max, report.head.steady_max));
  }
  return json;
}

template <class T, class... More>
Json list_json(const std::vector<T>& items, More... more) {
  Json json = Json::array();
  for (const auto& item : items) {
    json.push_back(to_json(item, more...));
  }
  return json;
}

}  // namespace

std::string to_json(const Report& report) {
  const bool has_base = report.has_base;
  Json json = {{"schema", "sluice.cost/2"}, {"hasBase", has_base}, {"sentence", sentence(report)}};
  json["counts"] = {{"added", report.added},
                    {"removed", report.removed},
                    {"changed", report.changed},
                    {"renamed", report.renamed},
                    {"unchanged", report.unchanged}};
  json["prices"] = prices_json(report);
  json["totals"] = totals_json(report);
  json["groups"] = list_json(report.groups, has_base);
  json["workloads"] = list_json(report.rows, has_base);
  json["quotas"] = list_json(report.quotas, has_base);
  json["notCounted"] = list_json(report.not_counted);
  json["findings"] = list_json(report.findings);
  // Pure ASCII; bytes that are no UTF-8 are replaced, never thrown over.
  return json.dump(2, ' ', true, Json::error_handler_t::replace) + "\n";
}

}  // namespace sluice::cost

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

Json to_json(const Totals& totals) {
  return {{"steadyMin", to_json(totals.steady_min)},     {"steadyMax", to_json(totals.steady_max)},
          {"rolloutPeak", to_json(totals.rollout_peak)}, {"batchPeak", to_json(totals.batch_peak)},
          {"perNode", to_json(totals.per_node)},         {"steadyMaxIsLeast", totals.open},
          {"batchPeakIsLeast", totals.batch_open}};
}

std::string_view name(Role role) {
  return role == Role::steady ? "steady" : role == Role::batch ? "batch" : "perNode";
}

std::string_view name(Bound bound) {
  return bound == Bound::written        ? "written"
         : bound == Bound::keda_default ? "kedaDefault"
                                        : "none";
}

Json to_json(const Part& part) {
  Json per_pod = Json::object();
  for (const auto& [resource, amount] : part.per_pod) {
    per_pod[resource] = {{"amount", amount.quantity.text()}, {"from", amount.from}};
  }
  return {{"name", part.name},
          {"perPod", std::move(per_pod)},
          {"pods",
           {{"role", name(part.pods.role)},
            {"min", part.pods.min},
            {"max", part.pods.max},
            {"surge", part.pods.surge},
            {"bound", name(part.pods.bound)},
            {"from", part.pods.from}}},
          {"missingRequests", part.missing}};
}

Json to_json(const Workload* workload) {
  if (workload == nullptr) {
    return nullptr;
  }
  Json parts = Json::array();
  for (const auto& part : workload->parts) {
    parts.push_back(to_json(part));
  }
  return {{"parts", std::move(parts)},
          {"claims", to_json(workload->claims)},
          {"totals", to_json(workload->totals)},
          {"notes", workload->notes}};
}

Json to_json(const Key& key) {
  return {{"env", key.env},
          {"destination", key.destination},
          {"namespace", key.name_space},
          {"group", key.group},
          {"kind", key.kind},
          {"name", key.name}};
}

Json to_json(const Row& row, bool has_base) {
  const auto& shown = row.shown();
  Json json = to_json(shown.key);
  json["team"] = shown.owners.team;
  json["owner"] = shown.owners.owner;
  json["costCenter"] = shown.owners.cost_center;
  if (has_base) {
    json["change"] = name(row.change);
    json["because"] = row.because;
    json["base"] = to_json(row.base);
  }
  json["head"] = to_json(row.head);
  return json;
}

Json to_json(const Group& group, bool has_base) {
  Json json = {{"env", group.env}, {"namespace", group.name_space}, {"team", group.team}};
  if (has_base) {
    json["base"] = to_json(group.base);
  }
  json["head"] = to_json(group.head);
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

Json totals(const Delta& delta) {
  Json json = {{"base", nullptr}, {"head", to_json(delta.head)}, {"steadyMaxChange", nullptr}};
  if (delta.has_base) {
    json["base"] = to_json(delta.base);
    json["steadyMaxChange"] = to_json(difference(delta.base.steady_max, delta.head.steady_max));
  }
  return json;
}

}  // namespace

std::string to_json(const Report& report) {
  const auto& delta = report.delta;
  Json json = {
      {"schema", "sluice.cost/1"}, {"hasBase", delta.has_base}, {"sentence", sentence(report)}};
  if (delta.has_base) {
    json["counts"] = {{"added", delta.added},
                      {"removed", delta.removed},
                      {"changed", delta.changed},
                      {"unchanged", delta.unchanged}};
  }
  json["totals"] = totals(delta);
  json["groups"] = Json::array();
  for (const auto& group : delta.groups) {
    json["groups"].push_back(to_json(group, delta.has_base));
  }
  json["workloads"] = Json::array();
  for (const auto& row : delta.rows) {
    if (!delta.has_base || row.change != Change::unchanged) {
      json["workloads"].push_back(to_json(row, delta.has_base));
    }
  }
  json["notCounted"] = Json::array();
  for (const auto& left_out : report.not_counted) {
    auto entry = to_json(left_out.key);
    entry["reason"] = left_out.reason;
    json["notCounted"].push_back(std::move(entry));
  }
  json["findings"] = Json::array();
  for (const auto& finding : report.findings) {
    json["findings"].push_back(to_json(finding));
  }
  // Pure ASCII; bytes that are no UTF-8 are replaced, never thrown over.
  return json.dump(2, ' ', true, Json::error_handler_t::replace) + "\n";
}

}  // namespace sluice::cost

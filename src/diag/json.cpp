// SPDX-License-Identifier: Apache-2.0
#include "diag/json.hpp"

#include "diag/describe.hpp"
#include "diag/write.hpp"
#include "version.hpp"

namespace sluice::diag {

namespace {

std::string_view verdict_of(int exit) {
  return exit == 0 ? "clean" : exit == 1 ? "findings" : "no verdict";
}

void put_unless_empty(Json& json, const char* key, const std::string& text) {
  if (!text.empty()) {
    json[key] = text;
  }
}

Json to_json(const Location& location) {
  Json json = {{"file", location.file}};
  if (location.line != 0) {
    json["line"] = location.line;
  }
  if (location.column != 0) {
    json["column"] = location.column;
  }
  return json;
}

Json to_json(const ObjectRef& object) {
  Json json = Json::object();
  put_unless_empty(json, "apiVersion", object.api_version);
  put_unless_empty(json, "kind", object.kind);
  put_unless_empty(json, "namespace", object.name_space);
  put_unless_empty(json, "name", object.name);
  return json;
}

Json to_json(const Finding& finding) {
  Json json = {
      {"code", finding.code}, {"severity", name(finding.severity)}, {"message", finding.message}};
  put_unless_empty(json, "hint", finding.hint);
  if (finding.object != ObjectRef{}) {
    json["resource"] = to_json(finding.object);
  }
  put_unless_empty(json, "path", finding.path);
  json["location"] = to_json(finding.location);
  if (finding.rendered != Location{}) {
    json["rendered"] = to_json(finding.rendered);
  }
  put_unless_empty(json, "unit", finding.unit);
  put_unless_empty(json, "env", finding.env);
  json["fingerprint"] = fingerprint(finding);
  return json;
}

}  // namespace

std::string to_json(const Report& report, FailOn fail_on) {
  const int exit = exit_code(report, fail_on);
  const Counts counts = count(report);
  Json json = {
      {"tool", report.tool}, {"version", version}, {"verdict", verdict_of(exit)}, {"exit", exit}};
  put_unless_empty(json, "now", report.now);
  json["counts"] = {{"error", counts.errors}, {"warning", counts.warnings}, {"note", counts.notes}};
  json["summary"] = report.summary;
  json["no_verdict"] = report.no_verdict;
  json["skipped"] = report.skipped;
  json["findings"] = Json::array();
  for (const Finding& finding : report.findings) {
    json["findings"].push_back(to_json(finding));
  }
  return dump(json);
}

}  // namespace sluice::diag

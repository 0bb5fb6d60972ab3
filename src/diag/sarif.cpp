// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "diag/catalogue.hpp"
#include "diag/describe.hpp"
#include "diag/escape.hpp"
#include "diag/json.hpp"
#include "diag/write.hpp"
#include "version.hpp"

#include <algorithm>
#include <map>
#include <vector>

namespace sluice::diag {

namespace {

/// Code scanning refuses a run with more results.
constexpr std::size_t most_results = 25'000;

/// SARIF reads "[words](target)" in a message as a link; a message of ours never holds one.
std::string unlinked(std::string_view untrusted) {
  return text::replace_all(one_line(untrusted), "](", "] (");
}

Json rule(const std::string& code) {
  Json json = {{"id", code}};
  if (const CatalogueRow* row = find(code); row != nullptr) {
    json["shortDescription"] = {{"text", row->title}};
    json["fullDescription"] = {{"text", row->why}};
    json["help"] = {{"text", row->fix}};
    json["defaultConfiguration"] = {{"level", name(row->severity)}};
  }
  return json;
}

/// A colon in the first segment would make it a scheme.
std::string relative_uri(const std::string& path) {
  return text::replace_all(text::percent_encode(path), ":", "%3A");
}

Json physical_location(const Location& location) {
  // A finding without a file is about the repository; code scanning refuses results without a
  // place.
  const std::string uri = location.file.empty() ? "." : relative_uri(location.file);
  Json json = {{"artifactLocation", {{"uri", uri}, {"uriBaseId", "%SRCROOT%"}}}};
  // Code scanning wants a line; of a whole file it is the first.
  json["region"] = {{"startLine", location.line == 0 ? 1 : location.line}};
  if (location.line != 0 && location.column != 0) {
    json["region"]["startColumn"] = location.column;
  }
  return json;
}

Json result(const Finding& finding, std::size_t rule_index) {
  std::string message = unlinked(finding.message);
  if (!finding.hint.empty()) {
    message += ". Hint: " + unlinked(finding.hint);
  }
  Json location = {{"physicalLocation", physical_location(finding.location)}};
  if (const std::string subject = describe_subject(finding); !subject.empty()) {
    location["logicalLocations"] = {{{"fullyQualifiedName", subject}, {"kind", "object"}}};
  }
  Json json = {{"ruleId", one_line(finding.code)},
               {"ruleIndex", rule_index},
               {"level", name(finding.severity)},
               {"message", {{"text", message}}},
               {"locations", {location}},
               {"partialFingerprints", {{"sluice/v1", fingerprint(finding)}}}};
  if (!finding.rendered.file.empty()) {
    json["relatedLocations"] = {{{"physicalLocation", physical_location(finding.rendered)},
                                 {"message", {{"text", "the rendered object"}}}}};
  }
  return json;
}

/// The findings that fit, the worst first to be kept, in their own order.
std::vector<const Finding*> uploadable(const std::vector<Finding>& findings) {
  std::vector<const Finding*> out;
  for (const Severity severity : {Severity::error, Severity::warning, Severity::note}) {
    for (const Finding& finding : findings) {
      if (finding.severity == severity && out.size() < most_results) {
        out.push_back(&finding);
      }
    }
  }
  std::sort(out.begin(), out.end());  // all point into one list
  return out;
}

Json invocation(const Report& report) {
  Json json = {{"executionSuccessful", report.no_verdict.empty()}};
  json["toolExecutionNotifications"] = Json::array();
  for (const std::string& reason : report.no_verdict) {
    json["toolExecutionNotifications"].push_back(
        {{"level", "error"}, {"message", {{"text", "no verdict: " + unlinked(reason)}}}});
  }
  if (report.findings.size() > most_results) {
    json["toolExecutionNotifications"].push_back(
        {{"level", "warning"},
         {"message",
          {{"text", text::counted(report.findings.size() - most_results, "more finding") +
                        " than code scanning takes: see another format"}}}});
  }
  for (const std::string& skipped : report.skipped) {
    json["toolExecutionNotifications"].push_back(
        {{"level", "warning"}, {"message", {{"text", "skipped: " + unlinked(skipped)}}}});
  }
  return json;
}

}  // namespace

std::string to_sarif(const Report& report) {
  std::map<std::string, std::size_t> rules;
  for (const Finding& finding : report.findings) {
    rules.emplace(one_line(finding.code), 0);
  }
  Json rule_list = Json::array();
  for (auto& [code, index] : rules) {
    index = rule_list.size();
    rule_list.push_back(rule(code));
  }
  Json results = Json::array();
  for (const Finding* finding : uploadable(report.findings)) {
    results.push_back(result(*finding, rules.at(one_line(finding->code))));
  }
  const Json driver = {{"name", report.tool}, {"version", version}, {"rules", rule_list}};
  Json run = {{"tool", {{"driver", driver}}},
              {"invocations", {invocation(report)}},
              {"columnKind", "unicodeCodePoints"},
              {"results", results},
              {"properties", {{"summary", describe_summary(report)}}}};
  return dump({{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
               {"version", "2.1.0"},
               {"runs", {run}}});
}

}  // namespace sluice::diag

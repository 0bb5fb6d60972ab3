// SPDX-License-Identifier: Apache-2.0
// SARIF 2.1.0 (OASIS Standard). The section numbers are those of the standard.
#include "base/text.hpp"
#include "gate/formats.hpp"
#include "image/reference.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace sluice::gate {
namespace {

using yaml::Value;

std::string text_of(const Value* value) {
  return value != nullptr && value->is_string() ? value->text : std::string();
}

/// A list of that name, or none.
const std::vector<Value>& list(const Value& value, std::string_view key) {
  static const std::vector<Value> none;
  const Value* const found = value.find(key);
  return found == nullptr ? none : found->items;
}

class RunReader {
 public:
  RunReader(const Value& run, Report& report, std::string& problem)
      : run_(run), report_(report), problem_(problem) {}

  void read() {
    const Value* const driver = run_.find({"tool", "driver"});
    const std::string tool = driver == nullptr ? std::string() : text_of(driver->find("name"));
    if (tool.empty()) {
      note("wrong file: a run of the SARIF file has no tool.driver.name");
      return;
    }
    is_gitleaks_ = text::to_lower(tool) == "gitleaks";
    if (report_.tool.empty()) {
      report_.tool = tool;
      report_.tool_version = text_of(driver->find("semanticVersion"));
      if (report_.tool_version.empty()) {
        report_.tool_version = text_of(driver->find("version"));
      }
    } else if (report_.tool != tool) {
      report_.tool += '+' + tool;
    }
    invocations();
    subject();
    results();
  }

 private:
  void note(std::string problem) {
    if (problem_.empty()) {
      problem_ = std::move(problem);
    }
  }

  void invocations() {
    for (const Value& invocation : list(run_, "invocations")) {
      const Value* const success = invocation.find("executionSuccessful");
      if (success != nullptr && !success->is_true()) {
        report_.doubts.emplace_back("scanner failed: executionSuccessful is false");
      }
      for (const std::string_view kind :
           {"toolExecutionNotifications", "toolConfigurationNotifications"}) {
        const auto errors = std::ranges::count_if(list(invocation, kind), [](const Value& entry) {
          return text_of(entry.find("level")) == "error";
        });
        if (errors != 0) {
          report_.doubts.push_back(
              "partly scanned: " + text::counted(static_cast<std::size_t>(errors), "error") +
              " among its " + std::string(kind));
        }
      }
      if (std::string end = text_of(invocation.find("endTimeUtc")); !end.empty()) {
        report_.created = std::move(end);
      }
    }
  }

  void subject() {
    if (const Value* const properties = run_.find("properties")) {
      report_.subject.image_id = text_of(properties->find("imageID"));
      for (const Value& reference : list(*properties, "repoDigests")) {
        const std::size_t at = reference.text.rfind('@');
        if (at != std::string::npos && image::is_digest(reference.text.substr(at + 1))) {
          report_.subject.digests.push_back(reference.text.substr(at + 1));
        }
      }
    }
    for (const Value& origin : list(run_, "versionControlProvenance")) {
      report_.subject.commit = text_of(origin.find("revisionId"));
    }
    if (const Value* const artifacts = run_.find("artifacts")) {
      report_.coverage.files = report_.coverage.files.value_or(0) + artifacts->items.size();
    }
  }

  void results() {
    const Value* const results = run_.find("results");
    if (run_.find({"externalPropertyFileReferences", "results"}) != nullptr) {
      report_.doubts.emplace_back("null results: the results are in other files");
      return;
    }
    if (results == nullptr || results->kind != yaml::Kind::sequence) {
      // 3.14.23: absent means that the run did not try to produce results.
      report_.doubts.emplace_back("null results: a run has no results, not even an empty list");
      return;
    }
    for (const Value& result : results->items) {
      read_result(result);
    }
    // What upload limits leave of a longer list.
    if (results->items.size() == 5'000 || results->items.size() == 25'000) {
      report_.doubts.push_back("cut short: exactly " + std::to_string(results->items.size()) +
                               " results, which is what an upload limit leaves");
    }
  }

  /// 3.27.5 to 3.27.7, 3.52: by index, within the extension that the result names, then by id,
  /// then by the id without its last component.
  const Value* rule_of(const Value& result, const std::string& id) const {
    const Value* const named = result.find("rule");
    const Value* component = run_.find({"tool", "driver"});
    if (const Value* const where =
            named == nullptr ? nullptr : named->find({"toolComponent", "index"})) {
      const std::vector<Value>& extensions = list(*run_.find("tool"), "extensions");
      if (whole(where) >= extensions.size()) {
        return nullptr;
      }
      component = &extensions[whole(where)];
    }
    const std::vector<Value>& rules = list(*component, "rules");
    const Value* index = result.find("ruleIndex");
    if (index == nullptr && named != nullptr) {
      index = named->find("index");
    }
    if (index != nullptr && index->kind == yaml::Kind::integer && !index->text.starts_with('-')) {
      return whole(index) < rules.size() ? &rules[whole(index)] : nullptr;
    }
    for (std::string_view want = id; !want.empty();
         want = want.substr(0, want.rfind('/') == std::string_view::npos ? 0 : want.rfind('/'))) {
      const auto found = std::ranges::find_if(rules, [&](const Value& rule) {
        const Value* const rule_id = rule.find("id");
        return rule_id != nullptr && rule_id->text == want;
      });
      if (found != rules.end()) {
        return &*found;
      }
    }
    return nullptr;
  }

  /// 3.27.10.
  std::string level_of(const Value& result, const Value* rule, const std::string& id) const {
    if (const std::string kind = text_of(result.find("kind")); !kind.empty() && kind != "fail") {
      return "none";
    }
    if (std::string level = text_of(result.find("level")); !level.empty()) {
      return level;
    }
    for (const Value& invocation : list(run_, "invocations")) {
      for (const Value& change : list(invocation, "ruleConfigurationOverrides")) {
        const Value* const level = change.find({"configuration", "level"});
        if (level != nullptr && text_of(change.find({"descriptor", "id"})) == id) {
          return level->text;
        }
      }
    }
    const Value* const usual =
        rule == nullptr ? nullptr : rule->find({"defaultConfiguration", "level"});
    return usual == nullptr ? "warning" : usual->text;
  }

  Severity severity_of_result(const Value* rule, const std::string& level) {
    const Value* const score =
        rule == nullptr ? nullptr : rule->find({"properties", "security-severity"});
    if (level != "none" && score != nullptr) {
      char* end = nullptr;
      const double value = std::strtod(score->text.c_str(), &end);
      if (end == score->text.c_str() || *end != '\0' || !(value >= 0) || value > 10) {
        note("changed schema: a security-severity is " + text::quoted(score->text, 40));
      }
      if (value > 0) {
        return value >= 9   ? Severity::critical
               : value >= 7 ? Severity::high
               : value >= 4 ? Severity::medium
                            : Severity::low;
      }
    }
    if (level != "none" && level != "note" && level != "warning" && level != "error") {
      note("changed schema: no level is called " + text::quoted(level, 40));
    }
    return level == "error"     ? Severity::high
           : level == "warning" ? Severity::medium
           : level == "note"    ? Severity::low
                                : Severity::none;
  }

  /// 3.27.23 and 3.35: only if all of them were accepted.
  static std::string suppression(const Value& result) {
    const std::vector<Value>& all = list(result, "suppressions");
    const bool accepted = std::ranges::all_of(all, [](const Value& one) {
      const std::string status = text_of(one.find("status"));
      return status.empty() || status == "accepted";
    });
    return all.empty() || !accepted ? "" : "suppressed in the SARIF file";
  }

  void read_result(const Value& result) {
    Finding finding{.what = is_gitleaks_ ? Class::secret : Class::code};
    finding.id = text_of(result.find("ruleId"));
    if (finding.id.empty()) {
      finding.id = std::string(result.text_at({"rule", "id"}));
    }
    const Value* const rule = rule_of(result, finding.id);
    if (finding.id.empty() && rule != nullptr) {
      finding.id = text_of(rule->find("id"));
    }
    const std::string level = level_of(result, rule, finding.id);
    finding.severity =
        is_gitleaks_ && level != "none" ? Severity::critical : severity_of_result(rule, level);
    finding.highest = finding.severity;
    if (rule != nullptr) {
      finding.title = text::printable(rule->text_at({"shortDescription", "text"}), 120);
      for (const Value& tag :
           list(rule->find("properties") == nullptr ? *rule : *rule->find("properties"), "tags")) {
        finding.what = class_of(tag.text).value_or(finding.what);
      }
    }
    for (const Value& location : list(result, "locations")) {
      finding.path = plain_path(location.text_at({"physicalLocation", "artifactLocation", "uri"}));
      finding.line = static_cast<std::uint32_t>(
          whole(location.find({"physicalLocation", "region", "startLine"})));
      if (is_gitleaks_) {
        const std::string_view secret =
            location.text_at({"physicalLocation", "region", "snippet", "text"});
        if (!secret.empty() && secret.find("REDACTED") == std::string_view::npos) {
          finding.digest = secret_digest(finding.id, secret);
        }
      }
      break;
    }
    finding.suppressed = suppression(result);
    report_.findings.push_back(std::move(finding));
  }

  const Value& run_;
  Report& report_;
  std::string& problem_;
  bool is_gitleaks_ = false;
};

}  // namespace

Result<Report> read_sarif(std::string_view bytes) {
  JsonCursor json(bytes);
  Report report;
  std::string problem;
  std::string version;
  bool has_runs = false;
  std::size_t runs = 0;
  if (json.peek() == JsonCursor::Kind::null) {
    return refused("null results: the whole report is null");
  }
  if (json.peek() == JsonCursor::Kind::array) {
    json.skip();
    json.finish();
    return refused(json.failed() ? json.problem()
                                 : "wrong file: no SARIF file, which is an object");
  }
  json.object([&](std::string_view key) {
    if (key == "version") {
      version = json.text();
    } else if (key == "runs") {
      has_runs = true;
      json.array([&] {
        const Value run = json.value();
        ++runs;
        if (!json.failed()) {
          RunReader(run, report, problem).read();
        }
      });
    } else {
      if (key == "inlineExternalProperties") {
        report.doubts.emplace_back("null results: the results are in inlineExternalProperties");
      }
      json.skip();
    }
  });
  json.finish();
  if (json.failed()) {
    return refused(json.problem());
  }
  if (version.empty() || !has_runs) {
    return refused("wrong file: no SARIF file, which has version and runs");
  }
  if (version != "2.1.0") {
    return refused("changed schema: SARIF " + text::printable(version, 40) +
                   ", and 2.1.0 is known");
  }
  if (!problem.empty()) {
    return refused(problem);
  }
  if (runs == 0) {
    report.doubts.emplace_back("null results: the SARIF file has no runs");
  }
  report.schema = version;
  return report;
}

}  // namespace sluice::gate

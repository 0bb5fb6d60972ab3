// SPDX-License-Identifier: Apache-2.0
#include "gate/policy.hpp"

#include "base/text.hpp"
#include "base/time.hpp"
#include "config/strict.hpp"
#include "config/values.hpp"
#include "gate/read.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace sluice::gate {
namespace {

using config::Field;
using config::Reader;
using Node = YAML::Node;

std::optional<std::chrono::seconds> age(Reader& r, const Node& node, const std::string& what) {
  const std::string word = r.scalar(node, what);
  if (word.empty() || word == "any") {
    return std::nullopt;
  }
  const auto duration = time::parse_duration(word);
  if (!duration) {
    r.problem(node, what + " is " + text::quoted(word) + "; write 24h, 7d or any");
  }
  return duration;
}

std::uint64_t count(Reader& r, const Node& node, const std::string& what) {
  const std::string word = r.scalar(node, what);
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (!word.empty() && (error != std::errc{} || end != word.data() + word.size())) {
    r.problem(node, what + " is " + text::quoted(word) + ", and no whole number");
  }
  return number;
}

Severity severity(Reader& r, const Node& node, const std::string& what) {
  constexpr std::array<std::string_view, 5> words = {"info", "low", "medium", "high", "critical"};
  return severity_of(r.choice(node, what, words)).value_or(Severity::info);
}

Reaction reaction(Reader& r, const Node& node, const std::string& what) {
  constexpr std::array<std::string_view, 3> words = {"fail", "warn", "ignore"};
  const std::string word = r.choice(node, what, words);
  return word == "warn" ? Reaction::warn : word == "ignore" ? Reaction::ignore : Reaction::fail;
}

Bound bound(Reader& r, const Node& node, const std::string& what) {
  constexpr std::array<std::string_view, 3> words = {"image", "commit", "none"};
  const std::string word = r.choice(node, what, words);
  return word == "image" ? Bound::image : word == "commit" ? Bound::commit : Bound::none;
}

void read_floors(Reader& r, const Node& node, Coverage& floors) {
  const std::string what = "scans[].floors";
  const auto into = [&](std::string_view key, std::optional<std::uint64_t>& target) {
    return Field{key, [&r, &target, what, key](const Node& v) {
                   target = count(r, v, what + '.' + std::string(key));
                 }};
  };
  r.mapping(node, what,
            {into("packages", floors.packages), into("files", floors.files),
             into("tests", floors.tests), into("commits", floors.commits)});
}

void read_classes(Reader& r, const Node& node, std::set<Class>& out) {
  for (const std::string& word : r.texts(node, "scans[].looksFor")) {
    if (const auto known = class_of(word)) {
      out.insert(*known);
    } else {
      r.problem(node, "scans[].looksFor has " + text::quoted(word) +
                          ", not one of vulnerability, misconfiguration, secret, license, code, "
                          "test");
    }
  }
}

void read_scan(Reader& r, const Node& item, Policy& policy) {
  const std::string what = "scans[]";
  Scan scan{.at = r.at(item)};
  const auto words = [&](std::string_view key, std::string& target) {
    return Field{key, [&r, &target, what, key](const Node& v) {
                   target = r.text(v, what + '.' + std::string(key));
                 }};
  };
  r.mapping(
      item, what,
      {words("name", scan.name),
       {"format", [&](const Node& v) { scan.format = r.choice(v, what + ".format", formats()); }},
       words("tool", scan.tool),
       {"report", [&](const Node& v) { scan.report = r.text(v, what + ".report"); }},
       words("run", scan.run),
       {"subject", [&](const Node& v) { scan.subject = bound(r, v, what + ".subject"); }},
       {"maxAge", [&](const Node& v) { scan.max_age = age(r, v, what + ".maxAge"); }},
       {"databaseMaxAge",
        [&](const Node& v) { scan.database_max_age = age(r, v, what + ".databaseMaxAge"); }},
       {"floors", [&](const Node& v) { read_floors(r, v, scan.floors); }},
       {"looksFor", [&](const Node& v) { read_classes(r, v, scan.looks_for); }},
       {"failFrom", [&](const Node& v) { scan.fail_from = severity(r, v, what + ".failFrom"); }},
       {"unknown", [&](const Node& v) { scan.unknown = reaction(r, v, what + ".unknown"); }},
       {"endOfLife",
        [&](const Node& v) { scan.end_of_life = reaction(r, v, what + ".endOfLife"); }},
       {"fixableOnly",
        [&](const Node& v) { scan.fixable_only = r.boolean(v, what + ".fixableOnly"); }},
       {"highestSource",
        [&](const Node& v) { scan.highest_source = r.boolean(v, what + ".highestSource"); }},
       {"suppressedMost",
        [&](const Node& v) { scan.suppressed_most = count(r, v, what + ".suppressedMost"); }},
       {"filters", [&](const Node& v) { scan.filters = r.texts(v, what + ".filters"); }}});
  r.require(item, what, {"name", "format", "report", "subject", "maxAge", "failFrom"});
  if (scan.format == "trivy") {
    r.require(item, "a scan by trivy", {"looksFor"});
  }
  if (scan.looks_for.contains(Class::vulnerability) &&
      (scan.format == "trivy" || scan.format == "grype")) {
    r.require(item, "a scan for vulnerabilities", {"databaseMaxAge"});
  }
  if (scan.format == "sarif") {
    r.require(item, "a scan in SARIF", {"tool"});
  }
  if (std::ranges::find(policy.scans, scan.name, &Scan::name) != policy.scans.end()) {
    r.problem(item, "two scans are called " + text::quoted(scan.name));
  }
  policy.scans.push_back(std::move(scan));
}

void read_waiver(Reader& r, const Node& item, Policy& policy) {
  const std::string what = "waivers[]";
  Waiver waiver{.at = r.at(item)};
  std::string scope;
  const auto words = [&](std::string_view key, std::string& target) {
    return Field{key, [&r, &target, what, key](const Node& v) {
                   target = r.text(v, what + '.' + std::string(key));
                 }};
  };
  constexpr std::array<std::string_view, 1> scopes = {"any"};
  r.mapping(
      item, what,
      {words("id", waiver.id),
       words("scan", waiver.scan),
       words("package", waiver.package),
       words("path", waiver.path),
       {"scope", [&](const Node& v) { scope = r.choice(v, what + ".scope", scopes); }},
       {"maxSeverity",
        [&](const Node& v) { waiver.max_severity = severity(r, v, what + ".maxSeverity"); }},
       {"voidWhenFixed",
        [&](const Node& v) { waiver.void_when_fixed = r.boolean(v, what + ".voidWhenFixed"); }},
       {"most", [&](const Node& v) { waiver.most = count(r, v, what + ".most"); }},
       words("reason", waiver.reason),
       words("owner", waiver.owner),
       {"expires", [&](const Node& v) { waiver.expires = config::day(r, v, what + ".expires"); }}});
  r.require(item, what, {"id", "reason", "owner", "expires"});
  if (scope.empty() && waiver.package.empty() && waiver.path.empty()) {
    r.problem(item,
              "a waiver without package and path hides the finding everywhere; write "
              "scope: any if that is meant");
  }
  const auto same = [&](const Waiver& other) {
    return other.id == waiver.id && other.scan == waiver.scan && other.package == waiver.package &&
           other.path == waiver.path;
  };
  if (std::ranges::any_of(policy.waivers, same)) {
    r.problem(item, "two waivers cover the same: " + text::quoted(waiver.id));
  }
  policy.waivers.push_back(std::move(waiver));
}

void read_vex_file(Reader& r, const Node& item, Policy& policy) {
  VexFile vex;
  r.mapping(item, "vex[]",
            {{"file", [&](const Node& v) { vex.file = r.text(v, "vex[].file"); }},
             {"maxAge", [&](const Node& v) { vex.max_age = age(r, v, "vex[].maxAge"); }}});
  r.require(item, "vex[]", {"file", "maxAge"});
  policy.vex.push_back(std::move(vex));
}

void read_baseline(Reader& r, const Node& node, Policy& policy) {
  Baseline baseline;
  const std::string what = "baseline";
  r.mapping(node, what,
            {{"file", [&](const Node& v) { baseline.file = r.text(v, what + ".file"); }},
             {"maxAge", [&](const Node& v) { baseline.max_age = age(r, v, what + ".maxAge"); }},
             {"minCoverage",
              [&](const Node& v) { baseline.min_coverage = count(r, v, what + ".minCoverage"); }}});
  r.require(node, what, {"file", "maxAge"});
  policy.baseline = std::move(baseline);
}

void read_root(Reader& r, const Node& root, Policy& policy) {
  r.mapping(root, "the policy of scan-gate",
            {{"scans",
              [&](const Node& v) {
                r.sequence(v, "scans", [&](const Node& item) { read_scan(r, item, policy); });
              }},
             {"waivers",
              [&](const Node& v) {
                r.sequence(v, "waivers", [&](const Node& item) { read_waiver(r, item, policy); });
              }},
             {"vex",
              [&](const Node& v) {
                r.sequence(v, "vex", [&](const Node& item) { read_vex_file(r, item, policy); });
              }},
             {"baseline", [&](const Node& v) { read_baseline(r, v, policy); }},
             {"imageFile", [&](const Node& v) { policy.image_file = r.text(v, "imageFile"); }},
             {"salt", [&](const Node& v) { policy.salt = r.text(v, "salt"); }},
             {"mayLoosen",
              [&](const Node& v) {
                constexpr std::array<std::string_view, 3> parts = {"scans", "waivers", "baseline"};
                r.sequence(v, "mayLoosen", [&](const Node& item) {
                  policy.may_loosen.insert(r.choice(item, "mayLoosen[]", parts));
                });
              }},
             {"maxWaiverDays",
              [&](const Node& v) { policy.max_waiver_days = count(r, v, "maxWaiverDays"); }}});
  if (policy.scans.empty()) {
    r.problem(root, "scans names no scan that must be there, so everything would pass");
  }
}

}  // namespace

Result<Policy> parse_policy(const std::string& text, const std::string& file) {
  Policy policy;
  SLUICE_TRY(config::read_strictly(
      text, file, [&policy](Reader& r, const Node& root) { read_root(r, root, policy); }));
  if (policy.scans.empty()) {
    return Error{Error::Kind::parse, text::printable(file) + " is empty, so everything would pass"};
  }
  return policy;
}

std::string policy_schema() {
  Policy policy;
  return config::schema_of("The policy of sluice-scan-gate",
                           [&policy](Reader& r, const Node& root) { read_root(r, root, policy); });
}

}  // namespace sluice::gate

// SPDX-License-Identifier: Apache-2.0
#include "diag/baseline.hpp"

#include "base/text.hpp"
#include "diag/members.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace sluice::diag {

namespace {

constexpr std::string_view format = "sluice.baseline/v1";

/// How many findings of each fingerprint are still lived with.
using Rest = std::map<std::string, std::uint32_t, std::less<>>;

/// Takes one off; false when there is none left.
bool take(Rest& rest, const Finding& finding) {
  const auto found = rest.find(fingerprint(finding));
  if (found == rest.end() || found->second == 0) {
    return false;
  }
  --found->second;
  return true;
}

BaselineEntry read_entry(const Json& json, const std::string& place) {
  Members members(json, place);
  BaselineEntry entry{.fingerprint = members.text("fingerprint"),
                      .code = members.text("code"),
                      .file = members.text_or_empty("file"),
                      .message = members.text("message")};
  if (members.optional("count") != nullptr) {
    entry.count = members.number("count");
  }
  members.done();
  if (!may_be_lived_with(entry.code)) {
    throw Unreadable{place + ": findings of the code " + text::printable(entry.code) +
                     " cannot be lived with"};
  }
  return entry;
}

Baseline read_entries(const Json& json) {
  Members members(json, "the baseline");
  if (const std::string said = members.text("format"); said != format) {
    throw Unreadable{"its format is \"" + text::printable(said) + "\", not " + std::string(format)};
  }
  Baseline baseline;
  for (const Json& entry : members.list("findings")) {
    baseline.push_back(read_entry(entry, "findings/" + std::to_string(baseline.size())));
  }
  members.done();
  std::ranges::sort(baseline);
  const auto twice = std::ranges::adjacent_find(baseline, {}, &BaselineEntry::fingerprint);
  if (twice != baseline.end()) {
    throw Unreadable{"the fingerprint " + text::printable(twice->fingerprint) + " is there twice"};
  }
  return baseline;
}

}  // namespace

bool may_be_lived_with(std::string_view code) {
  constexpr std::array own_rules = {"config/", "ledger/", "scan/", "model/", "promote/"};
  return std::ranges::none_of(own_rules,
                              [code](std::string_view area) { return code.starts_with(area); });
}

bool answers_for(std::string_view tool, std::string_view code) {
  struct Owner {
    std::string_view tool;
    std::string_view areas;  ///< each with a slash and a blank behind it
  };
  constexpr std::array owners = {Owner{"sluice-render", "render/ value/ input/ "},
                                 Owner{"sluice-validate", "yaml/ meta/ refs/ schema/ "},
                                 Owner{"sluice-policy-test", "policy/ "},
                                 Owner{"sluice-cost-proxy", "cost/ "},
                                 Owner{"sluice-report", "plan/ "}};
  const auto owner = std::ranges::find(owners, tool, &Owner::tool);
  const std::string area = std::string(code.substr(0, code.find('/') + 1)) + ' ';
  return owner != owners.end() && owner->areas.find(area) != std::string_view::npos;
}

Baseline baseline_of(const Report& report) {
  std::map<std::string, BaselineEntry> entries;
  for (const Finding& finding : report.findings) {
    if (!may_be_lived_with(finding.code)) {
      continue;
    }
    const std::string print = fingerprint(finding);
    const auto [entry, is_new] = entries.try_emplace(
        print, BaselineEntry{print, finding.code, finding.location.file, finding.message});
    entry->second.count += is_new ? 0 : 1;
  }
  Baseline baseline;
  for (auto& [print, entry] : entries) {
    baseline.push_back(std::move(entry));
  }
  return baseline;
}

std::string to_json(const Baseline& baseline) {
  std::string out = "{\n  \"format\": \"" + std::string(format) + "\",\n  \"findings\": [";
  std::string_view between = "\n";
  for (const BaselineEntry& entry : baseline) {
    Json json = {{"fingerprint", entry.fingerprint}, {"code", entry.code}};
    if (!entry.file.empty()) {
      json["file"] = entry.file;
    }
    json["message"] = entry.message;
    if (entry.count != 1) {
      json["count"] = entry.count;
    }
    out += between;
    out += "    " + json.dump(-1, ' ', true, Json::error_handler_t::replace);
    between = ",\n";
  }
  return out + (baseline.empty() ? "]\n}\n" : "\n  ]\n}\n");
}

Result<Baseline> read_baseline(std::string_view text) try {
  return read_entries(parse_strictly(text));
} catch (const Unreadable& unreadable) {
  return Error{Error::Kind::parse, "not a baseline: " + unreadable.reason};
} catch (const Json::exception& e) {
  return Error{Error::Kind::parse, "not a baseline: " + text::printable(e.what())};
}

void apply_baseline(const Baseline& baseline, Known known, Report& report) {
  Rest rest;
  for (const BaselineEntry& entry : baseline) {
    rest[entry.fingerprint] = entry.count;
  }
  std::size_t covered = 0;
  std::vector<Finding> left;
  for (Finding& finding : report.findings) {
    const bool is_known = may_be_lived_with(finding.code) && take(rest, finding);
    covered += is_known ? 1 : 0;
    if (is_known && known == Known::hide) {
      continue;
    }
    finding.severity = is_known ? Severity::note : finding.severity;
    left.push_back(std::move(finding));
  }
  report.findings = std::move(left);
  const auto mended = std::ranges::count_if(baseline, [&](const BaselineEntry& entry) {
    return answers_for(report.tool, entry.code) && rest[entry.fingerprint] == entry.count;
  });
  report.summary.push_back(text::counted(covered, "known finding") + " of the baseline" +
                           (known == Known::hide ? " not shown" : ""));
  if (mended != 0) {
    report.summary.push_back(std::to_string(mended) +
                             " of the baseline gone (--write-baseline drops them)");
  }
}

}  // namespace sluice::diag

// SPDX-License-Identifier: Apache-2.0
#include "report/loosened.hpp"

#include "base/text.hpp"
#include "diag/write.hpp"
#include "io/files.hpp"
#include "report/commands.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

namespace sluice::report {

namespace {

using Objects = manifests::Objects;

void append(std::vector<Loosening>& all, std::vector<Loosening> more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

/// The policies that a side is judged by: the files that its sluice.yaml names, and the objects it
/// delivers. A path that is not there holds none: the judges themselves say so.
Result<Objects> read_judges(const std::string& root,
                            const config::Config& config,
                            const std::string& stream,
                            const yaml::Limits& limits,
                            unsigned jobs) {
  std::vector<std::string> words;
  for (const std::string& path : config.policy_paths) {
    if (io::exists(root + '/' + path)) {
      words.push_back(root + '/' + path);
    }
  }
  if (!stream.empty()) {
    words.push_back(stream);
  }
  return manifests::read_objects(words, limits, jobs);
}

Result<diag::Baseline> read_baseline(const std::string& file) {
  if (!io::exists(file)) {
    return diag::Baseline{};
  }
  std::string text;
  SLUICE_TRY_ASSIGN(text, io::read_file(file));
  auto baseline = diag::read_baseline(text);
  if (!baseline) {
    return Error{Error::Kind::parse, text::printable(file) + ": " + baseline.error().message};
  }
  return baseline;
}

Result<diag::Report> read_report(const std::string& file) {
  std::string text;
  SLUICE_TRY_ASSIGN(text, io::read_file(file));
  auto report = diag::read_json(text);
  if (!report) {
    return Error{Error::Kind::parse, text::printable(file) + ": " + report.error().message};
  }
  return report;
}

/// A base whose policies cannot judge (a broken policy that the change mends, say) must not keep
/// the change from ever being merged; what its policies are called was compared all the same.
diag::Finding cannot_judge(const std::string& why) {
  return {.location = {.file = "sluice.yaml"},
          .code = "config/loosened",
          .severity = diag::Severity::warning,
          .message =
              "the policies of the base cannot judge the change, so that only their names "
              "and rules were compared: " +
              text::printable(why)};
}

Status compare_verdicts(const LoosenedOptions& options,
                        const config::Config& head,
                        const std::string& now,
                        std::vector<Loosening>& found,
                        diag::Report& report) {
  if (options.base_verdicts.empty() || options.head_verdicts.empty()) {
    return ok;
  }
  diag::Report by_head;
  SLUICE_TRY_ASSIGN(by_head, read_report(options.head_verdicts));
  auto by_base = read_report(options.base_verdicts);
  if (!by_base) {
    report.findings.push_back(cannot_judge(by_base.error().message));
    return ok;
  }
  for (const std::string& why : by_base->no_verdict) {
    if (std::ranges::find(by_head.no_verdict, why) == by_head.no_verdict.end()) {
      report.findings.push_back(cannot_judge(why));
    }
  }
  // New ignore entries are a section of their own.
  SLUICE_TRY(config::apply_ignores(head, now, *by_base));
  append(found, loosened_verdicts(*by_base, by_head));
  return ok;
}

/// Files below one of the folders go by their name in the repository.
void name_in_repository(diag::Location& at, const LoosenedOptions& options) {
  for (const std::string& root : {options.head + '/', options.base + '/'}) {
    if (at.file.starts_with(root)) {
      at.file.erase(0, root.size());
      break;
    }
  }
}

}  // namespace

Result<diag::Report> run_loosened(const LoosenedOptions& options, const cli::Common& common) {
  if (options.base.empty() || options.head.empty()) {
    return Error{Error::Kind::usage, "loosened wants --base DIR and --head DIR"};
  }
  for (const std::string& root : {options.base, options.head}) {
    // Without it there is no sluice.yaml either, and nothing would look weaker.
    if (std::error_code failed; !std::filesystem::is_directory(root, failed)) {
      return Error{Error::Kind::not_found, text::printable(root) + " is not a folder"};
    }
  }
  config::Config base;
  config::Config head;
  SLUICE_TRY_ASSIGN(base, config::load("", options.base));
  SLUICE_TRY_ASSIGN(head, config::load("", options.head));
  Objects base_judges;
  Objects head_judges;
  SLUICE_TRY_ASSIGN(base_judges, read_judges(options.base, base, options.base_stream,
                                             options.limits, common.jobs));
  SLUICE_TRY_ASSIGN(head_judges, read_judges(options.head, head, options.head_stream,
                                             options.limits, common.jobs));
  std::vector<Loosening> found = loosened_config(base, head);
  append(found, loosened_policies(base_judges, head_judges));
  if (!options.baseline.empty()) {
    diag::Baseline before;
    diag::Baseline after;
    SLUICE_TRY_ASSIGN(before, read_baseline(options.base + '/' + options.baseline));
    SLUICE_TRY_ASSIGN(after, read_baseline(options.head + '/' + options.baseline));
    append(found, loosened_baseline(before, after, options.baseline));
  }
  diag::Report report{.tool = "sluice-report", .now = common.now};
  SLUICE_TRY(compare_verdicts(options, head, common.now, found, report));
  const std::set<std::string> may_loosen(base.may_loosen.begin(), base.may_loosen.end());
  for (Loosening& loosening : found) {
    name_in_repository(loosening.at, options);
    report.findings.push_back(config::finding_of(std::move(loosening), may_loosen));
  }
  return report;
}

}  // namespace sluice::report

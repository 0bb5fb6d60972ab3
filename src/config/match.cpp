// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "config/config.hpp"
#include "config/day.hpp"
#include "diag/baseline.hpp"

#include <algorithm>

namespace sluice::config {

namespace {

bool any_matches(const std::vector<std::string>& globs, std::string_view text) {
  return globs.empty() || std::ranges::any_of(globs, [text](const std::string& glob) {
           return text::glob_match(glob, text);
         });
}

/// As glob_match; "apps/legacy/**" also takes the folder "apps/legacy" itself.
bool matches_path(std::string_view glob, std::string_view path) {
  return !path.empty() &&
         (text::glob_match(glob, path) ||
          (glob.ends_with("/**") && text::glob_match(glob.substr(0, glob.size() - 3), path)));
}

bool any_path_matches(const std::vector<std::string>& globs, std::string_view path) {
  return globs.empty() || std::ranges::any_of(globs, [path](const std::string& glob) {
           return matches_path(glob, path);
         });
}

bool covers(const Ignore& ignore, const diag::Finding& finding) {
  if (ignore.code != finding.code) {
    return false;
  }
  std::string object = finding.object.kind + '/';
  if (!finding.object.name_space.empty()) {
    object += finding.object.name_space + '/';
  }
  object += finding.object.name;
  return matches_path(ignore.scope, finding.location.file) ||
         matches_path(ignore.scope, finding.unit) ||
         (!finding.object.kind.empty() && matches_path(ignore.scope, object));
}

diag::Finding about(const Ignore& ignore, std::string code, std::string message, std::string hint) {
  return {.location = ignore.at,
          .code = std::move(code),
          .severity = diag::Severity::warning,
          .message = std::move(message),
          .hint = std::move(hint)};
}

std::string named(const Ignore& ignore) {
  return "the ignore entry for " + ignore.code + " in " + text::printable(ignore.scope, 80);
}

}  // namespace

const Environment* match(const Config& config,
                         std::string_view path,
                         std::string_view destination,
                         std::string_view app,
                         std::string_view name_space) {
  const auto found = std::ranges::find_if(config.environments, [&](const Environment& env) {
    return any_path_matches(env.match.path, path) &&
           any_matches(env.match.destination, destination) && any_matches(env.match.app, app) &&
           any_matches(env.match.name_space, name_space);
  });
  return found == config.environments.end() ? nullptr : &*found;
}

Status apply_ignores(const Config& config, std::string_view now, diag::Report& report) {
  if (config.ignores.empty()) {
    return ok;
  }
  if (now.empty()) {
    return Error{Error::Kind::usage,
                 config.file + " has ignore entries, and they expire: give the time with --now"};
  }
  std::string today;
  SLUICE_TRY_ASSIGN(today, utc_day(now));
  report.now = std::string(now);
  std::size_t ignored = 0;
  std::vector<diag::Finding> about_entries;
  for (const Ignore& ignore : config.ignores) {
    const bool ours = diag::answers_for(report.tool, ignore.code);
    if (ignore.expires < today) {
      if (ours) {
        about_entries.push_back(about(
            ignore, "config/expired-ignore", named(ignore) + " expired on " + ignore.expires,
            "mend the finding, or agree on a new date with " + text::printable(ignore.owner, 80)));
      }
      continue;
    }
    const std::size_t covered = std::erase_if(
        report.findings, [&](const diag::Finding& finding) { return covers(ignore, finding); });
    ignored += covered;
    if (covered == 0 && ours) {
      about_entries.push_back(about(ignore, "config/unused-ignore",
                                    named(ignore) + " covers nothing", "remove the entry"));
    }
  }
  report.findings.insert(report.findings.end(), about_entries.begin(), about_entries.end());
  if (ignored != 0) {
    report.summary.push_back(text::counted(ignored, "finding") + " ignored by " + config.file);
  }
  return ok;
}

}  // namespace sluice::config

// SPDX-License-Identifier: Apache-2.0
#include "base/semver.hpp"
#include "base/text.hpp"
#include "helm/chart.hpp"

#include <algorithm>
#include <map>

namespace sluice::helm {
namespace {

diag::Finding finding(std::string code, diag::Location at, std::string message, std::string hint) {
  return {.location = std::move(at),
          .code = std::move(code),
          .message = std::move(message),
          .hint = std::move(hint)};
}

void check_version(const Dependency& dependency,
                   const Vendored& entry,
                   std::vector<diag::Finding>& out) {
  const auto fits = semver::satisfies(entry.version, dependency.version);
  if (dependency.version.empty() || fits.value_or(false)) {
    return;
  }
  const std::string what =
      text::printable(entry.path) + " is version " + text::quoted(entry.version);
  out.push_back(
      finding("render/dependency-version", dependency.at,
              fits ? "Chart.yaml asks for " + text::printable(dependency.name) + " " +
                         text::quoted(dependency.version) + ", but " + what
                   : what + ", which cannot be compared with " + text::quoted(dependency.version),
              "run helm dependency update and commit charts/ and Chart.lock; helm template renders "
              "the old chart "
              "without a word"));
}

void check_locked(const Chart& chart, const Vendored& entry, std::vector<diag::Finding>& out) {
  for (const auto& locked : chart.lock->dependencies) {
    if (locked.name == entry.name && locked.version != entry.version) {
      out.push_back(finding(
          "render/dependency-version", locked.at,
          "Chart.lock pins " + text::printable(locked.name) + " " + text::quoted(locked.version) +
              ", but " + text::printable(entry.path) + " is version " + text::quoted(entry.version),
          "run helm dependency build and commit charts/"));
    }
  }
}

void check_lock(const Chart& chart, std::vector<diag::Finding>& out) {
  // Helm 2 computed another digest for charts of API version v1, so theirs prove nothing.
  if (chart.api_version == "v1" ||
      lock_digest(chart.dependencies, chart.lock->dependencies) == chart.lock->digest) {
    return;
  }
  out.push_back(finding(
      "render/lock-digest", chart.lock->digest_at,
      "the digest does not fit the dependencies of Chart.yaml and Chart.lock",
      "Chart.yaml changed after the lock was made: run helm dependency update and commit both"));
}

std::string missing_reason(const Chart& chart, const Dependency& dependency) {
  return "dependency " + text::printable(dependency.name) + " " +
         text::printable(dependency.version) + " of " +
         (dependency.repository.empty() ? std::string("charts/")
                                        : text::printable(dependency.repository)) +
         " is not in " + text::printable(chart.folder) + "/charts";
}

}  // namespace

void check_dependencies(Chart& chart) {
  std::map<std::string, std::vector<const Vendored*>> by_name;
  for (const auto& entry : chart.vendored) {
    by_name[entry.name].push_back(&entry);
  }
  for (const auto& dependency : chart.dependencies) {
    const auto found = by_name.find(dependency.name);
    if (found == by_name.end()) {
      if (!dependency.is_file()) {
        chart.missing.push_back(missing_reason(chart, dependency));
      }
      continue;
    }
    // Two entries of one name are legal when two dependencies ask for two versions under aliases.
    const auto asked =
        std::count_if(chart.dependencies.begin(), chart.dependencies.end(),
                      [&](const auto& other) { return other.name == dependency.name; });
    const auto fits = [&](const Vendored* entry) {
      return semver::satisfies(entry->version, dependency.version).value_or(false);
    };
    if (std::none_of(found->second.begin(), found->second.end(), fits)) {
      check_version(dependency, *found->second.front(), chart.findings);
    }
    if (std::cmp_greater(found->second.size(), asked)) {
      chart.findings.push_back(
          finding("render/duplicate-dependency", {.file = found->second.back()->path},
                  "charts/ holds " + text::printable(dependency.name) +
                      " more than once: " + text::printable(found->second.front()->path) + " and " +
                      text::printable(found->second.back()->path),
                  "remove one of them; which one helm takes is not promised"));
    }
  }
  for (const auto& entry : chart.vendored) {
    const bool declared =
        std::any_of(chart.dependencies.begin(), chart.dependencies.end(),
                    [&](const auto& dependency) { return dependency.name == entry.name; });
    if (!declared) {
      chart.findings.push_back(finding("render/undeclared-dependency", {.file = entry.path},
                                       "chart " + text::printable(entry.name) +
                                           " lies in charts/, but Chart.yaml does not name it; "
                                           "helm renders it all the same",
                                       "declare it under dependencies, or remove it"));
    }
    if (chart.lock) {
      check_locked(chart, entry, chart.findings);
    }
  }
  if (chart.lock) {
    check_lock(chart, chart.findings);
  }
}

}  // namespace sluice::helm

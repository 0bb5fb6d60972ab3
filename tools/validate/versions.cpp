// SPDX-License-Identifier: Apache-2.0
#include "validate/versions.hpp"

#include <algorithm>

namespace sluice::validate {
namespace {

using schema::KubeVersion;

Result<std::vector<KubeVersion>> one(const std::string& text, const std::string& file) {
  auto version = schema::parse_kube_version(text);
  if (!version) {
    return in_context(file, std::move(version.error()));
  }
  return std::vector<KubeVersion>{*version};
}

}  // namespace

Result<Versions> Versions::choose(const Options& options, const config::Config& config) {
  Versions out;
  out.default_ = options.versions;
  if (!options.versions.empty()) {
    return out;
  }
  out.default_ = {schema::kube_versions().back()};
  if (!config.kube_version.empty()) {
    SLUICE_TRY_ASSIGN(out.default_, one(config.kube_version, config.file));
  }
  for (const config::Environment& env : config.environments) {
    if (!env.kube_version.empty()) {
      SLUICE_TRY_ASSIGN(out.by_env_[env.name], one(env.kube_version, config.file));
    }
  }
  return out;
}

const std::vector<KubeVersion>& Versions::of(std::string_view env) const {
  const auto found = by_env_.find(env);
  return found == by_env_.end() ? default_ : found->second;
}

std::string Versions::text(const std::set<std::string, std::less<>>& envs) const {
  std::vector<KubeVersion> all = envs.empty() ? default_ : std::vector<KubeVersion>{};
  for (const std::string& env : envs) {
    const auto& versions = of(env);
    all.insert(all.end(), versions.begin(), versions.end());
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.minor < b.minor; });
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return "Kubernetes " + ranges(all);
}

std::string ranges(const std::vector<KubeVersion>& versions) {
  std::string out;
  for (std::size_t i = 0; i < versions.size();) {
    std::size_t last = i;
    while (last + 1 < versions.size() && versions[last + 1].minor == versions[last].minor + 1) {
      ++last;
    }
    out += (out.empty() ? "" : ", ") + versions[i].text();
    if (last > i) {
      out += (last == i + 1 ? ", " : " to ") + versions[last].text();
    }
    i = last + 1;
  }
  return out;
}

std::vector<diag::Finding> merge(const std::vector<KubeVersion>& versions,
                                 std::vector<std::vector<diag::Finding>> by_version) {
  if (by_version.size() == 1) {
    return std::move(by_version.front());
  }
  std::map<diag::Finding, std::vector<KubeVersion>> who;
  for (std::size_t i = 0; i < by_version.size(); ++i) {
    for (diag::Finding& finding : by_version[i]) {
      auto& said = who[std::move(finding)];
      if (said.empty() || said.back() != versions[i]) {
        said.push_back(versions[i]);
      }
    }
  }
  std::vector<diag::Finding> out;
  for (auto& [finding, said] : who) {
    diag::Finding copy = finding;
    if (said.size() != versions.size() &&
        finding.code != "schema/removed-api") {  // which names them itself
      const bool tail =
          said.size() > 1 && said.back() == versions.back() &&
          versions.end() - std::find(versions.begin(), versions.end(), said.front()) ==
              static_cast<std::ptrdiff_t>(said.size());
      copy.message +=
          " (Kubernetes " + (tail ? said.front().text() + " and later" : ranges(said)) + ")";
    }
    out.push_back(std::move(copy));
  }
  return out;
}

}  // namespace sluice::validate

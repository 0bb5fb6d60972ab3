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

void sort(std::vector<KubeVersion>& versions) {
  std::sort(versions.begin(), versions.end(),
            [](const auto& a, const auto& b) { return a.minor < b.minor; });
  versions.erase(std::unique(versions.begin(), versions.end()), versions.end());
}

/// "1.32 and later", "1.29, 1.31 to 1.33".
std::string who_text(const std::vector<KubeVersion>& versions,
                     const std::vector<KubeVersion>& said) {
  const bool tail = said.size() > 1 && said.back() == versions.back() &&
                    versions.end() - std::find(versions.begin(), versions.end(), said.front()) ==
                        static_cast<std::ptrdiff_t>(said.size());
  return tail ? said.front().text() + " and later" : ranges(said);
}

}  // namespace

Result<Versions> Versions::choose(const Options& options, const config::Config& config) {
  Versions out;
  out.default_ = options.versions;
  if (options.versions.empty()) {
    out.default_ = {schema::kube_versions().back()};
    if (!config.kube_version.empty()) {
      SLUICE_TRY_ASSIGN(out.default_, one(config.kube_version, config.file));
    }
  }
  for (const config::Environment& env : config.environments) {
    if (!env.kube_version.empty()) {
      auto& versions = out.by_env_[env.name];
      SLUICE_TRY_ASSIGN(versions, one(env.kube_version, config.file));
      versions.insert(versions.end(), options.versions.begin(), options.versions.end());
      sort(versions);
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
  sort(all);
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
  const bool gone = std::any_of(who.begin(), who.end(), [](const auto& row) {
    return row.first.code == "schema/removed-api";
  });
  std::vector<diag::Finding> out;
  for (auto& [finding, said] : who) {
    const bool deprecated = finding.code == "schema/deprecated-api";
    if (gone && deprecated) {
      continue;  // that it goes is no news beside where it is gone
    }
    diag::Finding copy = finding;
    if (said.size() != versions.size() && finding.code == "schema/removed-api") {
      copy.message = "breaks on Kubernetes " + who_text(versions, said) + ": " + copy.message;
    } else if (said.size() != versions.size() && !deprecated) {  // which names them itself
      copy.message += " (Kubernetes " + who_text(versions, said) + ")";
    }
    out.push_back(std::move(copy));
  }
  return out;
}

}  // namespace sluice::validate

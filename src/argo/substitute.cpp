// SPDX-License-Identifier: Apache-2.0
#include "argo/substitute.hpp"

namespace sluice::argo {
namespace {

bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool is_special(char c) {
  return std::string_view("*#$@!?-0123456789").find(c) != std::string_view::npos;
}

struct Reference {
  std::string_view name;
  std::size_t length = 0;  ///< bytes after the dollar
  bool valid = true;       ///< "${}" and an open brace are eaten
};

Reference read(std::string_view after) {
  if (after.starts_with('{')) {
    if (after.size() > 2 && is_special(after[1]) && after[2] == '}') {
      return {after.substr(1, 1), 3, true};
    }
    const auto close = after.find('}');
    if (close == std::string_view::npos) {
      return {{}, 1, false};
    }
    return {after.substr(1, close - 1), close + 1, close > 1};
  }
  if (!after.empty() && is_special(after.front())) {
    return {after.substr(0, 1), 1, true};
  }
  std::size_t length = 0;
  while (length < after.size() && is_name(after[length])) {
    ++length;
  }
  return {after.substr(0, length), length, true};
}

std::string value_of(BuildEnvironment& environment, std::string_view name) {
  if (name == "$") {
    return "$";
  }
  if (name.starts_with("ARGOCD_APP_REVISION")) {
    environment.used_revision = true;
  }
  const auto found = environment.variables.find(std::string(name));
  return found == environment.variables.end() ? std::string() : found->second;
}

}  // namespace

BuildEnvironment build_environment(std::string_view app,
                                   std::string_view name_space,
                                   std::string_view project,
                                   std::string_view repo_url,
                                   std::string_view path,
                                   std::string_view target_revision) {
  BuildEnvironment environment;
  auto& variables = environment.variables;
  variables["ARGOCD_APP_NAME"] = app;
  variables["ARGOCD_APP_NAMESPACE"] = name_space;
  variables["ARGOCD_APP_PROJECT_NAME"] = project;
  variables["ARGOCD_APP_SOURCE_REPO_URL"] = repo_url;
  variables["ARGOCD_APP_SOURCE_PATH"] = path;
  variables["ARGOCD_APP_SOURCE_TARGET_REVISION"] = target_revision;
  for (const auto* name :
       {"ARGOCD_APP_REVISION", "ARGOCD_APP_REVISION_SHORT", "ARGOCD_APP_REVISION_SHORT_8"}) {
    variables[name] = "revision";
  }
  return environment;
}

std::string substitute(BuildEnvironment& environment, std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '$' || at + 1 == text.size()) {
      out += text[at];
      continue;
    }
    const auto reference = read(text.substr(at + 1));
    if (reference.name.empty() && reference.valid) {
      out += '$';
    } else if (reference.valid) {
      out += value_of(environment, reference.name);
    }
    at += reference.length;
  }
  return out;
}

}  // namespace sluice::argo

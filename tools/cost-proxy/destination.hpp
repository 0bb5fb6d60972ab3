// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "forge/comment.hpp"
#include "forge/project.hpp"

#include <functional>
#include <optional>
#include <string>

namespace sluice::cost_proxy {

/// What flags say of where a comment goes; empty: the CI system knows.
struct Whereto {
  std::string provider;      ///< "github", "gitlab"
  std::string forge_url;     ///< the API's base
  std::string project;       ///< "acme/platform"
  std::string pull_request;  ///< a number
  std::string commit;        ///< that the report speaks of
  std::string run;           ///< "17", "17.2": which run of the CI system this is
};

/// Where a comment goes.
struct Destination {
  forge::Project project;
  std::string pull_request;         ///< empty: `head` finds it
  std::optional<forge::Head> head;  ///< of GitHub's workflow_run event, which names no fork's pull
  forge::Stamp stamp;
};

/// The value of an environment variable, or empty.
using Environment = std::function<std::string(const char* name)>;

/// "github" or "gitlab": as the flag says, else as GITHUB_ACTIONS and GITLAB_CI do. Errors (usage).
Result<std::string> provider_of(const Whereto& flags, const Environment& environment);

/// Puts flags, variables and GitHub's event together; a flag wins. `event` is the text of the file
/// that GITHUB_EVENT_PATH names, or empty. It is GitHub's own, but names in it (branches, owners)
/// are whatever the author of a pull request chose. Nothing is ever taken from an artifact.
/// Sources: docs.github.com "Variables", "Events that trigger workflows" (pull_request,
/// workflow_run); docs.gitlab.com "Predefined CI/CD variables".
/// Errors (usage): what is not known, with the flag that says it.
Result<Destination> destination(const Whereto& flags,
                                const Environment& environment,
                                const std::string& event);

}  // namespace sluice::cost_proxy

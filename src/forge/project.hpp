// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::forge {

enum class Kind : std::uint8_t { github, gitlab };

/// A project on a forge, and where its API is.
struct Project {
  Kind kind = Kind::github;
  std::string api;   ///< "https://api.github.com", "https://git.example.com/api/v4"; no final '/'
  std::string path;  ///< "acme/platform", "group/sub/platform"
};

/// What a flag or a CI system says; empty: found out from the repository's address.
struct Hints {
  std::string kind;     ///< "github", "gitlab"
  std::string api;      ///< as Project::api
  std::string project;  ///< as Project::path
};

/// The project of a repository address: https://host/owner/name(.git), ssh://git@host/owner/name,
/// git@host:owner/name. github.com's API is api.github.com, another GitHub's https://HOST/api/v3,
/// GitLab's https://HOST/api/v4. Errors (usage): what cannot be found out, with the flag that says
/// it.
Result<Project> project_of(std::string_view repository, const Hints& hints);

/// Where GraphQL is answered: "https://api.github.com/graphql", "https://HOST/api/graphql".
std::string graphql_of(const Project& project);

}  // namespace sluice::forge

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "forge/caller.hpp"

namespace sluice::forge {

/// https://docs.github.com/rest (version 2022-11-28), https://docs.github.com/graphql
class GitHub : public Forge {
 public:
  explicit GitHub(Caller caller) : caller_(std::move(caller)) {}

  Result<Opened> open_pull_request(const PullRequest& wanted) override;
  Result<bool> has_pull_request(const std::string& branch, const std::string& into) override;
  Result<std::vector<std::string>> successful_statuses(const std::string& commit) override;
  Result<Committed> commit(const ServerCommit& commit) override;

 private:
  [[nodiscard]] std::string repository() const { return "/repos/" + caller_.project().path; }
  Result<std::vector<nlohmann::json>> find(const std::string& branch, const std::string& into);
  Result<Opened> update(const nlohmann::json& found, const PullRequest& wanted);
  Result<Committed> make_branch(const ServerCommit& commit);

  Caller caller_;
};

/// https://docs.gitlab.com/api/
class GitLab : public Forge {
 public:
  explicit GitLab(Caller caller) : caller_(std::move(caller)) {}

  Result<Opened> open_pull_request(const PullRequest& wanted) override;
  Result<bool> has_pull_request(const std::string& branch, const std::string& into) override;
  Result<std::vector<std::string>> successful_statuses(const std::string& commit) override;
  Result<Committed> commit(const ServerCommit& commit) override;

 private:
  [[nodiscard]] std::string project() const {
    return "/projects/" + segment(caller_.project().path);
  }
  Result<std::vector<nlohmann::json>> find(const std::string& branch, const std::string& into);
  Result<Opened> update(const nlohmann::json& found, const PullRequest& wanted);
  Result<nlohmann::json> action_of(const ServerCommit& commit, const ServerCommit::File& file);

  Caller caller_;
};

/// A member of an object that is text, else empty.
std::string text_of(const nlohmann::json& object, const char* member);

/// A member that is a whole number, as text; else "0".
std::string number_of(const nlohmann::json& object, const char* member);

}  // namespace sluice::forge

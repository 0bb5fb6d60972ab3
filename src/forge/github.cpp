// SPDX-License-Identifier: Apache-2.0
#include "base/base64.hpp"
#include "forge/apis.hpp"

#include <algorithm>
#include <set>

namespace sluice::forge {

namespace {

using nlohmann::json;

constexpr const char* mutation =
    "mutation($input: CreateCommitOnBranchInput!) {"
    " createCommitOnBranch(input: $input) { commit { oid } } }";

/// The first error of a GraphQL answer, or null.
json first_error(const json& body) {
  const auto errors = body.is_object() ? body.find("errors") : body.end();
  return body.is_object() && errors != body.end() && errors->is_array() && !errors->empty()
             ? errors->front()
             : json();
}

}  // namespace

Result<std::vector<json>> GitHub::find(const std::string& branch, const std::string& into) {
  const std::string owner = caller_.project().path.substr(0, caller_.project().path.find('/'));
  return caller_.list(repository() + "/pulls?state=open&per_page=100&head=" + segment(owner) + ':' +
                      segment(branch) + "&base=" + segment(into));
}

Result<bool> GitHub::has_pull_request(const std::string& branch, const std::string& into) {
  std::vector<json> found;
  SLUICE_TRY_ASSIGN(found, find(branch, into));
  return !found.empty();
}

Result<Opened> GitHub::update(const json& found, const PullRequest& wanted) {
  Opened opened{.opening = Opening::unchanged, .url = text_of(found, "html_url")};
  if (text_of(found, "title") == wanted.title && text_of(found, "body") == wanted.body) {
    return opened;
  }
  Answer answer;
  SLUICE_TRY_ASSIGN(answer,
                    caller_.call("PATCH", repository() + "/pulls/" + number_of(found, "number"),
                                 {{"title", wanted.title}, {"body", wanted.body}}, Repeat::safe));
  if (answer.status != 200) {
    return caller_.failure("updating the pull request", answer);
  }
  opened.opening = Opening::updated;
  return opened;
}

Result<Opened> GitHub::open_pull_request(const PullRequest& wanted) {
  std::vector<json> found;
  SLUICE_TRY_ASSIGN(found, find(wanted.branch, wanted.into));
  if (!found.empty()) {
    return update(found.front(), wanted);
  }
  Answer answer;
  SLUICE_TRY_ASSIGN(answer, caller_.call("POST", repository() + "/pulls",
                                         {{"title", wanted.title},
                                          {"head", wanted.branch},
                                          {"base", wanted.into},
                                          {"body", wanted.body}},
                                         Repeat::unsafe));
  if (answer.status == 201) {
    return Opened{.opening = Opening::created, .url = text_of(answer.body, "html_url")};
  }
  // 422: somebody has opened it meanwhile; 5xx: it is not known whether it was made.
  SLUICE_TRY_ASSIGN(found, find(wanted.branch, wanted.into));
  if (!found.empty()) {
    return update(found.front(), wanted);
  }
  return caller_.failure("opening a pull request", answer);
}

Result<std::vector<std::string>> GitHub::successful_statuses(const std::string& commit) {
  std::vector<json> statuses;  // newest first
  SLUICE_TRY_ASSIGN(statuses,
                    caller_.list(repository() + "/commits/" + commit + "/statuses?per_page=100"));
  std::set<std::string> seen;
  std::vector<std::string> good;
  const auto take = [&](const std::string& name, bool success) {
    if (seen.insert(name).second && success) {
      good.push_back(name);
    }
  };
  for (const json& status : statuses) {
    take(text_of(status, "context"), text_of(status, "state") == "success");
  }
  Answer runs;
  SLUICE_TRY_ASSIGN(runs, caller_.call("GET",
                                       repository() + "/commits/" + commit +
                                           "/check-runs?per_page=100&filter=latest",
                                       nullptr, Repeat::safe));
  const bool has_runs = runs.status == 200 && runs.body.is_object() &&
                        runs.body.contains("check_runs") && runs.body["check_runs"].is_array();
  for (const json& run : has_runs ? runs.body["check_runs"] : json::array()) {
    take(text_of(run, "name"), text_of(run, "conclusion") == "success");
  }
  std::ranges::sort(good);
  return good;
}

/// Said::done when the branch is there, at the tip.
Result<Committed> GitHub::make_branch(const ServerCommit& commit) {
  Answer answer;
  SLUICE_TRY_ASSIGN(
      answer,
      caller_.call("POST", repository() + "/git/refs",
                   {{"ref", "refs/heads/" + commit.branch}, {"sha", commit.tip}}, Repeat::unsafe));
  if (answer.status == 201) {
    return Committed{.said = Said::done};
  }
  const Error why = caller_.failure("making the branch", answer);
  return Committed{.said = answer.status == 422 ? Said::moved : Said::refused,
                   .message = why.message};
}

Result<Committed> GitHub::commit(const ServerCommit& commit) {
  if (commit.new_branch) {
    Committed made;
    SLUICE_TRY_ASSIGN(made, make_branch(commit));
    if (made.said != Said::done) {
      return made;
    }
  }
  json additions = json::array();
  for (const ServerCommit::File& file : commit.files) {
    additions.push_back({{"path", file.path}, {"contents", base64_encode(file.bytes)}});
  }
  const std::size_t end = std::min(commit.message.find('\n'), commit.message.size());
  const std::size_t body =
      std::min(commit.message.find_first_not_of('\n', end), commit.message.size());
  const json input = {
      {"branch",
       {{"repositoryNameWithOwner", caller_.project().path}, {"branchName", commit.branch}}},
      {"expectedHeadOid", commit.tip},
      {"message",
       {{"headline", commit.message.substr(0, end)}, {"body", commit.message.substr(body)}}},
      {"fileChanges", {{"additions", additions}}}};
  Answer answer;
  SLUICE_TRY_ASSIGN(answer, caller_.call("POST", graphql_of(caller_.project()),
                                         {{"query", mutation}, {"variables", {{"input", input}}}},
                                         Repeat::unsafe));
  const json error = first_error(answer.body);
  if (answer.status == 200 && error.is_null()) {
    const auto oid = json::json_pointer("/data/createCommitOnBranch/commit/oid");
    return Committed{.said = Said::done,
                     .commit = answer.body.contains(oid) && answer.body[oid].is_string()
                                   ? answer.body[oid].get<std::string>()
                                   : std::string()};
  }
  Answer said = answer;
  if (!error.is_null()) {
    said.body = error;
  }
  return Committed{.said = text_of(error, "type") == "STALE_DATA" ? Said::moved : Said::refused,
                   .message = caller_.failure("making the commit", said).message};
}

}  // namespace sluice::forge

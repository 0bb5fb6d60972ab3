// SPDX-License-Identifier: Apache-2.0
#include "base/base64.hpp"
#include "forge/apis.hpp"

#include <algorithm>
#include <map>

namespace sluice::forge {

namespace {

using nlohmann::json;

}  // namespace

Result<std::vector<json>> GitLab::find(const std::string& branch, const std::string& into) {
  return caller_.list(project() + "/merge_requests?state=opened&per_page=100&source_branch=" +
                      segment(branch) + "&target_branch=" + segment(into));
}

Result<bool> GitLab::has_pull_request(const std::string& branch, const std::string& into) {
  std::vector<json> found;
  SLUICE_TRY_ASSIGN(found, find(branch, into));
  return !found.empty();
}

Result<Opened> GitLab::update(const json& found, const PullRequest& wanted) {
  Opened opened{.opening = Opening::unchanged, .url = text_of(found, "web_url")};
  if (text_of(found, "title") == wanted.title && text_of(found, "description") == wanted.body) {
    return opened;
  }
  Answer answer;
  SLUICE_TRY_ASSIGN(
      answer, caller_.call("PUT", project() + "/merge_requests/" + number_of(found, "iid"),
                           {{"title", wanted.title}, {"description", wanted.body}}, Repeat::safe));
  if (answer.status != 200) {
    return caller_.failure("updating the merge request", answer);
  }
  opened.opening = Opening::updated;
  return opened;
}

Result<Opened> GitLab::open_pull_request(const PullRequest& wanted) {
  std::vector<json> found;
  SLUICE_TRY_ASSIGN(found, find(wanted.branch, wanted.into));
  if (!found.empty()) {
    return update(found.front(), wanted);
  }
  Answer answer;
  SLUICE_TRY_ASSIGN(answer, caller_.call("POST", project() + "/merge_requests",
                                         {{"title", wanted.title},
                                          {"source_branch", wanted.branch},
                                          {"target_branch", wanted.into},
                                          {"description", wanted.body}},
                                         Repeat::unsafe));
  if (answer.status == 201) {
    return Opened{.opening = Opening::created, .url = text_of(answer.body, "web_url")};
  }
  // 409: somebody has opened it meanwhile; 5xx: it is not known whether it was made.
  SLUICE_TRY_ASSIGN(found, find(wanted.branch, wanted.into));
  if (!found.empty()) {
    return update(found.front(), wanted);
  }
  return caller_.failure("opening a merge request", answer);
}

Result<std::vector<std::string>> GitLab::successful_statuses(const std::string& commit) {
  std::vector<json> statuses;
  SLUICE_TRY_ASSIGN(statuses, caller_.list(project() + "/repository/commits/" + commit +
                                           "/statuses?per_page=100"));
  std::map<std::string, std::pair<std::int64_t, bool>> newest;  // by name: id, success
  for (const json& status : statuses) {
    const std::int64_t id =
        status.is_object() && status.contains("id") && status["id"].is_number_integer()
            ? status["id"].get<std::int64_t>()
            : 0;
    auto& known = newest[text_of(status, "name")];
    if (id >= known.first) {
      known = {id, text_of(status, "status") == "success"};
    }
  }
  std::vector<std::string> good;
  for (const auto& [name, state] : newest) {
    if (state.second) {
      good.push_back(name);
    }
  }
  return good;
}

/// A file with the commit that changed it last before `tip`: GitLab compares it.
Result<json> GitLab::action_of(const ServerCommit& commit, const ServerCommit::File& file) {
  json action = {{"action", file.is_new ? "create" : "update"},
                 {"file_path", file.path},
                 {"content", base64_encode(file.bytes)},
                 {"encoding", "base64"}};
  if (file.is_new) {
    return action;
  }
  Answer answer;
  SLUICE_TRY_ASSIGN(answer, caller_.call("GET",
                                         project() + "/repository/files/" + segment(file.path) +
                                             "?ref=" + commit.tip,
                                         nullptr, Repeat::safe));
  if (answer.status != 200) {
    return caller_.failure("reading " + file.path, answer);
  }
  action["last_commit_id"] = text_of(answer.body, "last_commit_id");
  return action;
}

Result<Committed> GitLab::commit(const ServerCommit& commit) {
  json actions = json::array();
  for (const ServerCommit::File& file : commit.files) {
    json action;
    SLUICE_TRY_ASSIGN(action, action_of(commit, file));
    actions.push_back(std::move(action));
  }
  json body = {{"branch", commit.branch},
               {"commit_message", commit.message},
               {"author_name", commit.author_name},
               {"author_email", commit.author_email},
               {"actions", actions}};
  if (commit.new_branch) {
    body["start_sha"] = commit.tip;
  }
  Answer answer;
  SLUICE_TRY_ASSIGN(answer,
                    caller_.call("POST", project() + "/repository/commits", body, Repeat::unsafe));
  if (answer.status == 201) {
    return Committed{.said = Said::done, .commit = text_of(answer.body, "id")};
  }
  const Error why = caller_.failure("making the commit", answer);
  // 400 stands for a changed file, a branch that is there already, and a hook's no: who asks looks
  // at the branch.
  return Committed{.said = answer.status == 400 ? Said::moved : Said::refused,
                   .message = why.message};
}

}  // namespace sluice::forge

// SPDX-License-Identifier: Apache-2.0
#include "forge/comment_thread.hpp"

#include "forge/apis.hpp"
#include "forge/comment.hpp"

namespace sluice::forge {

using nlohmann::json;

namespace {

constexpr unsigned most_pages = 100;  ///< 10,000 comments

const json& member(const json& object, const char* name) {
  static const json nothing;
  const auto found = object.is_object() ? object.find(name) : object.end();
  return object.is_object() && found != object.end() ? *found : nothing;
}

}  // namespace

Error refusal(const Caller& caller, const std::string& what, const Answer& answer) {
  Error error = caller.failure(what, answer);
  if (answer.status == 403) {
    error.kind = Error::Kind::unsupported;
  } else if (answer.status == 429 || answer.status >= 500) {
    error.kind = Error::Kind::io;
  }
  return error;
}

Result<std::vector<json>> list_pages(Caller& caller, const std::string& path) {
  std::vector<json> items;
  std::string next = path;
  for (unsigned page = 0; !next.empty(); ++page) {
    if (page == most_pages) {
      return Error{Error::Kind::limit, caller.name() + ": the list " + path + " does not end"};
    }
    Answer answer;
    SLUICE_TRY_ASSIGN(answer, caller.call("GET", next, nullptr, Repeat::safe));
    if (answer.status != 200 || !answer.body.is_array()) {
      return refusal(caller, "reading a list", answer);
    }
    items.insert(items.end(), answer.body.begin(), answer.body.end());
    next = answer.next;
  }
  return items;
}

Thread::Thread(Caller& caller, std::string pull_request)
    : caller_(caller), pull_request_(std::move(pull_request)) {}

std::string Thread::pull_request() const {
  const std::string& path = caller_.project().path;
  const std::string number = segment(pull_request_);
  return is_github() ? "/repos/" + path + "/pulls/" + number
                     : "/projects/" + segment(path) + "/merge_requests/" + number;
}

std::string Thread::comments() const {
  return is_github() ? "/repos/" + caller_.project().path + "/issues/" + segment(pull_request_) +
                           "/comments"
                     : pull_request() + "/notes";
}

std::string Thread::comment(std::uint64_t id) const {
  return is_github() ? "/repos/" + caller_.project().path + "/issues/comments/" + std::to_string(id)
                     : comments() + '/' + std::to_string(id);
}

Comment Thread::read(const json& item) const {
  const json& id = member(item, "id");
  return {.id = id.is_number_unsigned() ? id.get<std::uint64_t>() : 0,
          .author = is_github() ? text_of(member(item, "user"), "login")
                                : text_of(member(item, "author"), "username"),
          .body = text_of(item, "body"),
          .url = text_of(item, "html_url")};
}

Result<std::string> Thread::self() {
  // GitHub answers GET /user with 403 for the token of a workflow or an app; GraphQL knows both.
  Answer answer;
  std::string login;
  if (is_github()) {
    SLUICE_TRY_ASSIGN(answer,
                      caller_.call("POST", graphql_of(caller_.project()),
                                   {{"query", "query { viewer { login } }"}}, Repeat::safe));
    login = text_of(member(member(answer.body, "data"), "viewer"), "login");
  }
  if (login.empty()) {
    SLUICE_TRY_ASSIGN(answer, caller_.call("GET", "/user", nullptr, Repeat::safe));
    login = text_of(answer.body, is_github() ? "login" : "username");
  }
  if (!login.empty()) {
    return login;
  }
  Error error = refusal(caller_, "asking whose token this is", answer);
  error.message += "; --author says it";
  return error;
}

Result<std::string> Thread::head() {
  Answer answer;
  SLUICE_TRY_ASSIGN(answer, caller_.call("GET", pull_request(), nullptr, Repeat::safe));
  return is_github() ? text_of(member(answer.body, "head"), "sha") : text_of(answer.body, "sha");
}

Result<std::vector<Comment>> Thread::list() {
  std::vector<json> items;
  SLUICE_TRY_ASSIGN(
      items, list_pages(caller_, comments() + (is_github() ? "?per_page=100"
                                                           : "?per_page=100&sort=asc&order_by="
                                                             "created_at")));
  std::vector<Comment> out;
  for (const json& item : items) {
    out.push_back(read(item));
  }
  return out;
}

Result<Comment> Thread::create(const std::string& body) {
  Answer answer;
  SLUICE_TRY_ASSIGN(answer, caller_.call("POST", comments(), {{"body", body}}, Repeat::unsafe));
  if (answer.status != 201) {
    return refusal(caller_, "making the comment", answer);
  }
  return read(answer.body);
}

Result<Thread::Change> Thread::update(std::uint64_t id, const std::string& body) {
  Answer answer;
  SLUICE_TRY_ASSIGN(answer, caller_.call(is_github() ? "PATCH" : "PUT", comment(id),
                                         {{"body", body}}, Repeat::safe));
  if (answer.status == 404) {
    return Change::gone;
  }
  if (answer.status != 200) {
    return refusal(caller_, "updating the comment", answer);
  }
  return Change::done;
}

Result<Thread::Change> Thread::remove(std::uint64_t id) {
  Answer answer;
  SLUICE_TRY_ASSIGN(answer, caller_.call("DELETE", comment(id), nullptr, Repeat::safe));
  if (answer.status == 404) {
    return Change::gone;
  }
  if (answer.status != 204) {
    return refusal(caller_, "deleting a comment", answer);
  }
  return Change::done;
}

Result<std::vector<std::string>> pull_requests_of(const http::Client& client,
                                                  const Project& project,
                                                  const Access& access,
                                                  const Head& head) {
  Caller caller(client, project, access);
  std::vector<json> found;
  SLUICE_TRY_ASSIGN(
      found, list_pages(caller, "/repos/" + project.path + "/pulls?state=open&per_page=100&head=" +
                                    segment(head.owner) + ':' + segment(head.branch)));
  std::vector<std::string> numbers;
  for (const json& pull : found) {
    if (!head.commit.empty() && text_of(member(pull, "head"), "sha") == head.commit) {
      numbers.push_back(number_of(pull, "number"));
    }
  }
  return numbers;
}

}  // namespace sluice::forge

// SPDX-License-Identifier: Apache-2.0
#include "base/base64.hpp"
#include "base/json_text.hpp"
#include "base/text.hpp"
#include "model/mlflow.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <thread>

namespace sluice::model::mlflow {
namespace {

using std::chrono::steady_clock;

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

/// Waits that a server may be asked to recover from, as MLflow's own client has them.
bool is_passing(int status) {
  constexpr std::array passing = {408, 429, 500, 502, 503, 504};
  return std::ranges::find(passing, status) != passing.end();
}

std::string without_query(const std::string& path) {
  return text::printable(path.substr(0, path.find('?')));
}

}  // namespace

Result<Server> server(const std::string& url) {
  Server out{.url = url.empty() ? variable("MLFLOW_TRACKING_URI") : url};
  while (out.url.ends_with('/')) {
    out.url.pop_back();
  }
  if (!out.url.starts_with("http://") && !out.url.starts_with("https://")) {
    return Error{Error::Kind::usage,
                 "--mlflow (or MLFLOW_TRACKING_URI) must be an http or https address"};
  }
  const std::size_t host = out.url.find("://") + 3;
  if (out.url.substr(host, out.url.find('/', host) - host).find('@') != std::string::npos) {
    return Error{Error::Kind::usage,
                 "the address of MLflow holds a user name; use MLFLOW_TRACKING_USERNAME and "
                 "MLFLOW_TRACKING_PASSWORD"};
  }
  if (const auto insecure = text::to_lower(variable("MLFLOW_TRACKING_INSECURE_TLS"));
      !insecure.empty() && insecure != "false" && insecure != "0") {
    return Error{Error::Kind::usage,
                 "MLFLOW_TRACKING_INSECURE_TLS is not supported; give the server's authority with "
                 "MLFLOW_TRACKING_SERVER_CERT_PATH"};
  }
  out.ca_file = variable("MLFLOW_TRACKING_SERVER_CERT_PATH");
  const std::string token = variable("MLFLOW_TRACKING_TOKEN");
  const std::string user = variable("MLFLOW_TRACKING_USERNAME");
  if (!user.empty()) {  // MLflow's client prefers it too
    out.headers.push_back(
        {"Authorization",
         "Basic " + base64_encode(user + ':' + variable("MLFLOW_TRACKING_PASSWORD"))});
  } else if (!token.empty()) {
    out.headers.push_back({"Authorization", "Bearer " + token});
  }
  return out;
}

Session::Session(const http::Client& client, Server server, Patience patience)
    : client_(client),
      server_(std::move(server)),
      patience_(patience),
      end_(steady_clock::now() + patience.total) {}

Result<Session::Reply> Session::ask(std::string_view method,
                                    const std::string& path,
                                    const std::string& body) {
  http::Request request{.method = std::string(method),
                        .url = server_.url + path,
                        .headers = server_.headers,
                        .body = body,
                        .ca_file = server_.ca_file};
  if (!body.empty()) {
    request.headers.push_back({"Content-Type", "application/json"});
  }
  http::use_environment(request);
  auto pause = patience_.pause;
  for (unsigned left = patience_.tries;; --left) {
    const auto rest =
        std::chrono::duration_cast<std::chrono::milliseconds>(end_ - steady_clock::now());
    if (rest.count() <= 0) {
      return Error{Error::Kind::io, "MLflow: no time left for " + without_query(path)};
    }
    request.timeout = std::min<std::chrono::milliseconds>(rest, std::chrono::seconds(20));
    auto response = client_.send(request);
    const bool lost = !response && response.error().kind == Error::Kind::io;
    if (left <= 1 || rest <= pause || (!lost && (!response || !is_passing(response->status)))) {
      if (!response) {
        return in_context("MLflow", std::move(response.error()));
      }
      const bool is_json = response->header("content-type").starts_with("application/json");
      return Reply{response->status, std::move(response->body), is_json};
    }
    std::this_thread::sleep_for(pause);
    pause *= 2;
  }
}

Error Session::refusal(const Reply& reply, const std::string& path) const {
  const std::string where = "MLflow: " + without_query(path) + ": ";
  const std::string status = std::to_string(reply.status);
  if (reply.status == 401) {
    return {Error::Kind::usage, where +
                                    "401, the server does not know who asks: set "
                                    "MLFLOW_TRACKING_USERNAME and _PASSWORD, or _TOKEN"};
  }
  if (reply.status == 403) {
    const bool is_host = reply.body.find("Invalid Host header") != std::string::npos;
    return {Error::Kind::usage,
            where + (is_host ? "403, the server does not serve this host name (its --allowed-hosts)"
                             : "403, permission denied")};
  }
  if (is_passing(reply.status)) {
    return {Error::Kind::io, where + status + ", the server is out of order"};
  }
  auto error = reply.is_json ? yaml::parse_value(reply.body, "answer.json")
                             : Result<yaml::Value>(Error{Error::Kind::parse, ""});
  if (!error || error->text_at({"error_code"}).empty()) {
    return {Error::Kind::io, where + status + ", and the answer is none of MLflow's"};
  }
  const std::string_view code = error->text_at({"error_code"});
  return {code == "RESOURCE_DOES_NOT_EXIST" ? Error::Kind::not_found : Error::Kind::usage,
          where + status + ' ' + text::printable(code, 80) + ": " +
              text::printable(error->text_at({"message"}))};
}

Result<yaml::Value> Session::json(std::string_view method,
                                  const std::string& path,
                                  const std::string& body) {
  Reply reply;
  SLUICE_TRY_ASSIGN(reply, ask(method, path, body));
  if (reply.status != 200) {
    return refusal(reply, path);
  }
  if (!reply.is_json) {
    return Error{Error::Kind::io,
                 "MLflow: " + without_query(path) + ": 200, and the answer is no JSON"};
  }
  yaml::Value value;
  SLUICE_TRY_ASSIGN(value, yaml::parse_value(std::move(reply.body), "MLflow's answer.json"));
  if (!value.is_mapping()) {
    return Error{Error::Kind::io,
                 "MLflow: " + without_query(path) + ": 200, and the answer is no object"};
  }
  return value;
}

namespace {

/// Percent-encoded for one value of a query; unlike a path's, '/' and '+' too.
std::string in_query(std::string_view value) {
  std::string out;
  for (const char c : value) {
    out += c == '/' ? "%2F" : c == '+' ? "%2B" : text::percent_encode({&c, 1});
  }
  return out;
}

std::string object(std::initializer_list<std::pair<std::string_view, std::string_view>> members) {
  std::string out;
  for (const auto& [key, value] : members) {
    out += out.empty() ? "{" : ",";
    text::append_json_string(key, out);
    out += ':';
    text::append_json_string(value, out);
  }
  return out + '}';
}

constexpr std::string_view api = "/api/2.0/mlflow/";

Version version_of(const yaml::Value& value) {
  Version out{.name = std::string(value.text_at({"name"})),
              .version = std::string(value.text_at({"version"})),
              .run_id = std::string(value.text_at({"run_id"})),
              .source = std::string(value.text_at({"source"})),
              .status = std::string(value.text_at({"status"})),
              .tags = {}};
  if (const auto* tags = value.find("tags"); tags != nullptr) {
    for (const yaml::Value& tag : tags->items) {
      out.tags.emplace_back(tag.text_at({"key"}), tag.text_at({"value"}));
    }
  }
  return out;
}

Status check_version(const Version& version, const std::string& model) {
  const std::string shown = text::printable(model) + " version " + text::printable(version.version);
  if (version.name != model || version.version.empty()) {
    return Error{Error::Kind::io,
                 "MLflow answered with a version of another model than " + text::printable(model)};
  }
  if (version.run_id.empty()) {
    return Error{Error::Kind::parse, shown + " belongs to no run, so nothing is known of it"};
  }
  if (version.status != "READY") {
    return Error{Error::Kind::parse,
                 shown + " is " + text::printable(version.status) + ", not READY"};
  }
  return ok;
}

}  // namespace

Result<std::optional<Version>> Session::by_alias(const std::string& model,
                                                 const std::string& alias) {
  const std::string path = std::string(api) + "registered-models/alias?name=" + in_query(model) +
                           "&alias=" + in_query(alias);
  Reply reply;
  SLUICE_TRY_ASSIGN(reply, ask("GET", path, {}));
  if (reply.status == 400 && reply.is_json) {
    const auto error = yaml::parse_value(reply.body, "answer.json");
    if (error && error->text_at({"error_code"}) == "INVALID_PARAMETER_VALUE" &&
        error->text_at({"message"}) == "Registered model alias " + alias + " not found.") {
      return std::optional<Version>();
    }
  }
  if (reply.status != 200) {
    return refusal(reply, path);
  }
  const auto value = yaml::parse_value(std::move(reply.body), "MLflow's answer.json");
  const yaml::Value* const found = value ? value->find("model_version") : nullptr;
  if (found == nullptr) {
    return Error{Error::Kind::io, "MLflow: " + without_query(path) + ": 200 without a version"};
  }
  Version version = version_of(*found);
  SLUICE_TRY(check_version(version, model));
  return std::optional(std::move(version));
}

Result<Version> Session::of_run(const std::string& model, const std::string& run_id) {
  yaml::Value answer;
  SLUICE_TRY_ASSIGN(answer,
                    json("GET", std::string(api) + "model-versions/search?filter=" +
                                    in_query("run_id='" + run_id + "'") + "&max_results=100"));
  std::vector<Version> found;
  if (const auto* versions = answer.find("model_versions"); versions != nullptr) {
    for (const yaml::Value& value : versions->items) {
      if (Version version = version_of(value); version.name == model && version.run_id == run_id) {
        found.push_back(std::move(version));
      }
    }
  }
  if (found.size() != 1) {
    return Error{Error::Kind::not_found, "run " + text::printable(run_id) + " has " +
                                             std::to_string(found.size()) + " versions of " +
                                             text::printable(model) + ", and must have one"};
  }
  SLUICE_TRY(check_version(found[0], model));
  return std::move(found[0]);
}

Status Session::set_alias(const std::string& model,
                          const std::string& alias,
                          const std::string& version) {
  SLUICE_TRY(json("POST", std::string(api) + "registered-models/alias",
                  object({{"name", model}, {"alias", alias}, {"version", version}})));
  return ok;
}

Status Session::tag(const Version& version, const std::string& key, const std::string& value) {
  SLUICE_TRY(json(
      "POST", std::string(api) + "model-versions/set-tag",
      object(
          {{"name", version.name}, {"version", version.version}, {"key", key}, {"value", value}})));
  return ok;
}

}  // namespace sluice::model::mlflow

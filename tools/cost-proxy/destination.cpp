// SPDX-License-Identifier: Apache-2.0
#include "cost-proxy/destination.hpp"

#include "base/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>

namespace sluice::cost_proxy {
namespace {

using Json = nlohmann::json;

const std::string& first_of(const std::string& a, const std::string& b) {
  return a.empty() ? b : a;
}

std::optional<std::uint64_t> whole(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(value)
                                                                  : std::nullopt;
}

/// A member of an event by its place, as text; empty when it is not there.
std::string at(const Json& event, const char* place) {
  const Json::json_pointer pointer(place);
  if (!event.contains(pointer)) {
    return "";
  }
  const Json& value = event.at(pointer);
  return value.is_string()            ? value.get<std::string>()
         : value.is_number_unsigned() ? value.dump()
                                      : "";
}

/// "17", "17.2". Errors (usage).
Status read_run(const std::string& text, forge::Stamp& stamp) {
  const std::size_t dot = std::min(text.find('.'), text.size());
  const auto run = whole(std::string_view(text).substr(0, dot));
  const auto attempt = dot == text.size() ? 0 : whole(std::string_view(text).substr(dot + 1));
  if (!run || !attempt) {
    return Error{Error::Kind::usage, "--run " + text::printable(text) + " is no number of a run"};
  }
  stamp.run = *run;
  stamp.attempt = *attempt;
  return ok;
}

/// What the CI system says; the flags come later.
struct Known {
  std::string api, project, pull_request, commit, run;
  std::optional<forge::Head> head;
};

Known from_github(const Environment& environment, const std::string& text) {
  Known known{.api = first_of(environment("GITHUB_API_URL"), "https://api.github.com"),
              .project = environment("GITHUB_REPOSITORY"),
              .run = environment("GITHUB_RUN_NUMBER")};
  std::string attempt = environment("GITHUB_RUN_ATTEMPT");
  const Json event = Json::parse(text, nullptr, false);
  if (const std::string commit = at(event, "/workflow_run/head_sha"); !commit.empty()) {
    // The run that computed counts: runs that post may end in another order.
    known.run = at(event, "/workflow_run/run_number");
    attempt = at(event, "/workflow_run/run_attempt");
    known.commit = commit;
    known.head = forge::Head{.owner = at(event, "/workflow_run/head_repository/owner/login"),
                             .branch = at(event, "/workflow_run/head_branch"),
                             .commit = commit};
  } else {
    known.pull_request = at(event, "/pull_request/number");
    known.commit = at(event, "/pull_request/head/sha");
  }
  if (!known.run.empty() && !attempt.empty()) {
    known.run += '.' + attempt;
  }
  return known;
}

Known from_gitlab(const Environment& environment) {
  // In merged results pipelines CI_COMMIT_SHA is a merge that is in no branch.
  return {.api = environment("CI_API_V4_URL"),
          .project = first_of(environment("CI_MERGE_REQUEST_PROJECT_PATH"),
                              environment("CI_PROJECT_PATH")),
          .pull_request = environment("CI_MERGE_REQUEST_IID"),
          .commit = first_of(environment("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA"),
                             environment("CI_COMMIT_SHA")),
          .run = environment("CI_PIPELINE_ID"),
          .head = std::nullopt};
}

}  // namespace

Result<std::string> provider_of(const Whereto& flags, const Environment& environment) {
  if (!flags.provider.empty()) {
    return flags.provider;
  }
  if (environment("GITHUB_ACTIONS") == "true") {
    return std::string("github");
  }
  if (environment("GITLAB_CI") == "true") {
    return std::string("gitlab");
  }
  return Error{Error::Kind::usage,
               "it is not known where to post: say --provider github or --provider gitlab"};
}

Result<Destination> destination(const Whereto& flags,
                                const Environment& environment,
                                const std::string& event) {
  std::string provider;
  SLUICE_TRY_ASSIGN(provider, provider_of(flags, environment));
  const Known known =
      provider == "github" ? from_github(environment, event) : from_gitlab(environment);
  Destination out;
  SLUICE_TRY_ASSIGN(out.project,
                    forge::project_of("", {.kind = provider,
                                           .api = first_of(flags.forge_url, known.api),
                                           .project = first_of(flags.project, known.project)}));
  out.pull_request = first_of(flags.pull_request, known.pull_request);
  if (out.pull_request.empty()) {
    out.head = known.head;
  }
  if (!out.head && !whole(out.pull_request)) {
    return Error{Error::Kind::usage,
                 out.pull_request.empty()
                     ? "it is not known which pull request to post to: say --pull-request N"
                     : "--pull-request " + text::printable(out.pull_request) + " is no number"};
  }
  out.stamp.commit = first_of(flags.commit, known.commit);
  if (const std::string& run = first_of(flags.run, known.run); !run.empty()) {
    SLUICE_TRY(read_run(run, out.stamp));
  }
  return out;
}

}  // namespace sluice::cost_proxy

// SPDX-License-Identifier: Apache-2.0
#include "cost-proxy/post.hpp"

#include "base/text.hpp"
#include "cost-proxy/comment.hpp"
#include "cost-proxy/read_report.hpp"
#include "cost-proxy/tables.hpp"
#include "http/helper.hpp"
#include "io/files.hpp"
#include "proc/runner.hpp"

#include <cstdlib>
#include <ostream>

namespace sluice::cost_proxy {
namespace {

constexpr std::uint64_t largest_report = std::uint64_t{64} << 20U;
constexpr std::uint64_t largest_event = std::uint64_t{16} << 20U;

std::string environment_variable(const char* name) {
  const char* const value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): before any thread
  return value == nullptr ? std::string() : std::string(value);
}

/// SLUICE_FORGE_TOKEN, else the variable that people use with this forge. Errors (usage).
Result<std::string> token_for(forge::Kind kind) {
  const char* usual = kind == forge::Kind::github ? "GITHUB_TOKEN" : "GITLAB_TOKEN";
  const std::string own = environment_variable("SLUICE_FORGE_TOKEN");
  const std::string token(text::trim(own.empty() ? environment_variable(usual) : own));
  if (token.find_first_of("\r\n") != std::string::npos) {
    return Error{Error::Kind::usage, "the token holds a line break"};
  }
  return token;
}

std::string text_of(const forge::Posting& posting) {
  switch (posting.what) {
    case forge::Posted::created:
      return "created the comment";
    case forge::Posted::updated:
      return "updated the comment";
    case forge::Posted::unchanged:
      return "the comment is up to date";
    case forge::Posted::removed:
      return "removed the comment: nothing changes";
    case forge::Posted::absent:
      return "nothing changes, and there is no comment";
    case forge::Posted::superseded:
      break;
  }
  return "left to a newer run";
}

/// Failures that are no fault of the change, and that no second look would mend.
bool is_soft(const Error& error) {
  return error.kind == Error::Kind::unsupported || error.kind == Error::Kind::io;
}

diag::Finding not_posted(const std::string& why) {
  return {.code = "cost/not-posted",
          .severity = diag::Severity::warning,
          .message = "the comment was not posted: " + why,
          .hint =
              "runs for forks get tokens that only read: let a workflow_run workflow post "
              "(docs/posting.md)"};
}

Result<std::string> event_of(const Whereto& whereto) {
  const std::string path = environment_variable("GITHUB_EVENT_PATH");
  const auto provider = provider_of(whereto, environment_variable);
  if (path.empty() || !provider || *provider != "github") {
    return std::string();
  }
  return io::read_file(path, largest_event);
}

forge::Sticky sticky_of(const PostOptions& options,
                        const Destination& to,
                        const cost::Report& change) {
  using Sticky = forge::Sticky;
  const bool quiet = !says_something(change);
  return {.pull_request = to.pull_request,
          .tool = "cost-proxy",
          .key = options.key,
          .stamp = to.stamp,
          .text = comment(change,
                          to.project.kind == forge::Kind::github ? github_comment : gitlab_comment),
          .author = options.author,
          .absent = quiet && options.on_no_change == "update" ? Sticky::Absent::leave
                                                              : Sticky::Absent::create,
          .wanted = quiet && options.on_no_change == "delete" ? Sticky::Wanted::gone
                                                              : Sticky::Wanted::there};
}

/// Asks the forge. What it said goes to `product`.
Status send(const PostOptions& options,
            Destination to,
            const cost::Report& change,
            std::ostream& product) {
  forge::Access access{.ca_file = options.ca_file,
                       .proxy = options.proxy,
                       .patience = options.patience,
                       .timeout = options.timeout};
  SLUICE_TRY_ASSIGN(access.token, token_for(to.project.kind));
  if (access.token.empty()) {
    return Error{Error::Kind::unsupported, "there is no token (SLUICE_FORGE_TOKEN)"};
  }
  const auto runner = proc::make_runner();
  const auto client = http::make_helper_client(*runner);
  if (to.head) {
    std::vector<std::string> numbers;
    SLUICE_TRY_ASSIGN(numbers, forge::pull_requests_of(*client, to.project, access, *to.head));
    if (numbers.empty()) {
      product << "no open pull request has " << text::printable(to.head->commit, 64)
              << " as its newest commit: nothing to post\n";
      return ok;
    }
    to.pull_request = numbers.front();
  }
  forge::Posting posting;
  SLUICE_TRY_ASSIGN(posting,
                    forge::post(*client, to.project, access, sticky_of(options, to, change)));
  product << text_of(posting);
  if (posting.duplicates != 0 && posting.what != forge::Posted::removed) {
    product << ", and took " << text::counted(posting.duplicates, "duplicate") << " away";
  }
  product << (posting.url.empty() ? "" : ": " + text::printable(posting.url, 500)) << '\n';
  return ok;
}

}  // namespace

Result<diag::Report> post(const PostOptions& options,
                          const cli::Common& /*common*/,
                          std::ostream& product) {
  if (options.from.empty()) {
    return Error{Error::Kind::usage, "post needs --from FILE, which diff --format json wrote"};
  }
  std::string text;
  SLUICE_TRY_ASSIGN(text, options.from == "-" ? io::read_stdin(largest_report)
                                              : io::read_file(options.from, largest_report));
  auto change = read_report(text);
  if (!change) {
    return in_context(text::printable(options.from), std::move(change.error()));
  }
  std::string event;
  SLUICE_TRY_ASSIGN(event, event_of(options.whereto));
  Destination to;
  SLUICE_TRY_ASSIGN(to, destination(options.whereto, environment_variable, event));
  diag::Report report;
  if (options.dry_run) {
    const auto sticky = sticky_of(options, to, *change);
    product << forge::marker(sticky.tool, sticky.key, sticky.stamp) << '\n' << sticky.text;
    return report;
  }
  if (auto sent = send(options, std::move(to), *change, product); !sent) {
    if (!is_soft(sent.error()) || options.post_failure == "fail") {
      return std::move(sent.error());
    }
    report.findings.push_back(not_posted(sent.error().message));
  }
  return report;
}

}  // namespace sluice::cost_proxy

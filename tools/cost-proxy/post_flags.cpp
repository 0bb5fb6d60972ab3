// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "cli/set.hpp"
#include "cost-proxy/post.hpp"

#include <charconv>
#include <memory>

namespace sluice::cost_proxy {
namespace {

using cli::Arity;
using cli::into;

std::function<Status(const std::string&)> into_seconds(std::chrono::seconds& target) {
  return [&target](const std::string& value) -> Status {
    unsigned seconds = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), seconds);
    if (error != std::errc{} || end != value.data() + value.size() || seconds > 3600) {
      return Error{Error::Kind::usage,
                   text::printable(value) + " is no number of seconds up to 3600"};
    }
    target = std::chrono::seconds(seconds);
    return ok;
  };
}

/// Where to; the CI system knows most of it.
void add_whereto(std::vector<cli::Flag>& flags, Whereto& to) {
  flags.insert(
      flags.end(),
      {{"provider",
        0,
        Arity::one,
        "NAME",
        "The forge (default: the one whose CI this is)",
        into(to.provider),
        {"github", "gitlab"}},
       {"forge-url", 0, Arity::one, "URL",
        "The forge's API (default: GITHUB_API_URL or CI_API_V4_URL)", into(to.forge_url)},
       {"project", 0, Arity::one, "PATH",
        "The project (default: GITHUB_REPOSITORY, or the merge request's)", into(to.project)},
       {"pull-request", 0, Arity::one, "N",
        "The pull or merge request (default: that of the event; of a workflow_run event, the one "
        "whose newest commit was looked at)",
        into(to.pull_request)},
       {"commit", 0, Arity::one, "ID",
        "The commit that the report speaks of (default: the CI system's); a run that a later push "
        "has overtaken changes no comment",
        into(to.commit)},
       {"run", 0, Arity::one, "N[.ATTEMPT]",
        "Which run this is (default: the CI system's number); a newer run's comment stays",
        into(to.run)}});
}

std::vector<cli::Flag> flags(PostOptions& options) {
  std::vector<cli::Flag> out = {{"from", 0, Arity::one, "FILE",
                                 "Post this report of diff --format json; - reads it",
                                 into(options.from)}};
  add_whereto(out, options.whereto);
  out.insert(
      out.end(),
      {{"key", 0, Arity::one, "NAME",
        "Keep a comment of its own for each name, as for each leg of a matrix (default: default)",
        into(options.key)},
       {"author", 0, Arity::one, "LOGIN",
        "Whose comments are ours (default: the owner of the token)", into(options.author)},
       {"on-no-change",
        0,
        Arity::one,
        "WHAT",
        "When nothing changes: update a comment that is there (default), post one in any case, or "
        "delete it",
        into(options.on_no_change),
        {"update", "post", "delete"}},
       {"post-failure",
        0,
        Arity::one,
        "WHAT",
        "When the token may not write, or the forge does not answer: warn (default), or fail with "
        "2",
        into(options.post_failure),
        {"warn", "fail"}},
       {"ca-file", 0, Arity::one, "FILE",
        "Trust these authorities (default: SSL_CERT_FILE, else "
        "the system's)",
        into(options.ca_file)},
       {"proxy", 0, Arity::one, "URL",
        "Ask through this proxy; auto (default) as HTTPS_PROXY and NO_PROXY say",
        into(options.proxy)},
       {"timeout", 0, Arity::one, "SECONDS", "Give a request up after this time (30)",
        into_seconds(options.timeout)},
       {"patience", 0, Arity::one, "SECONDS",
        "Wait this long, all together, for limits and for a forge that is down (120)",
        into_seconds(options.patience)},
       {"dry-run", 0, Arity::switch_on, "", "Print the comment, and ask nobody",
        cli::turn_on(options.dry_run)}});
  return out;
}

}  // namespace

cli::Command post_command() {
  const auto options = std::make_shared<PostOptions>();
  return {.name = "post",
          .synopsis = "--from FILE [--provider github|gitlab] [--pull-request N]",
          .help =
              "Puts a report of diff on its pull request, as one comment that later runs update. "
              "The token comes from SLUICE_FORGE_TOKEN, else GITHUB_TOKEN or GITLAB_TOKEN. The "
              "report may come from a fork's run: it is read as hostile, and says neither where "
              "it goes nor as whom.",
          .flags = flags(*options),
          .run = [options](const cli::Common& common, std::ostream& product) {
            return post(*options, common, product);
          }};
}

}  // namespace sluice::cost_proxy

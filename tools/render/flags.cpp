// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "base/time.hpp"
#include "cli/baseline.hpp"
#include "cli/limits.hpp"
#include "cli/set.hpp"
#include "render/options.hpp"
#include "render/run.hpp"

namespace sluice::render {
namespace {

using cli::Arity;
using cli::into;

/// "30s", "2m"; a program that may run for longer than a day is as good as unbounded.
Result<std::chrono::milliseconds> read_timeout(const std::string& text) {
  const auto duration = time::parse_duration(text);
  if (!duration || duration->count() == 0 || *duration > std::chrono::days(1)) {
    return Error{Error::Kind::usage,
                 '"' + text::printable(text) + "\" is no duration such as 30s or 2m"};
  }
  return std::chrono::milliseconds(*duration);
}

}  // namespace

cli::Tool describe(Options& o) {
  cli::Command command{.synopsis = "[ROOT] [--env E]... [--unit GLOB]... [--out DIR]",
                       .help =
                           "Renders everything that a GitOps repository delivers (Helm charts, "
                           "Kustomize overlays and plain manifests, behind Argo CD, Flux or a "
                           "plain layout) and writes the objects with where they come from. A unit "
                           "that cannot be rendered is no verdict (exit 2) unless --allow-skips."};
  command.flags = {
      {.name = "env",
       .arity = Arity::list,
       .value = "NAME",
       .help = "Write only these environments",
       .set = into(o.environments)},
      {.name = "unit",
       .arity = Arity::repeatable,
       .value = "GLOB",
       .help = "Write only units whose name matches",
       .set = into(o.units)},
      {.name = "out",
       .value = "DIR",
       .help = "Write one stream for each environment, all.yaml and index.json into DIR",
       .set = into(o.out)},
      {.name = "index",
       .value = "FILE",
       .help = "Write to FILE what every unit and every file of the repository became",
       .set = into(o.index)},
      {.name = "repository-url",
       .arity = Arity::repeatable,
       .value = "URL",
       .help = "Take URL for this repository's own address, as repository.urls in sluice.yaml; for "
               "a tree without .git",
       .set = into(o.repository_urls)},
      {.name = "changed-since",
       .value = "REV|DIR",
       .help =
           "Render only the units that changes since a revision (or to another tree, /x or ./x) "
           "can affect; the stream is a part and says so",
       .set = into(o.changed_since)},
      {.name = "probe-since",
       .value = "REV|DIR",
       .help = "Render everything, but look for unread and unstable values only where "
               "--changed-since would render",
       .set = into(o.probe_since)},
      {.name = "no-probes",
       .arity = Arity::switch_on,
       .help = "Do not look for values that nothing reads or that are never the same",
       .set = cli::turn_off(o.probes)},
      {.name = "kube-version",
       .value = "X.Y.Z",
       .help = "Render for this Kubernetes version; wins over sluice.yaml",
       .set = into(o.kube_version)},
      {.name = "api-versions",
       .arity = Arity::list,
       .value = "GROUP/VERSION",
       .help = "Render for a cluster that has this API besides the built-in ones",
       .set = into(o.api_versions)},
      {.name = "cache",
       .value = "DIR|off",
       .help = "Keep renders in DIR and reuse them (default off)",
       .set = into(o.cache)},
      {.name = "cache-size",
       .value = "SIZE",
       .help = "Keep DIR below this: what was not used for longest goes first (2Gi)",
       .set = [&o](const std::string& value) -> Status {
         SLUICE_TRY_ASSIGN(o.cache_size, cli::parse_size("cache-size", value));
         return ok;
       }},
      {.name = "cache-url",
       .value = "URL",
       .help = "Ask this HTTP store for what DIR has not: URL/ac/KEY, as bazel-remote and ccache",
       .set = into(o.cache_url)},
      {.name = "cache-push",
       .arity = Arity::switch_on,
       .help = "Store what is rendered there, too; not for jobs that run before a review",
       .set = cli::turn_on(o.cache_push)},
      {.name = "locked",
       .arity = Arity::switch_on,
       .help = "Refuse charts that render.lock does not pin (not built yet: exit 2)",
       .set = cli::turn_on(o.locked)},
      {.name = "allow-skips",
       .arity = Arity::switch_on,
       .help = "Report what cannot be rendered here instead of ending with 2",
       .set =
           [&o](const std::string&) {
             o.skips = Skips::allow;
             return ok;
           }},
      {.name = "unstable",
       .value = "fail|warn|mask",
       .help = "Refuse, report or blank out what a chart renders differently each time; wins "
               "over sluice.yaml (warn)",
       .set = into(o.unstable),
       .choices = {"fail", "warn", "mask"}},
      {.name = "helm-timeout",
       .value = "TIME",
       .help = "Stop a run of helm or kustomize after this time (60s)",
       .set = into(o.timeout, read_timeout)},
      {.name = "max-output",
       .value = "SIZE",
       .help = "Refuse what prints more than this in one run (64Mi)",
       .set = [&o](const std::string& value) -> Status {
         SLUICE_TRY_ASSIGN(o.max_output, cli::parse_size("max-output", value));
         return ok;
       }},
  };
  cli::add_baseline_flags(o.living_with, command.flags);
  cli::add_limit_flags(o.limits, command.flags, "Refuse larger files of the repository (64Mi)");
  command.run = [&o](const cli::Common& common, std::ostream& product) {
    return run(o, common, product);
  };
  return {.name = "sluice-render",
          .summary = "Prints the objects that a GitOps repository delivers, for each environment",
          .product = cli::Product::data,
          .commands = {std::move(command)},
          .examples =
              "# what reaches production, to any other tool\n"
              "sluice-render --env prod . | grep -c '^kind: Deployment'\n"
              "# one stream for each environment, and what became of every file\n"
              "sluice-render --out /tmp/render .\n"};
}

}  // namespace sluice::render

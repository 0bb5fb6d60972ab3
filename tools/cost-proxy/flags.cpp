// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "cli/baseline.hpp"
#include "cli/limits.hpp"
#include "cli/set.hpp"
#include "cost-proxy/post.hpp"
#include "cost-proxy/run.hpp"

#include <charconv>
#include <memory>

namespace sluice::cost_proxy {
namespace {

Status set_nodes(Options& options, const std::string& value) {
  std::int64_t nodes = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), nodes);
  if (error != std::errc{} || end != value.data() + value.size() || nodes < 0 ||
      nodes > 1'000'000) {
    return Error{Error::Kind::usage,
                 "--nodes " + text::printable(value) + " is no number of nodes"};
  }
  options.nodes = nodes;
  return ok;
}

Status set_unit(Options& options, const std::string& value) {
  if (value != "hourly" && value != "monthly") {
    return Error{Error::Kind::usage,
                 "--prices-unit " + text::printable(value) + " is neither hourly nor monthly"};
  }
  options.prices_unit = value;
  return ok;
}

std::vector<cli::Flag> flags(Options& options) {
  using cli::Arity;
  using cli::into;
  using cli::turn_on;
  return {
      {"base", 0, Arity::one, "STREAM",
       "Compare with this stream; without it there are totals and no change", into(options.base)},
      {"head", 0, Arity::one, "STREAM", "Count this stream: a file, a folder or -",
       into(options.head)},
      {"context", 0, Arity::repeatable, "PATH",
       "Look up runtimes, LimitRanges and autoscalers here too; nothing there is counted",
       into(options.context)},
      {"nodes", 0, Arity::one, "N",
       "Count DaemonSets for this many nodes; else they are shown for one node",
       [&options](const std::string& value) { return set_nodes(options, value); }},
      {"prices", 0, Arity::repeatable, "FILE",
       "Count money by OpenCost's custom pricing, JSON or CSV; what an earlier FILE prices stays",
       into(options.prices)},
      {"prices-unit", 0, Arity::one, "UNIT",
       "Take prices as hourly (OpenCost's file; the default) or monthly (its ConfigMap)",
       [&options](const std::string& value) { return set_unit(options, value); }},
      {"allow-empty", 0, Arity::switch_on, "", "Accept a stream without any object",
       turn_on(options.allow_empty)},
  };
}

}  // namespace

cli::Tool tool() {
  const auto options = std::make_shared<Options>();
  cli::Command command{
      .name = "diff",
      .synopsis =
          "--head STREAM [--base STREAM] [--context PATH]... [--prices FILE]... [--nodes N]",
      .help =
          "Counts what the workloads of a stream ask of the scheduler (every container, "
          "defaults of the namespace and of KServe's runtimes, replicas under autoscalers) "
          "and what a change adds to it. Prints Markdown for a pull request; with --format "
          "json the same as data. Without --base it says so, and counts the head alone.",
      .flags = flags(*options),
      .run = [options](const cli::Common& common, std::ostream& product) {
        return diff(*options, common, product);
      }};
  add_output_flags(options->outputs, command.flags);
  cli::add_baseline_flags(options->living_with, command.flags);
  cli::add_limit_flags(options->limits, command.flags);
  cli::add_partial_flag(options->limits, command.flags);
  return {.name = "sluice-cost-proxy",
          .summary = "Counts what a change asks of the cluster",
          .product = cli::Product::data,
          .commands = {std::move(command), post_command()},
          .examples =
              "# what the work tree asks for that main does not\n"
              "sluice-git export --rev main --out /tmp/main .\n"
              "sluice-render /tmp/main > /tmp/base.yaml\n"
              "sluice-render . > /tmp/head.yaml\n"
              "sluice-cost-proxy diff --base /tmp/base.yaml --head /tmp/head.yaml\n"
              "# totals of a folder, on a cluster of 12 nodes\n"
              "sluice-cost-proxy diff --head apps/ticket-router --nodes 12\n"};
}

}  // namespace sluice::cost_proxy

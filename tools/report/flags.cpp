// SPDX-License-Identifier: Apache-2.0
#include "cli/baseline.hpp"
#include "cli/limits.hpp"
#include "cli/set.hpp"
#include "report/commands.hpp"
#include "report/tool.hpp"

#include <memory>

namespace sluice::report {

namespace {

using cli::Arity;
using cli::Command;
using cli::Common;
using cli::Flag;

Flag text_flag(std::string_view name,
               std::string_view value,
               std::string_view help,
               std::string& target,
               std::vector<std::string_view> choices = {}) {
  return {name, 0, Arity::one, value, help, cli::into(target), std::move(choices)};
}

Command stages() {
  return {.name = "stages",
          .synopsis = "[ROOT]",
          .help =
              "Prints the stages of the chain, one a line, in order. The gates and promote are "
              "among them when sluice.yaml configures them.",
          .flags = {},
          .run = run_stages};
}

Command schema() {
  return {.name = "schema",
          .synopsis = "sluice|scan-gate|model-gate",
          .help =
              "Prints the JSON Schema of sluice.yaml, or of a policy of sluice-scan-gate (with its "
              "waivers) or sluice-model-gate, for editors.",
          .flags = {},
          .run = run_schema};
}

Command ledger() {
  const auto options = std::make_shared<LedgerOptions>();
  return {.name = "ledger",
          .synopsis = "--render FILE --validate FILE --policy FILE",
          .help =
              "Compares the ledgers of three stages: the same environments, units and objects, "
              "by digest. Whatever one of them did not see is a finding.",
          .flags = {text_flag("render", "FILE", "Read the ledger of sluice-render from FILE",
                              options->render),
                    text_flag("validate", "FILE", "Read the ledger of sluice-validate from FILE",
                              options->validate),
                    text_flag("policy", "FILE", "Read the ledger of sluice-policy-test from FILE",
                              options->policy),
                    {"allow-empty", 0, Arity::switch_on, "", "Accept ledgers without any object",
                     cli::turn_on(options->allow_empty)},
                    {"partial", 0, Arity::switch_on, "",
                     "Take the ledgers of sluice-render --changed-since",
                     cli::turn_on(options->partial)}},
          .run = [options](const Common&, std::ostream& product) {
            return run_ledger(*options, product);
          }};
}

Command diff() {
  const auto options = std::make_shared<DiffOptions>();
  Command command{
      .name = "diff",
      .synopsis = "--base STREAM --head STREAM",
      .help =
          "Prints the plan: what is added, removed and changed between two streams, for each "
          "environment and unit, field by field; values of Secrets are masked. A removed "
          "CustomResourceDefinition, Namespace, PersistentVolumeClaim or other cluster-scoped "
          "object is an error unless sluice.yaml acknowledges it.",
      .flags = {text_flag("base", "STREAM", "Compare with this stream", options->base),
                text_flag("head", "STREAM", "Compare this stream: what the change leads to",
                          options->head),
                text_flag("as", "FORM", "Print the plan as FORM (default markdown)", options->form,
                          {"markdown", "text", "json"}),
                text_flag("text", "FILE", "Write the plan as text to FILE, too", options->text)},
      .run = [options](const Common& common, std::ostream& product) {
        return run_diff(*options, common, product);
      }};
  cli::add_baseline_flags(options->living_with, command.flags);
  cli::add_limit_flags(options->limits, command.flags);
  return command;
}

Command loosened() {
  const auto options = std::make_shared<LoosenedOptions>();
  Command command{
      .name = "loosened",
      .synopsis = "--base DIR --head DIR",
      .help =
          "Says where a change loosens its own judge: what sluice.yaml, the policies and the "
          "baseline of the base demand and those of the head no longer do. An error, unless the "
          "base's sluice.yaml lists the section under mayLoosen; then a warning.",
      .flags = {text_flag("base", "DIR", "The repository at the base", options->base),
                text_flag("head", "DIR", "The repository with the change", options->head),
                text_flag("base-stream", "STREAM", "What render made of the base: its policies",
                          options->base_stream),
                text_flag("head-stream", "STREAM", "What render made of the head",
                          options->head_stream),
                text_flag("base-verdicts", "FILE",
                          "sluice-policy-test's JSON report of the head by the base's policies",
                          options->base_verdicts),
                text_flag("head-verdicts", "FILE",
                          "sluice-policy-test's JSON report of the head by its own policies",
                          options->head_verdicts),
                text_flag("baseline", "FILE", "The baseline of the judges, below both folders",
                          options->baseline)},
      .run = [options](const Common& common, std::ostream&) {
        return run_loosened(*options, common);
      }};
  cli::add_limit_flags(options->limits, command.flags);
  cli::add_partial_flag(options->limits, command.flags);
  return command;
}

Command merge() {
  const auto options = std::make_shared<MergeOptions>();
  return {
      .name = "merge",
      .synopsis = "[--out DIR] DIR|REPORT.json...",
      .help =
          "Puts the JSON reports of the stages together: DIR/report.md, DIR/report.html for the "
          "browser (it loads nothing), and the verdict of "
          "the chain, the worst of its stages, as the last line. Of a folder, the reports "
          "named for the stages are read, and its file \"ended\": a line for each stage, with "
          "a tab and the exit code of its process.",
      .flags = {text_flag("out", "DIR", "Write report.md and report.html into DIR", options->out),
                text_flag("repository", "DIR",
                          "Show lines of the files in DIR that findings point at, in report.html",
                          options->repository),
                text_flag("write-baseline", "FILE",
                          "Write all findings to FILE, to live with them from the next run on",
                          options->write_baseline)},
      .run = [options](const Common& common, std::ostream& product) {
        return run_merge(*options, common, product);
      }};
}

}  // namespace

cli::Tool tool() {
  return {.name = "sluice-report",
          .summary = "Compares and sums up what the stages of the chain report",
          .product = cli::Product::data,
          .commands = {stages(), ledger(), diff(), loosened(), merge(), schema()},
          .examples =
              "# which stages the repository asks for\n"
              "sluice-report stages .\n"
              "# did both stages see what was rendered?\n"
              "sluice-render --report ledger=/tmp/render.ledger . > /tmp/head.yaml\n"
              "sluice-validate --report ledger=/tmp/validate.ledger /tmp/head.yaml\n"
              "sluice-policy-test --report ledger=/tmp/policy.ledger /tmp/head.yaml\n"
              "sluice-report ledger --render /tmp/render.ledger --validate /tmp/validate.ledger "
              "--policy /tmp/policy.ledger\n"
              "# what a change does, for a job summary\n"
              "sluice-git export --rev main --out /tmp/main . && sluice-render /tmp/main > "
              "/tmp/base.yaml\n"
              "sluice-report diff --base /tmp/base.yaml --head /tmp/head.yaml >> /tmp/summary.md\n"
              "# one verdict from the reports of the stages\n"
              "sluice-validate --report json=/tmp/validate.json /tmp/head.yaml\n"
              "sluice-report merge --out /tmp /tmp/validate.json\n"};
}

}  // namespace sluice::report

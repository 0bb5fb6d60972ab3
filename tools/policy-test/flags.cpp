// SPDX-License-Identifier: Apache-2.0
#include "cli/baseline.hpp"
#include "cli/limits.hpp"
#include "cli/set.hpp"
#include "policy-test/run.hpp"

#include <memory>

namespace sluice::policy_test {
namespace {

std::vector<cli::Flag> flags(Options& options) {
  using cli::Arity;
  using cli::into;
  using cli::turn_off;
  using cli::turn_on;
  return {
      {"policies", 0, Arity::repeatable, "PATH",
       "Apply the Kyverno policies in a file or folder; a folder with a kustomization is built "
       "with kustomize",
       into(options.policies)},
      {"pack",
       0,
       Arity::list,
       "NAME",
       "Apply the shipped policies: default (label keys in kebab case), camel-case, or none of "
       "them; besides gpu, network, operations, regions and registries, which only warn",
       into(options.packs),
       {"default", "camel-case", "none", "gpu", "network", "operations", "regions", "registries"}},
      {"values", 0, Arity::one, "FILE",
       "Read variables of policies from a Values file, as the Kyverno CLI does",
       into(options.values)},
      {"exceptions", 0, Arity::repeatable, "PATH",
       "Apply the PolicyExceptions of a file or folder, besides those among the objects",
       into(options.exceptions)},
      {"userinfo", 0, Arity::one, "FILE",
       "Judge as if the user of a UserInfo file sent the objects, as the Kyverno CLI does",
       into(options.user_info)},
      {"answers", 0, Arity::one, "FILE",
       "Read what policies ask for elsewhere: apiCallResponses and globalContextEntries, written "
       "as "
       "in a Kyverno test",
       into(options.answers)},
      {"suites", 0, Arity::repeatable, "DIR",
       "Run every kyverno-test.yaml below DIR; there is no INPUT then", into(options.suites)},
      {"engine",
       0,
       Arity::one,
       "NAME",
       "Choose the engine: native; kyverno, the real CLI; compare, both, which must agree; "
       "conftest, which takes Rego in --policies",
       into(options.engine),
       {"native", "kyverno", "compare", "conftest"}},
      {"kyverno-compat", 0, Arity::switch_on, "",
       "Say no more than the Kyverno CLI: expectations of --suites that were never evaluated count "
       "as passed, policies and values that do nothing are no findings",
       turn_on(options.kyverno_compat)},
      {"no-stream-policies", 0, Arity::switch_on, "",
       "Do not apply the policies that stand among the objects", turn_off(options.stream_policies)},
      {"allow-empty", 0, Arity::switch_on, "", "Exit 0 when there is no object at all",
       turn_on(options.allow_empty)},
  };
}

}  // namespace

cli::Tool tool() {
  const auto options = std::make_shared<Options>();
  cli::Command command;
  command.synopsis = "[INPUT]... [--policies PATH]... [--pack NAME] | --suites DIR...";
  command.help =
      "Says what Kyverno 1.19 would say of Kubernetes objects, by classic policies (ClusterPolicy "
      "and Policy): those of the repository, those among the objects, and the shipped ones. What "
      "an Enforce policy refuses is an error, what an Audit policy reports a warning. A policy "
      "that is invalid or uses what is not supported is never a pass: exit 2 names it. INPUT is a "
      "file, a folder (*.yaml, *.yml and *.json below it) or - for standard input.";
  command.flags = flags(*options);
  cli::add_baseline_flags(options->living_with, command.flags);
  cli::add_limit_flags(options->limits, command.flags);
  command.run = [options](const cli::Common& common, std::ostream&) {
    return run(*options, common);
  };
  return {
      .name = "sluice-policy-test",
      .summary =
          "Applies Kyverno policies to Kubernetes objects, without a cluster and without Kyverno",
      .product = cli::Product::report,
      .commands = {std::move(command)},
      .examples =
          "# what render would deliver, against the shipped policies\n"
          "sluice-render . | sluice-policy-test -\n"
          "# the repository's own policies only\n"
          "sluice-policy-test --pack none --policies infrastructure/policies apps/ticket-router\n"
          "# the tests of policies\n"
          "sluice-policy-test --suites policies\n"};
}

}  // namespace sluice::policy_test

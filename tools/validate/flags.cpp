// SPDX-License-Identifier: Apache-2.0
#include "validate/flags.hpp"

#include "cli/baseline.hpp"
#include "cli/limits.hpp"
#include "cli/set.hpp"
#include "validate/options.hpp"
#include "validate/run.hpp"

#include <algorithm>
#include <memory>

namespace sluice::validate {
namespace {

Status add_version(Options& options, const std::string& value) {
  schema::KubeVersion version;
  SLUICE_TRY_ASSIGN(version, schema::parse_kube_version(value));
  if (std::find(options.versions.begin(), options.versions.end(), version) ==
      options.versions.end()) {
    options.versions.push_back(version);
    std::sort(options.versions.begin(), options.versions.end(),
              [](const auto& a, const auto& b) { return a.minor < b.minor; });
  }
  return ok;
}

Status add_location(Options& options, const std::string& value) {
  if (value == "default") {
    return ok;  // kubeconform's word for the schemas of Kubernetes, which are in the binary
  }
  auto location = schema::Location::parse(value);
  if (!location) {
    return std::move(location.error());
  }
  options.locations.push_back(std::move(*location));
  return ok;
}

std::vector<cli::Flag> flags(Options& options) {
  using cli::Arity;
  using cli::into;
  using cli::turn_off;
  using cli::turn_on;
  return {
      {"kube-version", 0, Arity::list, "X.Y",
       "Answer for these Kubernetes versions (default: sluice.yaml's, else the newest), and for "
       "that "
       "of each environment in sluice.yaml",
       [&options](const std::string& value) { return add_version(options, value); }},
      {"crds", 0, Arity::repeatable, "PATH", "Read CustomResourceDefinitions from a file or folder",
       into(options.crds)},
      {"schema-location", 0, Arity::repeatable, "TEMPLATE",
       "Find JSON Schemas of custom resources in a folder, or by a template as kubeconform's; with "
       "http and https only what sluice-schemas.lock pins",
       [&options](const std::string& value) { return add_location(options, value); }},
      {"fetch-schemas", 0, Arity::switch_on, "",
       "Ask the network for schemas that are not pinned yet, and pin them",
       turn_on(options.fetch_schemas)},
      {"schema-cache", 0, Arity::one, "DIR",
       "Keep fetched schemas in DIR (default: sluice/schemas in the user's cache)",
       into(options.schema_cache)},
      {"schema-lock", 0, Arity::one, "FILE",
       "Pin fetched schemas in FILE (default: sluice-schemas.lock beside sluice.yaml)",
       into(options.schema_lock)},
      {"allow-missing-schemas", 0, Arity::switch_on, "",
       "Skip custom resources that have no schema, with a note for each",
       turn_on(options.allow_missing_schemas)},
      {"no-stream-crds", 0, Arity::switch_on, "",
       "Do not use the CustomResourceDefinitions of the input as schemas",
       turn_off(options.stream_crds)},
      {"references",
       0,
       Arity::one,
       "HOW",
       "Follow names, selectors and ports between objects (default auto: in a render also to what "
       "nobody delivers)",
       [&options](const std::string& value) -> Status {
         options.references = value == "off"     ? References::off
                              : value == "whole" ? References::whole
                                                 : References::automatic;
         return ok;
       },
       {"auto", "whole", "off"}},
      {"allow-empty", 0, Arity::switch_on, "", "Exit 0 when there is no object at all",
       turn_on(options.allow_empty)},
  };
}

}  // namespace

cli::Tool tool() {
  const auto options = std::make_shared<Options>();
  cli::Command command;
  command.synopsis = "[INPUT]... [--kube-version X.Y[,X.Y]...] [--crds PATH]...";
  command.help =
      "Says what the API server would say of Kubernetes objects: unknown fields, wrong types, "
      "missing fields, kinds and API versions that do not exist. The schemas of Kubernetes 1.25 to "
      "1.37 are in the binary; those of custom resources come from the input, --crds, "
      "--schema-location, and for Argo CD, Argo Rollouts, Flux, KServe, KEDA and Kyverno from the "
      "binary. INPUT is a file, a folder (*.yaml, *.yml and *.json below it) or - for standard "
      "input.";
  command.flags = flags(*options);
  cli::add_baseline_flags(options->living_with, command.flags);
  cli::add_limit_flags(options->limits, command.flags);
  command.run = [options](const cli::Common& common, std::ostream&) {
    return run(*options, common);
  };
  return {.name = "sluice-validate",
          .summary = "Checks Kubernetes objects as the API server would, without one",
          .product = cli::Product::report,
          .commands = {std::move(command)},
          .examples =
              "# what render would deliver, for the cluster's version and the next\n"
              "sluice-render . | sluice-validate --kube-version 1.33,1.34 -\n"
              "# a folder with custom resources\n"
              "sluice-validate --crds infrastructure/crds apps/ticket-router\n"};
}

}  // namespace sluice::validate

// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "cli/baseline.hpp"
#include "cli/limits.hpp"
#include "render/options.hpp"
#include "render/run.hpp"

#include <charconv>
#include <optional>

namespace sluice::render {
namespace {

using cli::Arity;

Error usage(std::string message) {
  return {Error::Kind::usage, std::move(message)};
}

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional(value)
                                                                  : std::nullopt;
}

/// "30s", "2m", "500ms".
Result<std::chrono::milliseconds> duration(const std::string& text) {
  constexpr std::pair<std::string_view, std::uint64_t> units[] = {
      {"ms", 1}, {"s", 1'000}, {"m", 60'000}};
  for (const auto& [unit, factor] : units) {
    const auto value = text.ends_with(unit)
                           ? number(std::string_view(text).substr(0, text.size() - unit.size()))
                           : std::nullopt;
    if (value && *value > 0 && *value <= 86'400'000) {
      return std::chrono::milliseconds(*value * factor);
    }
  }
  return usage("\"" + text::printable(text) + "\" is no duration such as 30s or 2m");
}

template <class T>
std::function<Status(const std::string&)> store(T& place, Result<T> (*read)(const std::string&)) {
  return [&place, read](const std::string& value) -> Status {
    SLUICE_TRY_ASSIGN(place, read(value));
    return ok;
  };
}

std::function<Status(const std::string&)> store(std::string& place) {
  return [&place](const std::string& value) {
    place = value;
    return ok;
  };
}

std::function<Status(const std::string&)> append(std::vector<std::string>& place) {
  return [&place](const std::string& value) {
    place.push_back(value);
    return ok;
  };
}

Result<std::string> unstable_word(const std::string& value) {
  if (value != "fail" && value != "warn" && value != "mask") {
    return usage("--unstable is fail, warn or mask, not \"" + text::printable(value) + '"');
  }
  return value;
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
       .set = append(o.environments)},
      {.name = "unit",
       .arity = Arity::repeatable,
       .value = "GLOB",
       .help = "Write only units whose name matches",
       .set = append(o.units)},
      {.name = "out",
       .value = "DIR",
       .help = "Write one stream for each environment, all.yaml and index.json into DIR",
       .set = store(o.out)},
      {.name = "index",
       .value = "FILE",
       .help = "Write to FILE what every unit and every file of the repository became",
       .set = store(o.index)},
      {.name = "repository-url",
       .arity = Arity::repeatable,
       .value = "URL",
       .help = "Take URL for this repository's own address, as repository.urls in sluice.yaml; for "
               "a tree without .git",
       .set = append(o.repository_urls)},
      {.name = "changed-since",
       .value = "REV",
       .help = "Render only what changed since a revision (not built yet: exit 2)",
       .set = store(o.changed_since)},
      {.name = "kube-version",
       .value = "X.Y.Z",
       .help = "Render for this Kubernetes version; wins over sluice.yaml",
       .set = store(o.kube_version)},
      {.name = "api-versions",
       .arity = Arity::list,
       .value = "GROUP/VERSION",
       .help = "Render for a cluster that has this API besides the built-in ones",
       .set = append(o.api_versions)},
      {.name = "cache",
       .value = "DIR|off",
       .help = "Keep renders in DIR and reuse them (default off)",
       .set = store(o.cache)},
      {.name = "locked",
       .arity = Arity::switch_on,
       .help = "Refuse charts that render.lock does not pin (not built yet: exit 2)",
       .set =
           [&o](const std::string&) {
             o.locked = true;
             return ok;
           }},
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
       .set = store(o.unstable, unstable_word)},
      {.name = "helm-timeout",
       .value = "TIME",
       .help = "Stop a run of helm or kustomize after this time (60s)",
       .set = store(o.timeout, duration)},
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

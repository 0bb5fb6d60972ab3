// SPDX-License-Identifier: Apache-2.0
#include "render/run.hpp"

#include "base/text.hpp"
#include "io/files.hpp"
#include "k8s/resource.hpp"
#include "render/files.hpp"
#include "render/index.hpp"
#include "render/order.hpp"
#include "render/plan.hpp"
#include "render/repository.hpp"
#include "render/stream.hpp"
#include "render/survey.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <ostream>
#include <tuple>

namespace sluice::render {
namespace {

/// The deliveries and skips that --env and --unit leave.
struct Chosen {
  std::vector<const Delivery*> deliveries;
  std::vector<const Skip*> skips;
};

bool wanted(const Options& options, const std::string& env, const std::string& unit) {
  const auto& envs = options.environments;
  const bool env_fits = envs.empty() || std::find(envs.begin(), envs.end(), env) != envs.end();
  const bool unit_fits =
      options.units.empty() ||
      std::any_of(options.units.begin(), options.units.end(),
                  [&](const auto& glob) { return text::glob_match(glob, unit); });
  return env_fits && unit_fits;
}

Chosen choose(const Options& options, const Plan& plan) {
  Chosen chosen;
  for (const auto* delivery : sorted(plan.deliveries)) {
    if (wanted(options, delivery->unit.env, delivery->unit.name)) {
      chosen.deliveries.push_back(delivery);
    }
  }
  for (const auto& skip : plan.skips) {
    if (wanted(options, skip.env, skip.name)) {
      chosen.skips.push_back(&skip);
    }
  }
  return chosen;
}

/// What is not in the streams of an environment (all of them when empty).
std::size_t count_skipped(const Chosen& chosen, const std::string& env) {
  std::size_t count = 0;
  for (const auto* delivery : chosen.deliveries) {
    if (env.empty() || delivery->unit.env == env) {
      count += delivery->lost + (delivery->failure.empty() ? 0U : 1U);
    }
  }
  return count + static_cast<std::size_t>(std::count_if(
                     chosen.skips.begin(), chosen.skips.end(),
                     [&](const auto* skip) { return env.empty() || skip->env == env; }));
}

std::set<std::string> environments(const Chosen& chosen) {
  std::set<std::string> names;
  for (const auto* delivery : chosen.deliveries) {
    names.insert(delivery->unit.env);
  }
  for (const auto* skip : chosen.skips) {
    names.insert(skip->env);
  }
  return names;
}

/// A file name for an environment whose name may come from a folder of the repository; "all.yaml"
/// is taken.
std::string stream_file(const std::string& env) {
  auto name = text::replace_all(text::percent_encode(env), "/", "%2F");
  if (name == "all" || name.starts_with('.')) {
    name.insert(0, "env-");
  }
  return name + ".yaml";
}

Status write_streams(const Options& options,
                     const Chosen& chosen,
                     const std::string& all,
                     const std::string& index) {
  SLUICE_TRY(io::write_atomically(options.out + "/all.yaml", all));
  SLUICE_TRY(io::write_atomically(options.out + "/index.json", index));
  for (const auto& env : environments(chosen)) {
    std::vector<const Delivery*> own;
    std::copy_if(chosen.deliveries.begin(), chosen.deliveries.end(), std::back_inserter(own),
                 [&](const auto* delivery) { return delivery->unit.env == env; });
    SLUICE_TRY(io::write_atomically(options.out + "/" + stream_file(env),
                                    stream_of(own, count_skipped(chosen, env))));
  }
  return ok;
}

void report_failure(const Options& options,
                    const std::string& name,
                    diag::Finding finding,
                    bool skip,
                    diag::Report& report) {
  const std::string what = name + " (" + finding.env + "): " + finding.message;
  report.skipped.push_back(text::printable(what, 1000));
  if (options.skips == Skips::forbid) {
    report.no_verdict.push_back("cannot render " + text::printable(what, 1000));
  } else if (skip) {
    finding.severity = diag::Severity::warning;
  }
  report.findings.push_back(std::move(finding));
}

/// Values that nothing reads: judged over all units that load a file, whatever --unit asks for.
void report_values(const Plan& plan, diag::Report& report) {
  std::vector<helm::UnitValues> units;
  for (const auto* delivery : sorted(plan.deliveries)) {
    if (delivery->values) {
      units.push_back(
          {.unit = delivery->unit.name, .env = delivery->unit.env, .values = *delivery->values});
    }
  }
  for (auto& finding : helm::dead_value_findings(units)) {
    report.findings.push_back(std::move(finding));
  }
  for (const auto& unit : units) {
    for (const auto& reason : unit.values.not_checked) {
      report.summary.push_back("values of " + text::printable(unit.unit) +
                               " not checked: " + reason);
    }
  }
}

/// Entries of kustomizations that select nothing, wherever their file is built: a component may
/// well patch what only some of its users have.
void report_no_effect(const Plan& plan, diag::Report& report) {
  std::map<std::string, std::size_t> users;
  std::map<std::tuple<std::string, std::string, std::size_t>,
           std::vector<std::pair<const Delivery*, const kustomize::NoEffect*>>>
      idle;
  for (const auto* delivery : sorted(plan.deliveries)) {
    for (const auto& file : delivery->kustomizations) {
      ++users[file];
    }
    for (const auto& entry : delivery->no_effect) {
      const auto file = entry.at.file.empty() ? label(delivery->unit) : entry.file;
      idle[{file, entry.field, entry.index}].emplace_back(delivery, &entry);
    }
  }
  for (const auto& [key, places] : idle) {
    const auto& [delivery, entry] = places.front();
    const bool of_the_unit = entry->at.file.empty();
    if (!of_the_unit && places.size() < users[entry->file]) {
      continue;
    }
    report.findings.push_back(
        {.location = of_the_unit ? delivery->unit.defined_at : entry->at,
         .code = "render/no-effect",
         .severity = diag::Severity::warning,
         .message = entry->what + " selects nothing" +
                    (places.size() == 1 ? " in " + text::printable(label(delivery->unit))
                                        : " in any of " + text::counted(places.size(), "unit")) +
                    ", and the build without it is the same",
         .hint = "kustomize does not complain: correct the target, or delete the entry"});
  }
}

/// What is wrong with a chart or values file is said once, however many units load it.
bool is_about_file(const diag::Finding& finding) {
  constexpr std::string_view codes[] = {"render/dependency-version", "render/duplicate-dependency",
                                        "render/lock-digest",        "render/undeclared-dependency",
                                        "yaml/duplicate-key",        "value/type-ignored"};
  return std::find(std::begin(codes), std::end(codes), finding.code) != std::end(codes);
}

void report_units(const Options& options, const Chosen& chosen, diag::Report& report) {
  for (const auto* delivery : chosen.deliveries) {
    const auto& unit = delivery->unit;
    for (auto finding : delivery->findings) {
      if (!is_about_file(finding)) {
        finding.unit = unit.name;
        finding.env = unit.env;
      }
      report.findings.push_back(std::move(finding));
    }
    if (!delivery->failure.empty()) {
      report_failure(options, unit.name,
                     {.location = delivery->failure_at,
                      .code = delivery->code,
                      .message = delivery->failure,
                      .unit = unit.name,
                      .env = unit.env},
                     delivery->skip, report);
    }
  }
  for (const auto* skip : chosen.skips) {
    const bool said =
        std::any_of(report.findings.begin(), report.findings.end(), [&](const auto& finding) {
          return finding.severity == diag::Severity::error && finding.object == skip->object &&
                 finding.message == skip->reason;
        });
    report_failure(
        options, skip->name,
        {.location = skip->at,
         .code = "render/skipped",
         .message = skip->reason,
         .hint = "put it into the repository, or run with --allow-skips to go on without it",
         .object = skip->object,
         .unit = skip->name,
         .env = skip->env},
        true, report);
    if (said) {  // the expander's finding points at the very field
      report.findings.pop_back();
    }
  }
}

/// The ledger's rows are made as any reader of the stream would make them.
Status fill_ledger(const std::string& all,
                   const Chosen& chosen,
                   const yaml::Limits& limits,
                   unsigned jobs,
                   diag::Report& report) {
  yaml::Stream stream;
  SLUICE_TRY_ASSIGN(stream, yaml::parse(all, "stream", limits, jobs));
  std::vector<diag::Finding> ignored;
  for (const auto& resource : k8s::resources(stream, ignored)) {
    report.ledger.push_back(k8s::ledger_row(resource, "checked"));
  }
  for (const auto* delivery : chosen.deliveries) {
    if (!delivery->failure.empty()) {
      report.ledger.push_back({.env = delivery->unit.env,
                               .unit = delivery->unit.name,
                               .object = "-",
                               .digest = "",
                               .status = "skipped: " + delivery->failure});
    }
  }
  for (const auto* skip : chosen.skips) {
    report.ledger.push_back({.env = skip->env,
                             .unit = skip->name,
                             .object = "-",
                             .digest = "",
                             .status = "skipped: " + skip->reason});
  }
  return ok;
}

bool wants_ledger(const cli::Common& common) {
  return common.format == "ledger" ||
         std::any_of(common.reports.begin(), common.reports.end(),
                     [](const auto& report) { return report.first == "ledger"; });
}

Status refuse_unbuilt(const Options& options) {
  if (!options.changed_since.empty()) {
    return Error{Error::Kind::unsupported, "--changed-since is not built yet: render everything"};
  }
  if (options.locked) {
    return Error{Error::Kind::unsupported, "--locked is not built yet: there is no render.lock"};
  }
  return ok;
}

Unstable unstable_mode(const std::string& word) {
  return word == "fail" ? Unstable::fail : word == "mask" ? Unstable::mask : Unstable::warn;
}

Result<std::string> absolute_root(const cli::Common& common) {
  if (common.inputs.size() > 1) {
    return Error{Error::Kind::usage, "one repository at a time: " +
                                         text::printable(common.inputs[1]) + " is one too many"};
  }
  const std::string given = common.inputs.empty() ? "." : common.inputs.front();
  std::error_code failed;
  const auto real = std::filesystem::canonical(given, failed);
  if (failed || !std::filesystem::is_directory(real, failed)) {
    return Error{Error::Kind::not_found, text::printable(given) + " is no folder"};
  }
  return real.string();
}

Result<diag::Report> report_on(const Options& options,
                               const cli::Common& common,
                               const Plan& plan,
                               const delivery::Repository& repository,
                               const Survey& survey,
                               const config::Config& config,
                               std::ostream& product) {
  diag::Report report{.tool = "sluice-render"};
  const auto chosen = choose(options, plan);
  report.findings = plan.findings;
  report_units(options, chosen, report);
  report_values(plan, report);
  report_no_effect(plan, report);
  const auto files = account(survey, config, plan);
  const auto orphans = orphan_findings(survey, files);
  report.findings.insert(report.findings.end(), orphans.begin(), orphans.end());
  const auto all = stream_of(chosen.deliveries, count_skipped(chosen, {}));
  const auto index = options.out.empty() && options.index.empty()
                         ? std::string()
                         : index_json(plan, files, repository);
  if (!options.index.empty()) {
    SLUICE_TRY(io::write_atomically(options.index, index));
  }
  if (options.out.empty()) {
    product << all;
  } else {
    SLUICE_TRY(write_streams(options, chosen, all, index));
  }
  if (wants_ledger(common)) {
    SLUICE_TRY(fill_ledger(all, chosen, options.output_limits(), common.jobs, report));
  }
  std::size_t objects = 0;
  for (const auto* delivery : chosen.deliveries) {
    for (const auto& piece : delivery->pieces) {
      objects += piece.objects;
    }
  }
  report.summary.insert(
      report.summary.begin(),
      {text::counted(objects, "object"), text::counted(chosen.deliveries.size(), "unit"),
       text::counted(environments(chosen).size(), "environment")});
  if (objects == 0 && report.no_verdict.empty()) {
    report.no_verdict.push_back(
        chosen.deliveries.empty()
            ? "nothing to render: no chart, kustomization or manifest was found that fits"
            : "no object was rendered");
  }
  SLUICE_TRY(config::apply_ignores(config, common.now, report));
  SLUICE_TRY(cli::apply(options.living_with, report));
  return report;
}

}  // namespace

Result<diag::Report> run(const Options& options, const cli::Common& common, std::ostream& product) {
  SLUICE_TRY(refuse_unbuilt(options));
  std::string root;
  SLUICE_TRY_ASSIGN(root, absolute_root(common));
  config::Config config;
  SLUICE_TRY_ASSIGN(config, config::load(common.config, root));
  config.repository_urls.insert(config.repository_urls.end(), options.repository_urls.begin(),
                                options.repository_urls.end());
  const auto runner = proc::make_runner();
  delivery::Repository repository;
  SLUICE_TRY_ASSIGN(repository, open_repository(root, config, *runner));
  const auto facts = survey(repository, options.limits, common.jobs);
  auto sandbox = io::TemporaryDirectory::make("render");
  if (!sandbox) {
    return sandbox.error();
  }
  const cache::Store store(options.cache);
  Executor executor(
      {.repository = repository,
       .survey = facts,
       .config = config,
       .options = options,
       .runner = *runner,
       .store = options.cache == "off" ? nullptr : &store,
       .sandbox = sandbox->path(),
       .jobs = common.jobs,
       .unstable = unstable_mode(options.unstable.empty() ? config.unstable : options.unstable)});
  const Expanders expanders(repository, *runner);
  Plan plan({.repository = repository,
             .survey = facts,
             .config = config,
             .expanders = expanders,
             .executor = executor,
             .limits = options.output_limits(),
             .jobs = common.jobs,
             .progress = [&](std::size_t done, std::size_t total) {
               cli::progress(common, "rendering", done, total);
             }});
  SLUICE_TRY(plan.run());
  return report_on(options, common, plan, repository, facts, config, product);
}

}  // namespace sluice::render

// SPDX-License-Identifier: Apache-2.0
#include "render/run.hpp"

#include "base/text.hpp"
#include "io/files.hpp"
#include "render/changes.hpp"
#include "render/definitions.hpp"
#include "render/files.hpp"
#include "render/index.hpp"
#include "render/output.hpp"
#include "render/plan.hpp"
#include "render/remote_cache.hpp"
#include "render/report.hpp"
#include "render/repository.hpp"
#include "render/stream.hpp"
#include "render/survey.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <ostream>

namespace sluice::render {
namespace {

bool wants_ledger(const cli::Common& common) {
  return common.format == "ledger" ||
         std::any_of(common.reports.begin(), common.reports.end(),
                     [](const auto& report) { return report.first == "ledger"; });
}

Status check_flags(const Options& options) {
  if (options.locked) {
    return Error{Error::Kind::unsupported, "--locked is not built yet: there is no render.lock"};
  }
  if (!options.changed_since.empty() && !options.probe_since.empty() &&
      options.changed_since != options.probe_since) {
    return Error{Error::Kind::usage, "--changed-since and --probe-since name two bases"};
  }
  if (options.unstable == "fail" && !options.probes) {
    return Error{Error::Kind::usage, "--unstable fail is about what --no-probes does not look for"};
  }
  if (options.cache == "off" && !options.cache_url.empty()) {
    return Error{Error::Kind::usage, "--cache-url stands behind a folder: give --cache DIR"};
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

std::unique_ptr<RemoteCache> open_remote(const Options& options, const proc::Runner& runner) {
  return options.cache_url.empty()
             ? nullptr
             : std::make_unique<RemoteCache>(
                   runner, options.cache_url,
                   options.cache_push ? RemoteCache::Writes::yes : RemoteCache::Writes::no);
}

/// What sluice.yaml says of Argo CD's surroundings.
Result<argo::Options> known_to_argo(const config::Config& config, const std::string& root) {
  argo::Options known;
  for (const auto& cluster : config.clusters) {
    known.clusters.push_back({.name = cluster.name,
                              .server = cluster.server,
                              .labels = cluster.labels,
                              .annotations = cluster.annotations});
  }
  if (!config.generator_answers.empty()) {
    SLUICE_TRY_ASSIGN(known.answers, argo::read_answers(root, config.generator_answers));
  }
  return known;
}

/// What a run shares, whichever tree it plans.
struct Run {
  const Options& options;
  const cli::Common& common;
  const config::Config& config;
  const proc::Runner& runner;
  const Programs& programs;
  const helm::Settings& settings;
  argo::Options known;
  std::string sandbox;
};

/// One tree, looked at and planned.
class Tree {
 public:
  Tree(const Run& run, delivery::Repository repository)
      : repository_(std::move(repository)),
        survey_(render::survey(repository_, run.options.limits, run.common.jobs)),
        expanders_(repository_, run.runner, run.settings.store, run.programs, run.known),
        executor_({.repository = repository_,
                   .survey = survey_,
                   .config = run.config,
                   .options = run.options,
                   .runner = run.runner,
                   .programs = run.programs,
                   .settings = run.settings,
                   .jobs = run.common.jobs,
                   .unstable = unstable_mode(run.options.unstable.empty() ? run.config.unstable
                                                                          : run.options.unstable)}),
        run_(run) {}

  /// `changes`: to a base, if there is one. Errors: a tool is missing.
  Status plan(const Changes* changes, Plan::Probing probing) {
    plan_.emplace(Plan::Parts{.repository = repository_,
                              .survey = survey_,
                              .config = run_.config,
                              .expanders = expanders_,
                              .executor = executor_,
                              .changes = changes,
                              .probing = probing,
                              .limits = run_.options.output_limits(),
                              .jobs = run_.common.jobs,
                              .progress = [this](std::size_t done, std::size_t total) {
                                cli::progress(run_.common, "rendering", done, total);
                              }});
    return plan_->run();
  }

  [[nodiscard]] Planned planned() const { return {repository_, survey_, *plan_}; }
  [[nodiscard]] const delivery::Repository& repository() const { return repository_; }
  [[nodiscard]] Plan& plan() { return *plan_; }

 private:
  delivery::Repository repository_;
  Survey survey_;
  Expanders expanders_;
  Executor executor_;
  const Run& run_;
  std::optional<Plan> plan_;
};

/// The units that the base delivers; nothing when the change cannot have made others of them.
Result<std::optional<Definitions>> definitions_of_base(const Run& run,
                                                       const Planned& head,
                                                       Base& base) {
  if (!may_define_otherwise(head, base, run.options.limits)) {
    return std::optional<Definitions>();
  }
  SLUICE_TRY(export_base(head.repository, run.runner, run.sandbox, base));
  delivery::Repository repository;
  SLUICE_TRY_ASSIGN(repository, open_repository(base.tree, run.config, run.runner));
  repository.urls = head.repository.urls;  // an export has no origin
  repository.urls_known = head.repository.urls_known;
  Tree tree(run, std::move(repository));
  const Changes none;  // nothing but what delivers others is rendered
  SLUICE_TRY(tree.plan(&none, Plan::Probing::none));
  return std::optional<Definitions>(tree.plan());
}

/// Renders the tree against a base.
Status plan_changes(const Run& run, const std::string& base_word, Tree& tree, Base& base) {
  const auto& options = run.options;
  const auto& head = tree.repository();
  SLUICE_TRY_ASSIGN(base, compare_with_base(head, base_word, run.runner, run.sandbox));
  SLUICE_TRY(
      tree.plan(&base.changes, options.probes ? Plan::Probing::changed : Plan::Probing::none));
  const bool everything = touches_configuration(head, run.common.config, run.config, base.changes);
  std::optional<Definitions> definitions;
  if (!everything) {
    SLUICE_TRY_ASSIGN(definitions, definitions_of_base(run, tree.planned(), base));
  }
  return tree.plan().finish(
      [&](const Delivery& delivery) {
        return everything || (definitions && !definitions->hold(delivery));
      },
      options.changed_since.empty() ? Plan::Rest::rendered : Plan::Rest::left_out);
}

Result<diag::Report> report_on(const Run& run, const Planned& planned, std::ostream& product) {
  const auto& [repository, survey, plan] = planned;
  const auto& options = run.options;
  diag::Report report{.tool = "sluice-render"};
  const auto chosen = choose(options, plan);
  report_plan(options, plan, chosen, report);
  const auto files = account(survey, run.config, plan);
  const auto orphans = orphan_findings(survey, files);
  report.findings.insert(report.findings.end(), orphans.begin(), orphans.end());
  const auto all = stream_of(chosen.deliveries, {.skipped = count_skipped(chosen, {}),
                                                 .unchanged = count_unchanged(chosen, {})});
  const auto index = options.out.empty() && options.index.empty()
                         ? std::string()
                         : index_json(plan, files, repository);
  if (!options.index.empty()) {
    SLUICE_TRY(io::write_atomically(options.index, index));
  }
  if (options.out.empty()) {
    product << all;
  } else {
    SLUICE_TRY(write_streams(options.out, chosen, all, index));
  }
  if (wants_ledger(run.common)) {
    yaml::Limits limits = options.output_limits();
    limits.partial = yaml::Partial::accept;  // what was written is read again
    SLUICE_TRY(fill_ledger(all, chosen, limits, run.common.jobs, report));
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
  const bool may_be_empty = chosen.deliveries.empty() && count_unchanged(chosen, {}) != 0;
  if (objects == 0 && report.no_verdict.empty() && !may_be_empty) {
    report.no_verdict.push_back(
        chosen.deliveries.empty()
            ? "nothing to render: no chart, kustomization or manifest was found that fits"
            : "no object was rendered");
  }
  SLUICE_TRY(config::apply_ignores(run.config, run.common.now, report));
  SLUICE_TRY(cli::apply(run.options.living_with, report));
  return report;
}

}  // namespace

Result<diag::Report> run(const Options& options, const cli::Common& common, std::ostream& product) {
  SLUICE_TRY(check_flags(options));
  std::string root;
  SLUICE_TRY_ASSIGN(root, absolute_root(common));
  config::Config config;
  SLUICE_TRY_ASSIGN(config, config::load(common.config, root));
  config.repository_urls.insert(config.repository_urls.end(), options.repository_urls.begin(),
                                options.repository_urls.end());
  const auto runner = proc::make_runner();
  delivery::Repository repository;
  SLUICE_TRY_ASSIGN(repository, open_repository(root, config, *runner));
  auto sandbox = io::TemporaryDirectory::make("render");
  if (!sandbox) {
    return sandbox.error();
  }
  argo::Options known;
  SLUICE_TRY_ASSIGN(known, known_to_argo(config, root));
  const auto remote = open_remote(options, *runner);
  const bool kept = options.cache != "off";
  const cache::Store own(options.cache);  // what is true of this machine alone
  const cache::Store store(options.cache, options.cache_size, remote.get());
  const helm::Settings settings{.sandbox = sandbox->path(),
                                .timeout = options.timeout,
                                .max_output = options.max_output,
                                .store = kept ? &store : nullptr,
                                .one_thread = common.jobs > 1};
  const Programs programs(*runner, kept ? &own : nullptr, settings);
  const Run run{.options = options,
                .common = common,
                .config = config,
                .runner = *runner,
                .programs = programs,
                .settings = settings,
                .known = std::move(known),
                .sandbox = sandbox->path()};
  Tree tree(run, std::move(repository));
  const auto& base_word =
      options.changed_since.empty() ? options.probe_since : options.changed_since;
  Base base;
  if (base_word.empty()) {
    SLUICE_TRY(tree.plan(nullptr, options.probes ? Plan::Probing::all : Plan::Probing::none));
  } else {
    SLUICE_TRY(plan_changes(run, base_word, tree, base));
  }
  store.trim();
  auto report = report_on(run, tree.planned(), product);
  for (const auto& trouble : {store.trouble(), remote ? remote->trouble() : std::string()}) {
    if (report && !trouble.empty()) {
      report->summary.push_back("the cache: " + trouble);
    }
  }
  return report;
}

}  // namespace sluice::render

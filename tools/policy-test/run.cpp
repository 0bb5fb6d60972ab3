// SPDX-License-Identifier: Apache-2.0
#include "policy-test/run.hpp"

#include "base/text.hpp"
#include "policy-test/kyverno.hpp"
#include "policy-test/suites.hpp"
#include "policy/go_time.hpp"
#include "policy/strict.hpp"

#include <algorithm>
#include <optional>

namespace sluice::policy_test {
namespace {

/// What the command line may ask for and is not there yet: never taken for done.
Status check_built(const Options& options) {
  if (options.engine != "native" && !options.suites.empty()) {
    return Error{Error::Kind::usage, "--suites has the native engine only"};
  }
  return ok;
}

void add_stream_policies(const Input& input, PolicySet& set) {
  for (const auto& resource : input.resources) {
    policy::Policy marks;
    marks.from_stream = true;
    marks.environment = std::string(resource.env());
    set.add(policy::Value::of(*resource.document, *resource.object), input.streams.front(),
            std::move(marks));
  }
}

Result<policy::Values> read_values_file(const std::string& path) {
  if (path.empty()) {
    return policy::Values();
  }
  policy::Manifests file;
  SLUICE_TRY_ASSIGN(file, policy::read_manifests(path));
  if (file->documents.size() != 1) {
    return Error{Error::Kind::parse, path + ": one document of kind Values is wanted"};
  }
  auto values =
      policy::read_values(policy::Value::of(file->documents[0], file->documents[0].root()), file);
  if (!values) {
    return in_context(path, values.error());
  }
  return values;
}

/// What a run is told of the world around its objects.
struct Around {
  std::optional<policy::UserInfo> user;
  policy::Declared declared;
  std::int64_t now = 0;
};

Result<policy::Value> only_document(const std::string& path, policy::Manifests& file) {
  SLUICE_TRY_ASSIGN(file, policy::read_manifests(path));
  if (file->documents.size() != 1) {
    return Error{Error::Kind::parse, path + ": one document is wanted"};
  }
  return policy::Value::of(file->documents[0], file->documents[0].root());
}

Status read_around(const Options& options, const std::string& now, Around& around) {
  if (const auto time = policy::parse_time(policy::rfc3339, now)) {
    around.now = policy::between({}, *time);
  }
  if (!options.user_info.empty()) {
    policy::Manifests file;
    policy::Value document;
    SLUICE_TRY_ASSIGN(document, only_document(options.user_info, file));
    policy::UserInfo user;
    SLUICE_TRY_ASSIGN(user, policy::read_user_info(document));
    around.user = std::move(user);
  }
  if (!options.answers.empty()) {
    policy::Manifests file;
    policy::Value document;
    SLUICE_TRY_ASSIGN(document, only_document(options.answers, file));
    around.declared.owners.push_back(file);
    SLUICE_TRY(policy::read_declared(document.get({"apiCallResponses"}),
                                     document.get({"globalContextEntries"}),
                                     policy::folder_of(options.answers), around.declared));
  }
  return ok;
}

/// Entries of the values file that nothing uses.
void report_unused_values(const policy::Values& values,
                          const Input& input,
                          const PolicySet& set,
                          diag::Report& report) {
  std::vector<const policy::Policy*> policies;
  std::vector<std::string> texts;
  for (const auto& policy : set.policies) {
    policies.push_back(&policy);
    append_json(policy.source, texts.emplace_back());
  }
  std::vector<policy::Seen> objects;
  for (const auto& resource : input.resources) {
    const auto& ref = resource.ref;
    objects.push_back({.kind = ref.kind,
                       .name = ref.name,
                       .name_space = ref.name_space.empty() ? "default" : ref.name_space,
                       .api_version = ref.api_version});
  }
  auto unused = policy::unused_values(values, policies, texts, objects);
  std::move(unused.begin(), unused.end(), std::back_inserter(report.findings));
}

bool wants_ledger(const cli::Common& common) {
  return common.format == "ledger" ||
         std::any_of(common.reports.begin(), common.reports.end(),
                     [](const auto& report) { return report.first == "ledger"; });
}

/// The objects by the policies, with the native engine, the Kyverno CLI or both.
Status judge_with(const Options& options,
                  const Input& input,
                  const PolicySet& set,
                  const policy::Values& values,
                  const Around& around,
                  const cli::Common& common,
                  diag::Report& report) {
  const Strict strict = options.kyverno_compat ? Strict::no : Strict::yes;
  const Job job{.input = input,
                .policies = set.policies,
                .values = options.values.empty() ? nullptr : &values,
                .strict = strict,
                .keep = options.engine == "compare" ? Keep::outcomes : Keep::nothing,
                .ledger = wants_ledger(common) ? Ledger::rows : Ledger::none,
                .exceptions = set.exceptions,
                .user = around.user ? &*around.user : nullptr,
                .declared = &around.declared,
                .now = around.now,
                .jobs = common.jobs};
  if (strict == Strict::yes && !options.values.empty()) {
    report_unused_values(values, input, set, report);
  }
  if (options.engine == "native") {
    judge(job, report);
    return ok;
  }
  CliRun run;
  SLUICE_TRY_ASSIGN(run, run_kyverno(input, set, options, *proc::make_runner()));
  if (options.engine == "compare") {
    report_differences(run, judge(job, report), input, set, report);
    return ok;
  }
  report.summary.front() = "Kyverno CLI " + run.version;
  report_invalid(job, Strict::no, report);
  report_kyverno(run, input, set, strict, report);
  return ok;
}

/// Kyverno's policies, whoever judges by them.
Status run_policies(const Options& options,
                    const cli::Common& common,
                    const config::Config& config,
                    const Input& input,
                    diag::Report& report) {
  PolicySet set;
  SLUICE_TRY(read_policies(options, config, *proc::make_runner(), set));
  if (options.stream_policies) {
    add_stream_policies(input, set);
  }
  SLUICE_TRY(read_exceptions(options.exceptions, set));
  Around around;
  SLUICE_TRY(read_around(options, common.now, around));
  policy::Values values;
  SLUICE_TRY_ASSIGN(values, read_values_file(options.values));
  if (options.engine != "kyverno") {
    report.no_verdict = set.no_verdict;
  }
  report.skipped = set.skipped;
  const std::size_t count =
      set.policies.size() + (options.engine == "kyverno" ? set.others.size() : 0);
  if (count == 0 && set.no_verdict.empty()) {
    report.no_verdict.emplace_back("there is no policy to judge by: give --policies or --pack");
  }
  report.summary = {"Kyverno " + std::string(policy::kyverno_version),
                    text::counted(input.resources.size(), "object"),
                    std::to_string(count) + (count == 1 ? " policy" : " policies")};
  return judge_with(options, input, set, values, around, common, report);
}

}  // namespace

Result<diag::Report> run(const Options& options, const cli::Common& common) {
  SLUICE_TRY(check_built(options));
  if (!options.suites.empty()) {
    if (!common.inputs.empty() || !options.policies.empty()) {
      return Error{Error::Kind::usage,
                   "--suites takes its policies and objects from the suites: give no INPUT and no "
                   "--policies"};
    }
    diag::Report report;
    SLUICE_TRY_ASSIGN(report, run_suites(options));
    SLUICE_TRY(cli::apply(options.living_with, report));
    return report;
  }
  if (common.inputs.empty()) {
    return Error{Error::Kind::usage, "name a file, a folder, or - for standard input"};
  }
  config::Config config;
  SLUICE_TRY_ASSIGN(config, config::load(common.config, "."));
  diag::Report report;
  report.tool = "sluice-policy-test";
  Input input;
  SLUICE_TRY_ASSIGN(input, manifests::read_objects(common.inputs, options.limits, common.jobs));
  report.findings = std::move(input.findings);
  if (options.engine == "conftest") {
    SLUICE_TRY(run_conftest(input, options, *proc::make_runner(), report));
  } else {
    SLUICE_TRY(run_policies(options, common, config, input, report));
  }
  if (input.resources.empty() && !options.allow_empty) {
    report.no_verdict.emplace_back(
        "there is no Kubernetes object in the input; say --allow-empty if that is right");
  }
  SLUICE_TRY(config::apply_ignores(config, common.now, report));
  SLUICE_TRY(cli::apply(options.living_with, report));
  return report;
}

}  // namespace sluice::policy_test

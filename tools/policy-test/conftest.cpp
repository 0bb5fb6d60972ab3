// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "io/files.hpp"
#include "policy-test/kyverno.hpp"
#include "policy/findings.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <filesystem>

namespace sluice::policy_test {
namespace {

using policy::Value;

proc::Command command(std::vector<std::string> argv, std::string cwd) {
  return {.argv = std::move(argv),
          .env = {{"HOME", "/nonexistent"}, {"PATH", "/usr/bin:/bin"}},
          .cwd = std::move(cwd),
          .timeout = std::chrono::minutes(30)};
}

std::string word_after(const std::string& text, std::string_view label) {
  const auto at = text.find(label);
  if (at == std::string::npos) {
    return "";
  }
  const auto start = at + label.size();
  return text.substr(start, text.find_first_of(" \n\r", start) - start);
}

/// "conftest 0.71.1, OPA 1.21.1". Errors: Rego before 1.0, where `deny[msg]` meant something else.
Result<std::string> version_of(const std::string& program, const proc::Runner& runner) {
  proc::Finished finished;
  SLUICE_TRY_ASSIGN(finished, runner.run(command({program, "--version"}, "")));
  const std::string own = word_after(finished.out, "Conftest: ");
  const std::string opa = word_after(finished.out, "OPA: ");
  if (opa.empty()) {
    return Error{Error::Kind::subprocess, proc::describe_failure("conftest --version", finished)};
  }
  if (opa.starts_with("0.")) {
    return Error{Error::Kind::unsupported,
                 "conftest in PATH is built on OPA " + text::printable(opa) +
                     "; install one with OPA 1.0 or newer (conftest 0.58)"};
  }
  return "conftest " + text::printable(own) + ", OPA " + text::printable(opa);
}

/// The folders and files of --policies as they are seen from another folder. Errors: not_found.
Result<std::vector<std::string>> rego_paths(const std::vector<std::string>& policies) {
  if (policies.empty()) {
    return Error{Error::Kind::usage, "--engine conftest wants Rego: name it with --policies"};
  }
  std::vector<std::string> paths;
  for (const auto& path : policies) {
    bool any = path.ends_with(".rego") && io::exists(path);
    if (!any) {
      std::vector<io::Entry> entries;
      SLUICE_TRY_ASSIGN(entries, io::walk(path));
      any = std::any_of(entries.begin(), entries.end(),
                        [](const io::Entry& entry) { return entry.path.ends_with(".rego"); });
    }
    if (!any) {
      return Error{Error::Kind::usage, "there is no Rego in " + text::printable(path)};
    }
    std::error_code failed;
    paths.push_back(std::filesystem::absolute(path, failed).string());
  }
  return paths;
}

struct Counts {
  std::size_t passed = 0;
  std::size_t failed = 0;
};

void add_findings(const Value& list,
                  diag::Severity severity,
                  std::string_view package,
                  const k8s::Resource& resource,
                  Counts& counts,
                  diag::Report& report) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    ++counts.failed;
    diag::Finding finding = k8s::finding_at(resource, *resource.object);
    finding.code = "policy/fail";
    finding.severity = severity;
    const std::string query(list.at(i).text({"metadata", "query"}));
    finding.message = policy::one_line(list.at(i).text({"msg"})) + " (" +
                      text::printable(query.empty() ? "package " + std::string(package) : query) +
                      ")";
    report.findings.push_back(std::move(finding));
  }
}

/// conftest's JSON: an element for each file and package.
Status take(std::string_view json, const Input& input, Counts& counts, diag::Report& report) {
  jmespath::Arena arena;
  Value results;
  SLUICE_TRY_ASSIGN(results, jmespath::parse_json(json, arena));
  for (std::size_t i = 0; i < results.size(); ++i) {
    const Value result = results.at(i);
    const auto file = result.text({"filename"});
    const auto name = file.substr(file.rfind('/') + 1);
    std::size_t index = input.resources.size();
    std::from_chars(name.data(), name.data() + name.size(), index);
    if (index >= input.resources.size()) {
      return Error{Error::Kind::subprocess,
                   "conftest: a result for a file that was not given: " + text::printable(file)};
    }
    const Value successes = result.get({"successes"});
    counts.passed += successes.is(jmespath::Type::number)
                         ? static_cast<std::size_t>(std::max(0.0, successes.as_number()))
                         : 0;
    const auto& resource = input.resources[index];
    const auto package = result.text({"namespace"});
    add_findings(result.get({"failures"}), diag::Severity::error, package, resource, counts,
                 report);
    add_findings(result.get({"warnings"}), diag::Severity::warning, package, resource, counts,
                 report);
  }
  return ok;
}

}  // namespace

Status run_conftest(const Input& input,
                    const Options& options,
                    const proc::Runner& runner,
                    diag::Report& report) {
  std::vector<std::string> paths;
  SLUICE_TRY_ASSIGN(paths, rego_paths(options.policies));
  const std::string program = proc::find_in_path("conftest");
  if (program.empty()) {
    return Error{Error::Kind::not_found,
                 "--engine conftest needs conftest, which is not in PATH; install it "
                 "(go install github.com/open-policy-agent/conftest)"};
  }
  std::string version;
  SLUICE_TRY_ASSIGN(version, version_of(program, runner));
  report.summary.push_back(version);
  report.summary.push_back(text::counted(input.resources.size(), "object"));
  Counts counts;
  if (!input.resources.empty()) {
    auto folder = io::TemporaryDirectory::make("conftest");
    if (!folder) {
      return folder.error();
    }
    for (std::size_t i = 0; i < input.resources.size(); ++i) {
      const auto& resource = input.resources[i];
      std::string json;
      yaml::append_canonical_json(*resource.document, *resource.object, json);
      SLUICE_TRY(io::write_atomically(folder->path() + "/" + std::to_string(i) + ".json", json));
      report.ledger.push_back(k8s::ledger_row(resource, "checked"));
    }
    std::vector<std::string> argv = {program, "test",       "--output",
                                     "json",  "--no-color", "--all-namespaces"};
    for (const auto& path : paths) {
      argv.insert(argv.end(), {"--policy", path});
    }
    argv.emplace_back(".");
    proc::Finished finished;
    SLUICE_TRY_ASSIGN(finished, runner.run(command(std::move(argv), folder->path())));
    const bool ended = finished.ended == proc::Ended::exited && finished.code <= 1;
    if (!ended || !text::trim(finished.out).starts_with('[')) {
      return Error{Error::Kind::subprocess, proc::describe_failure("conftest test", finished)};
    }
    SLUICE_TRY(take(finished.out, input, counts, report));
  }
  if (counts.passed + counts.failed == 0 && !input.resources.empty()) {
    // conftest ends with 0 when no package has a rule deny, violation or warn.
    report.no_verdict.emplace_back(
        "no rule was evaluated: conftest asks for rules called deny, violation or warn");
  }
  report.summary.push_back(text::counted(counts.passed + counts.failed, "rule result") + ", " +
                           std::to_string(counts.failed) + " failed");
  return ok;
}

}  // namespace sluice::policy_test

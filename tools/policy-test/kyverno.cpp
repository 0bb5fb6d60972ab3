// SPDX-License-Identifier: Apache-2.0
#include "policy-test/kyverno.hpp"

#include "base/text.hpp"
#include "io/files.hpp"
#include "policy/findings.hpp"

#include <chrono>
#include <map>

namespace sluice::policy_test {
namespace {

using policy::Value;

/// Objects that one call of the CLI sees.
using Groups = std::map<std::pair<std::string, std::size_t>, std::vector<std::size_t>>;

std::string identity(std::string_view api,
                     std::string_view kind,
                     std::string_view name_space,
                     std::string_view name) {
  return text::join(std::vector<std::string>{std::string(api), std::string(kind),
                                             std::string(name_space), std::string(name)},
                    "\n");
}

Groups groups_of(const Input& input) {
  Groups groups;
  std::map<std::string, std::size_t> seen;
  for (std::size_t i = 0; i < input.resources.size(); ++i) {
    const auto& resource = input.resources[i];
    const std::string env(resource.env());
    const auto& ref = resource.ref;
    const std::size_t before =
        seen[env + "\n" + identity(ref.api_version, ref.kind, ref.name_space, ref.name)]++;
    groups[{env, before}].push_back(i);
  }
  return groups;
}

proc::Command command(std::vector<std::string> argv) {
  return {.argv = std::move(argv),
          .env = {{"HOME", "/nonexistent"}, {"PATH", "/usr/bin:/bin"}},
          .timeout = std::chrono::minutes(30)};
}

/// "1.19.1" of the program. Errors: another minor version.
Result<std::string> version_of(const std::string& program, const proc::Runner& runner) {
  proc::Finished finished;
  SLUICE_TRY_ASSIGN(finished, runner.run(command({program, "version"})));
  constexpr std::string_view label = "Version: v";
  const auto at = finished.out.find(label);
  if (at == std::string::npos) {
    return Error{Error::Kind::subprocess, proc::describe_failure("kyverno version", finished)};
  }
  const auto start = at + label.size();
  std::string version =
      finished.out.substr(start, finished.out.find_first_of(" \n", start) - start);
  if (!version.starts_with(std::string(policy::kyverno_version) + ".")) {
    return Error{Error::Kind::unsupported, "kyverno in PATH is " + text::printable(version) +
                                               "; the results are those of " +
                                               std::string(policy::kyverno_version) +
                                               ": install a Kyverno CLI of that version"};
  }
  return version;
}

std::string json_of(const policy::Policy& policy) {
  std::string json;
  append_json(policy.source, json);
  return json;
}

/// The policies for an environment as one file.
std::string policies_text(const PolicySet& set, const std::string& env) {
  std::string all;
  for (const auto* list : {&set.policies, &set.others}) {
    for (const auto& policy : *list) {
      if (!policy.from_stream || policy.environment == env) {
        all += "---\n" + json_of(policy) + "\n";
      }
    }
  }
  return all;
}

std::string objects_text(const Input& input, const std::vector<std::size_t>& indices) {
  std::string all;
  jmespath::Arena arena;
  for (const std::size_t i : indices) {
    const auto& resource = input.resources[i];
    all += "---\n";
    // With the namespace that the agent gives to the object, which only the stream says.
    const auto& space = resource.ref.name_space;
    append_json(policy::normalise(arena, Value::of(*resource.document, *resource.object), space,
                                  space.empty() ? policy::Scope::cluster : policy::Scope::look_up)
                    .value,
                all);
    all += "\n";
  }
  return all;
}

/// A values file with the labels of the environment's namespaces; empty without any.
std::string namespaces_text(const Input& input, const std::string& env) {
  std::string list;
  for (const auto& resource : input.resources) {
    if (resource.ref.kind == "Namespace" && resource.env() == env) {
      const auto value = Value::of(*resource.document, *resource.object);
      std::string labels;
      append_json(value.get({"metadata", "labels"}), labels);
      std::string name;
      append_json(value.get({"metadata", "name"}), name);
      list += (list.empty() ? "" : ",") + std::string("{\"name\":") + name +
              ",\"labels\":" + (labels == "null" ? "{}" : labels) + "}";
    }
  }
  return list.empty() ? ""
                      : "{\"apiVersion\":\"cli.kyverno.io/v1alpha1\",\"kind\":\"Values\","
                        "\"namespaceSelector\":[" +
                            list + "]}\n";
}

/// The lines of "Policies Skipped:".
void add_skipped(std::string_view out, CliRun& run) {
  bool inside = false;
  for (const auto line : text::split(out, '\n')) {
    if (line.starts_with("Policies Skipped")) {
      inside = true;
    } else if (line.starts_with("---")) {
      inside = false;
    } else if (inside && !text::trim(line).empty()) {
      run.no_verdict.push_back("kyverno skipped a policy: " + text::printable(line, 500));
    }
  }
}

/// The panic, where there is one: the last line of stderr is somewhere in its stack.
std::string failure_of(const proc::Finished& finished) {
  const auto at = finished.err.find("panic: ");
  if (at == std::string::npos) {
    return proc::describe_failure("kyverno apply", finished);
  }
  const auto line = finished.err.substr(at, finished.err.find('\n', at) - at);
  const bool lists = line.find("register resource to list kind") != std::string::npos;
  return "kyverno apply: " + text::printable(line) +
         (lists
              ? " (a policy asks the API server for objects of a kind that no object is of, which "
                "the CLI cannot answer)"
              : "");
}

class Call {
 public:
  Call(const Input& input, const std::vector<std::size_t>& indices, CliRun& run) : run_(run) {
    for (const std::size_t i : indices) {
      const auto& ref = input.resources[i].ref;
      by_identity_.emplace(identity(ref.api_version, ref.kind, ref.name_space, ref.name), i);
    }
  }

  Status read(const proc::Finished& finished) {
    const bool ended = finished.ended == proc::Ended::exited;
    if (!ended || (finished.code != 0 && finished.code != 1)) {
      return Error{Error::Kind::subprocess, failure_of(finished)};
    }
    const std::size_t skipped = run_.no_verdict.size();
    add_skipped(finished.out, run_);
    const auto start = finished.out.find("{\"kind\":\"ClusterReport\"");
    const std::size_t before = run_.results.size();
    if (start != std::string::npos) {
      jmespath::Arena arena;
      const auto end = finished.out.find('\n', start);
      Value report;
      SLUICE_TRY_ASSIGN(
          report,
          jmespath::parse_json(std::string_view(finished.out).substr(start, end - start), arena));
      SLUICE_TRY(take(report.get({"results"})));
    }
    // Exit 1 stands for a failure or an error: without one, something went unsaid.
    if (finished.code == 1 && run_.results.size() == before && run_.no_verdict.size() == skipped) {
      return Error{Error::Kind::subprocess, proc::describe_failure("kyverno apply", finished)};
    }
    return ok;
  }

 private:
  Status take(const Value& results) {
    for (std::size_t i = 0; i < results.size(); ++i) {
      const Value result = results.at(i);
      const Value objects = result.get({"resources"});
      const Value object = objects.size() > 0 ? objects.at(0) : Value();
      const auto index = find(object);
      if (!index) {
        return Error{Error::Kind::subprocess,
                     "kyverno apply: a result for an object that was not given: " +
                         text::printable(object.text({"kind"})) + " " +
                         text::printable(object.text({"name"}))};
      }
      run_.results.push_back({.resource = *index,
                              .policy = std::string(result.text({"policy"})),
                              .rule = std::string(result.text({"rule"})),
                              .status = std::string(result.text({"result"})),
                              .message = std::string(result.text({"message"}))});
    }
    return ok;
  }

  [[nodiscard]] std::optional<std::size_t> find(const Value& object) const {
    for (const auto name_space : {object.text({"namespace"}), std::string_view()}) {
      const auto found = by_identity_.find(identity(
          object.text({"apiVersion"}), object.text({"kind"}), name_space, object.text({"name"})));
      if (found != by_identity_.end()) {
        return found->second;
      }
    }
    return std::nullopt;
  }

  CliRun& run_;
  std::map<std::string, std::size_t> by_identity_;
};

}  // namespace

Result<CliRun> run_kyverno(const Input& input,
                           const PolicySet& set,
                           const Options& options,
                           const proc::Runner& runner) {
  const std::string program = proc::find_in_path("kyverno");
  if (program.empty()) {
    return Error{Error::Kind::not_found,
                 "--engine " + options.engine +
                     " needs the Kyverno CLI, and kyverno is not in PATH; install version " +
                     std::string(policy::kyverno_version) +
                     " (go install github.com/kyverno/kyverno/cmd/cli/kubectl-kyverno)"};
  }
  CliRun run;
  SLUICE_TRY_ASSIGN(run.version, version_of(program, runner));
  auto folder = io::TemporaryDirectory::make("policy-test");
  if (!folder) {
    return folder.error();
  }
  for (const auto& [group, indices] : groups_of(input)) {
    const std::string policies = folder->path() + "/policies.yaml";
    const std::string objects = folder->path() + "/objects.yaml";
    const std::string text = policies_text(set, group.first);
    if (text.empty()) {
      continue;
    }
    SLUICE_TRY(io::write_atomically(policies, text));
    SLUICE_TRY(io::write_atomically(objects, objects_text(input, indices)));
    std::vector<std::string> argv = {program,         "apply",           policies,          "-r",
                                     objects,         "--policy-report", "--output-format", "json",
                                     "--remove-color"};
    std::string values = options.values;
    if (const std::string spaces = namespaces_text(input, group.first);
        values.empty() && !spaces.empty()) {
      values = folder->path() + "/values.yaml";
      SLUICE_TRY(io::write_atomically(values, spaces));
    }
    if (!values.empty()) {
      argv.insert(argv.end(), {"--values-file", values});
    }
    for (const auto& path : options.exceptions) {
      argv.insert(argv.end(), {"--exceptions", path});
    }
    proc::Finished finished;
    SLUICE_TRY_ASSIGN(finished, runner.run(command(std::move(argv))));
    SLUICE_TRY(Call(input, indices, run).read(finished));
  }
  return run;
}

}  // namespace sluice::policy_test

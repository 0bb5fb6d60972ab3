// SPDX-License-Identifier: Apache-2.0
#include "policy-test/policies.hpp"

#include "base/text.hpp"
#include "io/files.hpp"
#include "manifests/input.hpp"

#include <cstdlib>
#include <filesystem>

namespace sluice::policy_test {
namespace {

bool has_kustomization(const std::string& folder) {
  for (const auto* const name : {"kustomization.yaml", "kustomization.yml", "Kustomization"}) {
    if (io::exists(folder + "/" + name)) {
      return true;
    }
  }
  return false;
}

Result<policy::Manifests> build(const std::string& folder, const proc::Runner& runner) {
  const std::string kustomize = proc::find_in_path("kustomize");
  if (kustomize.empty()) {
    return Error{Error::Kind::not_found,
                 "kustomize is needed to build " + text::printable(folder) +
                     " and is not in PATH; install it (ci/tools.lock names the version)"};
  }
  const proc::Command command{.argv = {kustomize, "build", folder},
                              .env = {{"PATH", "/usr/bin:/bin"}, {"HOME", "/nonexistent"}}};
  proc::Finished finished;
  SLUICE_TRY_ASSIGN(finished, runner.run(command));
  if (finished.ended != proc::Ended::exited || finished.code != 0) {
    return Error{Error::Kind::subprocess,
                 proc::describe_failure("kustomize build " + text::printable(folder), finished)};
  }
  return policy::parse_manifests(std::move(finished.out), folder);
}

void add_all(const policy::Manifests& manifests, const policy::Policy& marks, PolicySet& set) {
  policy::for_each_object(*manifests, [&](const policy::Value& object) {
    set.add(object, manifests, policy::Policy(marks));
  });
}

/// Of one path; a path without any policy is a mistake.
Status add_path(const std::string& path,
                const policy::Policy& marks,
                const proc::Runner& runner,
                PolicySet& set) {
  const std::size_t before = set.policies.size() + set.no_verdict.size();
  if (has_kustomization(path)) {
    policy::Manifests built;
    SLUICE_TRY_ASSIGN(built, build(path, runner));
    add_all(built, marks, set);
  } else {
    std::vector<std::string> files;
    SLUICE_TRY_ASSIGN(files, manifests::files_of(path));
    for (const auto& file : files) {
      policy::Manifests manifests;
      SLUICE_TRY_ASSIGN(manifests, policy::read_manifests(file));
      add_all(manifests, marks, set);
    }
  }
  if (set.policies.size() + set.no_verdict.size() == before) {
    return Error{Error::Kind::usage, "there is no Kyverno policy in " + text::printable(path)};
  }
  return ok;
}

/// The shipped policies as they are: <folder>/<policy>/policy.yaml, without a run of kustomize.
Status add_pack(const std::string& folder, const policy::Policy& marks, PolicySet& set) {
  std::vector<std::string> files;
  SLUICE_TRY_ASSIGN(files, manifests::files_of(folder));
  for (const auto& file : files) {
    if (file.ends_with("/policy.yaml") && file.find("/overlays/") == std::string::npos &&
        (file.find("/optional/") == std::string::npos ||
         folder.find("/optional/") != std::string::npos)) {
      policy::Manifests manifests;
      SLUICE_TRY_ASSIGN(manifests, policy::read_manifests(file));
      add_all(manifests, marks, set);
    }
  }
  return ok;
}

policy::Policy other_policy(const policy::Value& object,
                            const policy::Manifests& owner,
                            const policy::Policy& marks) {
  policy::Policy made(marks);
  made.source = object;
  made.document_owner = owner;
  made.name = std::string(object.text({"metadata", "name"}));
  made.name_space = std::string(object.text({"metadata", "namespace"}));
  return made;
}

/// One pack by its name.
Status add_shipped(const std::string& pack, const proc::Runner& runner, PolicySet& set) {
  if (pack == "none") {
    return ok;
  }
  policy::Policy marks;
  marks.from_pack = true;
  std::string folder;
  SLUICE_TRY_ASSIGN(folder, pack_folder());
  if (pack == "camel-case") {
    return add_path(folder + "/overlays/camel-case", marks, runner, set);
  }
  return add_pack(pack == "default" ? folder : folder + "/optional/" + pack, marks, set);
}

}  // namespace

void PolicySet::add(const policy::Value& object,
                    const policy::Manifests& owner,
                    policy::Policy&& marks) {
  switch (policy::sort_of(object)) {
    case policy::PolicySort::none:
      add_exception(object, owner, marks);
      return;
    case policy::PolicySort::other:
      no_verdict.push_back(text::printable(object.text({"kind"})) + " " +
                           text::printable(object.text({"metadata", "name"})) +
                           ": policies of this kind are not supported, so there is no verdict");
      others.push_back(other_policy(object, owner, marks));
      return;
    case policy::PolicySort::classic:
      break;
  }
  policy::Policy made = policy::compile_policy(object, owner);
  made.from_pack = marks.from_pack;
  made.from_stream = marks.from_stream;
  made.environment = marks.environment;
  policies.push_back(std::move(made));
}

void PolicySet::add_exception(const policy::Value& object,
                              const policy::Manifests& owner,
                              const policy::Policy& marks) {
  if (object.text({"kind"}) != "PolicyException") {
    return;
  }
  const std::string name = "PolicyException " + text::printable(object.text({"metadata", "name"}));
  if (!policy::is_exception(object)) {
    if (object.text({"apiVersion"}).find("kyverno.io/") != std::string_view::npos) {
      skipped.push_back(name + ": exceptions from policies in CEL are not applied");
    }
    return;
  }
  policy::PolicyException made = policy::compile_exception(object, owner);
  made.from_stream = marks.from_stream;
  made.environment = marks.environment;
  for (const auto& problem : made.problems) {
    no_verdict.push_back(name + " is invalid: " + problem.message);
  }
  exceptions.push_back(std::move(made));
}

Status read_exceptions(std::span<const std::string> paths, PolicySet& set) {
  for (const auto& path : paths) {
    const std::size_t before = set.exceptions.size();
    std::vector<std::string> files;
    SLUICE_TRY_ASSIGN(files, manifests::files_of(path));
    for (const auto& file : files) {
      policy::Manifests manifests;
      SLUICE_TRY_ASSIGN(manifests, policy::read_manifests(file));
      policy::for_each_object(*manifests, [&](const policy::Value& object) {
        set.add_exception(object, manifests, policy::Policy());
      });
    }
    if (set.exceptions.size() == before) {
      return Error{Error::Kind::usage, "there is no PolicyException in " + text::printable(path)};
    }
  }
  return ok;
}

Status read_policies(const Options& options,
                     const config::Config& config,
                     const proc::Runner& runner,
                     PolicySet& set) {
  const policy::Policy plain;
  for (const auto& path : options.policies) {
    SLUICE_TRY(add_path(path, plain, runner, set));
  }
  for (const auto& path : config.policy_paths) {
    SLUICE_TRY(
        add_path(policy::joined_path(policy::folder_of(config.file), path), plain, runner, set));
  }
  // Who names policies and no pack, on the command line alone, wants those and no others.
  const bool implied = options.packs.empty() && config.file.empty() && !options.policies.empty();
  const std::vector<std::string> none = {"none"};
  for (const auto& pack : !options.packs.empty() ? options.packs : implied ? none : config.packs) {
    SLUICE_TRY(add_shipped(pack, runner, set));
  }
  return ok;
}

Result<std::string> pack_folder() {
  std::vector<std::string> candidates;
  if (const char* share = std::getenv("SLUICE_SHARE"); share != nullptr && *share != '\0') {
    candidates.push_back(std::string(share) + "/policies");
  } else {
    std::error_code failed;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", failed);
    const std::string folder = policy::folder_of(program.string());
    candidates.push_back(policy::joined_path(folder, "../share/sluice/policies"));
    candidates.push_back(
        policy::joined_path(folder, "../../../policies"));  // build/<preset>/bin in the source tree
  }
  for (const auto& candidate : candidates) {
    if (io::exists(candidate + "/kustomization.yaml")) {
      return candidate;
    }
  }
  return Error{Error::Kind::not_found,
               "the shipped policies are not in " + text::printable(candidates.front()) +
                   "; set SLUICE_SHARE to the folder that holds policies/, or say --pack none"};
}

}  // namespace sluice::policy_test

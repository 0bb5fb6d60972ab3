// SPDX-License-Identifier: Apache-2.0
#include "kustomize/build.hpp"

#include "base/text.hpp"
#include "io/files.hpp"
#include "kustomize/run.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>

namespace sluice::kustomize {
namespace {

/// What the references say before kustomize is asked. True when the build may go on.
bool judge(Built& built) {
  for (const auto& problem : built.closure.problems) {
    if (problem.kind == Problem::Kind::remote || problem.kind == Problem::Kind::unsupported) {
      built.skip = built.failure.empty() || built.skip;
    } else if (problem.kind == Problem::Kind::outside) {
      built.outside = true;
    }
    const bool first = built.failure.empty();
    built.failure += (first ? "the kustomization " : "; ") + problem.message;
    if (first) {
      built.failure_at = problem.at;
    }
  }
  const auto& problems = built.closure.problems;
  built.skip =
      !problems.empty() && std::all_of(problems.begin(), problems.end(), [](const auto& problem) {
        return problem.kind == Problem::Kind::remote || problem.kind == Problem::Kind::unsupported;
      });
  return problems.empty();
}

Result<Built> fail(Built built, const Error& error) {
  built.failure = error.message;
  built.outside = error.kind == Error::Kind::usage;
  return built;
}

/// What a generated kustomization reads: each of its resources, and what those lead to.
Status generated_closure(const Settings& settings, const std::string& folder, Closure& all) {
  std::vector<std::string> resources;
  SLUICE_TRY_ASSIGN(resources, generated_resources(settings.root, folder));
  all.folders.push_back(folder);
  for (const auto& resource : resources) {
    const std::string path = folder == "." ? resource : folder + "/" + resource;
    if (io::kind_of(settings.root + "/" + path) != io::EntryKind::directory) {
      all.manifests.push_back(path);
      continue;
    }
    Closure one;
    SLUICE_TRY_ASSIGN(one, closure(settings.root, path));
    const auto append = [](auto& to, auto& from) { to.insert(to.end(), from.begin(), from.end()); };
    append(all.folders, one.folders);
    append(all.kustomizations, one.kustomizations);
    append(all.manifests, one.manifests);
    append(all.others, one.others);
    append(all.problems, one.problems);
  }
  return ok;
}

/// Components and patches that the edits bring along lie outside the closure of the folder itself.
Status edited_closure(const Settings& settings,
                      const delivery::KustomizeSource& source,
                      Closure& all) {
  const auto fields =
      nlohmann::json::parse(source.edits.empty() ? "{}" : source.edits, nullptr, false);
  if (!fields.is_object() || !fields.contains("components") || !fields["components"].is_array()) {
    return ok;
  }
  for (const auto& entry : fields["components"]) {
    if (!entry.is_string()) {
      continue;
    }
    const auto name = entry.get<std::string>();
    const auto path = io::normalise_inside(source.path + "/" + name);
    if (!path || name.starts_with('/') || name.find("://") != std::string::npos) {
      all.problems.push_back({Problem::Kind::outside,
                              "component " + text::printable(name) + " lies outside the repository",
                              {}});
      continue;
    }
    Closure one;
    SLUICE_TRY_ASSIGN(one, closure(settings.root, *path));
    all.folders.insert(all.folders.end(), one.folders.begin(), one.folders.end());
    all.kustomizations.insert(all.kustomizations.end(), one.kustomizations.begin(),
                              one.kustomizations.end());
    all.manifests.insert(all.manifests.end(), one.manifests.begin(), one.manifests.end());
    all.others.insert(all.others.end(), one.others.begin(), one.others.end());
    all.problems.insert(all.problems.end(), one.problems.begin(), one.problems.end());
  }
  return ok;
}

Status build_copy(const proc::Runner& runner,
                  const Settings& settings,
                  const delivery::KustomizeSource& source,
                  const std::string& file,
                  Built& built) {
  std::string text;
  SLUICE_TRY_ASSIGN(text, new_kustomization(settings, source, file));
  const std::string name = file.empty() ? generated_file(source.path) : file;
  return run_copy(runner, settings, source.path, {{name, text}}, built);
}

}  // namespace

Status require_kustomize(const proc::Runner& runner, const Settings& settings) {
  const std::string wanted(pinned_version);
  const std::string install =
      "install kustomize " + wanted + " and put it on PATH (ci/bootstrap.sh does)";
  const auto finished = runner.run({.argv = {"kustomize", "version"},
                                    .env = settings.environment,
                                    .timeout = settings.timeout,
                                    .confined = proc::Confinement{}});
  if (!finished) {
    return finished.error().kind == Error::Kind::not_found
               ? Error{Error::Kind::not_found, "kustomize is not on PATH: " + install}
               : finished.error();
  }
  const auto found = text::trim(finished->out);
  if (finished->ended != proc::Ended::exited || finished->code != 0 || found != wanted) {
    return Error{Error::Kind::unsupported,
                 "kustomize on PATH is " +
                     text::printable(found.empty() ? "of no known version" : found, 40) + ", not " +
                     wanted + ", and another version renders other bytes: " + install};
  }
  return ok;
}

Result<Built> build(const proc::Runner& runner,
                    const Settings& settings,
                    const delivery::KustomizeSource& source) {
  Built built{.arguments = {"kustomize", "build", "./" + source.path}};
  const auto file = kustomization_file(settings.root, source.path);
  const bool generate = file.empty() && source.generate_if_absent;
  if (auto inside = io::resolve_inside(settings.root, source.path); !inside) {
    return fail(std::move(built),
                {inside.error().kind,
                 "the folder " + text::printable(source.path) +
                     (inside.error().kind == Error::Kind::usage ? " lies outside the repository"
                                                                : " does not exist")});
  }
  auto scanned = closure(settings.root, source.path);
  if (generate) {
    scanned = Closure{};
    if (const auto status = generated_closure(settings, source.path, *scanned); !status) {
      return fail(std::move(built), status.error());
    }
  }
  if (!scanned) {
    return fail(std::move(built), scanned.error());
  }
  built.closure = std::move(*scanned);
  SLUICE_TRY(edited_closure(settings, source, built.closure));
  if (!judge(built)) {
    return built;
  }
  if (!source.edits.empty()) {
    built.arguments.push_back("with " + text::printable(source.edits, 4000));
  }
  const auto key = key_of(settings, source, built.closure);
  if (auto kept = key ? settings.store->get(*key) : std::nullopt) {
    built.out = std::move(*kept);
    return built;
  }
  const bool in_place = !generate && source.edits.empty();
  const auto status = in_place ? run(runner, settings, source.path, {}, built)
                               : build_copy(runner, settings, source, file, built);
  if (!status) {
    const auto kind = status.error().kind;
    if (in_place || kind == Error::Kind::subprocess || kind == Error::Kind::not_found) {
      return status.error();
    }
    return fail(std::move(built), status.error());
  }
  // What kustomize warned of would be lost, and a failure says more the second time.
  if (key && built.failure.empty() && built.warnings.empty()) {
    settings.store->put(*key, built.out);
  }
  return built;
}

Result<Built> post_render(const proc::Runner& runner,
                          const Settings& settings,
                          const std::string& objects,
                          const std::string& fields) {
  Built built{.arguments = {"kustomize", "build", "with " + text::printable(fields, 4000)}};
  std::string text;
  SLUICE_TRY_ASSIGN(text, edited(R"({"resources":["objects.yaml"]})", "post-renderer", fields));
  auto copy = io::TemporaryDirectory::make("kustomize");
  if (!copy) {
    return copy.error();
  }
  SLUICE_TRY(io::write_atomically(copy->path() + "/kustomization.yaml", text));
  SLUICE_TRY(io::write_atomically(copy->path() + "/objects.yaml", objects));
  SLUICE_TRY(run(runner, settings, ".", copy->path(), built));
  return built;
}

}  // namespace sluice::kustomize

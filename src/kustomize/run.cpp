// SPDX-License-Identifier: Apache-2.0
#include "kustomize/run.hpp"

#include "base/text.hpp"
#include "io/files.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>

namespace sluice::kustomize {
namespace {

constexpr std::uint64_t file_limit = 16U << 20U;
constexpr std::size_t most_files = 20'000;

/// Names of this machine taken out of what kustomize says.
std::string clean(const Settings& settings, const std::string& copy, std::string message) {
  if (!copy.empty()) {
    message = text::replace_all(std::move(message), copy + "/", "");
    message = text::replace_all(std::move(message), copy, ".");
  }
  message = text::replace_all(std::move(message), settings.root + "/", "");
  return text::replace_all(std::move(message), settings.root, ".");
}

std::string kustomize_error(const std::string& message) {
  std::string out;
  for (const auto line : text::split(message, '\n')) {
    const auto words = text::trim(line);
    if (!words.empty() && !words.starts_with('#')) {
      out += (out.empty() ? "" : " ") + std::string(words);
    }
  }
  if (out.starts_with("Error: ")) {
    out.erase(0, 7);
  }
  return text::printable(out, 600);
}

/// Copies every file in and below the folders of the closure: whatever kustomize's own rules let it
/// read is there, and nothing else of the disk.
Status copy_folders(const Settings& settings,
                    const std::vector<std::string>& folders,
                    const std::string& to) {
  std::size_t copied = 0;
  std::error_code failed;
  for (const auto& folder : folders) {
    std::vector<io::Entry> entries;
    SLUICE_TRY_ASSIGN(entries, io::walk(settings.root + "/" + folder,
                                        [](std::string_view name) { return name != ".git"; }));
    std::filesystem::create_directories(to + "/" + folder, failed);
    for (const auto& entry : entries) {
      if (entry.kind != io::EntryKind::file && entry.kind != io::EntryKind::symlink) {
        continue;
      }
      const std::string path = folder == "." ? entry.path : folder + "/" + entry.path;
      const auto real = io::resolve_inside(settings.root, path);
      if (!real || io::kind_of(*real) != io::EntryKind::file || io::exists(to + "/" + path)) {
        continue;  // a link that leads out is as good as absent
      }
      if (++copied > most_files) {
        return Error{Error::Kind::limit, "the kustomization's folders hold more than " +
                                             std::to_string(most_files) + " files"};
      }
      const std::filesystem::path target = to + "/" + path;
      std::filesystem::create_directories(target.parent_path(), failed);
      std::filesystem::copy_file(*real, target, failed);
      if (failed) {
        return Error{Error::Kind::io, text::printable(path) + ": " + failed.message()};
      }
    }
  }
  return ok;
}

}  // namespace

Status run(const proc::Runner& runner,
           const Settings& settings,
           const std::string& folder,
           const std::string& copy,
           Built& built) {
  proc::Finished finished;
  SLUICE_TRY_ASSIGN(
      finished,
      runner.run({.argv = {"kustomize", "build", "./" + folder},
                  .env = settings.environment,
                  .cwd = copy.empty() ? settings.root : copy,
                  .timeout = settings.timeout,
                  .max_output = settings.max_output,
                  .confined = proc::Confinement{.readable = {copy.empty() ? settings.root : copy},
                                                .writable = {settings.sandbox}}}));
  const auto message = clean(settings, copy, finished.err);
  if (finished.ended == proc::Ended::exited && finished.code == 0) {
    built.out = std::move(finished.out);
    for (const auto line : text::split(message, '\n')) {
      if (!text::trim(line).empty()) {
        built.warnings.push_back(text::printable(text::trim(line), 400));
      }
    }
    return ok;
  }
  const auto words = kustomize_error(message);
  built.failure = finished.ended == proc::Ended::exited && !words.empty()
                      ? "kustomize build: " + words
                      : proc::describe_failure("kustomize build", finished);
  return ok;
}

Status run_copy(const proc::Runner& runner,
                const Settings& settings,
                const std::string& folder,
                const std::map<std::string, std::string>& written,
                Built& built) {
  auto copy = io::TemporaryDirectory::make("kustomize");
  if (!copy) {
    return copy.error();
  }
  SLUICE_TRY(copy_folders(settings, built.closure.folders, copy->path()));
  for (const auto& [file, text] : written) {
    SLUICE_TRY(io::write_atomically(copy->path() + "/" + file, text));
  }
  return run(runner, settings, folder, copy->path(), built);
}

/// The folder's kustomization with the edits in it, or the one that Flux makes.
Result<std::string> new_kustomization(const Settings& settings,
                                      const delivery::KustomizeSource& source,
                                      const std::string& file) {
  std::string text;
  if (!file.empty()) {
    SLUICE_TRY_ASSIGN(text, io::read_file(settings.root + "/" + file, file_limit));
  } else {
    std::vector<std::string> resources;
    SLUICE_TRY_ASSIGN(resources, generated_resources(settings.root, source.path));
    text = nlohmann::json{{"apiVersion", "kustomize.config.k8s.io/v1beta1"},
                          {"kind", "Kustomization"},
                          {"resources", resources}}
               .dump();
  }
  return source.edits.empty() ? Result<std::string>(text)
                              : edited(text, file.empty() ? source.path : file, source.edits);
}

std::string generated_file(const std::string& folder) {
  return folder == "." ? "kustomization.yaml" : folder + "/kustomization.yaml";
}

}  // namespace sluice::kustomize

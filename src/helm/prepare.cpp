// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "helm/template.hpp"
#include "io/files.hpp"

#include <algorithm>
#include <filesystem>

namespace sluice::helm {
namespace {

/// Copies `files` (relative to `root`) to `to`, without `folder` in front; links become what they point to.
Status copy_files(const std::string& root, const std::string& folder, const std::vector<std::string>& files, const std::string& to) {
  const std::size_t cut = folder == "." ? 0 : folder.size() + 1;
  for (const auto& file : files) {
    std::string real;
    SLUICE_TRY_ASSIGN(real, io::resolve_inside(root, file));
    const std::filesystem::path target = to + "/" + file.substr(cut);
    std::error_code failed;
    std::filesystem::create_directories(target.parent_path(), failed);
    if (!failed) {
      std::filesystem::copy_file(real, target, failed);
    }
    if (failed) {
      return Error{Error::Kind::io, text::printable(file) + ": " + failed.message()};
    }
  }
  return ok;
}

/// The folder that a file:// repository names, relative to the root.
Result<std::string> dependency_folder(const Chart& chart, const Dependency& dependency) {
  const std::string relative = chart.folder + "/" + dependency.repository.substr(std::string_view("file://").size());
  auto folder = io::normalise_inside(relative);
  if (!folder) {
    return Error{Error::Kind::usage, "dependency " + text::printable(dependency.name) + ": " +
                                         text::printable(dependency.repository) + " leaves the repository"};
  }
  return folder;
}

bool is_vendored(const Chart& chart, const Dependency& dependency) {
  return std::any_of(chart.vendored.begin(), chart.vendored.end(),
                     [&](const auto& entry) { return entry.name == dependency.name; });
}

void fail(Prepared& out, const Error& error) {
  out.code = error.kind == Error::Kind::usage         ? "render/outside-repository"
             : error.kind == Error::Kind::unsupported ? "render/unsafe-archive"
                                                      : "render/failed";
  out.failure = error.message;
}

}  // namespace

Charts::Charts(const proc::Runner& runner, Settings settings) : runner_(runner), settings_(std::move(settings)) {}

const Prepared& Charts::get(const std::string& folder) {
  Slot* slot = nullptr;
  {
    const std::lock_guard lock(mutex_);
    auto& place = slots_[folder];
    if (!place) {
      place = std::make_unique<Slot>();
    }
    slot = place.get();
  }
  std::call_once(slot->once, [&] { prepare(folder, slot->prepared); });
  return slot->prepared;
}

void Charts::prepare(const std::string& folder, Prepared& out) {
  auto chart = read_chart(settings_.root, folder);
  if (!chart) {
    out.chart.folder = folder;
    return fail(out, chart.error());
  }
  out.chart = std::move(*chart);
  out.folder = folder == "." ? "." : "./" + folder;
  if (!out.chart.missing.empty()) {
    out.failure = text::join(out.chart.missing, "; ");
    out.code = "render/skipped";
    out.skip = true;
    return;
  }
  if (out.chart.has_file_dependencies()) {
    stage(out);
  }
}

/// A throw-away copy of the chart whose file:// dependencies are packed into charts/, as `helm dependency build` does.
void Charts::stage(Prepared& out) {
  const std::string copy = settings_.sandbox + "/charts/" + text::replace_all(text::percent_encode(out.chart.folder), "/", "%2F");
  if (const auto copied = copy_files(settings_.root, out.chart.folder, out.chart.files, copy); !copied) {
    return fail(out, copied.error());
  }
  for (const auto& dependency : out.chart.dependencies) {
    if (!dependency.is_file() || is_vendored(out.chart, dependency)) {
      continue;
    }
    const auto folder = dependency_folder(out.chart, dependency);
    if (!folder) {
      return fail(out, folder.error());
    }
    auto local = read_chart(settings_.root, *folder);
    if (!local) {
      return fail(out, in_context("dependency " + text::printable(dependency.name), local.error()));
    }
    const auto packed = runner_.run({.argv = {"helm", "package", "./" + *folder, "--destination", copy + "/charts"},
                                     .env = hermetic_environment(settings_),
                                     .cwd = settings_.root,
                                     .timeout = settings_.timeout,
                                     .max_output = settings_.max_output});
    if (!packed) {
      return fail(out, packed.error());
    }
    if (packed->ended != proc::Ended::exited || packed->code != 0) {
      return fail(out, {Error::Kind::subprocess, proc::describe_failure("helm package " + text::printable(*folder), *packed)});
    }
    out.chart.vendored.push_back({.path = *folder, .name = local->name, .version = local->version});
    out.chart.files.insert(out.chart.files.end(), local->files.begin(), local->files.end());
  }
  std::sort(out.chart.files.begin(), out.chart.files.end());
  out.chart.findings.clear();
  out.chart.missing.clear();
  check_dependencies(out.chart);
  out.folder = copy;
}

}  // namespace sluice::helm

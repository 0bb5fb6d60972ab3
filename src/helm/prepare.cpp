// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "helm/archive.hpp"
#include "helm/judge.hpp"
#include "helm/schema_references.hpp"
#include "helm/unstable_calls.hpp"
#include "io/files.hpp"

#include <algorithm>
#include <filesystem>

namespace sluice::helm {
namespace {

bool is_vendored(const Chart& chart, const Dependency& dependency) {
  return std::any_of(chart.vendored.begin(), chart.vendored.end(),
                     [&](const auto& entry) { return entry.name == dependency.name; });
}

/// Nothing when a file cannot be read: then nothing is kept.
std::optional<Digest> digest_of(const std::string& root, const Chart& chart, OwnValues own) {
  cache::Key key(own == OwnValues::used ? "chart" : "chart without its values");
  key.add(chart.folder);
  for (const auto& file : chart.files) {
    const auto bytes = io::read_file(root + "/" + file);
    if (!bytes) {
      return std::nullopt;
    }
    key.add_file(file, sha256(*bytes));
  }
  return key.finish();
}

bool is_schema(std::string_view path) {
  return path == "values.schema.json" || path.ends_with("/values.schema.json");
}

/// The schemas of the chart and of all that lies in its charts/.
Status check_schemas(const std::string& root, const Chart& chart) {
  for (const auto& file : chart.files) {
    if (is_schema(file)) {
      std::string bytes;
      SLUICE_TRY_ASSIGN(bytes, io::read_file(root + "/" + file));
      SLUICE_TRY(check_schema_references(std::move(bytes), file));
    } else if (file.ends_with(".tgz")) {
      std::vector<ArchiveFile> members;
      SLUICE_TRY_ASSIGN(members, read_archive(root + "/" + file));
      for (auto& member : members) {
        if (is_schema(member.path)) {
          SLUICE_TRY(check_schema_references(std::move(member.bytes), file + "/" + member.path));
        }
      }
    }
  }
  return ok;
}

void fail(Prepared& out, const Error& error) {
  out.code = error.kind == Error::Kind::usage         ? "input/outside-repository"
             : error.kind == Error::Kind::unsupported ? "render/unsafe-archive"
                                                      : "render/failed";
  out.failure = error.message;
}

}  // namespace

Status copy_files(const std::string& root,
                  const std::string& folder,
                  const std::vector<std::string>& files,
                  const std::string& to) {
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

Result<std::string> dependency_folder(const Chart& chart, const Dependency& dependency) {
  const std::string relative =
      chart.folder + "/" + dependency.repository.substr(std::string_view("file://").size());
  auto folder = io::normalise_inside(relative);
  if (!folder) {
    return Error{Error::Kind::usage, "dependency " + text::printable(dependency.name) + ": " +
                                         text::printable(dependency.repository) +
                                         " leaves the repository"};
  }
  return folder;
}

Charts::Charts(const proc::Runner& runner, Settings settings)
    : runner_(runner), settings_(std::move(settings)) {}

const Prepared& Charts::get(const std::string& folder, OwnValues own) {
  Slot* slot = nullptr;
  {
    const std::lock_guard lock(mutex_);
    auto& place = slots_[{folder, own}];
    if (!place) {
      place = std::make_unique<Slot>();
    }
    slot = place.get();
  }
  std::call_once(slot->once, [&] { prepare(folder, own, slot->prepared); });
  return slot->prepared;
}

void Charts::prepare(const std::string& folder, OwnValues own, Prepared& out) {
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
  if (out.chart.has_file_dependencies() || own == OwnValues::left_out) {
    stage(own, out);
  }
  if (const auto schemas = check_schemas(settings_.root, out.chart); !schemas) {
    out.skip = schemas.error().kind == Error::Kind::unsupported;
    out.code = out.skip                                     ? "render/skipped"
               : schemas.error().kind == Error::Kind::usage ? "input/outside-repository"
                                                            : "render/failed";
    out.failure = schemas.error().message;
    return;
  }
  if (settings_.store != nullptr && out.failure.empty()) {
    out.digest = digest_of(settings_.root, out.chart, own);
  }
  if (const auto files = read_chart_files(settings_.root, out)) {
    if (auto values = read_chart_values(*files)) {
      out.values = std::move(*values);
    }
    out.calls = std::make_shared<const UnstableCalls>(*files);
  }
}

/// A throw-away copy of the chart whose file:// dependencies are packed into charts/, as `helm
/// dependency build` does.
void Charts::stage(OwnValues own, Prepared& out) {
  const std::string copy = settings_.sandbox +
                           (own == OwnValues::used ? "/charts/" : "/bare-charts/") +
                           text::replace_all(text::percent_encode(out.chart.folder), "/", "%2F");
  if (const auto copied = copy_files(settings_.root, out.chart.folder, out.chart.files, copy);
      !copied) {
    return fail(out, copied.error());
  }
  if (own == OwnValues::left_out) {
    std::error_code ignored;
    std::filesystem::remove(copy + "/values.yaml", ignored);
  }
  if (!pack_dependencies(copy, out)) {
    return;
  }
  std::sort(out.chart.files.begin(), out.chart.files.end());
  out.chart.findings.clear();
  out.chart.missing.clear();
  check_dependencies(out.chart);
  out.folder = copy;
}

bool Charts::pack_dependencies(const std::string& copy, Prepared& out) {
  for (const auto& dependency : out.chart.dependencies) {
    if (!dependency.is_file() || is_vendored(out.chart, dependency)) {
      continue;
    }
    const auto folder = dependency_folder(out.chart, dependency);
    auto local = folder ? read_chart(settings_.root, *folder) : Result<Chart>(folder.error());
    if (!local) {
      fail(out, in_context("dependency " + text::printable(dependency.name), local.error()));
      return false;
    }
    const auto packed =
        runner_.run({.argv = {"helm", "package", "./" + *folder, "--destination", copy + "/charts"},
                     .env = hermetic_environment(settings_),
                     .cwd = settings_.root,
                     .timeout = settings_.timeout,
                     .max_output = settings_.max_output,
                     .confined = confinement(settings_)});
    if (!packed || packed->ended != proc::Ended::exited || packed->code != 0) {
      const auto what = "helm package " + text::printable(*folder);
      fail(out, packed ? Error{Error::Kind::subprocess, proc::describe_failure(what, *packed)}
                       : packed.error());
      return false;
    }
    out.chart.vendored.push_back({.path = *folder, .name = local->name, .version = local->version});
    out.chart.files.insert(out.chart.files.end(), local->files.begin(), local->files.end());
  }
  return true;
}

}  // namespace sluice::helm

// SPDX-License-Identifier: Apache-2.0
#include "helm/template.hpp"

#include "base/text.hpp"
#include "helm/run_helm.hpp"
#include "io/files.hpp"

#include <algorithm>
#include <atomic>
#include <filesystem>

namespace sluice::helm {
namespace {

constexpr std::uint64_t values_limit = 16U << 20U;

/// A name for one temporary file; helm prints it in its errors, where it becomes `inline_words`
/// again.
std::string fresh_name() {
  static std::atomic<std::uint64_t> next{0};
  return "values-" + std::to_string(next++) + ".yaml";
}

/// helm splits the value of --values at commas, as CSV: a file called "a.yaml,/etc/passwd" must
/// stay one file.
std::string csv_quoted(const std::string& path) {
  return path.find_first_of(",\"\n\r") == std::string::npos
             ? path
             : '"' + text::replace_all(path, "\"", "\"\"") + '"';
}

/// Why a path of a values file or parameter file may not be read, or nothing.
std::string refuse(const std::string& path) {
  if (path.find("://") != std::string::npos) {
    return "values from an address are not read: " + text::printable(path);
  }
  if (!io::normalise_inside(path)) {
    return "the path " + text::printable(path) + " leaves the repository";
  }
  return {};
}

enum class Found : std::uint8_t { here, absent, refused };

/// Looks at one input before helm does.
Found look(const io::Snapshot& files, const std::string& path, Rendered& out) {
  out.failure = refuse(path);
  if (!out.failure.empty()) {
    out.outside = path.find("://") == std::string::npos;
    return Found::refused;
  }
  if (files.kind(path) == io::EntryKind::file) {
    return Found::here;
  }
  const auto real = files.resolve(path);
  if (!real && real.error().kind == Error::Kind::usage) {
    out.outside = true;
    out.failure = "the path " + text::printable(path) + " leads out of the repository by a link";
    return Found::refused;
  }
  return Found::absent;
}

/// Collects the layers of values that come from files. False when one is refused or missing.
bool add_files(const io::Snapshot& files, const delivery::HelmSource& source, Rendered& out) {
  for (const auto& file : source.values_files) {
    out.failure_at = file.named_at;
    switch (look(files, file.path, out)) {
      case Found::refused:
        return false;
      case Found::absent:
        if (!file.optional) {
          out.failure = "values file " + text::printable(file.path) + " does not exist";
          return false;
        }
        out.absent.push_back(file.path);
        break;
      case Found::here: {
        const auto text = files.read(file.path, values_limit);
        if (!text) {
          out.failure = "values file " + text::printable(file.path) + " cannot be read";
          return false;
        }
        out.inputs.push_back(file.path);
        out.layers.push_back({.file = file.path,
                              .text = **text,
                              .at = {.file = file.path, .line = 1, .column = 1},
                              .argument = csv_quoted("./" + file.path)});
      }
    }
  }
  out.failure_at = {};
  return true;
}

Status add_inline(const Settings& settings, const delivery::HelmSource& source, Rendered& out) {
  if (source.values.empty()) {
    return ok;
  }
  const std::string path = settings.sandbox + "/inline/" + fresh_name();
  SLUICE_TRY(io::write_atomically(path, source.values));
  out.layers.push_back({.file = source.values_at.file,
                        .text = source.values,
                        .at = source.values_at,
                        .argument = path});
  return ok;
}

/// False when a parameter's file is refused or missing.
bool add_parameters(const io::Snapshot& files,
                    const delivery::HelmSource& source,
                    std::vector<std::string>& argv,
                    Rendered& out) {
  auto parameters = source.parameters;
  // Argo CD passes them in the order of a Go map, that is in none: sorted, one answer is chosen for
  // good.
  std::stable_sort(parameters.begin(), parameters.end(),
                   [](const auto& a, const auto& b) { return a.name < b.name; });
  for (const auto& parameter : parameters) {
    using As = delivery::HelmParameter::As;
    if (parameter.as == As::file) {
      if ((parameter.name + parameter.value).find_first_of(",{}=") != std::string::npos) {
        out.failure = "a parameter file whose name or path holds one of ,{}= is not read: " +
                      text::printable(parameter.name);
        return false;  // helm would read several files from it
      }
      const auto found = look(files, parameter.value, out);
      if (found != Found::here) {
        out.failure = found == Found::absent
                          ? "parameter file " + text::printable(parameter.value) + " does not exist"
                          : out.failure;
        return false;
      }
      out.inputs.push_back(parameter.value);
      argv.insert(argv.end(), {"--set-file", parameter.name + "=./" + parameter.value});
      continue;
    }
    argv.insert(argv.end(), {parameter.as == As::string ? "--set-string" : "--set",
                             parameter.name + "=" + parameter.value});
  }
  return true;
}

std::string name_space(const Request& request) {
  const auto& own = request.source->name_space;
  const auto& chosen = own.empty() ? request.name_space : own;
  return chosen.empty() ? "default" : chosen;
}

std::vector<std::string> base_arguments(const Request& request) {
  const auto& source = *request.source;
  std::vector<std::string> argv = {
      "helm",        "template",          source.release,   request.chart->folder,
      "--namespace", name_space(request), "--kube-version", request.kube_version};
  for (const auto& version : request.api_versions) {
    argv.insert(argv.end(), {"--api-versions", version});
  }
  if (!source.skip_crds) {
    argv.emplace_back("--include-crds");
  }
  if (source.skip_hooks) {
    argv.emplace_back("--no-hooks");
  }
  if (source.skip_tests) {
    argv.emplace_back("--skip-tests");
  }
  if (source.skip_schema_validation) {
    argv.emplace_back("--skip-schema-validation");
  }
  return argv;
}

std::vector<std::string> with_layers(std::vector<std::string> argv,
                                     const std::vector<ValuesLayer>& layers) {
  for (const auto& layer : layers) {
    argv.insert(argv.end(), {"--values", layer.argument});
  }
  return argv;
}

}  // namespace

Result<Rendered> render(const proc::Runner& runner,
                        const Settings& settings,
                        const Request& request) {
  Rendered out;
  const auto& source = *request.source;
  if (source.release.starts_with('-')) {  // it would be read as a flag
    out.failure = "a release cannot be called " + text::printable(source.release);
    return out;
  }
  const auto files = io::snapshot_of(settings.files, settings.root);
  if (!add_files(*files, source, out)) {
    return out;
  }
  SLUICE_TRY(add_inline(settings, source, out));
  auto argv = with_layers(base_arguments(request), out.layers);
  if (!add_parameters(*files, source, argv, out)) {
    return out;
  }
  out.arguments = shown(settings, request, argv);
  SLUICE_TRY(run_helm(runner, settings, request, std::move(argv), out));
  return out;
}

namespace {

Status replace_text(const Settings& settings, const std::string& edited, ValuesLayer& layer) {
  layer.text = edited;
  layer.argument = settings.sandbox + "/inline/" + fresh_name();
  return io::write_atomically(layer.argument, edited);
}

bool is_own_file(const Chart& chart, const ValuesLayer& layer) {
  return layer.file == (chart.folder == "." ? "values.yaml" : chart.folder + "/values.yaml");
}

/// A throw-away copy of a chart with other values.
class EditedChart {
 public:
  ~EditedChart() {
    if (!prepared_.folder.empty()) {
      std::error_code ignored;
      std::filesystem::remove_all(prepared_.folder, ignored);
    }
  }
  EditedChart() = default;
  EditedChart(const EditedChart&) = delete;
  EditedChart& operator=(const EditedChart&) = delete;

  Status make(const Settings& settings, const Prepared& from, const std::string& values) {
    const auto& chart = from.chart;
    prepared_.chart = {.folder = chart.folder, .name = chart.name};
    prepared_.folder = settings.sandbox + "/edited/" + fresh_name();
    if (from.folder.starts_with('/')) {  // packed dependencies lie in the copy already
      std::error_code failed;
      std::filesystem::create_directories(prepared_.folder, failed);
      std::filesystem::copy(from.folder, prepared_.folder, std::filesystem::copy_options::recursive,
                            failed);
      if (failed) {
        return Error{Error::Kind::io, "cannot copy a chart: " + failed.message()};
      }
    } else {
      SLUICE_TRY(copy_files(settings.root, chart.folder, chart.files, prepared_.folder));
    }
    if (from.digest) {
      prepared_.digest = cache::Key("edited values").add(hex(*from.digest)).add(values).finish();
    }
    return io::write_atomically(prepared_.folder + "/values.yaml", values);
  }
  [[nodiscard]] const Prepared& prepared() const { return prepared_; }

 private:
  Prepared prepared_;
};

}  // namespace

Result<Rendered> render_again(const proc::Runner& runner,
                              const Settings& settings,
                              const Request& request,
                              const Rendered& first,
                              const Edits& edits) {
  Rendered out;
  out.layers = first.layers;
  for (const auto& [index, text] : edits.layers) {
    SLUICE_TRY(replace_text(settings, text, out.layers.at(index)));
  }
  EditedChart copy;
  Request changed = request;
  if (edits.own_values) {
    for (auto& layer : out.layers) {
      if (is_own_file(request.chart->chart, layer)) {
        SLUICE_TRY(replace_text(settings, *edits.own_values, layer));
      }
    }
    SLUICE_TRY(copy.make(settings, *request.chart, *edits.own_values));
    changed.chart = &copy.prepared();
  }
  auto argv = with_layers(base_arguments(changed), out.layers);
  if (!request.source->skip_schema_validation) {
    argv.emplace_back("--skip-schema-validation");
  }
  const auto files = io::snapshot_of(settings.files, settings.root);
  if (add_parameters(*files, *request.source, argv, out)) {
    SLUICE_TRY(run_helm(runner, settings, changed, std::move(argv), out));
  }
  return out;
}

}  // namespace sluice::helm

// SPDX-License-Identifier: Apache-2.0
#include "argo/templater.hpp"
#include "base/text.hpp"
#include "io/files.hpp"
#include "proc/runner.hpp"
#include "yaml/value.hpp"

#include <algorithm>
#include <map>

namespace sluice::argo {
namespace {

using yaml::Kind;
using yaml::Value;

constexpr std::string_view chart = "apiVersion: v2\nname: templates\nversion: 0.0.0\n";

/// normalize is Argo CD's own; as a named template it can stand in a pipeline. Every result is JSON
/// text on its own line.
constexpr std::string_view all_of_them = R"({{- define "normalize" -}}
{{- regexReplaceAll "[^-a-z0-9.]" (lower .) "-" | trunc 253 | trimAll "-." -}}
{{- end -}}
apiVersion: v1
kind: Templates
results:
{{- range .Values.jobs }}
- {{ tpl .template (index $.Values.parameters (int .parameters)) | toJson }}
{{- end }}
)";

Value number(std::size_t value) {
  return {.kind = Kind::integer, .text = std::to_string(value)};
}

/// The jobs as values of the chart; parameters that several share are there once.
std::string values_of(std::span<const TemplateJob> jobs) {
  std::string parameters;
  std::string list;
  std::map<std::string_view, std::size_t> places;
  for (const auto& job : jobs) {
    const auto [place, added] = places.emplace(job.parameters, places.size());
    if (added) {
      parameters += (parameters.empty() ? "" : ",") + job.parameters;
    }
    auto entry = Value::mapping();
    entry.set("template", Value::string(job.text));
    entry.set("parameters", number(place->second));
    list += list.empty() ? "" : ",";
    yaml::append_json(entry, list);
  }
  return "{\"jobs\":[" + list + "],\"parameters\":[" + parameters + "]}\n";
}

/// helm's last line says what is wrong; before it stands where in our own chart.
std::string reason(const proc::Finished& finished) {
  std::string_view message = text::trim(finished.err);
  if (const auto error = message.rfind("Error: "); error != std::string_view::npos) {
    message = message.substr(error + 7);
  }
  if (const auto at = message.rfind("error calling tpl: "); at != std::string_view::npos) {
    message = message.substr(at + 19);
  }
  return text::printable(message.substr(0, message.find('\n')), 300);
}

class HelmTemplater : public Templater {
 public:
  HelmTemplater(const proc::Runner& runner, std::string helm, TemplaterMemory memory)
      : runner_(runner), helm_(std::move(helm)), memory_(std::move(memory)) {}

  [[nodiscard]] Result<std::vector<TemplateResult>> run(
      std::span<const TemplateJob> jobs) const override {
    const auto question = std::string(all_of_them) + values_of(jobs);
    if (const auto known = memory_.recall ? memory_.recall(question) : std::nullopt) {
      return read(*known, jobs.size());
    }
    auto folder = io::TemporaryDirectory::make("templates");
    if (!folder) {
      return folder.error();
    }
    SLUICE_TRY(io::write_atomically(folder->path() + "/chart/Chart.yaml", chart));
    SLUICE_TRY(io::write_atomically(folder->path() + "/chart/templates/all.yaml", all_of_them));
    auto results = all_or_each(jobs, folder->path());
    const auto worked = [](const auto& result) { return result.ok; };
    if (memory_.remember && results && std::ranges::all_of(*results, worked)) {
      memory_.remember(question, written(*results));
    }
    return results;
  }

 private:
  /// One start for all; when a template fails, one for each template, because helm stops at the
  /// first. (Argo CD refuses the whole set for one failing Application, so no more is asked.)
  [[nodiscard]] Result<std::vector<TemplateResult>> all_or_each(std::span<const TemplateJob> jobs,
                                                                const std::string& folder) const {
    proc::Finished finished;
    SLUICE_TRY_ASSIGN(finished, start(jobs, folder));
    if (finished.ended == proc::Ended::exited && finished.code == 0) {
      return read(finished.out, jobs.size());
    }
    if (finished.ended != proc::Ended::exited) {
      return Error{Error::Kind::subprocess, proc::describe_failure("helm template", finished)};
    }
    const bool same =
        std::ranges::all_of(jobs, [&](const auto& job) { return job.text == jobs.front().text; });
    if (same) {
      return std::vector<TemplateResult>(jobs.size(), TemplateResult{false, reason(finished)});
    }
    return each(jobs, folder);
  }

  [[nodiscard]] Result<std::vector<TemplateResult>> each(std::span<const TemplateJob> jobs,
                                                         const std::string& folder) const {
    std::vector<TemplateResult> results;
    int starts = 0;
    for (std::size_t begin = 0; begin < jobs.size();) {
      std::size_t end = begin;  // jobs are sorted, so those of one template stand together
      while (end < jobs.size() && jobs[end].text == jobs[begin].text) {
        ++end;
      }
      if (++starts > most_starts) {
        results.resize(jobs.size(),
                       TemplateResult{false, "not evaluated: too many templates fail"});
        break;
      }
      std::vector<TemplateResult> some;
      SLUICE_TRY_ASSIGN(some, all_or_each(jobs.subspan(begin, end - begin), folder));
      results.insert(results.end(), some.begin(), some.end());
      begin = end;
    }
    return results;
  }

  [[nodiscard]] Result<proc::Finished> start(std::span<const TemplateJob> jobs,
                                             const std::string& folder) const {
    SLUICE_TRY(io::write_atomically(folder + "/values.yaml", values_of(jobs)));
    proc::Command command{
        .argv = {helm_, "template", "templates", folder + "/chart", "--values",
                 folder + "/values.yaml", "--namespace", "default", "--kube-version", "1.30.0"},
        .env = {{"HOME", folder},
                {"HELM_CACHE_HOME", folder + "/cache"},
                {"HELM_CONFIG_HOME", folder + "/config"},
                {"HELM_DATA_HOME", folder + "/data"},
                {"HELM_PLUGINS", folder + "/plugins"},
                {"PATH", "/nonexistent"}},
        .cwd = folder,
        .stdin_text = {},
        .confined = proc::Confinement{.readable = {}, .writable = {folder}}};
    return runner_.run(command);
  }

  /// As helm printed it.
  static std::string written(const std::vector<TemplateResult>& results) {
    std::string out = "results:\n";
    for (const auto& result : results) {
      out += "- ";
      yaml::append_json(Value::string(result.text), out);
      out += '\n';
    }
    return out;
  }

  static Result<std::vector<TemplateResult>> read(const std::string& out, std::size_t count) {
    Value document;
    SLUICE_TRY_ASSIGN(document, yaml::parse_value(out, "helm's answer"));
    const auto* results = document.find("results");
    if (results == nullptr || results->items.size() != count) {
      return Error{Error::Kind::subprocess, "helm template did not answer every template"};
    }
    std::vector<TemplateResult> found;
    for (const auto& result : results->items) {
      found.push_back({true, result.text});
    }
    return found;
  }

  static constexpr int most_starts = 50;

  const proc::Runner& runner_;
  std::string helm_;
  TemplaterMemory memory_;
};

}  // namespace

std::unique_ptr<Templater> make_helm_templater(const proc::Runner& runner,
                                               std::string helm,
                                               TemplaterMemory memory) {
  return std::make_unique<HelmTemplater>(runner, std::move(helm), std::move(memory));
}

}  // namespace sluice::argo

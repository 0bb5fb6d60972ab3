// SPDX-License-Identifier: Apache-2.0
#include "helm/run_helm.hpp"

#include "base/text.hpp"
#include "io/files.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <optional>

namespace sluice::helm {
namespace {

constexpr std::string_view inline_words = "(inline values)";

/// Names of this machine taken out of what helm says.
std::string clean(const Settings& settings, std::string message) {
  std::size_t at = 0;
  const std::string inline_files = settings.sandbox + "/inline/";
  while ((at = message.find(inline_files, at)) != std::string::npos) {
    const auto end = message.find(".yaml", at);
    message.replace(at, end == std::string::npos ? inline_files.size() : end + 5 - at,
                    inline_words);
  }
  message = text::replace_all(std::move(message), settings.sandbox + "/charts/", "");
  message = text::replace_all(std::move(message), settings.sandbox + "/bare-charts/", "");
  return text::replace_all(std::move(message), settings.root + "/", "");
}

/// What helm has to say from "Error:" on, in one line.
std::string helm_error(const Settings& settings, const std::string& stderr_text) {
  const std::string message = clean(settings, stderr_text);
  const auto start = message.rfind("\nError: ");
  std::string out;
  const auto from = start == std::string::npos ? 0 : start + 1;
  for (const auto line : text::split(std::string_view(message).substr(from), '\n')) {
    const auto words = text::trim(line);
    if (!words.empty() && !words.starts_with("Use --debug flag")) {
      out += (out.empty() ? "" : " ") + std::string(words);
    }
  }
  if (out.starts_with("Error: ")) {
    out.erase(0, 7);
  }
  return text::printable(out, 600);
}

/// "(app/templates/web.yaml:12:4)" in helm's error, as a place in the repository.
diag::Location error_place(const Chart& chart, const std::string& message) {
  const std::string start = chart.name + "/";
  for (auto at = message.find(start); at != std::string::npos; at = message.find(start, at + 1)) {
    const auto end = message.find_first_of(": )\"'", at);
    const auto name = message.substr(at, end == std::string::npos ? end : end - at);
    if (name.find("/templates/") == std::string::npos && name.find("/crds/") == std::string::npos) {
      continue;
    }
    diag::Location place{.file = source_file(chart, name)};
    if (end != std::string::npos && message[end] == ':') {
      place.line = static_cast<std::uint32_t>(std::strtoul(message.c_str() + end + 1, nullptr, 10));
    }
    return place;
  }
  return {};
}

}  // namespace

std::vector<std::string> shown(const Settings& settings,
                               const Request& request,
                               const std::vector<std::string>& argv) {
  std::vector<std::string> out;
  for (const auto& argument : argv) {
    out.push_back(argument == request.chart->folder ? "./" + request.chart->chart.folder
                                                    : clean(settings, argument));
  }
  return out;
}

namespace {

/// Everything that decides the bytes; nothing when they are not to be kept.
std::optional<Digest> key_of(const Settings& settings,
                             const Request& request,
                             const std::vector<std::string>& argv,
                             const Rendered& out) {
  if (settings.store == nullptr || !request.chart->digest) {
    return std::nullopt;
  }
  cache::Key key("helm template 2");
  key.add(pinned_version).add(settings.program).add(settings.attempt);
  key.add(hex(*request.chart->digest));
  for (const auto& argument : shown(settings, request, argv)) {
    key.add(argument);
  }
  for (const auto& layer : out.layers) {
    key.add(layer.text);
  }
  for (const auto& file : out.inputs) {  // of --set-file, too
    const auto bytes = io::read_file(settings.root + "/" + file);
    key.add_file(file, bytes ? std::optional(sha256(*bytes)) : std::nullopt);
  }
  for (const auto& file : out.absent) {
    key.add_file(file, std::nullopt);
  }
  return key.finish();
}

void take_output(std::string bytes, std::string_view said, Rendered& out) {
  out.out = std::move(bytes);
  for (const auto line : text::split(said, '\n')) {
    if (!text::trim(line).empty()) {
      out.warnings.push_back(text::printable(text::trim(line), 400));
    }
  }
}

/// What is kept: the length of what helm said, that, and what it printed.
std::string packed(const std::string& said, const std::string& printed) {
  return std::to_string(said.size()) + "\n" + said + printed;
}

bool unpack(const std::string& entry, Rendered& out) {
  const auto line = entry.find('\n');
  std::size_t length = 0;
  const auto* end = entry.data() + std::min(line, entry.size());
  const auto [parsed, error] = std::from_chars(entry.data(), end, length);
  if (error != std::errc{} || parsed != end || length > entry.size() - line - 1) {
    return false;
  }
  take_output(entry.substr(line + 1 + length), std::string_view(entry).substr(line + 1, length),
              out);
  return true;
}

}  // namespace

Status run_helm(const proc::Runner& runner,
                const Settings& settings,
                const Request& request,
                std::vector<std::string> argv,
                Rendered& out) {
  const auto key = key_of(settings, request, argv, out);
  if (const auto kept = key ? settings.store->get(*key) : std::nullopt;
      kept && unpack(*kept, out)) {
    return ok;
  }
  proc::Finished finished;
  SLUICE_TRY_ASSIGN(finished, runner.run({.argv = std::move(argv),
                                          .env = hermetic_environment(settings),
                                          .cwd = settings.root,
                                          .timeout = settings.timeout,
                                          .max_output = settings.max_output,
                                          .confined = confinement(settings)}));
  if (finished.ended == proc::Ended::exited && finished.code == 0) {
    const auto said = clean(settings, finished.err);
    if (key) {
      settings.store->put(*key, packed(said, finished.out));
    }
    take_output(std::move(finished.out), said, out);
    return ok;
  }
  const auto message = helm_error(settings, finished.err);
  const bool said_why = finished.ended == proc::Ended::exited && !message.empty();
  out.failure =
      said_why ? "helm template: " + message : proc::describe_failure("helm template", finished);
  out.failure_at = error_place(request.chart->chart, message);
  return ok;
}

}  // namespace sluice::helm

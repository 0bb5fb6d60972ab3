// SPDX-License-Identifier: Apache-2.0
#include "argo/context.hpp"
#include "argo/fields.hpp"
#include "argo/source.hpp"
#include "base/text.hpp"
#include "io/files.hpp"

#include <algorithm>
#include <array>

namespace sluice::argo {
namespace {

using delivery::Unit;
using yaml::Kind;
using yaml::Value;

const Value* present(const Value* mapping, std::string_view key) {
  const auto* value = mapping == nullptr ? nullptr : mapping->find(key);
  return value == nullptr || value->kind == Kind::null ? nullptr : value;
}

bool is_object_name(std::string_view name) {
  constexpr std::string_view inner = "abcdefghijklmnopqrstuvwxyz0123456789-.";
  const auto edge = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !name.empty() && name.size() <= 253 && edge(name.front()) && edge(name.back()) &&
         name.find_first_not_of(inner) == std::string_view::npos;
}

struct Destination {
  std::string cluster;
  std::string name_space;
};

std::optional<Destination> destination(Context& context,
                                       const Subject& subject,
                                       const Value* spec) {
  const auto* written = present(spec, "destination");
  check_fields(context, subject, written, application_destination);
  if (written == nullptr) {
    context.invalid(subject, spec, "spec.destination is missing");
    return std::nullopt;
  }
  const auto server = written->text_at({"server"});
  const auto name = written->text_at({"name"});
  if (server.empty() == name.empty()) {
    context.invalid(subject, written,
                    server.empty() ? "spec.destination names no cluster"
                                   : "spec.destination has both server and name",
                    "set one of server and name");
    return std::nullopt;
  }
  return Destination{std::string(server.empty() ? name : server),
                     std::string(written->text_at({"namespace"}))};
}

delivery::Apply apply_of(const Value* spec) {
  const auto* options = present(present(spec, "syncPolicy"), "syncOptions");
  const bool server_side =
      options != nullptr && std::ranges::any_of(options->items, [](const auto& option) {
        return option.text == "ServerSideApply=true" || option.text == "Replace=true";
      });
  return server_side ? delivery::Apply::server_side : delivery::Apply::client_side;
}

/// Where the Application's objects come from: one source, several, or what a hydrator would read.
std::vector<const Value*> written_sources(Context& context,
                                          const Subject& subject,
                                          const Value* spec) {
  std::vector<const Value*> sources;
  if (const auto* hydrator = present(spec, "sourceHydrator"); hydrator != nullptr) {
    check_fields(context, subject, hydrator, application_hydrator);
    if (const auto* dry = present(hydrator, "drySource"); dry != nullptr) {
      sources.push_back(dry);
    }
  } else if (const auto* several = present(spec, "sources");
             several != nullptr && !several->items.empty()) {
    for (const auto& source : several->items) {
      sources.push_back(&source);
    }
  } else if (const auto* one = present(spec, "source"); one != nullptr) {
    sources.push_back(one);
  }
  if (sources.empty()) {
    context.invalid(subject, spec, "the Application has no source",
                    "set spec.source with repoURL and path");
  }
  return sources;
}

bool only_referenced(const Value& source) {
  return !source.text_at({"ref"}).empty() && source.text_at({"path"}).empty() &&
         source.text_at({"chart"}).empty();
}

std::map<std::string, Reference> references(const Context& context,
                                            const std::vector<const Value*>& sources) {
  std::map<std::string, Reference> found;
  for (const auto* source : sources) {
    const auto name = source->text_at({"ref"});
    if (name.empty()) {
      continue;
    }
    const auto url = std::string(source->text_at({"repoURL"}));
    const auto ours =
        delivery::is_ours(context.repository, url, std::string(source->text_at({"path"})));
    found["$" + std::string(name)] = {url, ours != delivery::Ours::no};
  }
  return found;
}

/// .argocd-source.yaml and .argocd-source-<app>.yaml in the source's folder, laid over it: what
/// image updaters write.
std::optional<Value> with_overrides(Context& context,
                                    const Subject& subject,
                                    const Value& written,
                                    const std::string& path) {
  Value source = written;
  for (const auto& file :
       {std::string(".argocd-source.yaml"), ".argocd-source-" + subject.name + ".yaml"}) {
    const auto full = path == "." ? file : path + "/" + file;
    if (!context.repository.has_file(full)) {
      continue;
    }
    context.input(full);
    const auto real = io::resolve_inside(context.repository.root, full);
    auto bytes = real ? io::read_file(*real) : Result<std::string>(real.error());
    auto patch = bytes ? yaml::parse_value(std::move(*bytes), full) : Result<Value>(bytes.error());
    if (!patch) {
      context.invalid(subject, &written, text::printable(patch.error().message, 400));
      return std::nullopt;
    }
    for (const auto* kept : {"chart", "path", "repoURL", "targetRevision"}) {
      patch->erase(kept);
    }
    yaml::merge_patch(source, *patch);
  }
  return source;
}

/// Repository path of a source; nothing when it is not there, which is reported.
std::optional<std::string> source_path(Context& context,
                                       const Subject& subject,
                                       const Value& written) {
  const auto* path = present(&written, "path");
  if (path == nullptr || path->text.empty()) {
    context.invalid(subject, &written, "the source has neither path nor chart");
    return std::nullopt;
  }
  const auto normal = io::normalise_inside(path->text);
  if (!normal) {
    context.invalid(subject, path, "path " + quoted(path->text) + " leaves the repository");
    return std::nullopt;
  }
  const std::string folder = normal->empty() ? "." : *normal;
  if (!follow_repository(context, subject, &written, written.text_at({"repoURL"}), folder)) {
    return std::nullopt;
  }
  if (!context.repository.has_folder(folder)) {
    const bool file = context.repository.has_file(folder);
    context.missing(subject, path,
                    "path " + quoted(path->text) +
                        (file ? " is a file, not a folder" : " is not in this repository"));
    return std::nullopt;
  }
  return folder;
}

enum class Tool { helm, kustomize, directory };

/// What Argo CD would take the folder for: said explicitly, else by its files. A kustomization wins
/// over a chart, because the walk meets it last.
std::optional<Tool> tool_of(Context& context, const Subject& subject, const Source& source) {
  const std::array explicit_types = {std::pair{"helm", Tool::helm},
                                     std::pair{"kustomize", Tool::kustomize},
                                     std::pair{"directory", Tool::directory}};
  std::optional<Tool> tool;
  for (const auto& [key, meaning] : explicit_types) {
    const auto* value = source.find(key);
    if (value == nullptr) {
      continue;
    }
    if (tool) {
      context.invalid(subject, value,
                      "the source has settings of two tools, " + std::string(key) + " among them",
                      "keep one of helm, kustomize and directory");
      return std::nullopt;
    }
    tool = meaning;
  }
  if (tool) {
    return tool;
  }
  const std::string prefix = source.path == "." ? "" : source.path + "/";
  for (const auto* name : {"kustomization.yaml", "kustomization.yml", "Kustomization"}) {
    if (context.repository.has_file(prefix + name)) {
      return Tool::kustomize;
    }
  }
  const auto& files = context.repository.files;
  for (auto file = std::ranges::lower_bound(files, prefix);
       file != files.end() && file->starts_with(prefix); ++file) {
    const auto name = std::string_view(*file).substr(prefix.size());
    if (name.ends_with("Chart.yaml") && name.find('/') == std::string_view::npos) {
      return Tool::helm;
    }
  }
  return Tool::directory;
}

/// What names the environment: the last values file that is there, else the folder.
std::string telling_path(const Context& context,
                         const std::string& folder,
                         const std::vector<delivery::ValuesFile>& files) {
  for (auto file = files.rbegin(); file != files.rend(); ++file) {
    if (context.repository.has_file(file->path)) {
      return file->path;
    }
  }
  return folder;
}

bool take_capabilities(Context& context, const Subject& subject, const Value* options, Unit& unit) {
  if (const auto* version = present(options, "kubeVersion"); version != nullptr) {
    const auto full = full_version(version->text);
    if (!full) {
      context.invalid(subject, version,
                      "kubeVersion " + quoted(version->text) + " is no version x.y.z");
      return false;
    }
    unit.kube_version = *full;
  }
  if (const auto* versions = present(options, "apiVersions"); versions != nullptr) {
    for (const auto& version : versions->items) {
      unit.api_versions.push_back(version.text);
    }
  }
  return true;
}

/// Fills unit.source; false after a report.
bool take_source(Context& context, const Subject& subject, Source& source, Unit& unit) {
  const auto tool = tool_of(context, subject, source);
  if (!tool) {
    return false;
  }
  if (*tool == Tool::helm) {
    auto helm = helm_source(context, subject, source);
    if (!helm || !take_capabilities(context, subject, source.find("helm"), unit)) {
      return false;
    }
    unit.path = telling_path(context, source.path, helm->values_files);
    unit.source = std::move(*helm);
  } else if (*tool == Tool::kustomize) {
    auto kustomize = kustomize_source(context, subject, source);
    if (!kustomize || !take_capabilities(context, subject, source.find("kustomize"), unit)) {
      return false;
    }
    unit.source = std::move(*kustomize);
  } else {
    auto directory = directory_source(context, subject, source);
    if (!directory) {
      return false;
    }
    unit.source = std::move(*directory);
  }
  if (source.environment.used_revision) {
    context.report(subject, source.written, diag::Severity::note, "render/revision-variable",
                   "a variable that holds the revision is rendered as the word \"revision\"");
  }
  return true;
}

/// Reasons why a source can only come from elsewhere; true when one was found.
bool from_elsewhere(Context& context, const Subject& subject, const Value& written) {
  const auto url = std::string(written.text_at({"repoURL"}));
  if (const auto chart = written.text_at({"chart"}); !chart.empty()) {
    const auto version = written.text_at({"targetRevision"});
    context.unrenderable(subject, "chart " + std::string(chart) + (version.empty() ? "" : " ") +
                                      std::string(version) + " of " + url +
                                      " is not in this repository");
    return true;
  }
  if (url.starts_with("oci://")) {
    context.unrenderable(subject, "the OCI artifact " + url + " is not in this repository");
    return true;
  }
  if (const auto* plugin = present(&written, "plugin"); plugin != nullptr) {
    const auto name = plugin->text_at({"name"});
    context.unrenderable(subject, "config management plugin" +
                                      (name.empty() ? "" : " " + std::string(name)) +
                                      " would run a program of the repository server");
    return true;
  }
  return false;
}

struct Common {
  Destination destination;
  std::string project;
  delivery::Apply apply = delivery::Apply::client_side;
  std::map<std::string, Reference> references;
};

void expand_source(Context& context,
                   const Subject& subject,
                   const Common& common,
                   const Value& written,
                   const std::string& unit_name) {
  if (!written.is_mapping()) {
    context.invalid(subject, &written, "a source is not a mapping");
    return;
  }
  if (!check_fields(context, subject, &written, source_fields) ||
      from_elsewhere(context, subject, written)) {
    return;
  }
  const auto path = source_path(context, subject, written);
  if (!path) {
    return;
  }
  const auto merged = with_overrides(context, subject, written, *path);
  if (!merged || from_elsewhere(context, subject, *merged)) {
    return;
  }
  const auto revision = merged->text_at({"targetRevision"});
  note_revision(context, subject, present(&written, "targetRevision"), revision);
  Source source{
      .written = &*merged,
      .path = *path,
      .app = subject.name,
      .name_space = common.destination.name_space,
      .references = common.references,
      .environment = build_environment(subject.name, common.destination.name_space, common.project,
                                       merged->text_at({"repoURL"}), *path, revision)};
  Unit unit{.name = unit_name,
            .app = subject.name,
            .destination = common.destination.cluster,
            .name_space = common.destination.name_space,
            .path = *path,
            .defined_at = context.place(subject, nullptr),
            .apply = common.apply,
            .chain = subject.chain};
  if (take_source(context, subject, source, unit)) {
    context.out.units.push_back(std::move(unit));
  }
}

}  // namespace

void expand_application(Context& context, const Subject& subject, const Value& application) {
  if (!is_object_name(subject.name)) {
    context.invalid(subject, application.find({"metadata", "name"}),
                    "the Application's name " + quoted(subject.name) + " is no name of an object",
                    "lower case letters, digits, '-' and '.', at most 253");
    return;
  }
  const auto* spec = present(&application, "spec");
  if (spec == nullptr || !spec->is_mapping()) {
    context.invalid(subject, spec, "the Application has no spec");
    return;
  }
  check_fields(context, subject, spec, application_spec);
  check_fields(context, subject, present(spec, "syncPolicy"), application_sync_policy);
  const auto where = destination(context, subject, spec);
  const auto sources = written_sources(context, subject, spec);
  if (!where || sources.empty()) {
    return;
  }
  const Common common{.destination = *where,
                      .project = std::string(spec->text_at({"project"})),
                      .apply = apply_of(spec),
                      .references = references(context, sources)};
  const auto delivering =
      std::ranges::count_if(sources, [](const auto* source) { return !only_referenced(*source); });
  for (std::size_t i = 0; i < sources.size(); ++i) {
    if (only_referenced(*sources[i])) {
      continue;
    }
    const auto name = sources[i]->text_at({"name"});
    const auto suffix = name.empty() ? std::to_string(i + 1) : text::printable(name);
    expand_source(context, subject, common, *sources[i],
                  delivering == 1 ? subject.name : subject.name + "/" + suffix);
  }
}

}  // namespace sluice::argo

// SPDX-License-Identifier: Apache-2.0
#include "render/survey.hpp"

#include "base/text.hpp"
#include "io/files.hpp"
#include "render/documents.hpp"
#include "render/parallel.hpp"
#include "yaml/parse.hpp"

#include <algorithm>
#include <set>

namespace sluice::render {
namespace {

std::string_view base_name(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

bool is_kustomization_name(std::string_view name) {
  return name == "kustomization.yaml" || name == "kustomization.yml" || name == "Kustomization";
}

bool is_candidate(std::string_view path) {
  return path.ends_with(".yaml") || path.ends_with(".yml") || path.ends_with(".json") ||
         base_name(path) == "Kustomization";
}

bool holds(std::string_view bytes, std::string_view word) {
  return bytes.find(word) != std::string_view::npos;
}

std::string_view scalar(const yaml::Document& document,
                        const yaml::Node& node,
                        std::string_view key) {
  const auto* value = node.kind == yaml::Kind::mapping ? document.find(node, key) : nullptr;
  return value != nullptr && value->is_scalar() ? value->text : std::string_view{};
}

/// The identity of an object as far as it is written; nothing without apiVersion and kind.
void take_object(const yaml::Document& document,
                 const yaml::Node& node,
                 std::vector<diag::ObjectRef>& out) {
  const auto api_version = scalar(document, node, "apiVersion");
  const auto kind = scalar(document, node, "kind");
  if (api_version.empty() || kind.empty()) {
    return;
  }
  const auto* items = document.find(node, "items");
  if (kind.ends_with("List") && items != nullptr && items->kind == yaml::Kind::sequence) {
    for (const auto& item : document.children(*items)) {
      if (item.kind == yaml::Kind::mapping && scalar(document, item, "kind") != kind) {
        take_object(document, item, out);
      }
    }
    return;
  }
  const auto* metadata = document.find(node, "metadata");
  diag::ObjectRef ref{.api_version = std::string(api_version), .kind = std::string(kind)};
  if (metadata != nullptr) {
    ref.name_space = scalar(document, *metadata, "namespace");
    ref.name = scalar(document, *metadata, "name");
  }
  out.push_back(std::move(ref));
}

std::span<const yaml::Node> list(const yaml::Document& document, std::string_view field) {
  const auto* node =
      document.root().kind == yaml::Kind::mapping ? document.find(document.root(), field) : nullptr;
  return node != nullptr && node->kind == yaml::Kind::sequence ? document.children(*node)
                                                               : std::span<const yaml::Node>{};
}

void take_references(const yaml::Document& document, FileFacts& facts) {
  for (const auto* const field : {"resources", "bases", "components", "generators", "transformers",
                                  "validators", "configurations"}) {
    for (const auto& entry : list(document, field)) {
      if (entry.text.find('\n') == std::string_view::npos) {  // an inline transformer
        facts.references.emplace_back(entry.text);
      }
    }
  }
  for (const auto* const field : {"patches", "patchesJson6902"}) {
    for (const auto& entry : list(document, field)) {
      facts.patches.emplace_back(scalar(document, entry, "path"));
    }
  }
  for (const auto& entry : list(document, "patchesStrategicMerge")) {
    facts.patches.emplace_back(entry.text);
  }
}

/// kustomize takes a file by its name; only a Flux object of kind Kustomization may have the same
/// name and not be one.
bool is_kustomize_file(const std::string& path, const std::vector<diag::ObjectRef>& objects) {
  return is_kustomization_name(base_name(path)) &&
         std::none_of(objects.begin(), objects.end(),
                      [](const auto& object) { return is_gitops(object); });
}

/// Bytes that no search for words can judge: the parser says what is wrong with them.
bool is_no_text(std::string_view bytes) {
  return bytes.find('\0') != std::string_view::npos || bytes.starts_with("\xff\xfe") ||
         bytes.starts_with("\xfe\xff");
}

/// What the documents of a file make it, when they could be parsed.
void take_documents(const yaml::Stream& stream, const std::string& path, FileFacts& facts) {
  for (const auto& document : stream.documents) {
    take_object(document, document.root(), facts.objects);
    facts.half = facts.half || scalar(document, document.root(), "apiVersion").empty() !=
                                   scalar(document, document.root(), "kind").empty();
  }
  facts.gitops = std::any_of(facts.objects.begin(), facts.objects.end(), is_gitops);
  if (is_kustomize_file(path, facts.objects)) {
    facts.kind = FileFacts::Kind::kustomization;
    if (!stream.documents.empty()) {
      take_references(stream.documents.front(), facts);
    }
  } else if (!facts.objects.empty()) {
    facts.kind = FileFacts::Kind::manifest;
  }
}

FileFacts unreadable(std::string why, std::uint32_t line = 0) {
  return {.kind = FileFacts::Kind::unreadable, .why = std::move(why), .line = line};
}

FileFacts look_at(const std::string& bytes, const std::string& path, const yaml::Limits& limits) {
  const bool odd = is_no_text(bytes);
  const bool words =
      holds(bytes, "apiVersion") || bytes.starts_with("kind:") || holds(bytes, "\nkind:");
  if (!odd && !words && !is_kustomization_name(base_name(path))) {
    return {.why = "no document with apiVersion and kind"};
  }
  const bool looks_like =
      odd || (holds(bytes, "apiVersion:") && holds(bytes, "kind:") && holds(bytes, "metadata:"));
  const auto stream = yaml::parse(bytes, path, limits);
  if (!stream) {
    return unreadable(stream.error().message);
  }
  FileFacts facts;
  take_documents(*stream, path, facts);
  const auto broken = std::find_if(stream->findings.begin(), stream->findings.end(), is_lost);
  if (facts.kind == FileFacts::Kind::other && broken != stream->findings.end() && looks_like) {
    return unreadable(broken->message, broken->location.line);
  }
  facts.why = broken != stream->findings.end() ? "not YAML"
              : facts.half ? "apiVersion without kind, or kind without apiVersion"
                           : "no document with apiVersion and kind";
  return facts;
}

/// Below a chart, these are the chart's own; anything else may be a manifest like any other.
bool is_chart_part(std::string_view rest) {
  constexpr std::string_view files[] = {"Chart.yaml", "values.yaml", "values.schema.json",
                                        "requirements.yaml"};
  constexpr std::string_view folders[] = {"templates/", "crds/", "charts/", "ci/", "tests/"};
  return std::find(std::begin(files), std::end(files), rest) != std::end(files) ||
         std::any_of(std::begin(folders), std::end(folders),
                     [&](auto folder) { return rest.starts_with(folder); });
}

std::vector<std::string> chart_folders(const delivery::Repository& repository) {
  std::vector<std::string> folders;
  for (const auto& file : repository.files) {
    if (base_name(file) == "Chart.yaml") {
      folders.push_back(folder_of(file));
    }
  }
  std::sort(folders.begin(), folders.end());
  std::vector<std::string> outer;
  for (const auto& folder : folders) {
    const bool inside = std::any_of(folders.begin(), folders.end(), [&](const auto& other) {
      return folder.starts_with(join(other, "charts/"));
    });
    if (!inside) {
      outer.push_back(folder);
    }
  }
  return outer;
}

}  // namespace

bool is_gitops(const diag::ObjectRef& object) {
  const auto slash = object.api_version.find('/');
  const auto group = object.api_version.substr(0, slash == std::string::npos ? 0 : slash);
  if (group == "argoproj.io") {
    return object.kind == "Application" || object.kind == "ApplicationSet" ||
           object.kind == "AppProject";
  }
  return group.ends_with(".toolkit.fluxcd.io");
}

std::string client_side_reason(const diag::ObjectRef& object) {
  struct Row {
    std::string_view group;
    std::string_view reason;
  };
  constexpr Row rows[] = {{"kustomize.config.k8s.io", "read by kustomize"},
                          {"cli.kyverno.io", "read by policy tests"},
                          {"backstage.io", "read by a developer portal"},
                          {"scaffolder.backstage.io", "read by a developer portal"},
                          {"skaffold", "read by skaffold"},
                          {"kind.x-k8s.io", "read by kind"},
                          {"kubeadm.k8s.io", "read by kubeadm"},
                          {"kubelet.config.k8s.io", "read by the kubelet"},
                          {"apiserver.config.k8s.io", "read by the API server at its start"},
                          {"audit.k8s.io", "read by the API server at its start"},
                          {"kubescheduler.config.k8s.io", "read by the scheduler at its start"}};
  const auto group = object.api_version.substr(0, object.api_version.find('/'));
  for (const auto& row : rows) {
    if (row.group == group) {
      return std::string(row.reason);
    }
  }
  return object.api_version == "v1" && object.kind == "Config" ? "read by kubectl" : "";
}

std::string chart_of(const Survey& survey, const std::string& path) {
  std::string best;
  for (const auto& folder : survey.charts) {
    const auto prefix = folder == "." ? std::string() : folder + "/";
    if (path.starts_with(prefix) && is_chart_part(std::string_view(path).substr(prefix.size())) &&
        folder.size() >= best.size()) {
      best = folder;
    }
  }
  return best;
}

FileFacts look(const io::Snapshot& files, const yaml::Limits& limits, const std::string& path) {
  if (!files.resolve(path)) {
    return {.why = "a link that leads nowhere or out of the repository"};
  }
  const auto bytes = files.read(path, limits.stream_bytes);
  if (!bytes) {
    auto facts =
        unreadable(bytes.error().kind == Error::Kind::limit
                       ? bytes.error().message +
                             "; --max-stream-size raises that, and render.ignore passes over it"
                       : "cannot be read");
    facts.words = {.argo = true, .application = true, .flux = true};  // whatever it holds
    return facts;
  }
  auto facts = look_at(**bytes, path, limits);
  facts.words = words_in(**bytes);
  return facts;
}

Survey survey(const delivery::Repository& repository, const yaml::Limits& limits, unsigned jobs) {
  Survey result;
  result.charts = chart_folders(repository);
  std::vector<std::string> paths;
  std::copy_if(repository.files.begin(), repository.files.end(), std::back_inserter(paths),
               is_candidate);
  const auto files = io::snapshot_of(repository.snapshot, repository.root);
  std::vector<FileFacts> facts(paths.size());
  parallel(jobs, paths.size(), [&](std::size_t i) {
    if (const auto chart = chart_of(result, paths[i]); !chart.empty()) {
      facts[i].kind = FileFacts::Kind::chart_part;
      facts[i].why = "part of the chart " + text::printable(chart);
    } else {
      facts[i] = look(*files, limits, paths[i]);
    }
  });
  std::set<std::string> kustomizations;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    if (facts[i].kind == FileFacts::Kind::kustomization) {
      kustomizations.insert(folder_of(paths[i]));
    }
    result.files.emplace(paths[i], std::move(facts[i]));
  }
  result.kustomizations.assign(kustomizations.begin(), kustomizations.end());
  return result;
}

}  // namespace sluice::render

// SPDX-License-Identifier: Apache-2.0
#include "helm/chart.hpp"

#include "base/sha256.hpp"
#include "base/text.hpp"
#include "helm/archive.hpp"
#include "io/files.hpp"
#include "yaml/canonical.hpp"
#include "yaml/parse.hpp"

#include <algorithm>

namespace sluice::helm {
namespace {

constexpr std::uint64_t chart_yaml_limit = 5U << 20U;

using yaml::Document;
using yaml::Kind;
using yaml::Node;

/// The one document of a small file such as Chart.yaml.
Result<yaml::Stream> parse_one(std::string bytes, const std::string& file) {
  yaml::Stream stream;
  SLUICE_TRY_ASSIGN(stream, yaml::parse(std::move(bytes), file));
  for (const auto& finding : stream.findings) {
    if (finding.severity == diag::Severity::error) {
      return Error{Error::Kind::parse, text::printable(file) + ":" +
                                           std::to_string(finding.location.line) + ": " +
                                           finding.message};
    }
  }
  if (stream.documents.empty() || stream.documents.front().root().kind != Kind::mapping) {
    return Error{Error::Kind::parse, text::printable(file) + " is not a mapping"};
  }
  return stream;
}

/// A JSON string as Go's encoding/json writes it: <, > and & are escaped, unlike in our canonical
/// form.
std::string as_go_writes(const std::string& json) {
  auto result = text::replace_all(json, "<", "\\u003c");
  result = text::replace_all(std::move(result), ">", "\\u003e");
  result = text::replace_all(std::move(result), "&", "\\u0026");
  result = text::replace_all(std::move(result), "\xe2\x80\xa8", "\\u2028");
  return text::replace_all(std::move(result), "\xe2\x80\xa9", "\\u2029");
}

/// Field order and omissions of Helm's chart.Dependency.
std::string lock_json(const Document& document, const Node& node) {
  struct Field {
    std::string_view name;
    bool always;
  };
  constexpr Field fields[] = {{"name", true},           {"version", false}, {"repository", true},
                              {"condition", false},     {"tags", false},    {"enabled", false},
                              {"import-values", false}, {"alias", false}};
  std::string out = "{";
  for (const auto& field : fields) {
    const Node* value = document.find(node, field.name);
    const bool empty = value == nullptr || value->kind == Kind::null ||
                       (value->is_scalar() && (value->text.empty() || value->text == "false")) ||
                       (!value->is_scalar() && value->child_count == 0);
    if (empty && !field.always) {
      continue;
    }
    out += out.size() > 1 ? ",\"" : "\"";
    out += std::string(field.name) + "\":";
    if (empty) {
      out += "\"\"";
    } else {
      yaml::append_canonical_json(document, *value, out);
    }
  }
  return as_go_writes(out + "}");
}

Dependency read_dependency(const Document& document, const Node& node) {
  Dependency result{.name = std::string(document.text(node, {"name"})),
                    .repository = std::string(document.text(node, {"repository"})),
                    .condition = std::string(document.text(node, {"condition"})),
                    .alias = std::string(document.text(node, {"alias"})),
                    .lock_json = lock_json(document, node),
                    .at = document.where(node)};
  if (const Node* version = document.find(node, "version");
      version != nullptr && version->is_scalar()) {
    result.version = version->text;
    result.at = document.where(*version);
  }
  if (const Node* tags = document.find(node, "tags");
      tags != nullptr && tags->kind == Kind::sequence) {
    for (const auto& tag : document.children(*tags)) {
      result.tags.emplace_back(tag.text);
    }
  }
  return result;
}

std::vector<Dependency> read_dependencies(const Document& document) {
  std::vector<Dependency> result;
  const Node* list = document.find(document.root(), "dependencies");
  if (list != nullptr && list->kind == Kind::sequence) {
    for (const auto& node : document.children(*list)) {
      if (node.kind == Kind::mapping) {
        result.push_back(read_dependency(document, node));
      }
    }
  }
  return result;
}

std::string scalar(const Document& document, std::string_view key) {
  const Node* node = document.find(document.root(), key);
  return node != nullptr && node->is_scalar() ? std::string(node->text) : std::string();
}

Status read_lock(const std::string& root, Chart& chart) {
  const std::string file =
      chart.folder + (chart.api_version == "v1" ? "/requirements.lock" : "/Chart.lock");
  auto bytes = io::read_file(root + "/" + file, chart_yaml_limit);
  if (!bytes) {
    return bytes.error().kind == Error::Kind::not_found ? ok : Status(bytes.error());
  }
  yaml::Stream stream;
  SLUICE_TRY_ASSIGN(stream, parse_one(std::move(*bytes), file));
  const auto& document = stream.documents.front();
  Lock lock{.dependencies = read_dependencies(document), .digest = scalar(document, "digest")};
  const Node* digest = document.find(document.root(), "digest");
  lock.digest_at = document.where(digest == nullptr ? document.root() : *digest);
  chart.lock = std::move(lock);
  return ok;
}

/// Charts of API version v1 keep their dependencies in requirements.yaml.
Status read_requirements(const std::string& root, Chart& chart) {
  const std::string file = chart.folder + "/requirements.yaml";
  auto bytes = io::read_file(root + "/" + file, chart_yaml_limit);
  if (!bytes) {
    return bytes.error().kind == Error::Kind::not_found ? ok : Status(bytes.error());
  }
  yaml::Stream stream;
  SLUICE_TRY_ASSIGN(stream, parse_one(std::move(*bytes), file));
  chart.dependencies = read_dependencies(stream.documents.front());
  return ok;
}

Status name_vendored(std::string bytes, const std::string& file, Vendored& entry) {
  yaml::Stream stream;
  SLUICE_TRY_ASSIGN(stream, parse_one(std::move(bytes), file));
  entry.name = scalar(stream.documents.front(), "name");
  entry.version = scalar(stream.documents.front(), "version");
  return ok;
}

Status read_packed(const std::string& root, Vendored& entry) {
  auto files = read_archive(root + "/" + entry.path);
  if (!files) {
    auto error = files.error();
    error.message = text::replace_all(std::move(error.message), root + "/", "");
    return error;
  }
  for (auto& file : *files) {
    if (file.path == "Chart.yaml") {
      return name_vendored(std::move(file.bytes), entry.path + ":Chart.yaml", entry);
    }
  }
  return Error{Error::Kind::parse, text::printable(entry.path) + " holds no Chart.yaml"};
}

/// What Helm takes for a dependency: every archive and every folder with a Chart.yaml directly in
/// charts/; names that begin with "_" or "." are passed over.
Status read_vendored(const std::string& root, Chart& chart) {
  const std::string prefix = chart.folder == "." ? "charts/" : chart.folder + "/charts/";
  for (const auto& file : chart.files) {
    if (!file.starts_with(prefix)) {
      continue;
    }
    const std::string_view rest = std::string_view(file).substr(prefix.size());
    const auto slash = rest.find('/');
    if (rest.front() == '_' || rest.front() == '.') {
      continue;
    }
    if (slash == std::string_view::npos && rest.ends_with(".tgz")) {
      Vendored entry{.path = file, .packed = true};
      SLUICE_TRY(read_packed(root, entry));
      chart.vendored.push_back(std::move(entry));
    } else if (slash != std::string_view::npos && rest.substr(slash) == "/Chart.yaml") {
      Vendored entry{.path = prefix + std::string(rest.substr(0, slash))};
      std::string bytes;
      SLUICE_TRY_ASSIGN(bytes, io::read_file(root + "/" + file, chart_yaml_limit));
      SLUICE_TRY(name_vendored(std::move(bytes), file, entry));
      chart.vendored.push_back(std::move(entry));
    }
  }
  return ok;
}

}  // namespace

bool Chart::has_file_dependencies() const {
  return std::any_of(dependencies.begin(), dependencies.end(),
                     [](const auto& d) { return d.is_file(); });
}

std::string lock_digest(const std::vector<Dependency>& required,
                        const std::vector<Dependency>& locked) {
  const auto list = [](const std::vector<Dependency>& dependencies) {
    std::string out;
    for (const auto& dependency : dependencies) {
      out += (out.empty() ? "" : ",") + dependency.lock_json;
    }
    return dependencies.empty() ? std::string("null")
                                : "[" + out + "]";  // Go writes an absent list as null
  };
  return "sha256:" + hex(sha256("[" + list(required) + "," + list(locked) + "]"));
}

Result<Chart> read_chart(const std::string& root, const std::string& folder) {
  Chart chart{.folder = folder};
  const std::string file = folder == "." ? "Chart.yaml" : folder + "/Chart.yaml";
  SLUICE_TRY_ASSIGN(chart.files, list_files(root, folder));
  auto bytes = io::read_file(root + "/" + file, chart_yaml_limit);
  if (!bytes) {
    return Error{bytes.error().kind,
                 "there is no chart: " + text::printable(file) + " cannot be read"};
  }
  yaml::Stream stream;
  SLUICE_TRY_ASSIGN(stream, parse_one(std::move(*bytes), file));
  const auto& document = stream.documents.front();
  const Node* name = document.find(document.root(), "name");
  chart.name = scalar(document, "name");
  chart.version = scalar(document, "version");
  chart.api_version = scalar(document, "apiVersion");
  chart.type = scalar(document, "type");
  chart.at = document.where(name == nullptr ? document.root() : *name);
  chart.dependencies = read_dependencies(document);
  if (chart.dependencies.empty() && chart.api_version == "v1") {
    SLUICE_TRY(read_requirements(root, chart));
  }
  SLUICE_TRY(read_lock(root, chart));
  SLUICE_TRY(read_vendored(root, chart));
  check_dependencies(chart);
  return chart;
}

}  // namespace sluice::helm

// SPDX-License-Identifier: Apache-2.0
#include "render/stability.hpp"

#include "base/text.hpp"
#include "helm/template.hpp"
#include "render/documents.hpp"
#include "yaml/parse.hpp"

#include <algorithm>
#include <map>

namespace sluice::render {
namespace {

constexpr std::size_t most_findings =
    50;  ///< a chart that is random all over need not say so a thousand times
constexpr std::size_t most_causes = 5;
constexpr std::size_t most_places = 400;  ///< bytes

/// A pair of nodes that should be equal, and where they are.
struct Pair {
  const yaml::Node* first;
  const yaml::Node* second;
  std::string path;
};

struct Differing {
  const yaml::Node* node;
  std::string path;
};

std::string pointer_word(std::string_view key) {
  return text::replace_all(text::replace_all(std::string(key), "~", "~0"), "/", "~1");
}

/// The deepest nodes of `first` that differ from their like in `second`.
std::vector<Differing> differing_nodes(const yaml::Document& first, const yaml::Document& second) {
  std::vector<Differing> out;
  std::vector<Pair> open = {{&first.root(), &second.root(), ""}};
  while (!open.empty()) {
    const auto pair = open.back();
    open.pop_back();
    if (pair.first->by_alias) {
      continue;
    }
    const auto left = first.children(*pair.first);
    const auto right = second.children(*pair.second);
    const bool shape = pair.first->kind == pair.second->kind && left.size() == right.size();
    if (pair.first->is_scalar() || !shape) {
      if (!shape || pair.first->text != pair.second->text) {
        out.push_back({pair.first, pair.path});
      }
      continue;
    }
    const bool mapping = pair.first->kind == yaml::Kind::mapping;
    for (std::size_t i = mapping ? 1 : 0; i < left.size(); i += mapping ? 2 : 1) {
      open.push_back(
          {&left[i], &right[i],
           pair.path + "/" + (mapping ? pointer_word(left[i - 1].text) : std::to_string(i))});
    }
  }
  std::sort(out.begin(), out.end(),
            [](const auto& a, const auto& b) { return a.node->span.begin < b.node->span.begin; });
  return out;
}

/// A file of the chart as a path of the repository; what lies in an archive, behind its path.
std::string place_of(const helm::Chart& chart, const std::string& file) {
  auto path = helm::source_file(chart, chart.name + "/" + file);
  const auto inside = text::split(file, '/');
  if (!path.ends_with(".tgz") || inside.size() < 3) {
    return path;
  }
  return path + file.substr(inside[0].size() + 1 + inside[1].size());
}

/// "lookup (web/templates/a.yaml:3, web/templates/b.yaml:1)" for each function.
std::vector<std::string> shown(const helm::Chart& chart,
                               const std::vector<helm::UnstableCall>& calls) {
  std::map<std::string, std::string> places;
  for (const auto& call : calls) {
    auto& list = places[call.function];
    list += (list.empty() ? "" : ", ") + text::printable(place_of(chart, call.file)) + ":" +
            std::to_string(call.line);
  }
  std::vector<std::string> out;
  for (const auto& [function, list] : places) {
    out.push_back(function + " (" + text::printable(list, most_places) + ")");
  }
  return out;
}

std::string listed(const std::vector<std::string>& causes) {
  std::vector<std::string> few(
      causes.begin(),
      causes.begin() + static_cast<std::ptrdiff_t>(std::min(causes.size(), most_causes)));
  return text::join(few, ", ") + (causes.size() > most_causes ? ", ..." : "");
}

std::string message_of(const FieldOrigin& origin, const std::string& pointer) {
  const auto field = text::printable(pointer.empty() ? "the object" : pointer);
  if (origin.causes.empty()) {
    return field +
           " is different in each render: a value is itself a template, or a template has "
           "a computed name";
  }
  return field + (origin.only_time ? " changes with time: " : " is different in each render: ") +
         listed(origin.causes);
}

std::string hint_of(const FieldOrigin& origin) {
  if (origin.only_time) {
    return "leave the time out, or pass it as a value; under self-heal it changes at every sync";
  }
  if (!origin.lookup.empty()) {
    return origin.lookup +
           " finds the old value where helm itself installs; Argo CD renders without a cluster, so "
           "that it changes at every sync: set the value yourself";
  }
  return "set the value yourself, or read it from a Secret that exists; under self-heal it "
         "changes at every sync";
}

/// The documents of `right` in the order of their likes in `left`: a random name may have sorted
/// them otherwise.
std::vector<const yaml::Document*> paired(const yaml::Stream& left, const yaml::Stream& right) {
  std::vector<const yaml::Document*> like(left.documents.size());
  std::vector<const yaml::Document*> rest;
  std::multimap<std::string, std::size_t> open;
  for (std::size_t i = 0; i < left.documents.size(); ++i) {
    open.emplace(diag::to_string(identity(left.documents[i])), i);
  }
  for (const auto& document : right.documents) {
    const auto found = open.find(diag::to_string(identity(document)));
    if (found == open.end()) {
      rest.push_back(&document);
    } else {
      like[found->second] = &document;
      open.erase(found);
    }
  }
  auto next = rest.begin();
  for (auto& document : like) {
    if (document == nullptr && next != rest.end()) {
      document = *next++;
    }
  }
  return like;
}

/// Where helm takes an alias for the chart's name, its files lie under the name all the same.
std::string file_behind(const helm::Chart& chart, const std::string& printed) {
  auto file = printed.substr(std::min(printed.find('/'), printed.size() - 1) + 1);
  for (const auto& dependency : chart.dependencies) {
    const auto prefix = "charts/" + dependency.alias + "/";
    if (!dependency.alias.empty() && file.starts_with(prefix)) {
      return "charts/" + dependency.name + "/" + file.substr(prefix.size());
    }
  }
  return file;
}

}  // namespace

FieldOrigin field_origin(const helm::Chart& chart,
                         const helm::UnstableCalls& calls,
                         const std::string& printed,
                         const std::string& pointer) {
  if (printed.empty()) {
    return {.at = {.file = helm::source_file(chart, printed)}};
  }
  const auto file = file_behind(chart, printed);
  const auto behind = calls.behind(file, pointer);
  FieldOrigin origin{.at = {.file = helm::source_file(chart, chart.name + "/" + file)},
                     .only_time = !behind.calls.empty()};
  origin.at.line = origin.at.file.ends_with(".tgz") ? 0 : behind.line;
  std::vector<helm::UnstableCall> causes;
  std::vector<helm::UnstableCall> lookups;
  for (const auto& call : behind.calls) {
    if (call.differs()) {
      origin.only_time = origin.only_time && call.cause == helm::Cause::time;
      causes.push_back(call);
    } else if (call.cause == helm::Cause::cluster) {
      lookups.push_back(call);
    }
  }
  origin.causes = shown(chart, causes);
  origin.lookup = listed(shown(chart, lookups));
  return origin;
}

Difference compare_renders(const std::string& first,
                           const std::string& second,
                           const std::function<FieldOrigin(const std::string& printed,
                                                           const std::string& pointer)>& origin,
                           const yaml::Limits& limits) {
  Difference result{.masked = first};
  const auto left = yaml::parse(first, "render", limits);
  const auto right = yaml::parse(second, "render", limits);
  if (!left || !right || left->documents.size() != right->documents.size()) {
    const auto all = origin("", "");
    result.findings.push_back({.location = all.at,
                               .code = "render/unstable",
                               .message = "the objects are different in each render"});
    return result;
  }
  const auto likes = paired(*left, *right);
  std::vector<yaml::Span> spans;
  std::string printed;
  for (std::size_t i = 0; i < left->documents.size(); ++i) {
    const auto& document = left->documents[i];
    if (const auto here = printed_source(document); !here.empty()) {
      printed = here;
    }
    for (const auto& place : differing_nodes(document, *likes[i])) {
      spans.push_back(place.node->span);
      if (result.findings.size() < most_findings) {
        const auto from = origin(printed, place.path);
        result.findings.push_back({.location = from.at,
                                   .code = "render/unstable",
                                   .severity = diag::Severity::warning,
                                   .message = message_of(from, place.path),
                                   .hint = hint_of(from),
                                   .object = identity(document),
                                   .path = place.path});
      }
    }
  }
  for (auto span = spans.rbegin(); span != spans.rend(); ++span) {
    const bool line_break = first.substr(span->begin, span->end - span->begin).ends_with('\n');
    result.masked.replace(span->begin, span->end - span->begin,
                          line_break ? "\"(unstable)\"\n" : "\"(unstable)\"");
  }
  return result;
}

std::vector<diag::Finding> cluster_findings(const helm::Chart& chart,
                                            const helm::UnstableCalls& calls,
                                            KnownCluster known) {
  const struct {
    helm::Cause cause;
    bool known;
    std::string_view message;
    std::string_view hint;
  } rows[] = {
      {helm::Cause::cluster, false, "the chart asks the cluster, which answers nothing here: ",
       "what is rendered is what a first installation gives, and what Argo CD gives"},
      {helm::Cause::api_versions, known.api_versions,
       "the chart asks which APIs the cluster has, and nothing says so: ",
       "list those beyond Kubernetes' own under apiVersions in sluice.yaml"},
      {helm::Cause::kube_version, known.version,
       "the chart asks for the version of Kubernetes, and nothing says so: ",
       "set kubeVersion in sluice.yaml"},
  };
  std::vector<diag::Finding> findings;
  for (const auto& row : rows) {
    std::vector<helm::UnstableCall> asked;
    std::copy_if(calls.reached().begin(), calls.reached().end(), std::back_inserter(asked),
                 [&](const auto& call) { return call.cause == row.cause && !row.known; });
    if (asked.empty()) {
      continue;
    }
    diag::Location at{.file = helm::source_file(chart, chart.name + "/" + asked.front().file)};
    at.line = at.file.ends_with(".tgz") ? 0 : asked.front().line;
    findings.push_back({.location = std::move(at),
                        .code = "render/depends-on-cluster",
                        .severity = diag::Severity::note,
                        .message = std::string(row.message) + listed(shown(chart, asked)),
                        .hint = std::string(row.hint)});
  }
  return findings;
}

}  // namespace sluice::render

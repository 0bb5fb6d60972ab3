// SPDX-License-Identifier: Apache-2.0
#include "flux/context.hpp"
#include "io/files.hpp"

#include <algorithm>

namespace sluice::flux {
namespace {

using yaml::Value;

struct Reference {
  std::string kind;
  std::string name;
  std::string name_space;
};

std::string described(const Reference& reference) {
  return reference.kind + " " + reference.name_space + "/" + reference.name;
}

/// "./apps/", "/apps" and "apps" are the same to Flux: below the source's root.
std::optional<std::string> below_root(std::string_view path) {
  while (path.starts_with('/')) {
    path.remove_prefix(1);
  }
  auto normal = io::normalise_inside(path.empty() ? "." : path);
  if (!normal) {
    return std::nullopt;
  }
  return normal->empty() ? "." : std::move(*normal);
}

std::string joined(const std::string& folder, const std::string& path) {
  if (folder == "." || folder.empty()) {
    return path;
  }
  return path == "." ? folder : folder + "/" + path;
}

void note_revision(Context& context,
                   const Subject& subject,
                   const Reference& source,
                   const Value* ref) {
  std::string other;
  for (const auto* key : {"commit", "name", "semver", "tag", "branch"}) {
    if (const auto* value = present(ref, key); value != nullptr) {
      other = value->text;
      break;
    }
  }
  const bool usual = other == "main" || other == "master" || other.starts_with("refs/heads/ma");
  if (other.empty() || other == context.options.branch ||
      (context.options.branch.empty() && usual) ||
      !context.assumed.insert(described(source)).second) {
    return;
  }
  context.report(subject, nullptr, diag::Severity::note, "render/other-revision",
                 described(source) + " follows revision " + quoted(other) +
                     ", which is rendered from the work tree",
                 "what reaches the cluster is that revision's tree, not this one");
}

/// Whether the artifact that source-controller makes is this repository's tree.
bool is_whole(Context& context,
              const Subject& subject,
              const Reference& source,
              const Value& spec) {
  for (const auto* key : {"include", "ignore", "sparseCheckout"}) {
    const auto* value = present(&spec, key);
    if (value != nullptr && !value->is_zero()) {
      context.unrenderable(subject, described(source) + " has spec." + key +
                                        ", which changes its content and is not supported");
      return false;
    }
  }
  return true;
}

bool is_ours(Context& context,
             const Subject& subject,
             const Reference& source,
             const Value& spec,
             const std::string& path) {
  const auto url = std::string(spec.text_at({"url"}));
  const auto ours = delivery::is_ours(context.repository, url, path);
  if (ours == delivery::Ours::no) {
    const bool known = context.repository.urls_known;
    context.unrenderable(subject, described(source) + ": " +
                                      (known ? "repository " + url + " is not this one"
                                             : "nothing says that repository " + url +
                                                   " is this one, and " + path + " is not here"));
    return false;
  }
  if (ours == delivery::Ours::assumed && context.assumed.insert(url).second) {
    context.report(subject, nullptr, diag::Severity::note, "render/assumed-repository",
                   quoted(url) + " is taken to be this repository, because its paths are here",
                   "list this repository's addresses under repository.urls in sluice.yaml");
  }
  return true;
}

/// A GitRepository that is this repository; its root is ours.
bool git_is_here(Context& context,
                 const Subject& subject,
                 const Value* at,
                 const Reference& source,
                 const std::string& path) {
  const auto* found =
      context.catalogue.find(subject.cluster, "GitRepository", source.name_space, source.name);
  if (found != nullptr) {
    if (!is_ours(context, subject, source, found->spec, path) ||
        !is_whole(context, subject, source, found->spec)) {
      return false;
    }
    note_revision(context, subject, source, present(&found->spec, "ref"));
    return true;
  }
  if (source.name != "flux-system") {
    context.missing(subject, at, described(source) + " is not in this repository");
    return false;
  }
  if (context.assumed.insert(described(source)).second) {
    context.report(subject, nullptr, diag::Severity::note, "render/assumed-repository",
                   described(source) + " is taken to be this repository: its object is not here");
  }
  return true;
}

/// "@alias/some/folder/**": the folder.
std::optional<std::string> copied_folder(std::string_view pattern, std::string_view alias) {
  if (!pattern.starts_with("@" + std::string(alias) + "/") || !pattern.ends_with("/**")) {
    return std::nullopt;
  }
  pattern.remove_prefix(alias.size() + 2);
  pattern.remove_suffix(std::min<std::size_t>(pattern.size(), 3));
  return pattern.empty() ? "." : std::string(pattern);
}

/// "@artifact/base/": the folder in the artifact.
std::optional<std::string> target_folder(std::string_view to) {
  constexpr std::string_view artifact = "@artifact/";
  if (!to.starts_with(artifact)) {
    return std::nullopt;
  }
  to.remove_prefix(artifact.size());
  while (to.ends_with('/')) {
    to.remove_suffix(1);
  }
  return to.empty() ? "." : std::string(to);
}

/// The folder of this repository that one copied artifact is, when every copy keeps its place in
/// it.
std::optional<std::string> artifact_root(const Value& artifact, std::string_view alias) {
  std::optional<std::string> root;
  const auto* copies = present(&artifact, "copy");
  if (copies == nullptr || copies->items.empty()) {
    return std::nullopt;
  }
  for (const auto& copy : copies->items) {
    const auto from = copied_folder(copy.text_at({"from"}), alias);
    const auto to = target_folder(copy.text_at({"to"}));
    if (!from || !to || copy.find("strategy") != nullptr || copy.find("exclude") != nullptr) {
      return std::nullopt;
    }
    std::string own = *from;
    if (*to != ".") {
      if (own != *to && !own.ends_with("/" + *to)) {
        return std::nullopt;
      }
      own = own == *to ? "." : own.substr(0, own.size() - to->size() - 1);
    }
    if (root && *root != own) {
      return std::nullopt;
    }
    root = own;
  }
  return root;
}

/// An artifact that an ArtifactGenerator copies out of this repository, folder for folder.
std::optional<std::string> generated_artifact(Context& context,
                                              const Subject& subject,
                                              const Value* at,
                                              const Reference& source,
                                              const std::string& path) {
  // The generator's own name is usually the GitRepository's; every one of the namespace counts.
  for (const auto* generator :
       context.catalogue.all(subject.cluster, "ArtifactGenerator", source.name_space)) {
    const auto* artifacts = present(&generator->spec, "artifacts");
    const auto* sources = present(&generator->spec, "sources");
    if (artifacts == nullptr || sources == nullptr || sources->items.size() != 1) {
      continue;
    }
    for (const auto& artifact : artifacts->items) {
      if (artifact.text_at({"name"}) != source.name) {
        continue;
      }
      const auto& git = sources->items.front();
      const auto root = artifact_root(artifact, git.text_at({"alias"}));
      if (!root || git.text_at({"kind"}) != "GitRepository") {
        context.unrenderable(subject,
                             described(source) + " is put together in a way that is not supported");
        return std::nullopt;
      }
      const auto own_space = git.text_at({"namespace"});
      const Reference below{"GitRepository", std::string(git.text_at({"name"})),
                            own_space.empty() ? source.name_space : std::string(own_space)};
      const auto full = joined(*root, path);
      return git_is_here(context, subject, at, below, full) ? std::optional(full) : std::nullopt;
    }
  }
  context.unrenderable(subject, described(source) + " is made in the cluster");
  return std::nullopt;
}

}  // namespace

std::optional<std::string> resolve_source(Context& context,
                                          const Subject& subject,
                                          const Value* reference,
                                          const Value* path) {
  const Value none;
  const auto& written = reference == nullptr ? none : *reference;
  const auto own_space = written.text_at({"namespace"});
  const Reference source{
      std::string(written.text_at({"kind"})), std::string(written.text_at({"name"})),
      own_space.empty() ? subject.resource->ref.name_space : std::string(own_space)};
  if (source.kind.empty() || source.name.empty()) {
    context.invalid(subject, reference, "sourceRef needs kind and name");
    return std::nullopt;
  }
  const auto folder = below_root(path == nullptr ? "" : path->text);
  if (!folder) {
    context.invalid(subject, path, "path " + quoted(path->text) + " leaves the repository");
    return std::nullopt;
  }
  if (source.kind == "GitRepository") {
    return git_is_here(context, subject, reference, source, *folder) ? folder : std::nullopt;
  }
  if (source.kind == "ExternalArtifact") {
    return generated_artifact(context, subject, reference, source, *folder);
  }
  const auto* found =
      context.catalogue.find(subject.cluster, source.kind, source.name_space, source.name);
  const auto url = found == nullptr ? std::string() : std::string(found->spec.text_at({"url"}));
  context.unrenderable(subject, described(source) + (url.empty() ? "" : " (" + url + ")") +
                                    " is not in this repository");
  return std::nullopt;
}

}  // namespace sluice::flux

// SPDX-License-Identifier: Apache-2.0
#include "argo/context.hpp"

#include "base/text.hpp"
#include "io/files.hpp"

namespace sluice::argo {

std::string quoted(std::string_view text) {
  return '"' + text::printable(text) + '"';
}

Result<yaml::Value> ParameterFiles::read(const std::string& root, const std::string& path) {
  if (const auto found = read_.find(path); found != read_.end()) {
    return found->second;
  }
  const auto real = io::resolve_inside(root, path);
  constexpr std::uint64_t most = std::uint64_t{16} << 20U;
  auto bytes = real ? io::read_file(*real, most) : Result<std::string>(real.error());
  auto value =
      bytes ? yaml::parse_value(std::move(*bytes), path) : Result<yaml::Value>(bytes.error());
  return read_.emplace(path, std::move(value)).first->second;
}

void Context::report(const Subject& subject,
                     const yaml::Value* node,
                     diag::Severity severity,
                     std::string code,
                     std::string message,
                     std::string hint) {
  out.findings.push_back(k8s::placed({.code = std::move(code),
                                      .severity = severity,
                                      .message = std::move(message),
                                      .hint = std::move(hint)},
                                     *subject.resource, node));
}

void Context::reject(const Subject& subject,
                     const yaml::Value* node,
                     std::string code,
                     std::string message,
                     std::string hint) {
  unrenderable(subject, subject.name, message);
  out.unrenderable.back().reported = true;
  report(subject, node, diag::Severity::error, std::move(code), std::move(message),
         std::move(hint));
}

void Context::invalid(const Subject& subject,
                      const yaml::Value* node,
                      std::string message,
                      std::string hint) {
  reject(subject, node, "render/argo-invalid", std::move(message), std::move(hint));
}

void Context::missing(const Subject& subject, const yaml::Value* node, std::string message) {
  reject(subject, node, "render/failed", std::move(message), {});
}

void Context::unrenderable(const Subject& subject, std::string name, const std::string& reason) {
  out.unrenderable.push_back({.name = text::printable(name),
                              .env = std::string(),
                              .defined_at = place(subject, nullptr),
                              .reason = text::printable(reason, 400),
                              .object = subject.resource->ref});
}

bool follow_repository(Context& context,
                       const Subject& subject,
                       const yaml::Value* at,
                       std::string_view url,
                       const std::string& path) {
  const auto ours = delivery::is_ours(context.repository, url, path);
  if (ours == delivery::Ours::no) {
    const bool known = context.repository.urls_known;
    context.unrenderable(
        subject, subject.name,
        std::string(known ? "" : "nothing says that ") + "repository " + std::string(url) +
            (known ? " is not this one"
                   : " is this one, and " + (path.empty() ? "." : path) + " is not here"));
    return false;
  }
  if (ours == delivery::Ours::assumed && context.assumed_urls.emplace(url).second) {
    context.report(subject, at, diag::Severity::note, "render/assumed-repository",
                   quoted(url) + " is taken to be this repository, because its paths are here",
                   "list this repository's addresses under repository.urls in sluice.yaml");
  }
  return true;
}

void note_revision(Context& context,
                   const Subject& subject,
                   const yaml::Value* at,
                   std::string_view revision) {
  if (revision.empty() || revision == "HEAD" || revision == context.options.branch) {
    return;
  }
  if (context.options.branch.empty() && (revision == "main" || revision == "master")) {
    return;  // a detached checkout of a pull request: the default branch is what it merges into
  }
  context.report(subject, at, diag::Severity::note, "render/other-revision",
                 "revision " + quoted(revision) + " is rendered from the work tree",
                 "what reaches the cluster is that revision's tree, not this one");
}

}  // namespace sluice::argo

// SPDX-License-Identifier: Apache-2.0
#include "argo/context.hpp"

#include "base/text.hpp"

namespace sluice::argo {

bool follow_repository(Context& context,
                       const Subject& subject,
                       const yaml::Value* at,
                       std::string_view url,
                       const std::string& path) {
  const auto ours = delivery::is_ours(context.repository, url, path);
  if (ours == delivery::Ours::no) {
    const bool known = context.repository.urls_known;
    context.unrenderable(
        subject, std::string(known ? "" : "nothing says that ") + "repository " + std::string(url) +
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

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "diag/finding.hpp"
#include "yaml/parse.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

/// Entries of a kustomization that select nothing. kustomize 5 ends with 0 and without a word when
/// the target of a patch or the name of an image fits no object (it refuses a patch without
/// `target` and a replica count that fit nothing), so that a renamed object quietly loses its
/// patch.
///
/// An entry is suspected when no object of the result looks like what it selects, and it is
/// reported only when a build without it gives the same bytes: most builds have no suspects and
/// cost no second one.
namespace sluice::kustomize {

/// One kustomization of a build.
struct Judged {
  std::string file;  ///< relative to the repository root; where `text` is to be written
  std::string text;
};

struct NoEffect {
  std::string file;
  diag::Location at;  ///< of the entry in the kustomization's text
  std::string field;  ///< "patches", "images", ...
  std::size_t index = 0;
  std::string what;  ///< "the patch for Deployment web", printable
};

/// Builds with these kustomizations (file to text) instead of their own; the bytes, or an error
/// when kustomize refuses, which counts as an effect.
using BuildWith =
    std::function<Result<std::string>(const std::map<std::string, std::string>& kustomizations)>;

/// Judges all entries of `kustomizations` against what they build to: `built`, and the same bytes
/// as parsed. One further build when something is suspected, and one for each suspect when they are
/// not all without effect, at most eight.
std::vector<NoEffect> find_no_effect(const std::vector<Judged>& kustomizations,
                                     const yaml::Stream& objects,
                                     const std::string& built,
                                     const BuildWith& build);

}  // namespace sluice::kustomize

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/judge.hpp"

#include <string>

/// A verdict as people read it, and as files keep it.
namespace sluice::model {

/// One line for each check: "pass", "hold", "reject", "none" or "skip", then its numbers.
std::string to_text(const Judgement& judgement);

/// The same as a table of GitHub Flavored Markdown.
std::string to_markdown(const Judgement& judgement);

/// `sluice.model-gate/v1`: {"schema", "verdict", "policy", "now", "commit", "candidate",
/// "champion", "checks": [{"metric", "slice", "question", "outcome", "says", "numbers"}],
/// "no_verdict": [...]}; two spaces, members in this order, a final line break. `now` may be empty.
std::string to_json(const Judgement& judgement,
                    const Policy& policy,
                    const Case& what,
                    const std::string& now);

/// The digest of the model that the verdict is about ("sha256:..."): of its file when that was
/// read, else the one that the metrics name; empty when neither is known.
std::string model_of(const Case& what);

}  // namespace sluice::model

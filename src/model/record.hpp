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

/// `sluice.evidence/v1` for a promotion: the verdict ("pass" only for promote, "none" without a
/// verdict, else "fail") bound to the model's digest, the commit, the policy and `record`, the
/// bytes of to_json. `now` is RFC 3339 in UTC. Errors (usage): model or commit are not known, so
/// there is nothing to bind it to.
Result<std::string> to_evidence(const Judgement& judgement,
                                const Policy& policy,
                                const Case& what,
                                const std::string& now,
                                const std::string& record);

}  // namespace sluice::model

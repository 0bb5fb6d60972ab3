// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "diag/finding.hpp"
#include "model/policy.hpp"
#include "model/subject.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::model {

/// From best to worst; the verdict of a model is the worst of its checks.
enum class Verdict : std::uint8_t {
  promote,  ///< every check passes
  hold,     ///< within its limits, but what the policy wants proven is not
  reject,   ///< a limit or a budget is broken
  none,     ///< the evidence does not allow a verdict
};
std::string_view name(Verdict verdict);  ///< "promote", "hold", "reject", "no verdict"

/// One question of the policy and its answer.
struct Line {
  std::string metric;
  std::string slice;                      ///< or empty
  std::string question;                   ///< "limit", "regression", "improvement", "samples"
  Verdict outcome = Verdict::promote;     ///< what it makes of the verdict
  bool skipped = false;                   ///< by the policy's own word
  std::string says;                       ///< one line with its numbers
  std::map<std::string, double> numbers;  ///< "value", "bound", "low", "high", "p", "n", ...
  std::string code;                       ///< of the finding; empty: it is none
  std::string file;                       ///< of the finding; empty: the candidate's
};

struct Judgement {
  Verdict verdict = Verdict::none;
  std::vector<Line> lines;
  std::vector<std::string> no_verdict;  ///< why the evidence is none
};

/// Who is compared with whom.
struct Case {
  Subject candidate;
  std::optional<Subject> champion;
  std::string expected_commit;    ///< --commit, or empty
  std::string model_file_sha256;  ///< of the file that --model names ("sha256:..."), or empty
  bool floor_only = false;        ///< there is no champion and the policy allows that
};

/// Whether candidate and champion are what they must be to be compared at all: one data set, one
/// split, the right commit, the model of these metrics, predictions that belong to the metrics and
/// to each other. The reasons why not.
std::vector<std::string> mismatches(const Policy& policy, const Case& what);

/// Every check of the policy, after mismatches().
Judgement judge(const Policy& policy, const Case& what);

/// Findings of what holds or rejects a model, at `file` (the candidate's metrics).
std::vector<diag::Finding> findings(const Judgement& judgement, const std::string& file);

/// "0.988304": six digits, which is what people compare.
std::string shown(double value);

}  // namespace sluice::model

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "diag/finding.hpp"

#include <cstddef>
#include <string>

/// The words that several writers share. Everything returned is one printable line, not yet escaped
/// for a format.
namespace sluice::diag {

struct Counts {
  std::size_t errors = 0;
  std::size_t warnings = 0;
  std::size_t notes = 0;
};

Counts count(const Report& report);

/// "envs/prod/web.yaml:14:3"; without what is unknown; empty without a file.
std::string describe_place(const Location& location);

/// "Deployment prod/web (unit apps/iris, env prod)"; the JSON pointer too when the place has no
/// line.
std::string describe_subject(const Finding& finding);

/// "2 errors, 1 warning"; "no findings".
std::string describe_counts(const Counts& counts);

/// The last line for people: "2 errors, 1 warning in 120 objects, Kubernetes 1.33; 3 skipped", with
/// "no verdict: " in front when there is none.
std::string describe_summary(const Report& report);

}  // namespace sluice::diag

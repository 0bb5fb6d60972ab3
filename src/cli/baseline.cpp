// SPDX-License-Identifier: Apache-2.0
#include "cli/baseline.hpp"

#include "base/text.hpp"
#include "cli/set.hpp"
#include "io/files.hpp"

namespace sluice::cli {

namespace {

constexpr std::uint64_t most_bytes = std::uint64_t{64} << 20U;

Result<diag::Baseline> read(const std::string& file) {
  std::string text;
  SLUICE_TRY_ASSIGN(text, io::read_file(file, most_bytes));
  auto baseline = diag::read_baseline(text);
  if (!baseline) {
    return Error{Error::Kind::parse, text::printable(file) + ": " + baseline.error().message};
  }
  return baseline;
}

}  // namespace

void add_baseline_flags(LivingWith& living_with, std::vector<Flag>& flags) {
  flags.push_back({"baseline", 0, Arity::one, "FILE",
                   "Live with the findings in FILE: they are notes, only new ones count",
                   into(living_with.baseline)});
  flags.push_back({"new-only", 0, Arity::switch_on, "", "Do not show the findings of --baseline",
                   [&living_with](const std::string&) -> Status {
                     living_with.known = diag::Known::hide;
                     return ok;
                   }});
  flags.push_back({"write-baseline", 0, Arity::one, "FILE",
                   "Write all findings to FILE, to live with them from now on",
                   into(living_with.write)});
}

Status apply(const LivingWith& living_with, diag::Report& report) {
  const bool has_baseline = !living_with.baseline.empty() || !living_with.write.empty();
  if (!has_baseline) {
    return living_with.known == diag::Known::show
               ? ok
               : Status(Error{Error::Kind::usage,
                              "--new-only wants the old findings: --baseline FILE"});
  }
  diag::normalise(report);
  diag::Baseline baseline;
  if (!living_with.write.empty()) {
    if (!report.no_verdict.empty()) {
      return Error{Error::Kind::usage,
                   "no baseline is written without a verdict: " + report.no_verdict.front()};
    }
    baseline = diag::baseline_of(report);
    SLUICE_TRY(io::write_atomically(living_with.write, diag::to_json(baseline)));
  } else {
    SLUICE_TRY_ASSIGN(baseline, read(living_with.baseline));
  }
  diag::apply_baseline(baseline, living_with.known, report);
  return ok;
}

}  // namespace sluice::cli

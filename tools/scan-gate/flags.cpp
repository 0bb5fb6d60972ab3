// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "base/time.hpp"
#include "cli/set.hpp"
#include "gate/read.hpp"
#include "image/reference.hpp"
#include "scan-gate/tool.hpp"

#include <memory>

namespace sluice::scan_gate {
namespace {

using cli::Arity;
using cli::into;

Status set_image(std::string& target, const std::string& value) {
  const std::string digest = value.substr(value.rfind('@') + 1);
  if (!image::is_digest(digest) || !digest.starts_with("sha256:")) {
    return Error{Error::Kind::usage,
                 "--image " + text::printable(value) + " has no digest such as sha256:..."};
  }
  target = digest;
  return ok;
}

std::vector<cli::Flag> check_flags(CheckOptions& options) {
  return {
      {"policy", 0, Arity::one, "FILE",
       "Judge by this policy, not by the one that gates.scan of sluice.yaml names",
       into(options.policy)},
      {"image", 0, Arity::one, "DIGEST",
       "The manifest digest that is to be deployed: [NAME@]sha256:...",
       [&options](const std::string& value) -> Status {
         const std::size_t at = value.rfind('@');
         options.name = at == std::string::npos ? "" : value.substr(0, at);
         return set_image(options.image, value);
       }},
      {"commit", 0, Arity::one, "ID",
       "The commit that was scanned (HEAD of the folder of the policy)", into(options.commit)},
      {"evidence", 0, Arity::one, "FILE",
       "Write the verdict about the image for a promotion (sluice.evidence/v1)",
       into(options.evidence)},
      {"write-baseline", 0, Arity::one, "FILE",
       "Write what was found and looked at, as a later run's baseline",
       into(options.write_baseline)},
  };
}

std::vector<cli::Flag> run_flags(RunOptions& options) {
  const std::span<const std::string_view> known = gate::formats();
  return {
      {"tool",
       0,
       Arity::one,
       "FORMAT",
       "The format of the scanner's report",
       into(options.tool),
       {known.begin(), known.end()}},
      {"scan-report", 0, Arity::one, "FILE", "Where the report goes", into(options.report)},
      {"record", 0, Arity::one, "FILE", "Where the record of the run goes", into(options.record)},
      {"target", 0, Arity::one, "FOLDER", "What {target} in the command stands for (.)",
       into(options.target)},
      {"canary", 0, Arity::one, "FOLDER:ID",
       "Scan this folder as well: a finding of that id must be reported", into(options.canary)},
      {"timeout", 0, Arity::one, "DURATION", "End the scanner after this long (30m)",
       [&options](const std::string& value) -> Status {
         const auto duration = time::parse_duration(value);
         if (!duration || duration->count() == 0) {
           return Error{Error::Kind::usage,
                        "--timeout " + text::printable(value) + " is no duration such as 10m"};
         }
         options.timeout = *duration;
         return ok;
       }},
  };
}

}  // namespace

cli::Tool tool() {
  const auto options = std::make_shared<CheckOptions>();
  const auto running = std::make_shared<RunOptions>();
  return {
      .name = "sluice-scan-gate",
      .summary = "Decides over the reports of scanners, and trusts no report that only looks clean",
      .product = cli::Product::report,
      .commands = {{.name = "check",
                    .synopsis = "[SCAN=REPORT]...",
                    .help = "Judges the reports that the policy requires. A report that is "
                            "missing, cut, old, about something else, or of a scan that saw "
                            "nothing is no verdict (exit 2). SCAN=REPORT reads the report of "
                            "that scan from another file.",
                    .flags = check_flags(*options),
                    .run = [options](const cli::Common& common,
                                     std::ostream&) { return check(*options, common); }},
                   {.name = "run",
                    .synopsis = "--tool FORMAT --scan-report FILE --record FILE -- COMMAND "
                                "[ARGUMENT]...",
                    .help = "Runs a scanner and records what its report does not say: "
                            "arguments, exit code, times, versions, commit, history. {report} "
                            "in the command stands for a fresh file (without it the report is "
                            "standard output), {target} for the folder. Exit 0 says that there "
                            "is a report, not that it is clean: check decides.",
                    .flags = run_flags(*running),
                    .run = [running](const cli::Common& common,
                                     std::ostream&) { return run(*running, common); }}},
      .examples =
          "# What a finding means, and what to do\n"
          "sluice-scan-gate --explain scan/secret\n"};
}

}  // namespace sluice::scan_gate

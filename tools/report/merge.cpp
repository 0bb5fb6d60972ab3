// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "diag/baseline.hpp"
#include "io/files.hpp"
#include "report/chain.hpp"
#include "report/commands.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <ostream>
#include <stdexcept>

namespace sluice::report {

namespace {

/// In the order in which the chain runs them; a stage of another name comes behind.
constexpr std::array<std::string_view, 11> order = {
    "render",     "render-base", "plan",       "validate", "policy-test", "config",
    "cost-proxy", "scan-gate",   "model-gate", "promote",  "ledger"};

StageResult no_report(std::string name, int exit, std::string reason) {
  StageResult stage{.name = std::move(name), .exit = exit, .report = {}};
  stage.report.no_verdict = {std::move(reason)};
  return stage;
}

/// A report that cannot be read is no verdict of its stage.
StageResult read_stage(const std::string& name, const std::string& file) {
  const auto text = io::read_file(file);
  if (!text) {
    return no_report(name, 2, text.error().message);
  }
  auto recorded = diag::read_recorded(*text);
  if (!recorded) {
    return no_report(name, 2, text::printable(file) + ": " + recorded.error().message);
  }
  return {.name = name, .exit = recorded->exit, .report = std::move(recorded->report)};
}

std::string stage_of(std::string_view file) {
  file.remove_prefix(file.rfind('/') == std::string_view::npos ? 0 : file.rfind('/') + 1);
  return std::string(file.ends_with(".json") ? file.substr(0, file.size() - 5) : file);
}

/// "validate\t137": how a stage's process ended. A report that says something better does not
/// count: the process may have failed after it, for instance to write its ledger. Only 3 means a
/// bug.
void take_ending(std::string_view line, Chain& chain) {
  const std::vector<std::string_view> cells = text::split(line, '\t');
  const std::string name = text::printable(cells.front(), 40);
  int code = -1;
  std::from_chars(cells.back().data(), cells.back().data() + cells.back().size(), code);
  const int exit = code >= 0 && code <= 3 ? code : 2;
  const std::string ending = " (exit " + text::printable(cells.back(), 20) + ')';
  const auto stage = std::ranges::find(chain.stages, name, &StageResult::name);
  if (stage == chain.stages.end()) {
    chain.stages.push_back(no_report(name, exit == 3 ? 3 : 2, "ended without a report" + ending));
  } else if (stage->exit != exit) {
    stage->exit = std::max({stage->exit, exit, 2});
    stage->report.no_verdict.push_back("ended otherwise than its report says" + ending);
  }
}

std::string read_if_there(const std::string& file) {
  const auto text = io::read_file(file);
  return text ? *text : std::string();
}

Status read_folder(const std::string& folder, Chain& chain) {
  for (const std::string_view name : order) {
    const std::string file = folder + '/' + std::string(name) + ".json";
    if (io::exists(file)) {
      chain.stages.push_back(read_stage(std::string(name), file));
    }
  }
  if (io::exists(folder + "/ended")) {
    std::string lines;
    SLUICE_TRY_ASSIGN(lines, io::read_file(folder + "/ended"));
    for (const std::string_view line : text::split(lines, '\n')) {
      if (!line.empty()) {
        take_ending(line, chain);
      }
    }
  }
  chain.plan = read_if_there(folder + "/plan.out");
  chain.cost = read_if_there(folder + "/cost-proxy.out");
  return ok;
}

Result<Chain> read_chain(const std::vector<std::string>& inputs) {
  Chain chain;
  for (const std::string& input : inputs) {
    if (io::kind_of(input) == io::EntryKind::directory) {
      SLUICE_TRY(read_folder(input, chain));
    } else {
      chain.stages.push_back(read_stage(stage_of(input), input));
    }
  }
  std::ranges::stable_sort(chain.stages, {}, [](const StageResult& stage) {
    return std::pair(std::ranges::find(order, stage.name) - order.begin(), stage.name);
  });
  return chain;
}

/// For the next run: the verdict of this one stays what it is.
Status write_baseline(const std::string& file, const diag::Report& report) {
  if (!report.no_verdict.empty()) {
    return Error{Error::Kind::usage,
                 "no baseline is written without a verdict: " + report.no_verdict.front()};
  }
  return io::write_atomically(file, diag::to_json(diag::baseline_of(report)));
}

}  // namespace

Result<diag::Report> run_merge(const MergeOptions& options,
                               const cli::Common& common,
                               std::ostream& product) {
  if (common.inputs.empty()) {
    return Error{Error::Kind::usage, "merge wants a folder or the JSON reports of the stages"};
  }
  Chain chain;
  SLUICE_TRY_ASSIGN(chain, read_chain(common.inputs));
  if (!options.out.empty()) {
    SLUICE_TRY(io::write_atomically(options.out + "/report.md", to_markdown(chain)));
  }
  const std::string text = to_text(chain);
  if (worst(chain) == 3) {
    // The only way to the exit code of a bug is one; what is known so far goes out first.
    product << text << std::flush;
    throw std::runtime_error("a stage of the chain ended with exit code 3");
  }
  diag::Report report = merged(chain);
  if (!options.write_baseline.empty()) {
    SLUICE_TRY(write_baseline(options.write_baseline, report));
  }
  report.own_formats = {{"text", text}, {"markdown", to_markdown(chain)}};
  return report;
}

}  // namespace sluice::report

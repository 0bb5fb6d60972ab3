// SPDX-License-Identifier: Apache-2.0
#include "base/sha256.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "gate/json_cursor.hpp"
#include "gate/read.hpp"
#include "gate/record.hpp"
#include "io/files.hpp"
#include "proc/runner.hpp"
#include "scan-gate/tool.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <unistd.h>

namespace sluice::scan_gate {
namespace {

constexpr std::string_view report_word = "{report}";
constexpr std::string_view target_word = "{target}";

/// A scanner needs what it is configured by: proxies, caches, tokens.
std::map<std::string, std::string> environment() {
  std::map<std::string, std::string> out;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equals = text.find('=');
    if (equals != std::string_view::npos) {
      out[std::string(text.substr(0, equals))] = text.substr(equals + 1);
    }
  }
  return out;
}

std::string without_colours(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\x1b' && i + 1 < text.size() && text[i + 1] == '[') {
      i = std::min(text.find('m', i), text.size() - 1);
    } else {
      out += text[i];
    }
  }
  return out;
}

/// The number that ends before `words`: "3 commits scanned".
std::optional<std::uint64_t> number_before(std::string_view text, std::string_view words) {
  const std::size_t end = text.rfind(words);
  if (end == std::string_view::npos) {
    return std::nullopt;
  }
  const std::size_t last = text.find_last_not_of("0123456789", end == 0 ? 0 : end - 1);
  const std::size_t begin = last == std::string_view::npos ? 0 : last + 1;
  std::uint64_t value = 0;
  const auto [stop, error] = std::from_chars(text.data() + begin, text.data() + end, value);
  return error == std::errc{} && stop == text.data() + end ? std::optional(value) : std::nullopt;
}

class ScannerRun {
 public:
  ScannerRun(const RunOptions& options, const cli::Common& common)
      : options_(options), common_(common), runner_(proc::make_runner()) {}

  Result<diag::Report> run() {
    SLUICE_TRY(check_options());
    // What an earlier run left must never be taken for this one's.
    std::error_code ignored;
    std::filesystem::remove(options_.report, ignored);
    std::filesystem::remove(options_.record, ignored);
    gate::RunRecord record{.argv = gate::masked(common_.inputs)};
    repository(record);
    record.started = clock();
    std::string bytes;
    auto finished = scan(options_.target, bytes);
    if (!finished) {
      return std::move(finished.error());
    }
    record.finished = clock();
    record.exit = finished->code;
    if (finished->ended != proc::Ended::exited) {
      return no_verdict("scanner failed: it was ended by a signal, a time-out or too much output");
    }
    const auto report = gate::read_report(options_.tool, bytes);
    if (!report) {
      return no_verdict("scanner failed: it ended with " + std::to_string(record.exit) +
                        ", and its report is no report (" + report.error().message + ")");
    }
    printed(without_colours(finished->err), record);
    versions(record);
    if (!options_.canary.empty()) {
      SLUICE_TRY(canary(record));
    }
    record.report = "sha256:" + hex(sha256(bytes));
    SLUICE_TRY(io::write_atomically(options_.report, bytes));
    SLUICE_TRY(io::write_atomically(options_.record, gate::write_record(record)));
    out_.summary.push_back(text::counted(report->findings.size(), "finding") + " reported");
    out_.summary.push_back("the scanner ended with " + std::to_string(record.exit));
    return std::move(out_);
  }

 private:
  Status check_options() const {
    if (common_.inputs.empty() || options_.report.empty() || options_.record.empty() ||
        options_.tool.empty()) {
      return Error{Error::Kind::usage,
                   "run needs --tool, --scan-report, --record and -- COMMAND [ARGUMENT]..."};
    }
    if (!options_.canary.empty() && options_.canary.rfind(':') == std::string::npos) {
      return Error{Error::Kind::usage,
                   "--canary " + text::printable(options_.canary) + " is not FOLDER:ID"};
    }
    const bool has_target = std::ranges::find(common_.inputs, target_word) != common_.inputs.end();
    if (!options_.canary.empty() && !has_target) {
      return Error{Error::Kind::usage,
                   "--canary needs the word {target} in the command, to scan its folder too"};
    }
    return ok;
  }

  Result<diag::Report> no_verdict(std::string why) {
    out_.no_verdict.push_back(options_.tool + ": " + text::printable(why, 400));
    return std::move(out_);
  }

  [[nodiscard]] std::string clock() const {
    if (!common_.now.empty()) {
      return common_.now;
    }
    return time::to_string(
        std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
  }

  /// Runs the scanner on `target`; its report goes to a file that was not there before.
  Result<proc::Finished> scan(const std::string& target, std::string& bytes) {
    auto folder = io::TemporaryDirectory::make("scan");
    if (!folder) {
      return std::move(folder.error());
    }
    const std::string file = folder->path() + "/report";
    proc::Command command{
        .argv = common_.inputs, .env = environment(), .cwd = {}, .stdin_text = {}};
    command.timeout = std::chrono::duration_cast<std::chrono::milliseconds>(options_.timeout);
    bool to_file = false;
    for (std::string& word : command.argv) {
      to_file = to_file || word.find(report_word) != std::string::npos;
      word = text::replace_all(std::move(word), report_word, file);
      word = word == target_word ? target : word;
    }
    auto finished = runner_->run(command);
    if (!finished) {
      return finished;
    }
    bytes = std::move(finished->out);
    if (to_file) {
      auto written = io::read_file(file);
      bytes = written ? std::move(*written) : std::string();
    }
    return finished;
  }

  /// Standard output of a program that ended with 0, trimmed; else empty.
  std::string ask(std::vector<std::string> argv) {
    const auto ran =
        runner_->run({.argv = std::move(argv), .env = environment(), .cwd = {}, .stdin_text = {}});
    return ran && ran->ended == proc::Ended::exited && ran->code == 0
               ? std::string(text::trim(ran->out))
               : std::string();
  }

  void repository(gate::RunRecord& record) {
    const auto git = [&](std::vector<std::string> words) {
      std::vector<std::string> argv = {"git", "-C", options_.target};
      argv.insert(argv.end(), words.begin(), words.end());
      return ask(std::move(argv));
    };
    record.commit = git({"rev-parse", "HEAD"});
    if (record.commit.empty()) {
      return;
    }
    record.dirty = !git({"status", "--porcelain", "--untracked-files=no"}).empty();
    record.shallow = git({"rev-parse", "--is-shallow-repository"}) == "true";
    // Merges have no difference of their own, and no scanner of history counts them.
    record.commits = number_before(git({"rev-list", "--count", "--no-merges", "--all"}) + ' ', " ");
  }

  static void printed(const std::string& text, gate::RunRecord& record) {
    record.scanned_commits = number_before(text, " commits scanned");
    record.scanned_bytes = number_before(text, " bytes");
  }

  void versions(gate::RunRecord& record) {
    const std::string& program = common_.inputs.front();
    if (options_.tool != "trivy") {
      const std::string said =
          ask({program, options_.tool == "gitleaks" ? "version" : "--version"});
      record.version = text::printable(said.substr(0, said.find('\n')), 80);
      return;
    }
    const std::string said = ask({program, "version", "--format", "json"});
    gate::JsonCursor json(said);
    json.object([&](std::string_view key) {
      if (key == "Version") {
        record.version = json.text();
      } else if (key == "VulnerabilityDB") {
        json.object([&](std::string_view member) {
          member == "UpdatedAt" ? void(record.database = json.text()) : json.skip();
        });
      } else {
        json.skip();
      }
    });
  }

  /// Scans a folder with something planted in it by the same command: it must be found.
  Status canary(gate::RunRecord& record) {
    const std::size_t colon = options_.canary.rfind(':');
    const std::string id = options_.canary.substr(colon + 1);
    std::string bytes;
    auto finished = scan(options_.canary.substr(0, colon), bytes);
    if (!finished) {
      return std::move(finished.error());
    }
    const auto report = gate::read_report(options_.tool, bytes);
    const auto is_it = [&](const gate::Finding& finding) {
      return finding.suppressed.empty() &&
             (finding.id == id || std::ranges::find(finding.aliases, id) != finding.aliases.end());
    };
    record.canary = report && std::ranges::any_of(report->findings, is_it);
    if (!record.canary) {
      out_.no_verdict.push_back(options_.tool + ": scanner not run: the canary " +
                                text::quoted(id, 80) + " was not reported");
    }
    return ok;
  }

  const RunOptions& options_;
  const cli::Common& common_;
  std::unique_ptr<proc::Runner> runner_;
  diag::Report out_;
};

}  // namespace

Result<diag::Report> run(const RunOptions& options, const cli::Common& common) {
  return ScannerRun(options, common).run();
}

}  // namespace sluice::scan_gate

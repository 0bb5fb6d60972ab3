// SPDX-License-Identifier: Apache-2.0
#include "promote/check_tree.hpp"

#include "base/text.hpp"
#include "diag/write.hpp"
#include "git/repository.hpp"
#include "io/files.hpp"
#include "promote/site.hpp"

#include <filesystem>

namespace sluice::promote {

namespace {

using Words = std::vector<std::string>;

/// One stage after the other, in a folder of their own.
class Stages {
 public:
  Stages(const proc::Runner& runner, std::string folder, std::string now)
      : runner_(runner), folder_(std::move(folder)), now_(std::move(now)) {
    std::error_code ignored;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", ignored);
    beside_ = self.parent_path().string();
  }

  /// Runs a sibling; its errors land in `out.findings`.
  Status run(const std::string& stage, Words words, Checked& out) {
    const std::string report = folder_ + '/' + stage + ".json";
    const std::string tool = "sluice-" + stage;
    std::string program = beside_ + '/' + tool;
    program = io::exists(program) ? program : proc::find_in_path(tool);
    if (program.empty()) {
      return Error{Error::Kind::not_found,
                   tool +
                       " is neither beside this program nor on PATH, so the change cannot be "
                       "checked; install all of Sluice, or say --no-check"};
    }
    words.insert(words.begin(), program);
    words.insert(words.end(), {"--now", now_, "--report", "json=" + report});
    proc::Finished finished;
    SLUICE_TRY_ASSIGN(finished,
                      runner_.run({.argv = std::move(words),
                                   .env = {{"PATH", beside_ + ':' + environment_variable("PATH")},
                                           {"HOME", environment_variable("HOME")},
                                           {"TMPDIR", folder_}},
                                   .cwd = folder_,
                                   .timeout = std::chrono::minutes(15)}));
    if (finished.ended != proc::Ended::exited || finished.code > 1) {
      return Error{Error::Kind::subprocess,
                   "the change cannot be checked: " + proc::describe_failure(tool, finished)};
    }
    if (finished.code == 1) {
      SLUICE_TRY(read(stage, report, out));
    }
    out.lines.push_back(stage + (finished.code == 0 ? "=pass" : "=fail"));
    return ok;
  }

 private:
  static Status read(const std::string& stage, const std::string& file, Checked& out) {
    std::string text;
    SLUICE_TRY_ASSIGN(text, io::read_file(file, std::uint64_t{64} << 20U));
    diag::Report report;
    SLUICE_TRY_ASSIGN(report, diag::read_json(text));
    for (diag::Finding& finding : report.findings) {
      if (finding.severity == diag::Severity::error) {
        out.findings.push_back(std::move(finding));
      }
    }
    out.findings.push_back({.code = "promote/check-failed",
                            .message = "the promoted tree does not pass " + stage,
                            .hint = "mend what it says, or let the owner say --no-check"});
    return ok;
  }

  const proc::Runner& runner_;
  std::string folder_, now_, beside_;
};

/// The digest in the last line of a stream.
std::string digest_of_stream(const std::string& file) {
  const auto stream = io::read_file(file);
  if (!stream) {
    return {};
  }
  constexpr std::string_view word = " sha256=";
  const std::size_t at = stream->rfind(word);
  return at == std::string::npos ? std::string() : "sha256:" + stream->substr(at + word.size(), 64);
}

}  // namespace

Result<Checked> check_tree(const std::string& repository,
                           const std::string& commit,
                           std::span<const File> changed,
                           const std::string& environment,
                           const std::string& now,
                           const proc::Runner& runner) {
  auto scratch = io::TemporaryDirectory::make("promote-check");
  if (!scratch) {
    return std::move(scratch.error());
  }
  const std::string tree = scratch->path() + "/tree";
  SLUICE_TRY(git::export_tree(repository, commit, tree));
  for (const File& file : changed) {
    SLUICE_TRY(io::resolve_inside(tree, file.path));
    SLUICE_TRY(io::write_atomically(tree + '/' + file.path, file.bytes));
  }
  Checked checked;
  Stages stages(runner, scratch->path(), now);
  const std::string stream = scratch->path() + "/head/all.yaml";
  const std::string config =
      io::exists(tree + "/sluice.yaml") ? tree + "/sluice.yaml" : "/dev/null";
  SLUICE_TRY(stages.run("render", {tree, "--env", environment, "--out", scratch->path() + "/head"},
                        checked));
  checked.render_digest = digest_of_stream(stream);
  SLUICE_TRY(stages.run("validate", {stream, "--config", config}, checked));
  SLUICE_TRY(stages.run("policy-test", {stream, "--config", config}, checked));
  checked.lines = {text::join(checked.lines, " ")};
  return checked;
}

}  // namespace sluice::promote

// SPDX-License-Identifier: Apache-2.0
#include "base/json_text.hpp"
#include "base/sha256.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "config/config.hpp"
#include "gate/judge.hpp"
#include "gate/read.hpp"
#include "image/reference.hpp"
#include "io/files.hpp"
#include "proc/runner.hpp"
#include "scan-gate/tool.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>

namespace sluice::scan_gate {
namespace {

constexpr std::uint64_t most_report_bytes = std::uint64_t{1} << 30U;
constexpr std::uint64_t most_vex_bytes = std::uint64_t{16} << 20U;

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? std::string() : path.substr(0, slash + 1);
}

struct PolicyFile {
  std::string path;
  std::string shown;  ///< as findings name it: from the root of the repository
  std::string bytes;
  gate::Policy policy;
};

/// --policy, or gates.scan, which is meant from the folder of sluice.yaml.
Result<PolicyFile> load_policy(const CheckOptions& options, const cli::Common& common) {
  PolicyFile file{.path = options.policy, .shown = options.policy, .bytes = {}, .policy = {}};
  if (file.path.empty()) {
    config::Config config;
    SLUICE_TRY_ASSIGN(config, config::load(common.config, "."));
    if (!config.scan_gate) {
      return Error{Error::Kind::usage,
                   "no policy: give --policy FILE, or name it under gates.scan in sluice.yaml"};
    }
    file.path = folder_of(common.config) + *config.scan_gate;
    file.shown = *config.scan_gate;
  }
  SLUICE_TRY_ASSIGN(file.bytes, io::read_file(file.path, std::uint64_t{1} << 20U));
  SLUICE_TRY_ASSIGN(file.policy, gate::parse_policy(file.bytes, file.shown));
  return file;
}

/// HEAD of the folder; empty when it is no work tree or there is no git.
std::string head_of(const std::string& folder) {
  const std::string git = proc::find_in_path("git");
  if (git.empty()) {
    return {};
  }
  const auto ran = proc::make_runner()->run(
      {.argv = {git, "-C", folder.empty() ? "." : folder, "rev-parse", "HEAD"},
       .env = {},
       .cwd = {},
       .stdin_text = {}});
  return ran && ran->ended == proc::Ended::exited && ran->code == 0
             ? std::string(text::trim(ran->out))
             : std::string();
}

/// SCAN=REPORT words. Errors (usage): no such scan.
Status replace_reports(const std::vector<std::string>& words, gate::Policy& policy) {
  for (const std::string& word : words) {
    const std::size_t equals = word.find('=');
    const auto scan = std::ranges::find(policy.scans, word.substr(0, equals), &gate::Scan::name);
    if (equals == std::string::npos || scan == policy.scans.end()) {
      return Error{Error::Kind::usage,
                   text::quoted(word) + " is not SCAN=REPORT with a scan of the policy"};
    }
    // Words of the command line are meant from here, those of the policy from its folder.
    scan->report = "./" + word.substr(equals + 1);
  }
  return ok;
}

class Check {
 public:
  Check(const CheckOptions& options, const cli::Common& common, PolicyFile& file)
      : options_(options), common_(common), file_(file), folder_(folder_of(file.path)) {}

  Result<diag::Report> run() {
    SLUICE_TRY(replace_reports(common_.inputs, file_.policy));
    const auto now = common_.now.empty() ? std::optional(std::chrono::floor<std::chrono::seconds>(
                                               std::chrono::system_clock::now()))
                                         : time::parse(common_.now);
    question_ = {
        .image = options_.image, .commit = options_.commit, .now = now.value_or(time::Seconds{})};
    report_.now = time::to_string(question_.now);
    if (question_.commit.empty()) {
      question_.commit = head_of(folder_);
    }
    if (question_.image.empty() && !file_.policy.image_file.empty()) {
      read_image_file();
    }
    for (const gate::VexFile& file : file_.policy.vex) {
      believe(file);
    }
    for (const gate::Scan& scan : file_.policy.scans) {
      deliver(scan);
    }
    if (!options_.base.empty()) {
      compare_with_base();
    }
    std::optional<gate::BaselineData> baseline = load_baseline();
    gate::judge(file_.policy, delivered_, baseline ? &*baseline : nullptr, question_, report_);
    SLUICE_TRY(write_files());
    return std::move(report_);
  }

 private:
  void refuse(const std::string& scan, const std::string& path, const std::string& why) {
    report_.no_verdict.push_back(scan + ": " + text::printable(shown(path)) + ": " +
                                 text::printable(why, 400));
  }

  [[nodiscard]] std::string place(const std::string& path) const {
    return is_from_here(path) ? path : folder_ + path;
  }
  [[nodiscard]] std::string shown(const std::string& path) const {
    return is_from_here(path) ? path : folder_of(file_.shown) + path;
  }
  static bool is_from_here(const std::string& path) {
    return path.starts_with('/') || path.starts_with("./");
  }

  /// The bytes of a file that a scan needs, or a refusal.
  std::optional<std::string> bytes_of(const gate::Scan& scan, const std::string& path) {
    auto bytes = io::read_file(place(path), most_report_bytes);
    if (bytes) {
      return std::move(*bytes);
    }
    refuse(scan.name, path,
           bytes.error().kind == Error::Kind::not_found
               ? "missing: the scan is required, and there is no such file"
               : "unreadable: " + bytes.error().message);
    return std::nullopt;
  }

  /// A base without a readable policy had no gate that could be weakened.
  void compare_with_base() {
    cli::Common there;
    there.config = options_.base + "/sluice.yaml";
    const auto base = load_policy(
        {.policy = options_.policy.empty() ? "" : options_.base + '/' + options_.policy}, there);
    if (!base) {
      report_.skipped.push_back("there is no policy at the base to compare with: " +
                                text::printable(base.error().message));
      return;
    }
    for (diag::Finding& finding : gate::loosened(base->policy, file_.policy, file_.shown)) {
      report_.findings.push_back(std::move(finding));
    }
  }

  void read_image_file() {
    const std::string& path = file_.policy.image_file;
    const auto bytes = io::read_file(place(path), 4'096);
    const std::string_view line = bytes ? text::trim(*bytes) : std::string_view();
    const std::string digest(line.substr(line.rfind('@') + 1));
    if (!digest.starts_with("sha256:") || !image::is_digest(digest)) {
      refuse("image", path,
             bytes ? "wrong file: it holds no digest such as sha256:..."
                   : "missing: " + bytes.error().message);
      return;
    }
    question_.image = digest;
    name_ = line.rfind('@') == std::string_view::npos ? "" : line.substr(0, line.rfind('@'));
  }

  void believe(const gate::VexFile& file) {
    const auto bytes = io::read_file(place(file.file), most_vex_bytes);
    auto vex = bytes
                   ? gate::read_vex(*bytes)
                   : Result<gate::Vex>(Error{Error::Kind::io, "missing: " + bytes.error().message});
    if (!vex) {
      refuse("vex", file.file, vex.error().message);
      return;
    }
    const auto when = time::parse(vex->created);
    if (file.max_age && (!when || question_.now - *when > *file.max_age)) {
      refuse("vex", file.file,
             "stale: the document is of " + (when ? time::to_string(*when) : "an unknown time"));
      return;
    }
    question_.vex.push_back(std::move(*vex));
  }

  void deliver(const gate::Scan& scan) {
    gate::Delivered delivered{.scan = &scan, .file = shown(scan.report)};
    const auto bytes = bytes_of(scan, scan.report);
    if (!bytes) {
      return;
    }
    auto report = gate::read_report(scan.format, *bytes);
    if (!report) {
      refuse(scan.name, scan.report, report.error().message);
      return;
    }
    delivered.report = std::move(*report);
    gate::salt_digests(file_.policy.salt, delivered.report);
    if (!scan.run.empty() || !options_.evidence.empty()) {
      delivered.digest = "sha256:" + hex(sha256(*bytes));
    }
    if (!scan.run.empty()) {
      const auto text = bytes_of(scan, scan.run);
      if (!text) {
        return;
      }
      auto record = gate::read_record(*text);
      if (!record) {
        refuse(scan.name, scan.run, record.error().message);
        return;
      }
      delivered.record = std::move(*record);
    }
    for (const std::string& doubt : gate::doubts(delivered, question_)) {
      refuse(scan.name, scan.report, doubt);
    }
    delivered_.push_back(std::move(delivered));
  }

  std::optional<gate::BaselineData> load_baseline() {
    if (!file_.policy.baseline) {
      return std::nullopt;
    }
    const gate::Baseline& wanted = *file_.policy.baseline;
    const auto refuse_it = [&](const std::string& why) { refuse("baseline", wanted.file, why); };
    const auto bytes = io::read_file(place(wanted.file), most_report_bytes);
    if (!bytes) {
      refuse_it("missing: " + bytes.error().message);
      return std::nullopt;
    }
    auto baseline = gate::read_baseline_file(*bytes);
    if (!baseline) {
      refuse_it(baseline.error().message);
      return std::nullopt;
    }
    const auto created = time::parse(baseline->created);
    if (wanted.max_age && created && question_.now - *created > *wanted.max_age) {
      refuse_it("stale: the baseline is of " + baseline->created);
    }
    for (const gate::Delivered& delivered : delivered_) {
      const auto seen = baseline->scans.find(delivered.scan->name);
      if (seen == baseline->scans.end()) {
        continue;
      }
      for (const std::string& drop :
           gate::coverage_drops(delivered, seen->second, wanted.min_coverage)) {
        refuse(delivered.scan->name, delivered.scan->report, drop);
      }
    }
    return std::move(*baseline);
  }

  Status write_files() {
    if (!options_.write_baseline.empty() && report_.no_verdict.empty()) {
      SLUICE_TRY(io::write_atomically(options_.write_baseline,
                                      gate::write_baseline_file(delivered_, question_.now)));
    }
    return options_.evidence.empty() ? ok : write_evidence();
  }

  /// sluice.evidence/v1 (docs/promote.md): the verdict about one image, for a promotion.
  Status write_evidence() {
    if (question_.image.empty() || question_.commit.empty()) {
      return Error{Error::Kind::usage, "--evidence needs --image DIGEST and --commit ID"};
    }
    const int exit = diag::exit_code(report_, common_.fail_on);
    Sha256 digest;
    for (const gate::Delivered& delivered : delivered_) {
      digest.update(delivered.scan->name + ' ' + delivered.digest + '\n');
    }
    std::string out = "{\n  \"schema\": \"sluice.evidence/v1\",\n  \"tool\": \"sluice-scan-gate\"";
    const auto member = [&out](std::string_view key, std::string_view value) {
      out += ",\n  \"" + std::string(key) + "\": ";
      text::append_json_string(value, out);
    };
    member("verdict", exit == 0 ? "pass" : exit == 1 ? "fail" : "none");
    out += ",\n  \"subject\": {\"image\": \"" + question_.image + '"';
    if (!name_.empty()) {
      out += ", \"name\": ";
      text::append_json_string(name_, out);
    }
    out += '}';
    member("commit", question_.commit);
    member("policy", "sha256:" + hex(sha256(file_.bytes)));
    member("created", time::to_string(question_.now));
    member("report", "sha256:" + hex(digest.finish()));
    return io::write_atomically(options_.evidence, out + "\n}\n");
  }

  const CheckOptions& options_;
  const cli::Common& common_;
  PolicyFile& file_;
  std::string folder_;
  std::string name_ = options_.name;  ///< of the image
  gate::Question question_;
  std::vector<gate::Delivered> delivered_;
  diag::Report report_;
};

}  // namespace

Result<diag::Report> check(const CheckOptions& options, const cli::Common& common) {
  PolicyFile file;
  SLUICE_TRY_ASSIGN(file, load_policy(options, common));
  return Check(options, common, file).run();
}

}  // namespace sluice::scan_gate

// SPDX-License-Identifier: Apache-2.0
#include "promote/evidence.hpp"

#include "base/json_text.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "yaml/value.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <vector>

namespace sluice::promote {

namespace {

constexpr std::string_view schema = "sluice.evidence/v1";
constexpr std::string_view prefix = "sluice-";

bool is_hex(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_sha256(std::string_view text) {
  return text.starts_with("sha256:") && text.size() == 71 && is_hex(text.substr(7));
}

bool is_commit(std::string_view text) {
  return (text.size() == 40 || text.size() == 64) && is_hex(text);
}

bool is_created(std::string_view text) {
  return text.size() == 20 && text.ends_with('Z') && time::parse(text).has_value();
}

bool is_name(std::string_view text) {
  return text.size() <= 1024 && text::printable(text, 1024) == text;
}

/// Takes the members of an object, each once, and keeps the first problem.
class Members {
 public:
  Members(const yaml::Value& object, std::string file) : object_(object), file_(std::move(file)) {}

  std::string take(std::string_view key, bool (*is_good)(std::string_view), std::string_view form) {
    taken_.push_back(key);
    const yaml::Value* const value = object_.find(key);
    if (value == nullptr) {
      note("has no \"" + std::string(key) + '"');
      return {};
    }
    if (!value->is_string() || !is_good(value->text)) {
      note('"' + std::string(key) + "\" is no " + std::string(form));
      return {};
    }
    return value->text;
  }

  void note(const std::string& problem) {
    if (problem_.empty()) {
      problem_ = text::printable(file_) + ' ' + problem;
    }
  }

  void expect_no_others() {
    for (const auto& [key, value] : object_.members) {
      if (std::ranges::find(taken_, key) == taken_.end()) {
        note("has the unknown member \"" + text::printable(key, 80) + '"');
      }
    }
  }

  void skip(std::string_view key) { taken_.push_back(key); }
  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  const yaml::Value& object_;
  std::string file_;
  std::vector<std::string_view> taken_;
  std::string problem_;
};

bool is_tool(std::string_view text) {
  return text.starts_with(prefix) && text.size() <= 64 && is_name(text) &&
         text.find(' ') == std::string_view::npos;
}

bool is_verdict(std::string_view text) {
  return text == "pass" || text == "fail" || text == "none";
}

/// Fills digest, name and subject. What is wrong, or empty.
std::string read_subject(const yaml::Value& root, const std::string& file, Evidence& evidence) {
  const yaml::Value* const subject = root.find("subject");
  if (subject == nullptr || !subject->is_mapping()) {
    return text::printable(file) + " has no \"subject\"";
  }
  Members members(*subject, file + ": subject");
  const bool is_model = subject->find("model") != nullptr;
  evidence.subject = is_model ? EvidenceOf::model : EvidenceOf::image;
  evidence.digest = members.take(is_model ? "model" : "image", is_sha256, "sha256 digest");
  if (subject->find("name") != nullptr) {
    evidence.name = members.take("name", is_name, "name");
  }
  members.expect_no_others();
  return members.problem();
}

}  // namespace

Result<Evidence> read_evidence(std::string bytes, const std::string& file) {
  yaml::Value root;
  SLUICE_TRY_ASSIGN(root, yaml::parse_value(std::move(bytes), file));
  const yaml::Value* const named = root.find("schema");
  if (named == nullptr || named->text != schema) {
    return Error{Error::Kind::parse, text::printable(file) +
                                         " is no evidence: its \"schema\" is not \"" +
                                         std::string(schema) + '"'};
  }
  Evidence evidence;
  Members members(root, file);
  members.skip("schema");
  members.skip("subject");
  evidence.tool = members.take("tool", is_tool, "name of a gate such as \"sluice-scan-gate\"");
  evidence.verdict = members.take("verdict", is_verdict, "verdict: pass, fail or none");
  evidence.commit = members.take("commit", is_commit, "full commit id");
  evidence.policy = members.take("policy", is_sha256, "sha256 digest");
  evidence.created = members.take("created", is_created, "UTC time such as 2026-11-20T12:00:00Z");
  evidence.report = members.take("report", is_sha256, "sha256 digest");
  members.expect_no_others();
  std::string problem = members.problem();
  if (problem.empty()) {
    problem = read_subject(root, file, evidence);
  }
  if (!problem.empty()) {
    return Error{Error::Kind::parse, problem};
  }
  return evidence;
}

std::string write_evidence(const Evidence& evidence) {
  std::string out = "{\n";
  const auto member = [&out](std::string_view key, std::string_view value, std::string_view end) {
    out += "  ";
    text::append_json_string(key, out);
    out += ": ";
    text::append_json_string(value, out);
    out += end;
  };
  member("schema", schema, ",\n");
  member("tool", evidence.tool, ",\n");
  member("verdict", evidence.verdict, ",\n");
  out += "  \"subject\": {";
  text::append_json_string(evidence.subject == EvidenceOf::model ? "model" : "image", out);
  out += ": ";
  text::append_json_string(evidence.digest, out);
  if (!evidence.name.empty()) {
    out += ", \"name\": ";
    text::append_json_string(evidence.name, out);
  }
  out += "},\n";
  member("commit", evidence.commit, ",\n");
  member("policy", evidence.policy, ",\n");
  member("created", evidence.created, ",\n");
  member("report", evidence.report, "\n}\n");
  return out;
}

std::string verdict_line(const Evidence& evidence) {
  return evidence.tool.substr(prefix.size()) + '=' + evidence.verdict +
         " subject=" + evidence.digest + " policy=" + evidence.policy +
         " report=" + evidence.report + " created=" + evidence.created;
}

bool verdict_covers(std::string_view line, std::string_view tool, std::string_view digest) {
  const std::vector<std::string_view> words = text::split(line, ' ');
  return words.size() >= 2 && words[0] == std::string(tool) + "=pass" &&
         words[1] == "subject=" + std::string(digest);
}

}  // namespace sluice::promote

// SPDX-License-Identifier: Apache-2.0
#include "gate/record.hpp"

#include "base/json_text.hpp"
#include "base/text.hpp"
#include "gate/json_cursor.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace sluice::gate {
namespace {

constexpr std::string_view schema = "sluice.scan-run/v1";

/// Flags of each scanner after which a clean report is no clean scan.
constexpr std::array<std::pair<std::string_view, std::string_view>, 30> narrowing = {{
    {"trivy", "--severity"},
    {"trivy", "-s"},
    {"trivy", "--ignore-unfixed"},
    {"trivy", "--ignore-status"},
    {"trivy", "--ignorefile"},
    {"trivy", "--ignore-policy"},
    {"trivy", "--skip-dirs"},
    {"trivy", "--skip-files"},
    {"trivy", "--pkg-types"},
    {"trivy", "--vex"},
    {"gitleaks", "--baseline-path"},
    {"gitleaks", "-b"},
    {"gitleaks", "--enable-rule"},
    {"gitleaks", "--log-opts"},
    {"gitleaks", "--gitleaks-ignore-path"},
    {"gitleaks", "--max-target-megabytes"},
    {"bandit", "-l"},
    {"bandit", "-ll"},
    {"bandit", "-lll"},
    {"bandit", "-i"},
    {"bandit", "-ii"},
    {"bandit", "-iii"},
    {"bandit", "--severity-level"},
    {"bandit", "-b"},
    {"semgrep", "--severity"},
    {"semgrep", "--baseline-commit"},
    {"semgrep", "--exclude-rule"},
    {"grype", "--only-fixed"},
    {"grype", "--ignore-states"},
    {"pip-audit", "--ignore-vuln"},
}};

constexpr std::array<std::string_view, 8> secret_words = {
    "token", "password", "secret", "credential", "api-key", "apikey", "auth", "passwd"};

bool names_secret(std::string_view flag) {
  const std::string lower = text::to_lower(flag);
  return std::ranges::any_of(
      secret_words, [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

/// "https://user:pw@host" without what stands before the '@'.
std::string without_user(const std::string& word) {
  const std::size_t scheme = word.find("://");
  const std::size_t at = scheme == std::string::npos ? scheme : word.find('@', scheme);
  if (at == std::string::npos || word.find('/', scheme + 3) < at) {
    return word;
  }
  return word.substr(0, scheme + 3) + "***" + word.substr(at);
}

void optional_number(JsonCursor& json, std::optional<std::uint64_t>& out) {
  if (json.peek() == JsonCursor::Kind::null) {
    json.skip();
    return;
  }
  out = json.number();
}

void member(JsonCursor& json, std::string_view key, RunRecord& record, std::string& named) {
  constexpr std::array texts = {
      std::pair{"started", &RunRecord::started},   std::pair{"finished", &RunRecord::finished},
      std::pair{"report", &RunRecord::report},     std::pair{"version", &RunRecord::version},
      std::pair{"database", &RunRecord::database}, std::pair{"commit", &RunRecord::commit}};
  constexpr std::array flags = {std::pair{"dirty", &RunRecord::dirty},
                                std::pair{"shallow", &RunRecord::shallow},
                                std::pair{"canary", &RunRecord::canary}};
  constexpr std::array numbers = {std::pair{"commits", &RunRecord::commits},
                                  std::pair{"scannedCommits", &RunRecord::scanned_commits},
                                  std::pair{"scannedBytes", &RunRecord::scanned_bytes}};
  for (const auto& [name, target] : texts) {
    if (key == name) {
      record.*target = json.text();
      return;
    }
  }
  for (const auto& [name, target] : flags) {
    if (key == name) {
      record.*target = json.boolean();
      return;
    }
  }
  for (const auto& [name, target] : numbers) {
    if (key == name) {
      optional_number(json, record.*target);
      return;
    }
  }
  if (key == "schema") {
    named = json.text();
  } else if (key == "exit") {
    record.exit = static_cast<int>(json.number());
  } else if (key == "argv") {
    json.array([&] { record.argv.push_back(json.text()); });
  } else {
    json.fail("changed schema: the record of the run has the unknown member " +
              text::quoted(key, 40));
  }
}

}  // namespace

Result<RunRecord> read_record(std::string_view bytes) {
  if (text::trim(bytes).empty()) {
    return Error{Error::Kind::parse, "empty: no record of the run"};
  }
  JsonCursor json(bytes);
  RunRecord record;
  std::string named;
  json.object([&](std::string_view key) { member(json, key, record, named); });
  json.finish();
  if (json.failed()) {
    return Error{Error::Kind::parse, json.problem()};
  }
  if (named != schema || record.argv.empty() || record.report.empty() || record.finished.empty()) {
    return Error{Error::Kind::parse, "wrong file: no record of a run, which has schema " +
                                         std::string(schema) + ", argv, report and finished"};
  }
  return record;
}

std::string write_record(const RunRecord& record) {
  std::string out = "{\n  \"schema\": \"" + std::string(schema) + "\",\n  \"argv\": [";
  for (std::size_t i = 0; i < record.argv.size(); ++i) {
    out += i == 0 ? "" : ", ";
    text::append_json_string(record.argv[i], out);
  }
  out += "],\n  \"exit\": " + std::to_string(record.exit);
  const auto words = [&](std::string_view key, std::string_view value) {
    out += ",\n  \"" + std::string(key) + "\": ";
    text::append_json_string(value, out);
  };
  const auto plain = [&](std::string_view key, const std::string& value) {
    out += ",\n  \"" + std::string(key) + "\": " + value;
  };
  const auto number = [&](std::string_view key, const std::optional<std::uint64_t>& value) {
    plain(key, value ? std::to_string(*value) : "null");
  };
  words("started", record.started);
  words("finished", record.finished);
  words("report", record.report);
  words("version", record.version);
  words("database", record.database);
  words("commit", record.commit);
  plain("dirty", record.dirty ? "true" : "false");
  plain("shallow", record.shallow ? "true" : "false");
  number("commits", record.commits);
  number("scannedCommits", record.scanned_commits);
  number("scannedBytes", record.scanned_bytes);
  plain("canary", record.canary ? "true" : "false");
  return out + "\n}\n";
}

std::string flag_value(std::span<const std::string> argv, std::string_view flag) {
  for (std::size_t i = 0; i < argv.size(); ++i) {
    if (argv[i] == flag) {
      return i + 1 < argv.size() ? argv[i + 1] : std::string();
    }
    if (argv[i].starts_with(flag) && argv[i].size() > flag.size() && argv[i][flag.size()] == '=') {
      return argv[i].substr(flag.size() + 1);
    }
  }
  return {};
}

std::vector<std::string> narrowing_flags(std::string_view format,
                                         std::span<const std::string> argv) {
  std::vector<std::string> found;
  for (const std::string& word : argv) {
    const std::string_view flag = std::string_view(word).substr(0, word.find('='));
    const auto is_it = [&](const auto& row) { return row.first == format && row.second == flag; };
    if (std::ranges::any_of(narrowing, is_it)) {
      found.emplace_back(flag);
    }
  }
  return found;
}

std::vector<std::string> masked(std::span<const std::string> argv) {
  std::vector<std::string> out;
  bool next_is_secret = false;
  for (const std::string& word : argv) {
    const std::size_t equals = word.find('=');
    if (next_is_secret && !word.starts_with('-')) {
      out.emplace_back("***");
      next_is_secret = false;
    } else if (word.starts_with('-') && names_secret(word.substr(0, equals))) {
      next_is_secret = equals == std::string::npos;
      out.push_back(next_is_secret ? word : word.substr(0, equals + 1) + "***");
    } else if (equals != std::string::npos && names_secret(word.substr(0, equals))) {
      out.push_back(word.substr(0, equals + 1) + "***");
    } else {
      out.push_back(without_user(word));
    }
  }
  return out;
}

}  // namespace sluice::gate

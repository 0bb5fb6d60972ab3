// SPDX-License-Identifier: Apache-2.0
#include "gate/read.hpp"

#include "base/sha256.hpp"
#include "base/text.hpp"
#include "gate/formats.hpp"
#include "yaml/scalar.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace sluice::gate {
namespace {

struct Row {
  std::string_view format;
  Result<Report> (*read)(std::string_view);
};

constexpr std::array rows = {
    Row{"bandit", read_bandit},
    Row{"flake8", read_flake8},
    Row{"gitlab", read_gitlab},
    Row{"gitleaks", read_gitleaks},
    Row{"gitleaks-csv", read_gitleaks_csv},
    Row{"grype", read_grype},
    Row{"junit", read_junit},
    Row{"pip-audit", read_pip_audit},
    Row{"sarif", read_sarif},
    Row{"semgrep", read_semgrep},
    Row{"snyk", read_snyk},
    Row{"trivy", read_trivy},
    Row{"trivy-operator", read_trivy_operator},
};

constexpr auto names = [] {
  std::array<std::string_view, rows.size()> out;
  std::ranges::transform(rows, out.begin(), &Row::format);
  return out;
}();

/// Members that only one kind of file has at the top.
constexpr std::array<std::pair<std::string_view, std::string_view>, 14> marks = {{
    {"SchemaVersion", "a Trivy report"},
    {"ClusterName", "a report of trivy k8s"},
    {"runs", "a SARIF file"},
    {"bomFormat", "a CycloneDX file"},
    {"spdxVersion", "an SPDX file"},
    {"matches", "a Grype report"},
    {"metrics", "a Bandit report"},
    {"paths", "a Semgrep report"},
    {"dependencyCount", "a Snyk report"},
    {"scan", "a GitLab report"},
    {"vulnerabilities", "a GitLab or Snyk report"},
    {"dependencies", "a pip-audit report or a package file"},
    {"@context", "an OpenVEX document"},
    {"RuleID", "a Gitleaks report"},
}};

}  // namespace

std::span<const std::string_view> formats() {
  return names;
}

std::string seems_to_be(std::string_view bytes) {
  JsonCursor json(bytes);
  std::string found;
  const auto look = [&](std::string_view key) {
    const auto mark = std::ranges::find(marks, key, &decltype(marks)::value_type::first);
    if (mark != marks.end() && found.empty()) {
      found = mark->second;
    }
    json.skip();
  };
  if (json.peek() == JsonCursor::Kind::object) {
    json.object(look);
  } else if (json.peek() == JsonCursor::Kind::array) {
    json.array([&] {
      if (found.empty() && json.peek() == JsonCursor::Kind::object) {
        json.object(look);
      } else {
        json.skip();
      }
    });
  } else if (text::trim(bytes.substr(0, 200)).starts_with('<')) {
    found = "an XML file";
  }
  return found;
}

Result<Report> read_report(std::string_view format, std::string_view bytes) {
  const auto row = std::ranges::find(rows, format, &Row::format);
  if (row == rows.end()) {
    return Error{Error::Kind::usage, "no such format of reports: " + text::quoted(format)};
  }
  // A clean report of these has no bytes.
  const bool may_be_empty = format == "flake8" || (format == "gitleaks-csv" && bytes.empty());
  if (text::trim(bytes).empty() && !may_be_empty) {
    return refused("empty: the file holds " + text::counted(bytes.size(), "byte") +
                   ", and no report");
  }
  auto report = row->read(bytes);
  if (!report && report.error().message.starts_with("wrong file")) {
    if (const std::string other = seems_to_be(bytes); !other.empty()) {
      report.error().message += "; it looks like " + other;
    }
  }
  if (report) {
    report->format = format;
  }
  return report;
}

bool is_utf8(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size();) {
    const std::size_t size = yaml::utf8_size(bytes, i);
    if (size == 0) {
      return false;
    }
    i += size;
  }
  return true;
}

Result<yaml::Value> read_json_value(std::string_view bytes) {
  JsonCursor json(bytes);
  yaml::Value value = json.value();
  json.finish();
  if (json.failed()) {
    return refused(json.problem());
  }
  return value;
}

Severity severity_or(std::string_view word, std::string& problem) {
  if (word.empty()) {
    return Severity::unknown;  // many schemas let it be left out
  }
  const auto severity = severity_of(word);
  if (!severity && problem.empty()) {
    problem = "changed schema: no severity is called " + text::quoted(word, 40);
  }
  return severity.value_or(Severity::unknown);
}

std::uint64_t whole(const yaml::Value* value) {
  std::uint64_t number = 0;
  if (value != nullptr && value->kind == yaml::Kind::integer) {
    std::from_chars(value->text.data(), value->text.data() + value->text.size(), number);
  }
  return number;
}

std::string secret_digest(std::string_view rule, std::string_view secret) {
  Sha256 digest;
  digest.update("sluice-secret\n");
  digest.update(rule);
  digest.update("\n");
  digest.update(secret);
  return hex(digest.finish()).substr(0, 32);
}

std::string plain_path(std::string_view path) {
  for (const std::string_view prefix : {"file:///", "file://", "./"}) {
    if (path.starts_with(prefix)) {
      path.remove_prefix(prefix.size());
    }
  }
  return std::string(path);
}

}  // namespace sluice::gate

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "gate/json_cursor.hpp"
#include "gate/report.hpp"

#include <string>
#include <string_view>

/// The readers, one file each, and what they share.
namespace sluice::gate {

Result<Report> read_bandit(std::string_view bytes);
Result<Report> read_flake8(std::string_view bytes);
Result<Report> read_gitlab(std::string_view bytes);
Result<Report> read_gitleaks(std::string_view bytes);
Result<Report> read_gitleaks_csv(std::string_view bytes);
Result<Report> read_grype(std::string_view bytes);
Result<Report> read_junit(std::string_view bytes);
Result<Report> read_pip_audit(std::string_view bytes);
Result<Report> read_sarif(std::string_view bytes);
Result<Report> read_semgrep(std::string_view bytes);
Result<Report> read_snyk(std::string_view bytes);
Result<Report> read_trivy(std::string_view bytes);
Result<Report> read_trivy_operator(std::string_view bytes);

/// A problem with the bytes: "case: detail".
inline Error refused(std::string message) {
  return {Error::Kind::parse, std::move(message)};
}

/// Whether text that comes without a format of its own may be passed on: JSON readers check it.
bool is_utf8(std::string_view bytes);

/// The report as one value; the problem when it is none.
Result<yaml::Value> read_json_value(std::string_view bytes);

/// The severity of a word, unknown of none; a word that is not known is "changed schema" in
/// `problem`, when that is still empty.
Severity severity_or(std::string_view word, std::string& problem);

/// A whole number of a value that may be missing; 0 when it is none.
std::uint64_t whole(const yaml::Value* value);

/// A digest that stands for a secret: it can be compared and says nothing else. The rule is mixed
/// in, so that equal secrets of two rules do not meet.
std::string secret_digest(std::string_view rule, std::string_view secret);

/// The URL or path of a report made a path of the repository: without "file://", leading "./".
std::string plain_path(std::string_view path);

}  // namespace sluice::gate

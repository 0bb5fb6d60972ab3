// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

/// What scanners say, in one shape, and what a policy makes of it (docs/scan-gate.md).
namespace sluice::gate {

/// none < info < low < medium < high < critical. `unknown` is apart: no order says whether it
/// passes a limit, the policy does.
enum class Severity : std::uint8_t { none, info, low, medium, high, critical, unknown };

std::string_view name(Severity severity);
/// The severity of a word of any scanner ("HIGH", "Moderate", "negligible"), or nothing: a word
/// that is not known is a changed schema, never a low severity.
std::optional<Severity> severity_of(std::string_view word);
/// The higher of two; anything that is known beats `unknown`.
Severity higher(Severity a, Severity b);

/// What kind of problem it is: a scanner that looked for one kind says nothing about another.
enum class Class : std::uint8_t { vulnerability, misconfiguration, secret, license, code, test };

std::string_view name(Class what);
std::optional<Class> class_of(std::string_view word);

/// One thing that a scanner found.
struct Finding {
  std::string id;                    ///< "CVE-2026-1", a rule, a test
  std::vector<std::string> aliases;  ///< other names of the same thing
  Class what = Class::vulnerability;
  Severity severity = Severity::unknown;
  Severity highest = Severity::unknown;  ///< the highest that any source gives
  std::string status;                    ///< "fixed", "will_not_fix", ...; empty when not said
  std::string package, version, purl;
  std::string path;                ///< file or target
  std::uint32_t line = 0;          ///< for people only; never part of the key
  std::vector<std::string> fixed;  ///< versions that mend it
  std::string title;
  std::string published;   ///< RFC 3339, or empty
  std::string suppressed;  ///< why the scanner itself set it aside; empty when it did not
  /// Hexadecimal digest of what was found where that is a secret: the secret itself is not kept.
  std::string digest;

  /// Class, id, package or path: what stays the same from build to build. No line numbers, no
  /// versions, nothing derived from the image.
  [[nodiscard]] std::string key() const;
  [[nodiscard]] bool is_fixable() const { return !fixed.empty() || status == "fixed"; }
};

/// What the scanner looked at, as far as its report says: a count that is not there is not known.
struct Coverage {
  std::optional<std::uint64_t> packages, files, tests, commits;
};

/// What the report says it is about; empty members are not said.
struct Subject {
  std::vector<std::string> digests;  ///< manifest digests, "sha256:..."
  std::string image_id;              ///< the digest of the configuration: not a manifest digest
  std::string name;
  std::string commit;
};

struct Report {
  std::string format;  ///< "trivy", "sarif", ...
  std::string tool;    ///< as the report names it
  std::string tool_version;
  std::string schema;  ///< "2", "2.1.0", "15.0.7"
  Subject subject;
  std::string created;           ///< when the scan was made, RFC 3339; empty when not said
  std::string subject_created;   ///< when the image was made
  std::string database_date;     ///< of the advisories, RFC 3339; empty when not said
  bool end_of_life = false;      ///< the operating system gets no advisories any more
  std::string operating_system;  ///< "debian 10"
  std::set<Class> looked_for;    ///< what it is certain that the scanner looked for
  Coverage coverage;
  std::vector<Finding> findings;
  /// Why the report is no basis for a verdict, each "case: detail" ("nothing scanned: ...").
  std::vector<std::string> doubts;
};

/// Makes the digests of secrets worthless without `salt`; drops them when there is none, because
/// weak secrets can be guessed from a digest that everybody can compute.
void salt_digests(std::string_view salt, Report& report);

}  // namespace sluice::gate

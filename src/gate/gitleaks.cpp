// SPDX-License-Identifier: Apache-2.0
// Gitleaks 8, JSON: a list of findings and nothing else. A secret is turned into a digest as soon
// as it is read; neither it nor the line around it is kept.
#include "base/text.hpp"
#include "gate/formats.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace sluice::gate {
namespace {

/// Fingerprint came later than 8.0, so it is not asked for.
constexpr std::array<std::string_view, 6> wanted = {"RuleID", "Description", "StartLine",
                                                    "Match",  "Secret",      "File"};

class GitleaksReader {
 public:
  explicit GitleaksReader(std::string_view bytes) : json_(bytes) {}

  Result<Report> run() {
    if (json_.peek() == JsonCursor::Kind::null) {
      return refused("null results: the whole report is null, as Gitleaks 7 wrote it");
    }
    if (json_.peek() != JsonCursor::Kind::array) {
      json_.skip();
      json_.finish();
      return refused(json_.failed() ? json_.problem()
                                    : "wrong file: no Gitleaks report, which is a list");
    }
    json_.array([this] { item(); });
    json_.finish();
    if (json_.failed()) {
      return refused(json_.problem());
    }
    report_.tool = "Gitleaks";
    report_.schema = "8";
    report_.looked_for.insert(Class::secret);
    return std::move(report_);
  }

 private:
  void item() {
    if (json_.peek() != JsonCursor::Kind::object) {
      json_.fail("wrong file: no Gitleaks report: an item of the list is no object");
      return;
    }
    Finding finding{
        .what = Class::secret, .severity = Severity::critical, .highest = Severity::critical};
    std::string secret;
    std::size_t known = 0;
    bool is_seven = false;
    bool redacted = false;
    json_.object([&](std::string_view key) {
      known += std::ranges::find(wanted, key) != wanted.end() ? 1U : 0U;
      is_seven = is_seven || key == "offender";
      if (key == "RuleID") {
        finding.id = json_.text();
      } else if (key == "Description") {
        finding.title = text::printable(json_.text(), 120);
      } else if (key == "StartLine") {
        finding.line = static_cast<std::uint32_t>(json_.number());
      } else if (key == "Secret") {
        secret = json_.text();
        redacted = secret.find("REDACTED") != std::string::npos || secret.empty();
      } else if (key == "File") {
        finding.path = plain_path(json_.text());
      } else {
        json_.skip();
      }
    });
    if (json_.failed()) {
      return;
    }
    if (is_seven) {
      json_.fail("changed schema: a report of Gitleaks 7, and 8 is known");
    } else if (known != wanted.size() || finding.id.empty()) {
      json_.fail("wrong file: no Gitleaks report: a finding lacks RuleID, File, Secret or others");
    }
    if (!redacted) {
      finding.digest = secret_digest(finding.id, secret);
    }
    std::ranges::fill(secret, '\0');
    report_.findings.push_back(std::move(finding));
  }

  JsonCursor json_;
  Report report_;
};

}  // namespace

Result<Report> read_gitleaks(std::string_view bytes) {
  return GitleaksReader(bytes).run();
}

}  // namespace sluice::gate

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

/// What a gate has decided about one image or one model: the file that carries a verdict from the
/// pipeline that built it to the promotion.
namespace sluice::promote {

enum class EvidenceOf : std::uint8_t { image, model };

/// `sluice.evidence/v1`, written by sluice-scan-gate and sluice-model-gate:
///
///   {
///     "schema": "sluice.evidence/v1",
///     "tool": "sluice-scan-gate",
///     "verdict": "pass",
///     "subject": {"image": "sha256:<64 hex>", "name": "ghcr.io/acme/iris"},
///     "commit": "<40 or 64 hex>",
///     "policy": "sha256:<64 hex>",
///     "created": "2026-11-20T12:00:00Z",
///     "report": "sha256:<64 hex>"
///   }
///
/// `subject` holds either "image", the digest of the image's manifest as registries name it, or
/// "model", the SHA-256 of the model's file (of a folder: of the sorted lines "<hex>  <path>\n");
/// "name" is the image's name or the model's URI. `commit` is the source's, `policy` the digest of
/// the gate's policy file, `report` that of its whole report. Every member is required but `name`;
/// others are errors, so that no reader can overlook what a later version means by them.
///
/// The file is not signed: whoever can hand it to a promotion could write it. It binds a verdict to
/// a digest; who may run promotions is the forge's business.
struct Evidence {
  std::string tool;     ///< "sluice-scan-gate", "sluice-model-gate"
  std::string verdict;  ///< "pass", "fail", "none" (no verdict); only "pass" lets anything through
  EvidenceOf subject = EvidenceOf::image;
  std::string digest;  ///< "sha256:..." of the image or model
  std::string name;    ///< or empty
  std::string commit;
  std::string policy;   ///< "sha256:..."
  std::string created;  ///< RFC 3339, UTC: "2026-11-20T12:00:00Z"
  std::string report;   ///< "sha256:..."

  friend bool operator==(const Evidence&, const Evidence&) = default;
};

/// Errors (parse): no JSON, another schema, a member that is missing, unknown or wrong; the message
/// names `file`.
Result<Evidence> read_evidence(std::string bytes, const std::string& file);

/// As read_evidence takes it: two spaces, members in the order above, a final line break.
std::string write_evidence(const Evidence& evidence);

/// The value of a `Verdicts` trailer: "scan-gate=pass subject=sha256:... policy=sha256:...
/// report=sha256:... created=2026-11-20T12:00:00Z".
std::string verdict_line(const Evidence& evidence);

/// Whether the line is a pass of that tool ("scan-gate") for exactly that digest.
bool verdict_covers(std::string_view line, std::string_view tool, std::string_view digest);

}  // namespace sluice::promote

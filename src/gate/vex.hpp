// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "gate/report.hpp"

#include <string>
#include <string_view>
#include <vector>

/// What a supplier says about whether a vulnerability reaches their product: OpenVEX 0.2.0 and the
/// VEX part of CycloneDX 1.4 to 1.6.
namespace sluice::gate {

/// One vulnerability in one product.
struct VexStatement {
  std::vector<std::string> ids;  ///< the name and its aliases
  std::string product;           ///< a package URL
  std::string image;  ///< "sha256:...", where the product is a part of an image; or empty
  std::string when;   ///< RFC 3339
  std::string why;    ///< justification, or the status that frees; for people
  /// not_affected and fixed set a finding aside; everything else takes that back.
  bool is_free = false;
};

struct Vex {
  std::string created;  ///< the newest time that it says of itself
  std::vector<VexStatement> statements;
};

/// Errors (parse): "case: detail", as those of reports. A statement that frees without a
/// justification is one: the specification demands it, and it is all that a reader can judge.
Result<Vex> read_vex(std::string_view bytes);

/// The statement that sets the finding aside; none where the newest one about it does not. The
/// finding's package URL must be that of the statement: type, name and, where the statement has
/// them, version and qualifiers. Absence is never equality.
const VexStatement* set_aside_by(const Vex& vex, const Finding& finding, std::string_view image);

}  // namespace sluice::gate

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "diag/finding.hpp"

#include <span>
#include <string>
#include <string_view>

namespace sluice::diag {

/// One code that a finding may carry. Feeds SARIF rules, --explain and docs/findings.md; codes are
/// never renamed or reused.
struct CatalogueRow {
  std::string_view code;   ///< "schema/unknown-field"
  Severity severity;       ///< The usual one; a finding may carry another.
  std::string_view title;  ///< One line: "A field that the schema does not know".
  std::string_view why;    ///< What happens in the cluster when it is ignored.
  std::string_view fix;    ///< What to do.
};

/// All codes, sorted by code.
std::span<const CatalogueRow> catalogue();

/// The row of `code`, or nullptr.
const CatalogueRow* find(std::string_view code);

}  // namespace sluice::diag

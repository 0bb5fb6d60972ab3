// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"

#include <string>

namespace sluice::model_gate {

/// "sha256:..." of a model, read in pieces: models are larger than memory. Of a folder it is that
/// of the sorted lines "<hex>  <path>\n" of its files. Errors (io): unreadable; a link or device in
/// the folder; a folder without files.
Result<std::string> digest_of(const std::string& path);

}  // namespace sluice::model_gate

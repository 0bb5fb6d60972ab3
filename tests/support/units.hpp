// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

namespace sluice::test {

/// The units of a stream of sluice-render: "name@env" to its documents, each behind its "---" and
/// its line of provenance.
std::map<std::string, std::string> units_in(const std::string& stream);

}  // namespace sluice::test

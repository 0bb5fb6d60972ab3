// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

namespace sluice::test {

/// Compares each row that statistics_rows.py printed with our own figures, to 1e-9; how many there
/// were.
std::size_t expect_rows_agree(const std::string& rows);

}  // namespace sluice::test

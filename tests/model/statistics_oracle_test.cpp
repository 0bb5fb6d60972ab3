// SPDX-License-Identifier: Apache-2.0
// The statistics against SciPy on 1,000 random inputs. SLUICE_SCIPY_PYTHON names a Python that has
// SciPy (python3 -m venv V && V/bin/pip install scipy); without it the test is skipped.
#include "model/statistics_rows.hpp"
#include "support/program.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace sluice::test {
namespace {

TEST(StatisticsOracle, AgreeWithSciPy) {
  const char* python = std::getenv("SLUICE_SCIPY_PYTHON");
  if (python == nullptr) {
    GTEST_SKIP() << "SLUICE_SCIPY_PYTHON is not set";
  }
  const std::string folder = std::string(SLUICE_SOURCE_DIR) + "/tests/model";
  const Ran ran =
      run({.argv = {python, folder + "/statistics_rows.py", "1000"}, .env = {}, .cwd = folder});
  ASSERT_EQ(ran.exit, 0) << ran.err;
  EXPECT_EQ(expect_rows_agree(ran.out), 1000U);
}

}  // namespace
}  // namespace sluice::test

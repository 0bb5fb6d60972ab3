// SPDX-License-Identifier: Apache-2.0
#include "report/tool.hpp"

#include <cstddef>

int main(int argc, char** argv) {
  return sluice::cli::run_tool(sluice::report::tool(), {argv, static_cast<std::size_t>(argc)});
}

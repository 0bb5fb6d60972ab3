// SPDX-License-Identifier: Apache-2.0
#include "cli/tool.hpp"
#include "promote/run.hpp"

int main(int argc, char** argv) {
  return sluice::cli::run_tool(sluice::promote::tool(), {argv, static_cast<std::size_t>(argc)});
}

// SPDX-License-Identifier: Apache-2.0
#include "cli/tool.hpp"
#include "validate/flags.hpp"

int main(int argc, char** argv) {
  return sluice::cli::run_tool(sluice::validate::tool(), {argv, static_cast<std::size_t>(argc)});
}

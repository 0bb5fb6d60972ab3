// SPDX-License-Identifier: Apache-2.0
#include "scan-gate/tool.hpp"

int main(int argc, char** argv) {
  return sluice::cli::run_tool(sluice::scan_gate::tool(), {argv, static_cast<std::size_t>(argc)});
}

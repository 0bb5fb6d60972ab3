// SPDX-License-Identifier: Apache-2.0
#include "cli/tool.hpp"
#include "model-gate/run.hpp"

int main(int argc, char** argv) {
  return sluice::cli::run_tool(sluice::model_gate::tool(), {argv, static_cast<std::size_t>(argc)});
}

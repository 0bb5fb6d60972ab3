// SPDX-License-Identifier: Apache-2.0
#include "cost-proxy/run.hpp"

int main(int argc, char** argv) {
  return sluice::cli::run_tool(sluice::cost_proxy::tool(), {argv, static_cast<std::size_t>(argc)});
}

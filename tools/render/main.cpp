// SPDX-License-Identifier: Apache-2.0
#include "render/options.hpp"

int main(int argc, char** argv) {
  sluice::render::Options options;
  return sluice::cli::run_tool(sluice::render::describe(options),
                               {argv, static_cast<std::size_t>(argc)});
}

// SPDX-License-Identifier: Apache-2.0
#include "git/tool.hpp"

int main(int argc, char** argv) {
  sluice::git_tool::Options options;
  return sluice::cli::run_tool(sluice::git_tool::make_tool(options),
                               {argv, static_cast<std::size_t>(argc)});
}

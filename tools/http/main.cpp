// SPDX-License-Identifier: Apache-2.0
#include "cli/tool.hpp"
#include "http/tool.hpp"

int main(int argc, char** argv) {
  return sluice::cli::run_tool(sluice::http_tool::make_tool(),
                               {argv, static_cast<std::size_t>(argc)});
}

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/baseline.hpp"
#include "cli/tool.hpp"
#include "cost-proxy/outputs.hpp"
#include "yaml/parse.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sluice::cost_proxy {

/// The flags of `diff`.
struct Options {
  std::string base, head;            ///< streams: a file, a folder or "-"; base may be empty
  std::vector<std::string> context;  ///< objects that are looked up and not counted
  std::optional<std::int64_t> nodes;
  std::vector<std::string> prices;  ///< price lists; what an earlier one prices stays
  std::string prices_unit;          ///< hourly | monthly; empty: as sluice.yaml says
  bool allow_empty = false;
  cli::LivingWith living_with;
  yaml::Limits limits;
  Outputs outputs;
};

/// The cost of head against base: Markdown (or JSON, with --format json) on `product`.
Result<diag::Report> diff(const Options& options, const cli::Common& common, std::ostream& product);

/// sluice-cost-proxy with its flags (flags.cpp).
cli::Tool tool();

}  // namespace sluice::cost_proxy

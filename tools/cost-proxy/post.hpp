// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/tool.hpp"
#include "cost-proxy/destination.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace sluice::cost_proxy {

/// The flags of `post`.
struct PostOptions {
  std::string from;  ///< what `diff --format json` wrote; hostile where a fork's run wrote it
  Whereto whereto;
  std::string key = "default";
  std::string author;
  std::string on_no_change = "update";  ///< or "post", "delete"
  std::string post_failure = "warn";    ///< or "fail"
  std::string ca_file, proxy = "auto";
  std::chrono::seconds timeout{30}, patience{120};
  bool dry_run = false;
};

/// Puts the report on the pull request, as one comment that later runs update. Says on `product`
/// what it did. Where the token may not write, or the forge does not answer, that is the finding
/// cost/not-posted (a warning), or with --post-failure fail an error.
Result<diag::Report> post(const PostOptions& options,
                          const cli::Common& common,
                          std::ostream& product);

/// `post` with its flags (post_flags.cpp).
cli::Command post_command();

}  // namespace sluice::cost_proxy

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace sluice::promote {

/// What the flags of all commands say; each command reads its own.
struct Settings {
  // Where.
  std::string repository = ".", branch;
  std::string cache_dir, token_file, ssh_key, known_hosts, ca_file, proxy;
  std::string timeout;
  // What.
  std::vector<std::string> images, models, sets, from;
  std::vector<std::string> environments;  ///< status: those to look at
  std::string to;
  std::string container, object;
  bool all_places = false;
  // Under which conditions.
  std::vector<std::string> evidence;
  std::string expect_old, source_commit;
  bool allow_downgrade = false;
  bool no_check = false;
  // How.
  bool dry_run = false;
  bool pull_request = false;
  std::string author, signing_format, signing_key;
  std::string forge, forge_url, project, push_with = "git";
  std::string tries;
  // hold, release, rollback
  std::string reason;
  bool no_hold = false;
  // check
  std::string base;
};

}  // namespace sluice::promote

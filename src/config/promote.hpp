// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "diag/finding.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// The `promote` section of sluice.yaml (docs/promote.md says how it is used).
namespace sluice::config {

/// A time without promotions. All times are UTC; the end is not part of the window.
struct Freeze {
  bool weekly = false;
  /// Weekly: minutes since Monday 00:00; `to` may be before `from`, the window then goes over the
  /// end of the week. Else: seconds since 1970.
  std::int64_t from = 0, to = 0;
  std::string reason;
  diag::Location at;
};

/// What a promotion to one environment asks for, beside the order of `environments`.
struct PromoteEnvironment {
  std::string name;
  std::vector<std::string>
      paths;              ///< globs of the files that hold its values; empty: by convention
  std::int64_t soak = 0;  ///< seconds that the earlier environments must have held the reference
  std::vector<std::string> statuses;  ///< commit statuses that the forge must show as success
  std::optional<std::vector<std::string>> evidence;  ///< tools that must have passed; none given:
                                                     ///< those of the configured gates
  std::vector<Freeze> freezes;
  diag::Location at;
};

/// Who a commit is by. Empty: what the command line or the environment says.
struct Person {
  std::string name, email;
};

struct Promote {
  std::vector<PromoteEnvironment> environments;
  std::vector<Freeze> freezes;  ///< of every environment
  Person author, committer;
  std::string signing_format;  ///< "ssh", "gpg"; empty: not signed
  std::string signing_key;     ///< file of a private key, or the id of a GPG key
  std::string subject;         ///< template of the first line; empty: the usual one
  std::string body;            ///< template of what stands between it and the trailers
  bool check = true;           ///< a direct push is rendered and judged first
};

}  // namespace sluice::config

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/time.hpp"
#include "config/config.hpp"
#include "diag/finding.hpp"
#include "promote/evidence.hpp"
#include "promote/message.hpp"
#include "promote/places.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What a promotion must fulfil. Pure: facts go in, findings (promote/...) come out.
namespace sluice::promote {

/// What an environment that comes first holds of the promoted thing.
struct Earlier {
  std::string environment;
  std::vector<std::string> held;  ///< references or versions, as they stand there; empty: nothing
};

/// What a commit says about how a value came to an earlier environment.
struct Arrival {
  std::string environment;
  std::string commit;  ///< empty: not known
  std::int64_t time = 0;
  std::vector<std::string> verdicts;  ///< its Verdicts trailers
  std::string source_commit;          ///< its Source-Commit trailer
};

/// A place that changes, with the file it is in.
struct Target {
  const Holder* holder = nullptr;
  const Item* item = nullptr;
  std::string environment;
};

enum class Downgrade : std::uint8_t { refuse, allow };

/// promote/out-of-order: each earlier environment must hold exactly the version, in every place
/// where it holds the thing at all. A tag without a digest there cannot vouch for a digest:
/// promote/unpinned, a warning.
std::vector<diag::Finding> check_order(const Target& target, std::span<const Earlier> earlier);

/// promote/frozen
std::vector<diag::Finding> check_freeze(const config::Config& config,
                                        std::string_view environment,
                                        time::Seconds now);

/// promote/held, by the comment at the place. (`.promote-hold` files: find_hold.)
std::vector<diag::Finding> check_hold(const Target& target);
diag::Finding held(const Target& target, const std::string& file, const std::string& reason);

/// promote/downgrade: a lower semantic version than the one that stands there. Nothing when either
/// is no version.
std::vector<diag::Finding> check_downgrade(const Target& target, Downgrade allowed);
/// Whether both are semantic versions, so that check_downgrade can tell.
bool comparable(const Item& item);
diag::Finding downgrade(const Target& target, const std::string& why);

/// promote/soaking
std::vector<diag::Finding> check_soak(const Target& target,
                                      std::int64_t soak,
                                      std::span<const Arrival> arrivals,
                                      time::Seconds now);

/// The gates whose evidence a promotion to the environment needs: "scan-gate" for an image,
/// "model-gate" for a model.
std::vector<std::string> gates_for(const config::Config& config,
                                   std::string_view environment,
                                   ItemKind kind);

/// promote/no-evidence: a pass of each gate for exactly the item's digest, in `files` or in the
/// verdicts of the commit that brought it to an earlier environment. Appends the lines that were
/// used to `used`.
std::vector<diag::Finding> check_evidence(const Target& target,
                                          std::span<const std::string> gates,
                                          std::span<const Evidence> files,
                                          std::span<const Arrival> arrivals,
                                          time::Seconds now,
                                          std::vector<std::string>& used);

/// promote/changed: something else stands there than --expect-old says.
std::vector<diag::Finding> check_expected(const Target& target, std::string_view expected);

/// Whether a place that holds `held` holds `wanted` (references, or versions of models): tags and
/// digests that both have are equal, and there is one.
bool same_version(const std::string& held, const std::string& wanted);

/// The rules of the environment, or those of an environment without any.
const config::PromoteEnvironment& rules_of(const config::Config& config, std::string_view name);

}  // namespace sluice::promote

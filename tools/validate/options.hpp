// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/baseline.hpp"
#include "schema/builtin.hpp"
#include "schema/location.hpp"
#include "yaml/parse.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace sluice::validate {

/// How far references between objects are followed.
enum class References : std::uint8_t {
  automatic,  ///< the whole of a render; of other input what objects say against each other
  whole,      ///< what is not in the input nobody delivers
  off,
};

/// The flags of this tool, parsed.
struct Options {
  std::vector<schema::KubeVersion> versions;  ///< of --kube-version, sorted; empty: by sluice.yaml
  std::vector<std::string> crds;
  std::vector<schema::Location> locations;
  bool fetch_schemas = false;
  std::string schema_cache;  ///< folder; empty: the user's
  std::string schema_lock;   ///< file; empty: sluice-schemas.lock beside sluice.yaml
  bool allow_missing_schemas = false;
  bool stream_crds = true;
  bool allow_empty = false;
  cli::LivingWith living_with;
  References references = References::automatic;
  yaml::Limits limits;
};

}  // namespace sluice::validate

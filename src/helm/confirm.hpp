// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "helm/dead_values.hpp"

#include <functional>
#include <vector>

/// Internal to this folder: which suspected values are dead, in as few renders as are allowed.
namespace sluice::helm {

/// A value that nothing seems to read.
struct Suspect {
  std::size_t layer = 0;
  const yaml::Document* document = nullptr;  ///< of the layer
  ValuePath path;
  const yaml::Node* key = nullptr;
  const yaml::Node* value = nullptr;
};

struct Confirmed {
  std::vector<Suspect> dead;       ///< in the order of the suspects; of a mapping perhaps a part
  std::vector<Suspect> undecided;  ///< the renders that are allowed could not tell
  bool unstable = false;           ///< the bytes differ although nothing was taken out
};

/// One render without all of them decides in nearly all cases. When its bytes differ, something is
/// alive: what stands in the lines that changed, most likely. A second render, without the rest,
/// confirms that those are dead. Where one render is all there is, what is printed anyway is not
/// asked about. `is_likely`: whether a suspect looks like a mistake by itself.
Confirmed confirm(const std::vector<Suspect>& suspects,
                  const std::string& base,
                  const ConfirmingRenders& renders,
                  const std::function<bool(const Suspect&)>& is_likely);

/// The suspect's members, when it is a mapping.
std::vector<Suspect> members(const Suspect& suspect);

}  // namespace sluice::helm

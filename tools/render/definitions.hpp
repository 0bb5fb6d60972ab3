// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/config.hpp"
#include "render/changes.hpp"
#include "render/plan.hpp"

#include <map>
#include <string>
#include <utility>

namespace sluice::render {

/// What decides which units a tree has, beside the files that units render.
struct Planned {
  const delivery::Repository& repository;
  const Survey& survey;
  const Plan& plan;  ///< after run() with a base
};

/// Whether a change may lead to other units, or to units defined otherwise, than the base has. When
/// not, nothing of the base need be planned: this is the common case, an edit of files that no
/// Application, generator or layout looks into.
bool may_define_otherwise(const Planned& head, const Base& base, const yaml::Limits& limits);

/// Whether the change touches what decides over every unit: sluice.yaml, the --config in use
/// (`given`), or the recorded answers of generators.
bool touches_configuration(const delivery::Repository& repository,
                           const std::string& given,
                           const config::Config& config,
                           const Changes& changes);

/// The units of the base, by name and environment.
class Definitions {
 public:
  explicit Definitions(const Plan& base);

  /// Whether the base delivers the same unit, so that equal files render to equal objects.
  [[nodiscard]] bool hold(const Delivery& delivery) const;

 private:
  std::map<std::pair<std::string, std::string>, delivery::Unit> units_;
};

}  // namespace sluice::render

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "flux/context.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace sluice::flux {

/// The values of a HelmRelease as one mapping: valuesFrom in order, then spec.values over them.
/// Nothing after a report.
std::optional<yaml::Value> release_values(Context& context,
                                          const Subject& subject,
                                          const yaml::Value& spec);

enum class SetAs { typed, literal };  ///< like --set, like --set-literal

/// Puts `text` at "a.b[0].c" ('\' before a dot makes it part of a name), as helm's --set would.
/// Errors (Kind::unsupported): a text that --set would take apart (commas, braces); (Kind::parse):
/// no such path.
Status set_path(yaml::Value& values, std::string_view path, std::string_view text, SetAs as);

}  // namespace sluice::flux

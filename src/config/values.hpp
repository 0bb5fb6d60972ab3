// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/reader.hpp"

/// The kinds of value that sluice.yaml has, each checked.
namespace sluice::config {

/// "1.33.0" from "1.33" or "1.33.2"; only versions whose schemas are compiled in.
std::string kube_version(Reader& reader, const YAML::Node& node, std::string_view what);

/// "apps/v1", "v1" or "apps/v1/Deployment", as helm's --api-versions takes them.
std::vector<std::string> api_versions(Reader& reader,
                                      const YAML::Node& node,
                                      std::string_view what);

/// An amount such as "2", 1 or 4Gi; above zero.
std::string quantity(Reader& reader, const YAML::Node& node, std::string_view what);

/// A day: 2027-01-31.
std::string day(Reader& reader, const YAML::Node& node, std::string_view what);

/// A path that stays inside the repository, normalised.
std::string inside(Reader& reader, const YAML::Node& node, std::string_view what);

/// A code of the catalogue that an entry may hide: not one of config/ or ledger/, which judge the
/// judges, nor of model/, promote/ and scan/, whose policies have exceptions of their own.
std::string ignorable_code(Reader& reader, const YAML::Node& node, std::string_view what);

/// "Kind/name" or "Kind/namespace/name".
std::string object(Reader& reader, const YAML::Node& node, std::string_view what);

/// A name of an environment: letters, digits, '-', '_' and '.'.
std::string environment_name(Reader& reader, const YAML::Node& node, std::string_view what);

}  // namespace sluice::config

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::semver {

/// A semantic version as Helm reads it: a leading "v" and missing minor or patch numbers are
/// accepted, build metadata is dropped.
struct Version {
  std::uint64_t major = 0, minor = 0, patch = 0;
  std::string prerelease;

  friend std::strong_ordering operator<=>(const Version& a, const Version& b);
  friend bool operator==(const Version& a, const Version& b) { return (a <=> b) == 0; }
};

/// Nothing when `text` is no version.
std::optional<Version> parse_version(std::string_view text);

/// Whether `version` satisfies `constraint` ("^1.2", ">=1.0, <2", "1.x || 3", "1.2 - 1.4"); nothing
/// when either cannot be read.
///
/// The rules are those of github.com/Masterminds/semver v3, which Helm uses for the `version` of a
/// dependency: without a prerelease in the constraint no prerelease satisfies it.
std::optional<bool> satisfies(std::string_view version, std::string_view constraint);

}  // namespace sluice::semver

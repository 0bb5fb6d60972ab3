// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "support/packed_chart.hpp"

#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace sluice::test {

/// What a pull request brings to get something out of the machine that renders it, and what becomes
/// of it. In all texts stand for what is not known beforehand:
///   @OUTSIDE@  a folder beside the repository: "secret" (a text), "chart/", "base/" (a
///              kustomization) and "plugins/" hold the secret or create @MARK@; as a path without
///              links
///   @UP@       the same, relative to the repository: "../outside"
///   @URL@      an address on which somebody listens, without a path
///   @MARK@     a file that is not there
struct Way {
  using Files = std::vector<std::pair<std::string, std::string>>;
  struct Archive {
    std::string path;
    std::vector<support::Member> members;
  };

  std::string name;  ///< of letters and digits
  Files files;
  Files links;  ///< path and what it points to
  std::vector<Archive> archives;
  std::vector<std::string> flags;
  int exit = 2;
  std::string code;  ///< of a finding; empty: there must be none of severity error
  std::string says;  ///< part of what is said or written about it; empty: whatever
};

inline void PrintTo(const Way& way, std::ostream* out) {
  *out << way.name;
}

std::vector<Way> ways_through_charts();
std::vector<Way> ways_through_archives();
std::vector<Way> ways_through_kustomizations();
std::vector<Way> ways_through_delivery();  ///< Applications, ApplicationSets, Flux, folders
std::vector<Way> ways_to_exhaust();

/// Files of every repository in which an Application delivers the folder "app" with `helm` (a flow
/// mapping) as its settings.
Way::Files application(const std::string& settings);

}  // namespace sluice::test

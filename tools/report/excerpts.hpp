// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "diag/finding.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace sluice::report {

/// The lines that findings point at, for a page that a person reads.
class Excerpts {
 public:
  struct Line {
    std::uint32_t number = 0;
    std::string text;  ///< printable, cut when long
  };

  /// Reads below `repository`, and streams of render below `run`, the folder of a run; either may
  /// be empty. Nothing outside of them is ever read.
  Excerpts(std::string repository, std::string run)
      : repository_(std::move(repository)), run_(std::move(run)) {}

  /// The line of the finding and those around it. Nothing when the place has no line or cannot be
  /// read, and never for what may be secret: objects of kind Secret, and what scanners found.
  std::vector<Line> around(const diag::Finding& finding);

 private:
  const std::vector<std::string>& lines_of(const std::string& root, const std::string& file);

  std::string repository_;
  std::string run_;
  std::map<std::string, std::vector<std::string>> files_;  ///< read once
};

}  // namespace sluice::report

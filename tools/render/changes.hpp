// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "delivery/unit.hpp"
#include "proc/runner.hpp"

#include <map>
#include <string>
#include <string_view>

namespace sluice::render {

/// The paths on which a repository and its base differ. What Git does not keep counts as different:
/// nobody knows what it was at the base.
class Changes {
 public:
  enum class Kind : std::uint8_t { modified, structural, untracked };

  void add(std::string path, Kind kind);

  /// Whether `place`, or something below it, may differ; "." is the whole repository.
  [[nodiscard]] bool touch(std::string_view place) const;
  [[nodiscard]] bool empty() const { return paths_.empty(); }
  /// Files, and folders of which nothing is tracked: those end with '/'.
  [[nodiscard]] const std::map<std::string, Kind, std::less<>>& paths() const { return paths_; }

 private:
  std::map<std::string, Kind, std::less<>> paths_;
};

/// The state that a change is compared with.
struct Base {
  Changes changes;
  std::string modified;  ///< folder with the modified files as they are in the base
  std::string tree;      ///< folder with all of it; empty until export_base()
  std::string revision;  ///< empty when the base is a folder
};

/// `base`: a revision, or a folder that holds the other tree: "/x", "./x" or "../x". Either way
/// round, two folders give the same changes. `sandbox`: a folder of the run's own. Errors:
/// not_found, subprocess, io.
Result<Base> compare_with_base(const delivery::Repository& head,
                               const std::string& base,
                               const proc::Runner& runner,
                               const std::string& sandbox);

/// Fills Base::tree. Errors: subprocess.
Status export_base(const delivery::Repository& head,
                   const proc::Runner& runner,
                   const std::string& sandbox,
                   Base& base);

}  // namespace sluice::render

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// `.promote-hold`: what must stay as it is, and why. Lines "NAME: reason", where NAME is an image,
/// a model, or "*" for everything; lines that begin with '#' are comments. The file counts for its
/// folder and all below it. (The other marker is a comment, `# promote: hold REASON`, on the line
/// of a value: promote/places.hpp.)
namespace sluice::promote {

constexpr std::string_view hold_file = ".promote-hold";

struct Hold {
  std::string name;    ///< "*" or as it was written
  std::string reason;  ///< may be empty
  unsigned line = 0;   ///< from 1; of lines without a colon the whole is the name

  friend bool operator==(const Hold&, const Hold&) = default;
};

std::vector<Hold> read_holds(std::string_view bytes);

/// The first that covers `name`; image names are compared normalised.
std::optional<Hold> find_hold(std::string_view bytes, std::string_view name);

/// The file with a line for `name` in place of those that name it so far.
std::string with_hold(std::string_view bytes, std::string_view name, std::string_view reason);

/// The file without the lines that name exactly `name`; nothing when there are none.
std::optional<std::string> without_hold(std::string_view bytes, std::string_view name);

/// Where a file of `directory` could be held: "a/b/.promote-hold", "a/.promote-hold",
/// ".promote-hold" for "a/b/values.yaml".
std::vector<std::string> hold_files_above(std::string_view path);

}  // namespace sluice::promote

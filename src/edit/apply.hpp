// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "edit/place.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

/// Changes scalars of a YAML or JSON file and no other byte. A file is never written out anew from
/// its values: that is what costs the peers comments, quotes, anchors and line ends.
///
/// A change replaces the bytes of a scalar's content within the style it has (plain, single or
/// double quotes, a block scalar that holds YAML). Only a value that cannot stand in a plain
/// scalar, or that some YAML reader would take for a number, a boolean, null or a date, gets
/// quotes. Then the result is parsed again and compared with the file: exactly the intended scalars
/// differ, each is a string and has the value that was asked for, and no line was added or lost. If
/// not, nothing is changed.
namespace sluice::edit {

/// What happens when other places use the scalar through an alias (`*name`).
enum class Aliases : std::uint8_t {
  refuse,  ///< they would change too: refused, with a message that names them
  follow,  ///< they are meant to change with it
};

struct Change {
  Place place;
  std::string to;  ///< instead of place.current()
  Aliases aliases = Aliases::refuse;
};

/// The bytes of `file` with all changes made, or none. Changes of other files are an error; several
/// parts of one scalar may change as long as they do not overlap.
///
/// Errors: Kind::parse (the document cannot be read), Kind::not_found (the file no longer holds
/// place.value there), Kind::unsupported (a block scalar, an alias, a scalar over several lines, a
/// value that needs more than one line, a tag that makes it no string: with the reason, and for an
/// alias with the place of its anchor).
Result<std::string> apply(std::string_view bytes,
                          const std::string& file,
                          std::span<const Change> changes);

}  // namespace sluice::edit

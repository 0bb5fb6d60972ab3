// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "yaml/document.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::edit {

/// What surrounds a scalar, as far as it limits how a value may be written.
enum class Context : std::uint8_t { block, flow, json };

/// Whether a text may be written at all: one line of printable UTF-8, 4096 bytes at most.
/// Errors (Kind::unsupported) with the reason.
Status check_writable(std::string_view value);

/// Whether a reader of YAML 1.1 or 1.2 could take the plain text for a number, a boolean, null, a
/// date, a time, or a merge key. Wider than go-yaml, because other tools read the file too.
bool reads_as_other_type(std::string_view text);

/// Whether a text can stand as a plain scalar and is read as a string.
bool can_be_plain(std::string_view text, Context context);

/// The whole content of a scalar that had `style`, quotes included: in the same style where the
/// value can stand in it, else in double quotes (single ones when that saves escapes).
std::string write_scalar(std::string_view value, yaml::Style style, Context context);

/// A piece of a value as it is spelt within an existing scalar, without quotes. `style` json means
/// a JSON string.
std::string write_piece(std::string_view piece, yaml::Style style);

}  // namespace sluice::edit

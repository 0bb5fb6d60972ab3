// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "schema/table.hpp"

#include <optional>
#include <string_view>

namespace sluice::schema {

/// The format of that name; Format::none for those that the API server does not look at either.
Format parse_format(std::string_view name);

/// What a value of the format looks like, for a hint: "RFC 3339, such as 2026-01-31T10:00:00Z".
std::string_view describe(Format format);

/// Whether a string is of the format, as the API server's own reader of it would say.
bool has_format(Format format, std::string_view text);

}  // namespace sluice::schema

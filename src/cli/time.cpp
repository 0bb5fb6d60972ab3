// SPDX-License-Identifier: Apache-2.0
#include "base/time.hpp"

#include "base/text.hpp"
#include "cli/request.hpp"

namespace sluice::cli {

Result<std::string> parse_time(const std::string& text) {
  const auto time = time::parse(text);
  if (!time) {
    return Error{Error::Kind::usage,
                 "wants a date (2026-11-20) or a time with its zone "
                 "(2026-11-20T14:00:00Z), not \"" +
                     text::printable(text) + '"'};
  }
  return time::to_string(*time);
}

}  // namespace sluice::cli

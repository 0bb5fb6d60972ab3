// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace sluice::test {

/// Text that a pull request may bring into any finding: a line of its own that looks like a
/// command, ends of tables, tags, CDATA and comments, half a character, colours, a right-to-left
/// override.
inline const std::string hostile =
    "a\n::error::b\r\n##[add-mask]c | <script>x</script> ]]> --> `d` @team #1 [e](http://f) "
    "{0} %0A \xff\xfe \x1b[31mred\x1b[0m \x9b \xe2\x80\xae # SKIP & \"q\" 'r' \\ \t\x7f "
    "\xef\xbf\xbf";

}  // namespace sluice::test

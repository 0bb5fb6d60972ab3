// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

#include <string>

/// What the writers of JSON share. Private to src/diag: nobody else includes this file.
namespace sluice::diag {

/// Members in the order in which they are written.
using Json = nlohmann::ordered_json;

/// Pure ASCII, so that no terminal and no reader is led astray; bytes that are not UTF-8 become
/// U+FFFD. Ends with a line feed.
inline std::string dump(const Json& json) {
  return json.dump(2, ' ', true, Json::error_handler_t::replace) + '\n';
}

}  // namespace sluice::diag

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/tool.hpp"

#include <functional>
#include <string>
#include <vector>

namespace sluice::cli {

// What most flags do with their value (Flag::set). The target must outlive the parsing.

inline std::function<Status(const std::string&)> into(std::string& target) {
  return [&target](const std::string& value) -> Status {
    target = value;
    return ok;
  };
}

/// For Arity::repeatable and Arity::list.
inline std::function<Status(const std::string&)> into(std::vector<std::string>& target) {
  return [&target](const std::string& value) -> Status {
    target.push_back(value);
    return ok;
  };
}

/// Through a reader of the text; its error is what the user sees.
template <class T>
std::function<Status(const std::string&)> into(T& target, Result<T> (*read)(const std::string&)) {
  return [&target, read](const std::string& value) -> Status {
    SLUICE_TRY_ASSIGN(target, read(value));
    return ok;
  };
}

/// For Arity::switch_on.
inline std::function<Status(const std::string&)> turn_on(bool& target) {
  return [&target](const std::string&) -> Status {
    target = true;
    return ok;
  };
}

inline std::function<Status(const std::string&)> turn_off(bool& target) {
  return [&target](const std::string&) -> Status {
    target = false;
    return ok;
  };
}

}  // namespace sluice::cli

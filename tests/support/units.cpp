// SPDX-License-Identifier: Apache-2.0
#include "support/units.hpp"

namespace sluice::test {

std::map<std::string, std::string> units_in(const std::string& stream) {
  constexpr std::string_view start = "---\n# sluice: unit=";
  std::map<std::string, std::string> units;
  for (auto at = stream.find(start); at != std::string::npos;) {
    const auto next = stream.find(start, at + 1);
    const auto end = next == std::string::npos ? stream.rfind("# sluice: end ") : next;
    const auto piece = stream.substr(at, end - at);
    const auto name = piece.substr(start.size(), piece.find(' ', start.size()) - start.size());
    const auto env = piece.find(" env=") + 5;
    units[name + "@" + piece.substr(env, piece.find_first_of(" \n", env) - env)] += piece;
    at = next;
  }
  return units;
}

}  // namespace sluice::test

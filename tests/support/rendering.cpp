// SPDX-License-Identifier: Apache-2.0
#include "support/rendering.hpp"

#include "support/program.hpp"

#include <nlohmann/json.hpp>

#include <cstdlib>

namespace sluice::test {

std::string search_path() {
  const char* inherited = std::getenv("PATH");
  return "PATH=" + std::string(inherited == nullptr ? "/usr/local/bin:/usr/bin:/bin" : inherited);
}

std::string missing_program(std::initializer_list<std::string> programs) {
  for (const auto& program : programs) {
    const auto found = run(
        {.argv = {"/bin/sh", "-c", "command -v " + program}, .env = {search_path()}, .cwd = "/"});
    if (found.exit != 0) {
      return program;
    }
  }
  return {};
}

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

std::map<std::string, std::string> skipped_in(const std::string& index) {
  std::map<std::string, std::string> skipped;
  const auto json = nlohmann::json::parse(index);
  for (const auto* list : {"units", "skipped"}) {
    for (const auto& unit : json.at(list)) {
      const auto& reason = unit.at(unit.contains("reason") ? "reason" : "skipped");
      if (!reason.is_null()) {
        skipped[unit.at("name").get<std::string>() + "@" + unit.at("env").get<std::string>()] =
            reason;
      }
    }
  }
  return skipped;
}

}  // namespace sluice::test

// SPDX-License-Identifier: Apache-2.0
// The public compliance suite of JMESPath, in the standard dialect. It is read from the corpus, not
// copied.
#include "io/files.hpp"
#include "jmespath/expression.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <set>

namespace sluice::jmespath {
namespace {

using Json = nlohmann::json;

Value from_json(Arena& arena, const Json& json) {
  return *parse_json(json.dump(), arena);
}

struct Tally {
  int agreed = 0;
  std::vector<std::string> wrong;
};

/// "" when the case holds, else what came out instead.
std::string judge(const Json& given, const Json& row, const FunctionTable& functions) {
  const auto expression = Expression::compile(row["expression"].get<std::string>(), functions);
  Arena arena;
  Value out;
  Evaluation evaluation(arena, Dialect::standard);
  const bool worked =
      expression && evaluation.run(*expression, from_json(arena, given), out) == Outcome::ok;
  if (row.contains("error")) {
    return worked ? "no error" : "";
  }
  if (!row.contains("result")) {
    return "";
  }
  if (!worked) {
    return expression ? evaluation.error() : expression.error().message;
  }
  std::string text;
  append_json(out, text);
  return equal(out, from_json(arena, row["result"])) ? "" : text;
}

TEST(Compliance, Suite) {
  const char* corpus = std::getenv("SLUICE_CORPUS");
  const std::string folder = std::string(corpus == nullptr ? "" : corpus) + "/jmespath";
  if (corpus == nullptr || !io::exists(folder)) {
    GTEST_SKIP() << "SLUICE_CORPUS names no folder with jmespath/";
  }
  FunctionTable functions;
  functions.add(standard_functions());
  Tally tally;
  std::set<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    files.insert(entry.path().string());
  }
  for (const auto& file : files) {
    if (!file.ends_with(".json")) {
      continue;
    }
    for (const auto& group : Json::parse(*io::read_file(file))) {
      for (const auto& row : group["cases"]) {
        const auto problem = judge(group["given"], row, functions);
        tally.agreed += problem.empty() ? 1 : 0;
        if (!problem.empty()) {
          tally.wrong.push_back(file.substr(folder.size() + 1) + ": " + row["expression"].dump() +
                                " gave " + problem);
        }
      }
    }
  }
  for (const auto& line : tally.wrong) {
    ADD_FAILURE() << line;
  }
  RecordProperty("agreed", tally.agreed);
  EXPECT_GE(tally.agreed, 850);
}

}  // namespace
}  // namespace sluice::jmespath

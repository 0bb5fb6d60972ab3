// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/tool.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <ostream>
#include <string>
#include <vector>

namespace sluice::cli {

/// A tool that prints what it was given: one "name=value" for each flag, then the inputs.
class Demo {
 public:
  std::function<Result<diag::Report>(const Common&, std::ostream&)> run;
  std::string given;  ///< what the setters saw, in the order of the flags
  Common common;

  [[nodiscard]] Tool tool(Product product = Product::report) {
    const auto keep = [this](const char* name) {
      return [this, name](const std::string& value) {
        given += std::string(name) + '=' + value + ' ';
        return ok;
      };
    };
    return {"sluice-demo",
            "Shows what a tool looks like",
            product,
            {{"",
              "[INPUT]... --crds PATH...",
              "Checks nothing. It is here to be looked at.",
              {{"crds", 0, Arity::repeatable, "PATH", "Read custom resources", keep("crds")},
               {"kube-version", 0, Arity::list, "X.Y", "Check these versions", keep("kube")},
               {"strict", 's', Arity::switch_on, "", "Be strict", keep("strict")},
               {"out", 'o', Arity::one, "FILE", "Write to FILE", keep("out")},
               {"engine",
                0,
                Arity::one,
                "NAME",
                "Choose an engine",
                keep("engine"),
                {"native", "kyverno"}}},
              [this](const Common& parsed, std::ostream& out) {
                common = parsed;
                return run ? run(parsed, out) : Result<diag::Report>(diag::Report{});
              }}},
            "# check a folder\nsluice-demo manifests/"};
  }
};

struct Ran {
  int code = 0;
  std::string out;
  std::string err;
};

/// Runs a tool as main() would. The words live as long as the call.
inline Ran run_words(const Tool& tool, std::vector<std::string> words) {
  std::string name = "program";
  std::vector<char*> argv = {name.data()};
  for (std::string& word : words) {
    argv.push_back(word.data());
  }
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  Ran ran;
  ran.code = run_tool(tool, argv);
  ran.out = testing::internal::GetCapturedStdout();
  ran.err = testing::internal::GetCapturedStderr();
  return ran;
}

}  // namespace sluice::cli

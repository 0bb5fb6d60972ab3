// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace sluice::proc {
class Runner;
}

namespace sluice::argo {

/// A Go template and the parameters it runs over.
struct TemplateJob {
  std::string text;
  std::string parameters;  ///< a JSON object
};

struct TemplateResult {
  bool ok = false;
  std::string text;  ///< what came out; or, when it failed, why: one line, printable
};

/// Runs the Go templates that we do not evaluate ourselves.
class Templater {
 public:
  virtual ~Templater() = default;

  /// As many results as jobs, in their order. Errors: the engine itself cannot be run.
  [[nodiscard]] virtual Result<std::vector<TemplateResult>> run(
      std::span<const TemplateJob> jobs) const = 0;
};

/// Lets `helm template` run them all at once: a chart of our own whose only template calls `tpl`
/// on each. `helm` is the program; it gets an empty environment and a home of its own. Templates
/// whose answer is known are not asked again: `recall` gives what `remember` got for the same
/// question, or nothing.
struct TemplaterMemory {
  std::function<std::optional<std::string>(const std::string& question)> recall;
  std::function<void(const std::string& question, const std::string& answer)> remember;
};
std::unique_ptr<Templater> make_helm_templater(const proc::Runner& runner,
                                               std::string helm,
                                               TemplaterMemory memory = {});

}  // namespace sluice::argo

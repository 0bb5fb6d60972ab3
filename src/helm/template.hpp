// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "cache/store.hpp"
#include "delivery/unit.hpp"
#include "diag/finding.hpp"
#include "helm/chart.hpp"
#include "proc/runner.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// `helm template`, so that nothing but its arguments decides what comes out: an environment of our
/// own without HOME, configuration, plugins and cluster, and every input looked at before helm
/// starts.
namespace sluice::helm {

/// The Helm whose bytes we promise; another version renders other bytes (92 of 95 charts differ
/// between 3.22 and 4.2). ci/tools.lock pins the same.
constexpr std::string_view pinned_version = "v3.22.0";

struct Settings {
  std::string root;     ///< of the repository, absolute, without links
  std::string sandbox;  ///< an empty folder of the run's own: HOME and all that helm may write
  std::chrono::milliseconds timeout{60'000};
  std::size_t max_output = std::size_t{64} << 20U;
  const cache::Store* store = nullptr;  ///< renders are kept here; null: every render runs
  std::string program;                  ///< digest of the helm that runs: a part of every key
  std::string attempt;                  ///< "again": what is kept of other attempts is not taken
  bool one_thread = false;              ///< several helms run at once: each keeps to one core
};

/// The cleared environment of every helm and kustomize: nothing of the caller's, no way to the
/// network.
std::map<std::string, std::string> hermetic_environment(const Settings& settings);

/// What the kernel lets helm see: the repository, and what it may write to.
proc::Confinement confinement(const Settings& settings);

/// Whether the helm on PATH is the pinned one. Errors: not_found, unsupported; both say what to
/// install.
Status require_helm(const proc::Runner& runner, const Settings& settings);

struct ChartValues;
class UnstableCalls;

/// A chart, looked at once in a run, and ready for helm.
struct Prepared {
  Chart chart;
  std::string
      folder;  ///< what helm is given: relative to the root, or absolute for a throw-away copy
  std::string failure;  ///< why it cannot be rendered; printable, empty when it can
  bool skip = false;  ///< `failure` is something the repository does not hold, not a mistake in it
  std::string code;   ///< the finding's code when there is a failure
  /// Of everything that helm may read of it; only when renders are kept.
  std::optional<Digest> digest;
  std::shared_ptr<const ChartValues>
      values;  ///< for the search for unread values; null when they cannot be read
  std::shared_ptr<const UnstableCalls> calls;  ///< null when the files cannot be read
};

/// What the chart's own values.yaml counts for.
enum class OwnValues : std::uint8_t { used, left_out };

/// The charts of a run, each read once. Safe from several threads.
class Charts {
 public:
  Charts(const proc::Runner& runner, Settings settings);
  const Prepared& get(const std::string& folder, OwnValues own = OwnValues::used);

 private:
  struct Slot {
    std::once_flag once;
    Prepared prepared;
  };
  void prepare(const std::string& folder, OwnValues own, Prepared& out);
  void stage(OwnValues own, Prepared& out);
  /// Packs the file:// dependencies into the copy; false after a failure.
  bool pack_dependencies(const std::string& copy, Prepared& out);

  const proc::Runner& runner_;
  Settings settings_;
  std::mutex mutex_;
  std::map<std::pair<std::string, OwnValues>, std::unique_ptr<Slot>> slots_;
};

/// One layer of values, as a person wrote it; later layers win.
struct ValuesLayer {
  std::string file;  ///< relative to the root; of inline values the file that holds them
  std::string text;
  diag::Location at;     ///< of the text's first line
  std::string argument;  ///< what helm was given for it: a path
};

/// Everything that decides one render.
struct Request {
  const Prepared* chart = nullptr;
  const delivery::HelmSource* source = nullptr;
  std::string name_space;
  std::string kube_version;  ///< "1.33.0", always
  std::vector<std::string> api_versions;
};

struct Rendered {
  std::string out;
  std::string failure;   ///< why there is nothing; printable, one line
  bool outside = false;  ///< the failure is a path that leaves the repository
  diag::Location failure_at;
  std::vector<std::string>
      arguments;  ///< as given to helm, temporary names replaced by words; for the index
  std::vector<std::string> inputs;  ///< files read beside the chart's
  std::vector<std::string> absent;  ///< optional files that were looked for and are not there
  std::vector<ValuesLayer> layers;
  std::vector<std::string> warnings;  ///< lines of stderr, printable
};

/// Runs helm once. Errors: helm could not be started.
Result<Rendered> render(const proc::Runner& runner,
                        const Settings& settings,
                        const Request& request);

/// The same layers for another chart. Schema validation is off.
Result<Rendered> render_unchanged(const proc::Runner& runner,
                                  const Settings& settings,
                                  const Request& request,
                                  const Rendered& first);

/// The same render with the text of one layer (an index into `Rendered::layers`) replaced. Schema
/// validation is off, so that only the templates answer.
Result<Rendered> render_with_layer(const proc::Runner& runner,
                                   const Settings& settings,
                                   const Request& request,
                                   const Rendered& first,
                                   std::size_t layer,
                                   const std::string& edited);

/// The same with the chart's own values.yaml replaced, in a throw-away copy; also where it was
/// named as a values file.
Result<Rendered> render_with_own_values(const proc::Runner& runner,
                                        const Settings& settings,
                                        const Request& request,
                                        const Rendered& first,
                                        const std::string& edited);

/// Copies files of the repository (relative to `root`) to `to`, without `folder` in front; links
/// become what they point to.
Status copy_files(const std::string& root,
                  const std::string& folder,
                  const std::vector<std::string>& files,
                  const std::string& to);

/// The file of the repository behind a name that helm prints ("app/charts/lib/templates/web.yaml"
/// after "# Source:"): the template, or the archive that holds it.
std::string source_file(const Chart& chart, std::string_view printed);

/// What is wrong with the values files as YAML: helm takes the last of two equal keys without a
/// word.
std::vector<diag::Finding> values_findings(const Rendered& rendered);

/// Findings value/type-ignored from what helm said on stderr: a value that it dropped because the
/// chart has a table there, or the other way round.
std::vector<diag::Finding> type_findings(const Rendered& rendered, const Chart& chart);

}  // namespace sluice::helm

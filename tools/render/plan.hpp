// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "render/execute.hpp"
#include "render/expanders.hpp"
#include "render/graph.hpp"
#include "render/model.hpp"
#include "render/scope.hpp"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>

namespace sluice::render {

/// Finds out what a repository delivers: it begins with what nothing else delivers, renders it,
/// lets Argo CD's and Flux's objects in the output name more, and so on until nothing is new.
/// Without any such object, folders speak for themselves.
class Plan {
 public:
  /// Which units are looked at for values that nothing reads, or that are never the same.
  enum class Probing : std::uint8_t { none, changed, all };
  /// What becomes of the units that no change can affect.
  enum class Rest : std::uint8_t { left_out, rendered };

  struct Parts {
    const delivery::Repository& repository;
    const Survey& survey;
    const config::Config& config;
    const Expanders& expanders;
    Executor& executor;
    Probing probing = Probing::all;
    yaml::Limits limits;  ///< of a unit's output
    unsigned jobs = 1;
    std::function<void(std::size_t done, std::size_t total)> progress;
  };
  explicit Plan(Parts parts)
      : parts_(std::move(parts)),
        graph_(parts_.survey),
        scopes_(parts_.repository, parts_.survey) {}

  /// Finds where the repository begins. That needs no base: sluice-git may still be comparing.
  void look() { starts_ = starting_units(); }

  /// `changes`: to a base, if there is one. Then only what a change touches, and what may deliver
  /// other units, is rendered before finish(). Errors: a tool is missing.
  Status run(const Changes* changes = nullptr);

  /// After run() with a base: renders what waits as far as `wanted` says so, and looks at values as
  /// far as Probing does; `affected` units are those that the change can affect. What is not wanted
  /// is unchanged. Errors: a tool is missing.
  Status finish(const std::function<bool(const Delivery&)>& affected, Rest rest);

  std::deque<Delivery> deliveries;  ///< stable addresses: children point at their parents
  std::vector<Skip> skips;
  std::vector<diag::Finding> findings;
  std::map<std::string, std::set<std::string>>
      expansion_inputs;  ///< file to the units that were made with it
  bool gitops = false;   ///< Argo CD or Flux objects decide what is delivered
  /// Units that deliver others without a word of it in their files: the next change could not be
  /// judged.
  std::vector<std::string> unforeseen;

 private:
  [[nodiscard]] std::vector<delivery::Unit> starting_units() const;
  [[nodiscard]] bool is_start(const std::string& path, const FileFacts& facts) const;
  /// `itself`: files that an object in them delivers.
  [[nodiscard]] std::vector<delivery::Unit> units_for(const std::vector<std::string>& files,
                                                      const std::set<std::string>& itself) const;
  Status run_charts_with_applications();
  Status run_leftovers();
  Status run_from(std::vector<delivery::Unit> units, Origin origin);
  Status run_waves(std::vector<Delivery*> wave);
  Status execute(const std::vector<Delivery*>& wave);
  std::vector<Delivery*> decide(const std::function<bool(const Delivery&)>& affected, Rest rest);
  [[nodiscard]] bool may_wait(const Delivery& delivery) const;
  [[nodiscard]] bool is_probed(const Delivery& delivery) const;
  std::vector<Delivery*> expand(const Delivery& delivery);
  Delivery* admit(delivery::Unit unit, const Delivery* parent, Origin origin);
  void report_repeat(const delivery::Unit& unit, const Delivery& parent, const Delivery& first);
  [[nodiscard]] std::string environment_below(const Delivery& delivery) const;
  void settle();
  void settle_environments();
  void report_unmatched();
  void supersede();
  [[nodiscard]] bool is_rendered(const std::string& file) const;
  [[nodiscard]] bool uses_chart(const std::string& folder) const;

  Parts parts_;
  const Changes* changes_ = nullptr;
  std::vector<delivery::Unit> starts_;
  Graph graph_;
  Scopes scopes_;
  std::map<std::pair<std::string, std::string>, Delivery*> by_name_;
};

/// The files of the repository that a unit would render, as far as the survey can tell without
/// rendering.
std::vector<std::string> covered_files(const delivery::Repository& repository,
                                       const Graph& graph,
                                       const delivery::Unit& unit);

/// The charts whose templates make Argo CD or Flux objects.
std::vector<std::string> charts_with_applications(const delivery::Repository& repository,
                                                  const Survey& survey);

/// The units of a repository without Argo CD and Flux: charts with envs/<env>/values.yaml or
/// values-<env>.yaml, kustomizations that no other names, and folders of manifests.
std::vector<delivery::Unit> layout_units(const delivery::Repository& repository,
                                         const Survey& survey,
                                         const Graph& graph);

/// A name for `helm template` when nobody gave one: the folder's.
std::string release_name(const std::string& folder);

/// Whether two units render the same thing.
bool same_source(const delivery::Unit& a, const delivery::Unit& b);

}  // namespace sluice::render

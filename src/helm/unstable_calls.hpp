// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "helm/chart_values.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

namespace sluice::helm {

/// Why equal charts and values may make other objects.
enum class Cause : std::uint8_t {
  random,
  time,
  cluster,       ///< `lookup` and the like: nothing without a cluster, something with one
  api_versions,  ///< .Capabilities.APIVersions
  kube_version,  ///< .Capabilities.KubeVersion
};

/// What a function of templates makes unstable; nothing for all others.
std::optional<Cause> cause_of(std::string_view function);

struct UnstableCall {
  Cause cause = Cause::random;
  std::string function;  ///< "randAlphaNum", ".Capabilities.APIVersions"
  std::string file;      ///< path in the chart: "charts/common/templates/_secrets.tpl"
  std::uint32_t line = 0;

  /// Whether two renders differ by it, rather than a render and the cluster.
  [[nodiscard]] bool differs() const { return cause == Cause::random || cause == Cause::time; }
  friend auto operator<=>(const UnstableCall&, const UnstableCall&) = default;
};

/// The calls of a chart's templates whose answers neither the chart nor its values decide, and
/// which template leads to which: through `include`, `template`, and variables. Nothing is run.
/// What is followed ends after 400,000 actions of a chart, and 50,000 for a field.
class UnstableCalls {
 public:
  explicit UnstableCalls(const ChartFiles& files);
  UnstableCalls(const UnstableCalls&) = delete;
  UnstableCalls& operator=(const UnstableCalls&) = delete;

  /// Any call that makes two renders differ, whether or not something leads to it.
  [[nodiscard]] bool may_differ() const { return may_differ_; }

  struct Behind {
    std::uint32_t line =
        0;  ///< of the template, where the field is written; 0 when it is not found
    std::vector<UnstableCall> calls;  ///< sorted
  };
  /// What may be behind a field of an object that `file` makes: the calls that the template leads
  /// to on the lines of the field's key, or of the key around it, and so on; else in all the file;
  /// else in all the chart. `pointer` is a JSON pointer.
  [[nodiscard]] Behind behind(const std::string& file, const std::string& pointer) const;

  /// The calls that templates of objects lead to, sorted.
  [[nodiscard]] const std::vector<UnstableCall>& reached() const { return reached_; }

 private:
  /// One {{ action }}.
  struct Action {
    std::uint32_t line = 0;
    std::vector<std::string> sets, uses;  ///< variables
    std::vector<UnstableCall> calls;
    std::vector<std::string> includes;  ///< names of templates
  };
  /// The actions of a file outside of its definitions, or of a definition; by rising line.
  struct Body {
    std::vector<Action> actions;
    std::multimap<std::string, std::size_t> setters;  ///< variable to the actions that set it
  };
  /// A line "key:" of a template.
  struct KeyLine {
    std::uint32_t line = 0;
    std::size_t indent = 0;
    std::string key;
  };
  struct Template {
    Body own;
    std::vector<KeyLine> keys;
  };
  class Reader;

  /// What was found so far, going from action to action.
  struct Walk {
    std::size_t most = 0;  ///< actions
    std::vector<std::pair<const Body*, const Action*>> open;
    std::unordered_set<const Action*> taken;
    std::set<const Body*> entered;
    std::set<UnstableCall> calls;
  };
  static void take(const Body& body, const Action& action, Walk& walk);
  static void enter(const Body& body, Walk& walk);
  void finish(Walk& walk) const;

  std::map<std::string, Template> files_;
  std::multimap<std::string, const std::pair<const std::string, Template>*> by_name_;
  std::map<std::string, std::vector<Body>> defined_;
  std::vector<UnstableCall> reached_;
  bool may_differ_ = false;
};

}  // namespace sluice::helm

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "diag/finding.hpp"
#include "helm/chart_values.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

/// Values that a person set and that change nothing in the render: the mis-nested probe that every
/// other check accepts.
///
/// A value is suspected when the chart's defaults lack it and no template can read it, by its name
/// or with a mapping around it; and it is reported only when a render without it gives the same
/// bytes. Both halves are needed: either alone cries wolf.
namespace sluice::helm {

/// One layer of values to judge.
struct JudgedLayer {
  std::string file;  ///< relative to the repository root
  std::string text;
  diag::Location at;  ///< of the text's first line
  bool of_the_chart =
      false;  ///< the chart's own values.yaml: only what it sets for its dependencies is judged
};

struct DeadValue {
  std::string file;
  ValuePath path;
  diag::Location at;
  std::size_t values = 1;   ///< leaves below
  std::string chart;        ///< "backstage 2.6.3"
  std::string suggestion;   ///< dotted, or empty
  std::string alternative;  ///< one that is as likely, or empty
  bool dependency_forgotten = false;
  bool certain =
      false;  ///< the suggestion is as good as certain, or the value is one that an outage hangs on
};

struct DeadValues {
  std::vector<DeadValue> dead;
  std::vector<std::string> judged;       ///< files
  std::vector<std::string> not_checked;  ///< reasons, printable
};

/// The renders that confirm.
struct ConfirmingRenders {
  /// The bytes that the unchanged layers give; called once, when there are suspects.
  std::function<Result<std::string>()> base;
  /// The bytes with the texts of some layers (by their index) replaced; an error when helm refuses
  /// counts as an effect.
  std::function<Result<std::string>(const std::map<std::size_t, std::string>& texts)> without;
  unsigned most = 2;  ///< calls of `without`
};

/// Judges the layers of one unit. No render without suspects.
DeadValues find_dead_values(const ChartValues& chart,
                            const std::vector<JudgedLayer>& layers,
                            const ConfirmingRenders& renders);

/// What one unit found.
struct UnitValues {
  std::string unit;
  std::string env;
  DeadValues values;
};

/// One finding for each value that is dead in every unit that loads its file (value/unread); where
/// it is alive somewhere, a note that names the units where it is not.
std::vector<diag::Finding> dead_value_findings(const std::vector<UnitValues>& units);

}  // namespace sluice::helm

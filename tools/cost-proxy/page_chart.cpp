// SPDX-License-Identifier: Apache-2.0
#include "cost-proxy/page_chart.hpp"

#include "base/text.hpp"
#include "cost-proxy/tables.hpp"
#include "diag/escape.hpp"

#include <algorithm>
#include <cmath>

namespace sluice::cost_proxy {
namespace {

constexpr std::size_t most_bars = 40;  ///< of one chart

struct Bar {
  std::string env, team;
  Step step;
};

/// A share as "12.34%": whole hundredths, so that every machine prints the same.
std::string percent(double part, double whole) {
  const auto hundredths = static_cast<long>(std::lround(10'000 * part / whole));
  const auto rest = std::to_string(hundredths % 100);
  return std::to_string(hundredths / 100) + '.' + (rest.size() < 2 ? "0" : "") + rest + '%';
}

std::string rect(std::string_view kind, double from, double to, double scale) {
  return to <= from
             ? ""
             : "<rect class=\"" + std::string(kind) + "\" x=\"" + percent(from, scale) +
                   "\" y=\"15%\" width=\"" + percent(to - from, scale) + "\" height=\"70%\"/>";
}

std::string spoken(const Bar& bar, const std::string& unit) {
  const auto number = [](const std::string& text) { return text.empty() ? "0" : text; };
  return bar.env + " " + bar.team + ": " +
         (bar.step.change.empty()
              ? number(bar.step.after)
              : "from " + number(bar.step.before) + " to " + number(bar.step.after)) +
         " " + unit;
}

std::string bar_html(const Bar& bar, const std::string& unit, double scale) {
  const auto& step = bar.step;
  const auto name = [](const std::string& text) {
    return text.empty() ? std::string("no team") : diag::xml(text::printable(text, 80));
  };
  const auto number = [](const std::string& text) {
    return text.empty() ? std::string("0") : diag::xml(text);
  };
  const double kept = std::min(step.old_size, step.new_size);
  const std::string sense = step.sense == Step::Sense::more   ? "more"
                            : step.sense == Step::Sense::less ? "less"
                                                              : "same";
  return "<div class=\"bar\"><div class=\"who\">" + name(bar.team) +
         (bar.env.empty() ? "" : "<small>" + name(bar.env) + "</small>") +
         "</div><svg role=\"img\" aria-label=\"" + diag::xml(spoken(bar, unit)) + "\">" +
         rect("same", 0, kept, scale) + rect("more", step.old_size, step.new_size, scale) +
         rect("less", step.new_size, step.old_size, scale) + "</svg><div class=\"num " + sense +
         "\"><b>" + (step.change.empty() ? number(step.after) : diag::xml(step.change)) + "</b>" +
         (step.change.empty()
              ? ""
              : "<small>" + number(step.before) + " → " + number(step.after) + "</small>") +
         "</div></div>\n";
}

std::string chart(const std::string& unit, std::vector<Bar> bars) {
  const auto change = [](const Bar& bar) {
    return bar.step.change.empty() ? -bar.step.new_size
                                   : -std::abs(bar.step.new_size - bar.step.old_size);
  };
  std::ranges::stable_sort(bars, {}, change);
  double scale = 0;
  for (const Bar& bar : bars) {
    scale = std::max({scale, bar.step.old_size, bar.step.new_size});
  }
  std::string out = "<h3>" + diag::xml(unit) + "</h3>\n";
  for (std::size_t i = 0; i < std::min(bars.size(), most_bars); ++i) {
    out += bar_html(bars[i], unit, scale);
  }
  return bars.size() <= most_bars
             ? out
             : out + "<p>" + text::counted(bars.size() - most_bars, "smaller bar") +
                   " left out.</p>\n";
}

constexpr const char* colours =
    "<p class=\"legend\"><svg><rect class=\"same\" width=\"100%\" height=\"100%\"/></svg>stays"
    "<svg><rect class=\"more\" width=\"100%\" height=\"100%\"/></svg>comes"
    "<svg><rect class=\"less\" x=\"1\" y=\"1\" width=\"90%\" height=\"80%\"/></svg>goes</p>\n";

}  // namespace

std::string charts(const cost::Report& report) {
  const auto slices = cost::slices(report.groups, {cost::Dimension::env, cost::Dimension::team});
  std::string out;
  for (const Column& column : columns(report)) {
    std::vector<Bar> bars;
    for (const auto& slice : slices) {
      Step at = step(report, column, steady_maximum(), slice.base, slice.head);
      const bool shown = report.has_base ? !at.change.empty() : at.new_size > 0;
      if (shown) {
        bars.push_back({.env = slice.values[0], .team = slice.values[1], .step = std::move(at)});
      }
    }
    if (!bars.empty()) {
      out += chart(column.name, std::move(bars));
    }
  }
  if (out.empty()) {
    return "";
  }
  return "<h2>By team and environment</h2>\n<p>" + diag::xml(legend(report)) + "</p>\n" +
         (report.has_base ? std::string(colours) : std::string()) + out;
}

}  // namespace sluice::cost_proxy

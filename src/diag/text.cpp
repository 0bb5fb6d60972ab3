// SPDX-License-Identifier: Apache-2.0
#include "diag/describe.hpp"
#include "diag/escape.hpp"
#include "diag/write.hpp"

namespace sluice::diag {

namespace {

std::string_view colour_of(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "\x1b[1;31m";
    case Severity::warning:
      return "\x1b[1;35m";
    case Severity::note:
      return "\x1b[1;36m";
  }
  return "";
}

class Painter {
 public:
  explicit Painter(Color color) : color_(color) {}
  std::string paint(std::string_view escape, std::string text) const {
    return color_ == Color::off ? text : std::string(escape) + text + "\x1b[0m";
  }

 private:
  Color color_;
};

void append(std::string& out,
            const Finding& finding,
            const Report& report,
            const Painter& painter) {
  const std::string place = describe_place(finding.location);
  out += painter.paint("\x1b[1m", (place.empty() ? report.tool : place) + ':') + ' ';
  out +=
      painter.paint(colour_of(finding.severity), std::string(name(finding.severity)) + ':') + ' ';
  out += one_line(finding.message) + " [" + one_line(finding.code) + "]\n";
  if (const std::string subject = describe_subject(finding); !subject.empty()) {
    out += "  in " + subject + '\n';
  }
  if (!finding.rendered.file.empty()) {
    out += "  rendered at " + describe_place(finding.rendered) + '\n';
  }
  if (!finding.hint.empty()) {
    out += "  hint: " + one_line(finding.hint) + '\n';
  }
}

}  // namespace

std::string to_text(const Report& report, Color color) {
  const Painter painter(color);
  std::string out;
  for (const Finding& finding : report.findings) {
    append(out, finding, report, painter);
  }
  for (const std::string& skipped : report.skipped) {
    out += "skipped: " + one_line(skipped) + '\n';
  }
  for (const std::string& reason : report.no_verdict) {
    out += painter.paint(colour_of(Severity::error), "no verdict:") + ' ' + one_line(reason) + '\n';
  }
  return out + describe_summary(report) + '\n';
}

}  // namespace sluice::diag

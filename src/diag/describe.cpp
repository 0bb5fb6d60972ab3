// SPDX-License-Identifier: Apache-2.0
#include "diag/describe.hpp"

#include "base/text.hpp"
#include "diag/escape.hpp"

namespace sluice::diag {

Counts count(const Report& report) {
  Counts counts;
  for (const Finding& finding : report.findings) {
    switch (finding.severity) {
      case Severity::error:
        ++counts.errors;
        break;
      case Severity::warning:
        ++counts.warnings;
        break;
      case Severity::note:
        ++counts.notes;
        break;
    }
  }
  return counts;
}

std::string describe_place(const Location& location) {
  std::string place = one_line(location.file);
  if (!place.empty() && location.line != 0) {
    place += ':' + std::to_string(location.line);
    if (location.column != 0) {
      place += ':' + std::to_string(location.column);
    }
  }
  return place;
}

std::string describe_subject(const Finding& finding) {
  std::string subject = one_line(to_string(finding.object));
  if (!subject.empty() && finding.location.line == 0 && !finding.path.empty()) {
    subject += " at " + one_line(finding.path);
  }
  std::vector<std::string> context;
  if (!finding.unit.empty()) {
    context.push_back("unit " + one_line(finding.unit));
  }
  if (!finding.env.empty()) {
    context.push_back("env " + one_line(finding.env));
  }
  if (context.empty()) {
    return subject;
  }
  const std::string words = text::join(context, ", ");
  return subject.empty() ? words : subject + " (" + words + ')';
}

std::string describe_counts(const Counts& counts) {
  std::vector<std::string> words;
  if (counts.errors != 0) {
    words.push_back(text::counted(counts.errors, "error"));
  }
  if (counts.warnings != 0) {
    words.push_back(text::counted(counts.warnings, "warning"));
  }
  if (counts.notes != 0) {
    words.push_back(text::counted(counts.notes, "note"));
  }
  return words.empty() ? "no findings" : text::join(words, ", ");
}

std::string describe_summary(const Report& report) {
  std::string line = report.no_verdict.empty() ? "" : "no verdict: ";
  line += describe_counts(count(report));
  std::string separator = " in ";
  for (const std::string& item : report.summary) {
    line += separator + one_line(item);
    separator = ", ";
  }
  if (!report.skipped.empty()) {
    line += "; " + std::to_string(report.skipped.size()) + " skipped";
  }
  if (!report.now.empty()) {
    line += "; as of " + one_line(report.now);
  }
  return line;
}

}  // namespace sluice::diag

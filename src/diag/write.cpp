// SPDX-License-Identifier: Apache-2.0
#include "diag/write.hpp"

#include "base/text.hpp"
#include "diag/describe.hpp"

#include <algorithm>
#include <array>

namespace sluice::diag {

namespace {

struct Writer {
  std::string_view format;
  std::string (*write)(const Report& report, FailOn fail_on, Color color);
};

template <std::string (*function)(const Report&)>
std::string plain(const Report& report, FailOn /*fail_on*/, Color /*color*/) {
  return function(report);
}

constexpr std::array writers = {
    Writer{"text", [](const Report& r, FailOn, Color color) { return to_text(r, color); }},
    Writer{"json", [](const Report& r, FailOn fail_on, Color) { return to_json(r, fail_on); }},
    Writer{"sarif", plain<to_sarif>},
    Writer{"junit", plain<to_junit>},
    Writer{"github", plain<to_github>},
    Writer{"gitlab", plain<to_gitlab>},
    Writer{"markdown", plain<to_markdown>},
    Writer{"tap", plain<to_tap>},
    Writer{"ledger", plain<to_ledger>},
};

}  // namespace

int exit_code(const Report& report, FailOn fail_on) {
  if (!report.no_verdict.empty()) {
    return 2;
  }
  const Counts counts = count(report);
  switch (fail_on) {
    case FailOn::error:
      return counts.errors != 0 ? 1 : 0;
    case FailOn::warning:
      return counts.errors + counts.warnings != 0 ? 1 : 0;
    case FailOn::never:
      return 0;
  }
  return 2;
}

std::vector<std::string_view> formats() {
  std::vector<std::string_view> names;
  for (const Writer& writer : writers) {
    names.push_back(writer.format);
  }
  return names;
}

Result<std::string> write(const Report& report,
                          std::string_view format,
                          FailOn fail_on,
                          Color color) {
  for (const auto& [own, text] : report.own_formats) {
    if (own == format) {
      return text;
    }
  }
  const auto writer = std::ranges::find(writers, format, &Writer::format);
  if (writer != writers.end()) {
    return writer->write(report, fail_on, color);
  }
  std::vector<std::string> names;
  for (const Writer& known : writers) {
    names.emplace_back(known.format);
  }
  return Error{Error::Kind::usage, "no format \"" + text::printable(format) + "\"; there are " +
                                       text::join(names, ", ")};
}

}  // namespace sluice::diag

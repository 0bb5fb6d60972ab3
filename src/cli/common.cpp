// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "cli/request.hpp"
#include "cli/set.hpp"
#include "diag/write.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <thread>
#include <unistd.h>

namespace sluice::cli {

namespace {

constexpr unsigned most_jobs = 256;

using Setter = std::function<Status(const std::string&)>;

Error usage(std::string message) {
  return {Error::Kind::usage, std::move(message)};
}

Setter choose(Request& request, Request::Action action) {
  return [&request, action](const std::string&) {
    request.action = action;
    return ok;
  };
}

Status add_report(Common& common, const std::string& value) {
  const std::size_t at = value.find('=');
  const std::string format = value.substr(0, at);
  const std::string file = at == std::string::npos ? "" : value.substr(at + 1);
  const auto formats = diag::formats();
  if (std::ranges::find(formats, format) == formats.end()) {
    const auto near = text::nearest(format, formats);
    const std::vector<std::string> names(formats.begin(), formats.end());
    return usage("there is no format \"" + text::printable(format) + '"' +
                 (near ? "; did you mean " + std::string(*near) + "?"
                       : "; there are " + text::join(names, ", ")));
  }
  if (file.empty() || file == "-") {
    return usage("wants " + format + "=FILE; --format " + format + " prints it");
  }
  common.reports.emplace_back(format, file);
  return ok;
}

Status set_fail_on(Common& common, const std::string& value) {
  common.fail_on = value == "error"     ? diag::FailOn::error
                   : value == "warning" ? diag::FailOn::warning
                                        : diag::FailOn::never;
  return ok;
}

Status set_jobs(Common& common, const std::string& value) {
  unsigned jobs = 0;
  const char* const end = value.data() + value.size();
  const auto [stop, failure] = std::from_chars(value.data(), end, jobs);
  if (failure != std::errc{} || stop != end || jobs == 0 || jobs > most_jobs) {
    return usage("wants a number from 1 to " + std::to_string(most_jobs) + ", not \"" +
                 text::printable(value) + '"');
  }
  common.jobs = jobs;
  return ok;
}

Status set_now(Common& common, const std::string& value) {
  SLUICE_TRY_ASSIGN(common.now, parse_time(value));
  return ok;
}

bool is_terminal_for_people() {
  const char* const terminal = std::getenv("TERM");
  return ::isatty(STDERR_FILENO) != 0 && terminal != nullptr &&
         std::string_view(terminal) != "dumb";
}

Status set_color(Common& common, const std::string& value) {
  // https://no-color.org: set and not empty means no colour, unless a flag asks for it.
  const char* const refusal = std::getenv("NO_COLOR");
  const bool wanted = (refusal == nullptr || *refusal == '\0') && ::isatty(STDOUT_FILENO) != 0 &&
                      is_terminal_for_people();
  common.color =
      value == "always" || (value == "auto" && wanted) ? diag::Color::on : diag::Color::off;
  return ok;
}

Status set_progress(Common& common, const std::string& value) {
  common.progress = value == "always" || (value == "auto" && is_terminal_for_people());
  return ok;
}

}  // namespace

std::vector<Flag> common_flags(Request& request) {
  Common& common = request.common;
  const auto with = [&common](Status (*set)(Common&, const std::string&)) -> Setter {
    return [&common, set](const std::string& value) { return set(common, value); };
  };
  using enum Arity;
  using Action = Request::Action;
  const auto explain = [&request](const std::string& code) {
    request.action = Action::explain;
    request.explain_code = code;
    return ok;
  };
  return {
      {"config", 0, one, "FILE", "Read FILE instead of the repository's sluice.yaml",
       into(common.config)},
      {"format", 0, one, "FORMAT", "Print the report as FORMAT (default text)", into(common.format),
       diag::formats()},
      {"report", 0, repeatable, "FORMAT=FILE", "Write the report to FILE as well",
       with(add_report)},
      {"fail-on",
       0,
       one,
       "LEVEL",
       "Exit 1 at findings of this severity or above (default error)",
       with(set_fail_on),
       {"error", "warning", "never"}},
      {"now", 0, one, "TIME",
       "The only clock that a verdict may use: a date or RFC 3339; recorded in the report",
       with(set_now)},
      {"jobs", 0, one, "N", "Use N threads (default: those of the machine)", with(set_jobs)},
      {"color",
       0,
       one,
       "WHEN",
       "Colour the text report (default auto; NO_COLOR is respected)",
       with(set_color),
       {"auto", "always", "never"}},
      {"progress",
       0,
       one,
       "WHEN",
       "Draw a bar on stderr (default auto: on a terminal)",
       with(set_progress),
       {"auto", "always", "never"}},
      {"quiet", 'q', switch_on, "", "Say nothing but findings and errors", turn_on(common.quiet)},
      {"verbose", 'v', switch_on, "", "Say what is being done", turn_on(common.verbose)},
      {"explain", 0, one, "CODE", "Explain a finding's code, such as schema/unknown-field",
       explain},
      {"version", 0, switch_on, "", "Print the version", choose(request, Action::version)},
      {"help", 'h', switch_on, "", "Print this help", choose(request, Action::help)},
      {"help-markdown", 0, switch_on, "", "", choose(request, Action::markdown)},
  };
}

void set_defaults(Common& common) {
  common.format = "text";
  common.jobs = std::clamp(std::thread::hardware_concurrency(), 1U, most_jobs);
  (void)set_color(common, "auto");
  (void)set_progress(common, "auto");
}

}  // namespace sluice::cli

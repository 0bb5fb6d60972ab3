// SPDX-License-Identifier: Apache-2.0
#include "cli/tool.hpp"

#include "base/text.hpp"
#include "cli/log.hpp"
#include "cli/request.hpp"
#include "cli/standard_output.hpp"
#include "diag/catalogue.hpp"
#include "io/files.hpp"
#include "version.hpp"

#include <algorithm>
#include <clocale>
#include <csignal>
#include <cstdio>
#include <exception>
#include <iostream>
#include <new>
#include <ostream>
#include <system_error>

namespace sluice::cli {

namespace {

constexpr int no_verdict = 2;
constexpr int bug = 3;

int refuse(const Tool& tool, const std::string& message) {
  log_error(message);
  log_error("see " + std::string(tool.name) + " --help");
  return no_verdict;
}

int explain(const Tool& tool, const std::string& code, std::ostream& out) {
  const diag::CatalogueRow* const row = diag::find(code);
  if (row == nullptr) {
    std::vector<std::string_view> codes;
    for (const diag::CatalogueRow& each : diag::catalogue()) {
      codes.push_back(each.code);
    }
    const auto near = text::nearest(code, codes);
    return refuse(tool, "there is no code \"" + text::printable(code) + '"' +
                            (near ? "; did you mean " + std::string(*near) + '?' : ""));
  }
  out << row->code << " (" << name(row->severity) << ")\n"
      << wrap(row->title, 0) << "\nWhy it matters:\n"
      << wrap(row->why, 2) << "\nWhat to do:\n"
      << wrap(row->fix, 2);
  return 0;
}

/// Where the report of --format goes: to stdout when it is what the tool is run for.
bool report_is_product(const Tool& tool, const diag::Report& report, const std::string& format) {
  return tool.product == Product::report ||
         std::ranges::any_of(report.own_formats,
                             [&format](const auto& own) { return own.first == format; });
}

/// "no findings" is news from a tool that looks for findings, and noise from one that does not.
bool has_something_to_say(const Tool& tool, const Common& common, const diag::Report& report) {
  const auto is_text = [](const auto& own) { return own.first == "text"; };
  if (!report.findings.empty() || !report.no_verdict.empty() ||
      std::ranges::any_of(report.own_formats, is_text)) {
    return true;
  }
  const bool is_told_more = !report.summary.empty() || !report.skipped.empty();
  return !common.quiet && (tool.product == Product::report || is_told_more);
}

Status print_report(const Tool& tool,
                    const Common& common,
                    const diag::Report& report,
                    std::ostream& out) {
  if (common.format == "text" && !has_something_to_say(tool, common, report)) {
    return ok;
  }
  std::string text;
  SLUICE_TRY_ASSIGN(text, diag::write(report, common.format, common.fail_on, common.color));
  if (report_is_product(tool, report, common.format)) {
    out << text;
  } else {
    std::cerr << text << std::flush;
  }
  return ok;
}

enum class Printing : std::uint8_t { off, on };

/// Files first: a reader of stdout that goes away must not cost the report of the run.
int write_reports(const Tool& tool,
                  const Common& common,
                  const diag::Report& report,
                  Printing printing,
                  std::ostream& out) {
  int code = diag::exit_code(report, common.fail_on);
  const auto note_failure = [&code](const Status& status) {
    if (!status) {
      log_error(status.error().message);
      code = std::max(code, no_verdict);
    }
  };
  for (const auto& [format, file] : common.reports) {
    auto text = diag::write(report, format, common.fail_on, diag::Color::off);
    note_failure(text ? io::write_atomically(file, *text) : Status(text.error()));
  }
  if (printing == Printing::on) {
    note_failure(print_report(tool, common, report, out));
  }
  return code;
}

diag::Report report_of(const Error& error) {
  diag::Report report;
  report.no_verdict = {error.message};
  return report;
}

int run_command(const Tool& tool, const Request& request, std::ostream& out) {
  const Common& common = request.common;
  Result<diag::Report> result = request.command->run(common, out);
  const bool stopped = !result;
  diag::Report report = stopped ? report_of(result.error()) : std::move(*result);
  report.tool = tool.name;
  diag::normalise(report);
  if (stopped) {
    log_error(result.error().message);
  }
  // A person has just read why the tool stopped; a machine reads the report.
  const Printing printing = stopped && common.format == "text" ? Printing::off : Printing::on;
  return write_reports(tool, common, report, printing, out);
}

int run_request(const Tool& tool, std::span<char* const> words, std::ostream& out) {
  Request request;
  configure_log(tool.name, request.common);
  set_defaults(request.common);
  const Status parsed = parse_command_line(tool, words, request);
  if (!parsed) {
    return refuse(tool, parsed.error().message);
  }
  configure_log(tool.name, request.common);
  switch (request.action) {
    case Request::Action::help:
      out << help_text(tool, request.command);
      return 0;
    case Request::Action::markdown:
      out << help_markdown(tool);
      return 0;
    case Request::Action::manual:
      out << manual_page(tool);
      return 0;
    case Request::Action::completion:
      out << completion(tool, request.shell);
      return 0;
    case Request::Action::version:
      out << tool.name << ' ' << version << '\n';
      return 0;
    case Request::Action::explain:
      return explain(tool, request.explain_code, out);
    case Request::Action::run:
      break;
  }
  return run_command(tool, request, out);
}

int run_with_output(const Tool& tool, std::span<char* const> words) {
  StandardOutput buffer;
  std::ostream out(&buffer);
  int code = run_request(tool, words, out);
  if (const int failure = buffer.finish(); failure != 0) {
    log_error("standard output: " + std::generic_category().message(failure));
    code = std::max(code, no_verdict);
  }
  return code;
}

int report_bug(std::string_view what) {
  log_error("this is a bug in Sluice; please report it with the command line: " +
            text::printable(what));
  return bug;
}

}  // namespace

int run_tool(const Tool& tool, std::span<char* const> argv) noexcept {
  // A reader that goes away is a failed write (exit 2), not a death without a word.
  (void)std::signal(SIGPIPE, SIG_IGN);
  (void)std::setlocale(LC_ALL, "C");  // no output depends on the machine
  hold_standard_descriptors();
  try {
    return run_with_output(tool, argv.subspan(std::min<std::size_t>(1, argv.size())));
  } catch (const std::bad_alloc&) {
    (void)std::fputs("sluice: error: out of memory\n", stderr);  // the log would want some
    return no_verdict;
  } catch (const std::exception& failure) {
    return report_bug(failure.what());
  } catch (...) {
    return report_bug("an exception without a name");
  }
}

}  // namespace sluice::cli

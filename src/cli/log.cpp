// SPDX-License-Identifier: Apache-2.0
// The only file that sees spdlog. The logger is made at the first message: most runs have none.
#include "cli/log.hpp"

#include "base/text.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <mutex>

namespace sluice::cli {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds between_bars{100};
constexpr std::size_t bar_width = 24;
constexpr const char* erase_line = "\r\x1b[K";

struct State {
  std::mutex mutex;
  std::string tool = "sluice";
  bool quiet = false;
  bool verbose = false;
  bool bar_is_drawn = false;
  Clock::time_point last_bar;
  std::unique_ptr<spdlog::logger> logger;
};

State& state() {
  static State the_only_one;
  return the_only_one;
}

void say(std::string_view kind, std::string_view message) {
  State& log = state();
  const std::lock_guard lock(log.mutex);
  if (!log.logger) {
    log.logger = std::make_unique<spdlog::logger>(
        log.tool, std::make_shared<spdlog::sinks::stderr_sink_st>());
    log.logger->set_pattern("%n: %v");
  }
  if (log.bar_is_drawn) {
    (void)std::fputs(erase_line, stderr);
    log.bar_is_drawn = false;
  }
  log.logger->log(spdlog::level::info, "{}: {}", kind, message);
}

}  // namespace

void configure_log(std::string_view tool, const Common& common) {
  State& log = state();
  const std::lock_guard lock(log.mutex);
  log.tool = tool;
  log.quiet = common.quiet;
  log.verbose = common.verbose;
  log.logger.reset();
}

void log_error(std::string_view message) {
  say("error", message);
}

void log_warning(std::string_view message) {
  if (!state().quiet) {
    say("warning", message);
  }
}

void log_note(std::string_view message) {
  if (state().verbose && !state().quiet) {
    say("note", message);
  }
}

void progress(const Common& common, std::string_view what, std::size_t done, std::size_t total) {
  if (!common.progress || total == 0) {
    return;
  }
  State& log = state();
  const std::lock_guard lock(log.mutex);
  const Clock::time_point now = Clock::now();
  if (done >= total) {
    (void)std::fputs(log.bar_is_drawn ? erase_line : "", stderr);
    log.bar_is_drawn = false;
    return;
  }
  if (now - log.last_bar < between_bars) {
    return;
  }
  const std::size_t filled = bar_width * done / total;
  const std::string line = erase_line + text::printable(what, 40) + ' ' + std::to_string(done) +
                           '/' + std::to_string(total) + " [" + std::string(filled, '#') +
                           std::string(bar_width - filled, '.') + ']';
  (void)std::fputs(line.c_str(), stderr);
  log.last_bar = now;
  log.bar_is_drawn = true;
}

}  // namespace sluice::cli

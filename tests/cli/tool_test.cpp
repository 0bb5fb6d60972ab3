// SPDX-License-Identifier: Apache-2.0
#include "cli/demo_tool.hpp"
#include "io/files.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <fcntl.h>
#include <stdexcept>
#include <thread>
#include <unistd.h>

namespace sluice::cli {
namespace {

diag::Finding finding(diag::Severity severity) {
  diag::Finding found;
  found.location.file = "app.yaml";
  found.code = "schema/unknown-field";
  found.severity = severity;
  found.message = "field \"replica\" is not known";
  return found;
}

Demo demo_with(const diag::Report& report, const std::string& product = "") {
  Demo demo;
  demo.run = [report, product](const Common&, std::ostream& out) {
    out << product;
    return Result<diag::Report>(report);
  };
  return demo;
}

TEST(RunTool, TurnsEveryEndIntoAnExitCode) {
  diag::Report warning;
  warning.findings = {finding(diag::Severity::warning)};
  diag::Report error;
  error.findings = {finding(diag::Severity::error)};
  diag::Report undecided = error;
  undecided.no_verdict = {"no helm"};
  struct Row {
    diag::Report report;
    const char* fail_on;
    int code;
  };
  const Row rows[] = {
      {{}, "warning", 0},  {warning, "error", 0}, {warning, "warning", 1},
      {error, "error", 1}, {error, "never", 0},   {undecided, "never", 2},
  };
  for (const Row& row : rows) {
    Demo demo = demo_with(row.report);
    EXPECT_EQ(run_words(demo.tool(), {"--fail-on", row.fail_on}).code, row.code);
  }
}

TEST(RunTool, AnErrorIsNoVerdict) {
  Demo demo;
  demo.run = [](const Common&, std::ostream&) {
    return Result<diag::Report>(Error{Error::Kind::io, "cannot read x"});
  };
  const Ran ran = run_words(demo.tool(), {});
  EXPECT_EQ(ran.code, 2);
  EXPECT_EQ(ran.out, "");
  EXPECT_EQ(ran.err, "sluice-demo: error: cannot read x\n");

  const Ran json = run_words(demo.tool(), {"--format", "json"});
  EXPECT_EQ(json.code, 2);
  EXPECT_NE(json.out.find("\"cannot read x\""), std::string::npos) << "machines learn it too";
}

TEST(RunTool, AnExceptionIsABug) {
  Demo demo;
  demo.run = [](const Common&, std::ostream&) -> Result<diag::Report> {
    throw std::logic_error("bad\nindex");
  };
  Ran ran = run_words(demo.tool(), {});
  EXPECT_EQ(ran.code, 3);
  EXPECT_EQ(ran.err,
            "sluice-demo: error: this is a bug in Sluice; please report it with the command line: "
            "bad\\x0aindex\n");
  demo.run = [](const Common&, std::ostream&) -> Result<diag::Report> { throw 1; };
  EXPECT_EQ(run_words(demo.tool(), {}).code, 3);
  demo.run = [](const Common&, std::ostream&) -> Result<diag::Report> { throw std::bad_alloc(); };
  EXPECT_EQ(run_words(demo.tool(), {}).code, 2);
}

TEST(RunTool, PutsTheReportWhereTheProductIsNot) {
  diag::Report report;
  report.findings = {finding(diag::Severity::error)};
  const std::string line = "app.yaml: error: field \"replica\" is not known [schema/unknown-field]";
  Demo demo = demo_with(report, "product\n");

  const Ran as_report = run_words(demo.tool(Product::report), {});
  EXPECT_TRUE(as_report.out.starts_with("product\n" + line)) << as_report.out;
  EXPECT_EQ(as_report.err, "");

  const Ran as_data = run_words(demo.tool(Product::data), {});
  EXPECT_EQ(as_data.out, "product\n");
  EXPECT_TRUE(as_data.err.starts_with(line)) << as_data.err;

  report.own_formats = {{"markdown", "| own |\n"}};
  Demo own = demo_with(report);
  EXPECT_EQ(run_words(own.tool(Product::data), {"--format", "markdown"}).out, "| own |\n");
}

TEST(RunTool, QuietSaysNothingWithoutFindings) {
  Demo clean = demo_with({});
  const Ran ran = run_words(clean.tool(), {"-q"});
  EXPECT_EQ(ran.out + ran.err, "");
  EXPECT_NE(run_words(clean.tool(), {"-q", "--format", "json"}).out, "");
  diag::Report report;
  report.findings = {finding(diag::Severity::warning)};
  Demo demo = demo_with(report);
  EXPECT_NE(run_words(demo.tool(), {"-q"}).out, "");
}

TEST(RunTool, WritesEveryReport) {
  auto folder = io::TemporaryDirectory::make("tool-test");
  ASSERT_TRUE(folder);
  diag::Report report;
  report.findings = {finding(diag::Severity::error)};
  Demo demo = demo_with(report);
  const std::string json = folder->path() + "/new/report.json";
  const std::string sarif = folder->path() + "/a=b.sarif";
  const Ran ran = run_words(demo.tool(), {"--report", "json=" + json, "--report=sarif=" + sarif});
  EXPECT_EQ(ran.code, 1);
  EXPECT_NE(io::read_file(json)->find("\"tool\": \"sluice-demo\""), std::string::npos);
  EXPECT_TRUE(io::exists(sarif));

  const Ran failed = run_words(demo.tool(), {"--report", "json=/dev/full"});
  EXPECT_EQ(failed.code, 2) << "a report that is not written is no verdict";
  EXPECT_EQ(failed.err, "sluice-demo: error: /dev/full: No space left on device\n");
}

/// The exit code with stdout put on `descriptor`, which is closed.
int code_with_stdout(Demo& demo, int descriptor) {
  const int saved = ::dup(STDOUT_FILENO);
  if (descriptor < 0) {
    (void)::close(STDOUT_FILENO);
  } else {
    (void)::dup2(descriptor, STDOUT_FILENO);
    (void)::close(descriptor);
  }
  std::string name = "program";
  const std::vector<char*> argv = {name.data()};
  const int code = run_tool(demo.tool(), argv);
  (void)::dup2(saved, STDOUT_FILENO);
  (void)::close(saved);
  return code;
}

TEST(RunTool, AWriteThatFailsIsNoVerdict) {
  for (const std::size_t size : {std::size_t{1}, std::size_t{1'000'000}}) {
    Demo demo = demo_with({}, std::string(size, 'x'));
    EXPECT_EQ(code_with_stdout(demo, ::open("/dev/full", O_WRONLY)), 2);
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    (void)::close(ends[0]);
    EXPECT_EQ(code_with_stdout(demo, ends[1]), 2) << "nobody reads the pipe";
    EXPECT_EQ(code_with_stdout(demo, -1), 2) << "stdout is not open";
    EXPECT_EQ(code_with_stdout(demo, ::open("/dev/null", O_WRONLY)), 0);
  }
}

TEST(RunTool, PrintsItsVersionAndExplains) {
  Demo demo;
  EXPECT_EQ(run_words(demo.tool(), {"--version"}).out, "sluice-demo 0.1.0\n");
  const Ran ran = run_words(demo.tool(), {"--explain", "schema/unknown-field"});
  EXPECT_EQ(ran.code, 0);
  EXPECT_TRUE(ran.out.starts_with("schema/unknown-field (error)\n")) << ran.out;
}

TEST(Log, ShowsWhatIsAskedFor) {
  Demo demo;
  demo.run = [](const Common& common, std::ostream&) {
    log_warning("w");
    log_note("n");
    progress(common, "rendering", 1, 2);
    progress(common, "rendering", 2, 2);
    return Result<diag::Report>(diag::Report{});
  };
  EXPECT_EQ(run_words(demo.tool(), {}).err, "sluice-demo: warning: w\n");
  EXPECT_EQ(run_words(demo.tool(), {"-v"}).err, "sluice-demo: warning: w\nsluice-demo: note: n\n");
  EXPECT_EQ(run_words(demo.tool(), {"-q"}).err, "");
  const std::string bar = run_words(demo.tool(), {"-q", "--progress", "always"}).err;
  EXPECT_EQ(bar, "\r\x1b[Krendering 1/2 [############............]\r\x1b[K");
}

TEST(Log, IsSafeFromManyThreads) {
  Demo demo;
  demo.run = [](const Common& common, std::ostream&) {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&common] {
        for (std::size_t j = 0; j < 100; ++j) {
          log_warning("w");
          progress(common, "x", j, 100);
        }
      });
    }
    return Result<diag::Report>(diag::Report{});
  };
  const Ran ran = run_words(demo.tool(), {"--progress", "never"});
  EXPECT_EQ(ran.code, 0);
  EXPECT_EQ(ran.err.size(), 800 * std::string("sluice-demo: warning: w\n").size());
}

}  // namespace
}  // namespace sluice::cli

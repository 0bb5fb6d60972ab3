// SPDX-License-Identifier: Apache-2.0
// JUnit XML, as pytest and others write it: there is no standard, so counts that a file gives of
// itself must be the counts of what it holds. Expat reads it; a document type is refused, and with
// it every entity that a file could declare.
#include "base/text.hpp"
#include "gate/formats.hpp"

#include <charconv>
#include <expat.h>
#include <memory>
#include <vector>

namespace sluice::gate {
namespace {

struct Counts {
  std::uint64_t tests = 0, failures = 0, errors = 0, skipped = 0;
};

/// A testsuite or testsuites element that is open.
struct Suite {
  Counts said;
  bool says_tests = false;
  Counts found;
};

class JunitReader {
 public:
  Result<Report> run(std::string_view bytes) {
    const std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser(
        XML_ParserCreate(nullptr), &XML_ParserFree);
    if (!parser || bytes.size() > (std::size_t{1} << 30U)) {
      return refused("too large: no XML of this size is read");
    }
    parser_ = parser.get();
    XML_SetUserData(parser_, this);
    XML_SetElementHandler(
        parser_,
        [](void* self, const char* name, const char** attributes) {
          static_cast<JunitReader*>(self)->start(name, attributes);
        },
        [](void* self, const char* name) { static_cast<JunitReader*>(self)->end(name); });
    XML_SetStartDoctypeDeclHandler(
        parser_, [](void* self, const char*, const char*, const char*, int) {
          static_cast<JunitReader*>(self)->fail("no XML: a document type is not read");
        });
    const auto status = XML_Parse(parser_, bytes.data(), static_cast<int>(bytes.size()), 1);
    if (!problem_.empty()) {
      return refused(problem_);
    }
    if (status != XML_STATUS_OK) {
      const XML_Error error = XML_GetErrorCode(parser_);
      const bool is_cut = error == XML_ERROR_NO_ELEMENTS || error == XML_ERROR_UNCLOSED_TOKEN ||
                          error == XML_ERROR_UNCLOSED_CDATA_SECTION ||
                          XML_GetCurrentByteIndex(parser_) >= static_cast<long>(bytes.size());
      return refused((is_cut ? "cut short: line " : "no XML: line ") +
                     std::to_string(XML_GetCurrentLineNumber(parser_)) + ": " +
                     XML_ErrorString(error));
    }
    return settle();
  }

 private:
  void fail(std::string problem) {
    if (problem_.empty()) {
      problem_ = std::move(problem);
      XML_StopParser(parser_, XML_FALSE);
    }
  }

  std::uint64_t count(std::string_view what, std::string_view text) {
    std::uint64_t value = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || stop != text.data() + text.size()) {
      fail("changed schema: " + std::string(what) + " is " + text::quoted(text, 40));
    }
    return value;
  }

  void start(std::string_view name, const char** attributes) {
    if (++depth_ > 64) {
      fail("no XML: more than 64 elements within each other");
      return;
    }
    if (depth_ == 1 && name != "testsuites" && name != "testsuite") {
      fail("wrong file: no JUnit report: the root is <" + text::printable(name, 40) + '>');
      return;
    }
    if (name == "testsuite" || name == "testsuites") {
      suite(attributes);
    } else if (name == "testcase") {
      open_case(attributes);
    } else if (in_case_ && (name == "failure" || name == "error" || name == "skipped")) {
      outcome_ = name;
    }
  }

  void suite(const char** attributes) {
    Suite suite;
    for (; *attributes != nullptr; attributes += 2) {
      const std::string_view key = attributes[0];
      const std::string_view value = attributes[1];
      if (key == "tests") {
        suite.says_tests = true;
        suite.said.tests = count(key, value);
      } else if (key == "failures") {
        suite.said.failures = count(key, value);
      } else if (key == "errors") {
        suite.said.errors = count(key, value);
      } else if (key == "skipped") {
        suite.said.skipped = count(key, value);
      } else if (key == "timestamp" && report_.created.empty()) {
        timestamp(value);
      } else if (key == "name" && report_.tool.empty()) {
        report_.tool = text::printable(value, 80);
      }
    }
    suites_.push_back(suite);
  }

  /// Older writers give local time without an offset: such a time is not known.
  void timestamp(std::string_view value) {
    const std::size_t clock = value.find('T');
    if (clock != std::string_view::npos &&
        value.find_first_of("Zz+-", clock) != std::string_view::npos) {
      report_.created = value;
    }
  }

  void open_case(const char** attributes) {
    in_case_ = true;
    outcome_.clear();
    case_ = {.what = Class::test, .severity = Severity::high, .highest = Severity::high};
    std::string group;
    for (; *attributes != nullptr; attributes += 2) {
      const std::string_view key = attributes[0];
      if (key == "name") {
        case_.id = attributes[1];
      } else if (key == "classname") {
        group = attributes[1];
      } else if (key == "file") {
        case_.path = plain_path(attributes[1]);
      }
    }
    if (!group.empty()) {
      case_.id = group + "::" + case_.id;
    }
  }

  void end(std::string_view name) {
    --depth_;
    if (name == "testcase") {
      in_case_ = false;
      ++all_.tests;
      for (Suite& suite : suites_) {
        ++suite.found.tests;
        suite.found.failures += outcome_ == "failure" ? 1 : 0;
        suite.found.errors += outcome_ == "error" ? 1 : 0;
        suite.found.skipped += outcome_ == "skipped" ? 1 : 0;
      }
      all_.skipped += outcome_ == "skipped" ? 1 : 0;
      if (outcome_ == "failure" || outcome_ == "error") {
        report_.findings.push_back(std::move(case_));
      }
    } else if (name == "testsuite" || name == "testsuites") {
      close(suites_.back());
      suites_.pop_back();
    }
  }

  void close(const Suite& suite) {
    const std::uint64_t said = suite.said.failures + suite.said.errors;
    const std::uint64_t found = suite.found.failures + suite.found.errors;
    if ((suite.says_tests && suite.said.tests != suite.found.tests) || said > found) {
      report_.doubts.push_back("cut short: a suite says " +
                               text::counted(suite.said.tests, "test") + " and " +
                               std::to_string(said) + " failed, and holds " +
                               std::to_string(suite.found.tests) + " and " + std::to_string(found));
    }
  }

  Result<Report> settle() {
    report_.schema = "junit";
    report_.looked_for.insert(Class::test);
    report_.coverage.tests = all_.tests - all_.skipped;
    if (all_.tests == all_.skipped) {
      report_.doubts.push_back(all_.tests == 0
                                   ? "nothing scanned: no tests"
                                   : "nothing scanned: all of " +
                                         text::counted(all_.tests, "test") + " were skipped");
    }
    return std::move(report_);
  }

  XML_Parser parser_ = nullptr;
  Report report_;
  std::string problem_;
  std::vector<Suite> suites_;
  Counts all_;
  Finding case_;
  std::string outcome_;
  bool in_case_ = false;
  int depth_ = 0;
};

}  // namespace

Result<Report> read_junit(std::string_view bytes) {
  return JunitReader().run(bytes);
}

}  // namespace sluice::gate

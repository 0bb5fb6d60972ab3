// SPDX-License-Identifier: Apache-2.0
// The tables of fixtures/edit/ whose names begin with "place": what is chosen, planned and written.
#include "promote/places.hpp"

#include "support/edit_cases.hpp"

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

namespace sluice::promote {
namespace {

struct Asked {
  Selector selector;
  std::string wanted;
};

/// "NAME=REF"; a path may hold '=', so the last one divides.
void split_asked(const std::string& text, std::string& name, std::string& wanted) {
  const auto equals = text.rfind('=');
  name = text.substr(0, equals);
  wanted = text.substr(equals + 1);
}

std::vector<Asked> read_asked(const test::EditCase& test) {
  std::vector<Asked> all;
  for (const auto& [word, value] : test.directives) {
    Asked asked;
    if (word == "image" || word == "model" || word == "version") {
      split_asked(value, asked.selector.name, asked.wanted);
      asked.selector.subject = word == "image"   ? Subject::image
                               : word == "model" ? Subject::model
                                                 : Subject::version;
    } else if (word == "marker") {
      asked.selector.by = Selector::By::marker;
      split_asked(value, asked.selector.name, asked.wanted);
    } else if (word == "path") {
      asked.selector.by = Selector::By::path;
      const auto space = value.find(' ');
      asked.selector.file = value.substr(0, space);
      split_asked(value.substr(space + 1), asked.selector.path, asked.wanted);
    } else {
      continue;
    }
    if (test.has("in")) {
      asked.selector.file = test.one("in");
    }
    asked.selector.object = test.one("object");
    asked.selector.container = test.one("container");
    asked.selector.several = test.has("all") ? Several::all : Several::refuse;
    all.push_back(std::move(asked));
  }
  return all;
}

Options options_of(const test::EditCase& test) {
  Options options;
  for (const auto& word : test.all("allow")) {
    (word == "floating" ? options.floating = Floating::allow,
     0                  : (options.rename = Rename::allow, 0));
  }
  return options;
}

struct Outcome {
  std::string error;
  std::vector<File> files;
  std::string previous, now;
  bool held = false;
};

Outcome run(const test::EditCase& test) {
  std::vector<File> files;
  std::vector<std::string> names;
  for (const auto& file : test.files) {
    files.push_back({file.path, file.before});
  }
  const auto all = read_asked(test);
  for (const auto& asked : all) {
    names.push_back(asked.selector.name);
  }
  auto survey = promote::survey(files, names);
  if (!survey) {
    return {.error = survey.error().message};
  }
  Outcome outcome;
  std::vector<edit::Change> changes;
  for (const auto& asked : all) {
    const auto wanted = parse_wanted(asked.wanted);
    if (!wanted) {
      return {.error = wanted.error().message};
    }
    const auto chosen = select(*survey, asked.selector);
    if (!chosen) {
      return {.error = chosen.error().message};
    }
    for (const auto index : *chosen) {
      const auto plan = promote::plan(survey->holders[index], *wanted, options_of(test));
      if (!plan) {
        return {.error = plan.error().message};
      }
      changes.insert(changes.end(), plan->changes.begin(), plan->changes.end());
      outcome.previous = plan->previous;
      outcome.now = plan->now;
      outcome.held = outcome.held || survey->holders[index].held;
    }
  }
  auto applied = promote::apply(*survey, changes);
  if (!applied) {
    return {.error = applied.error().message};
  }
  outcome.files = std::move(*applied);
  return outcome;
}

void expect_files(const test::EditCase& test, const Outcome& outcome) {
  for (const auto& file : test.files) {
    std::string bytes = file.before;
    for (const auto& changed : outcome.files) {
      bytes = changed.path == file.path ? changed.bytes : bytes;
    }
    EXPECT_EQ(bytes, file.after) << file.path;
  }
}

TEST(PlacesTable, EveryCase) {
  std::size_t cases = 0;
  for (const auto& test : test::edit_cases("place")) {
    SCOPED_TRACE(test.table + ": " + test.name);
    ++cases;
    const auto outcome = run(test);
    if (test.has("refuse")) {
      EXPECT_NE(outcome.error, "") << "nothing was refused";
      EXPECT_NE(outcome.error.find(test.one("refuse")), std::string::npos) << outcome.error;
      continue;
    }
    EXPECT_EQ(outcome.error, "");
    if (outcome.error.empty()) {
      expect_files(test, outcome);
      EXPECT_EQ(outcome.held, test.has("held"));
    }
    if (test.has("previous")) {
      EXPECT_EQ(outcome.previous, test.one("previous"));
    }
    if (test.has("now")) {
      EXPECT_EQ(outcome.now, test.one("now"));
    }
  }
  EXPECT_GE(cases, 150U) << "the tables were not found";
  RecordProperty("cases", static_cast<int>(cases));
}

}  // namespace
}  // namespace sluice::promote

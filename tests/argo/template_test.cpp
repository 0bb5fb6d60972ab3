// SPDX-License-Identifier: Apache-2.0
#include "argo/go_template.hpp"
#include "argo/templater.hpp"
#include "proc/runner.hpp"

#include <gtest/gtest.h>

namespace sluice::argo {
namespace {

using State = Evaluation::State;

yaml::Value parameters() {
  auto value = yaml::parse_value(
      "name: web\nteam: {id: 7, ratio: 0.25, big: 12345678901, yes: on}\nlist: [a, b]\n"
      "empty: \"\"\nnothing: ~\n",
      "parameters");
  EXPECT_TRUE(value);
  return std::move(*value);
}

struct Row {
  const char* text;
  State state;
  const char* expected;
};

// clang-format off
constexpr Row rows[] = {
    {"no action", State::done, "no action"},
    {"{{ .name }}-{{.name}}", State::done, "web-web"},
    {"{{ $.name }}", State::done, "web"},
    {"a {{- .name -}} b", State::done, "awebb"},
    {"a {{/* note */}} b {{- /* x */ -}} c", State::done, "a  bc"},
    {"{{ .team.id }} {{ .team.ratio }} {{ .team.big }}", State::done, "7 0.25 1.2345678901e+10"},
    {"{{ .list }} {{ .team }}", State::done, "[a b] map[big:1.2345678901e+10 id:7 ratio:0.25 true:true]"},
    {"{{ index .list 1 }}{{ index .team \"id\" }}", State::done, "b7"},
    {"{{ \"a}}b\" }}{{ `c` }}", State::done, "a}}bc"},
    {"{{ .name | upper | trunc 2 }} {{ trunc -2 .name }}", State::done, "WE eb"},
    {"{{ .name | replace \"w\" \"v\" | trimPrefix \"v\" | trimSuffix \"b\" }}", State::done, "e"},
    {"{{ .name | squote }} {{ normalize \"A_b.\" }}", State::done, "'web' a-b"},
    {"{{ .empty | default \"d\" }} {{ default \"d\" .name }}", State::done, "d web"},
    {"{{ default (index .list 0) .empty }}", State::done, "a"},
    {"{{ .none }} {{ .none.deeper }} {{ .nothing }}", State::done, "<no value> <no value> <no value>"},
    {"{{ index .team \"none\" }}", State::done, "<no value>"},
    {"{{ .name.deeper }}", State::failed, "can't evaluate field deeper in a value that is no mapping"},
    {"{{ .nothing.deeper }}", State::failed, "nil pointer evaluating interface {}.deeper"},
    {"{{ index .list 5 }}", State::failed, "index out of range: 5"},
    {"{{ .name", State::failed, "an action \"{{\" has no end"},
    {"{{ if .name }}x{{ end }}", State::unsupported, "function if"},
    {"{{ .name | b64enc }}", State::unsupported, "function b64enc"},
    {"{{ $x := .name }}", State::unsupported, "a variable or keyword"},
    {"{{ (index .list 0).x }}", State::unsupported, "a field of a result"},
    {"{{ .team.id | upper }}", State::unsupported, "a function of a value that is no text"},
};
// clang-format on

TEST(EvaluateNatively, DoesWhatItCanExactly) {
  const auto values = parameters();
  for (const auto& [text, state, expected] : rows) {
    SCOPED_TRACE(text);
    const auto result = evaluate_natively(text, values, MissingKey::no_value);
    EXPECT_EQ(result.state, state);
    EXPECT_EQ(result.text, expected);
  }
}

TEST(EvaluateNatively, RefusesMissingKeysWhenAsked) {
  const auto values = parameters();
  const auto result = evaluate_natively("{{ .none }}", values, MissingKey::error);
  EXPECT_EQ(result.state, State::failed);
  EXPECT_EQ(result.text, "map has no entry for key \"none\"");
  EXPECT_EQ(evaluate_natively("{{ index .team \"none\" }}", values, MissingKey::error).text,
            "<no value>");
}

// clang-format off
constexpr Row helm_rows[] = {
    {"{{ .name | normalize }}", State::done, "{{ .name | include \"normalize\" }}"},
    {"{{ range .list }}{{ .x | upper }}{{ end }}", State::unsupported, "whether .x is there is not decided under missingkey=error"},
    {"{{ if .none }}x{{ end }}", State::unsupported, "whether .none is needed is not decided"},
    {"{{ b64enc .none }}", State::failed, "map has no entry for .none"},
    {"{{ slugify .name }}", State::unsupported, "function slugify"},
    {"{{ now }}", State::unsupported, "function now gives another result each time"},
    {"{{ tpl .name . }}", State::failed, "function \"tpl\" is not defined in Argo CD"},
};
// clang-format on

TEST(PrepareForHelm, TranslatesOrRefuses) {
  const auto values = parameters();
  for (const auto& [text, state, expected] : helm_rows) {
    SCOPED_TRACE(text);
    const auto result = prepare_for_helm(text, values, MissingKey::error);
    EXPECT_EQ(result.state, state);
    EXPECT_EQ(result.text, expected);
  }
  // A field alone is judged by what it prints.
  EXPECT_EQ(prepare_for_helm("{{ range .list }}{{ .x }}{{ end }}", values, MissingKey::error).state,
            State::done);
}

/// Templates through the real helm; skipped where there is none.
TEST(HelmTemplater, AnswersLikeArgoCd) {
  if (proc::find_in_path("helm").empty()) {
    GTEST_SKIP() << "no helm on PATH";
  }
  const auto runner = proc::make_runner();
  const auto templater = make_helm_templater(*runner, proc::find_in_path("helm"));
  const auto values = parameters();
  const auto json = yaml::to_json(values);
  std::vector<TemplateJob> jobs;
  const Row all[] = {
      {"{{ .name | b64enc }}", State::done, "d2Vi"},
      {"{{ range $i, $e := .list }}{{ $i }}={{ $e }};{{ end }}", State::done, "0=a;1=b;"},
      {"{{ printf \"%s_X\" .name | normalize }}", State::done, "web-x"},
      {"{{ toJson .team }}", State::done,
       "{\"big\":12345678901,\"id\":7,\"ratio\":0.25,\"true\":true}"},
      {"line one\n  {{ .name | indent 2 }}\n", State::done, "line one\n    web\n"},
      {"{{ if .empty }}a{{ else }}{{ .team.big }}{{ end }}", State::done, "1.2345678901e+10"},
  };
  for (const auto& row : all) {
    const auto prepared = prepare_for_helm(row.text, values, MissingKey::no_value);
    ASSERT_EQ(prepared.state, State::done) << prepared.text;
    jobs.push_back({prepared.text, json});
  }
  const auto results = templater->run(jobs);
  ASSERT_TRUE(results) << results.error().message;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    EXPECT_TRUE((*results)[i].ok) << (*results)[i].text;
    EXPECT_EQ((*results)[i].text, all[i].expected);
  }
}

TEST(HelmTemplater, TellsWhichTemplateFails) {
  if (proc::find_in_path("helm").empty()) {
    GTEST_SKIP() << "no helm on PATH";
  }
  const auto runner = proc::make_runner();
  const auto templater = make_helm_templater(*runner, proc::find_in_path("helm"));
  const std::vector<TemplateJob> jobs = {{"{{ nosuch .a }}", "{\"a\":1}"},
                                         {"{{ upper .a }}", "{\"a\":\"x\"}"}};
  const auto results = templater->run(jobs);
  ASSERT_TRUE(results) << results.error().message;
  EXPECT_FALSE((*results)[0].ok);
  EXPECT_NE((*results)[0].text.find("function \"nosuch\" not defined"), std::string::npos)
      << (*results)[0].text;
  EXPECT_TRUE((*results)[1].ok);
  EXPECT_EQ((*results)[1].text, "X");
}

}  // namespace
}  // namespace sluice::argo

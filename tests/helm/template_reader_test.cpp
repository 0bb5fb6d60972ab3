// SPDX-License-Identifier: Apache-2.0
#include "helm/template_reader.hpp"

#include "helm/chart_values.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace sluice::helm {
namespace {

ValuePath split(std::string_view text) {
  ValuePath path{""};
  for (const char c : text) {
    if (c == '.') {
      path.emplace_back();
    } else {
      path.back() += c;
    }
  }
  return path;
}

/// "a.b!" is read whole, "a.b" by its name, "-a.b" not at all.
void expect(const ValueReads& reads, std::string_view expected) {
  std::size_t at = 0;
  while (at < expected.size()) {
    const auto end = std::min(expected.find(' ', at), expected.size());
    auto word = expected.substr(at, end - at);
    at = end + 1;
    const bool none = word.starts_with('-');
    const bool whole = word.ends_with('!');
    word = word.substr(none ? 1 : 0, word.size() - (none ? 1 : 0) - (whole ? 1 : 0));
    const auto path = split(word);
    SCOPED_TRACE(word);
    EXPECT_EQ(reads.takes_whole(path), whole);
    EXPECT_EQ(reads.names(path) || reads.takes_whole(path), !none);
  }
}

TEST(TemplateReader, FollowsValues) {
  const struct {
    std::string_view text, expected;
  } rows[] = {
      {"{{ .Values.a.b }}", "a a.b! -a.c -b"},
      {"{{ if .Values.a }}{{ $.Values.b }}{{ end }}", "a -a.x b!"},
      {"{{ if eq .Values.a.b \"x\" }}{{ end }}", "a.b -a.b.c"},
      {"{{ with .Values.a }}{{ .b }}{{ end }}", "a a.b! -a.c -b"},
      {"{{ with .Values.a }}{{ toYaml . }}{{ end }}", "a!"},
      {"{{ range .Values.a }}{{ .b }}{{ end }}", "a a.0.b! a.x -a.x.c"},
      {"{{ range $k, $v := .Values.a }}{{ $v.b }}{{ $.Values.c }}{{ end }}", "a.x.b! -a.x.c c!"},
      {"{{ $x := .Values.a }}{{ $x.b }}", "a.b! -a.c"},
      {"{{ $x := .Values.a }}{{ if .Values.z }}{{ $x = .Values.c }}{{ end }}{{ $x.b }}",
       "a.b! c.b! z -z.b"},
      {"{{ $v := .Values }}{{ $v.a.b }}", "a.b! -b"},
      {"{{ .Values.a | default .Values.b | quote }}", "a! b!"},
      {"{{ (or .Values.a .Values.b).c }}", "a.c! b.c! -a.d"},
      {"{{ (coalesce .Values.a .Values.b).c }}", "a.c! b.c!"},
      {"{{ (ternary .Values.a .Values.b .Values.t).c }}", "a.c! b.c! t -t.c"},
      {"{{ (merge (dict) .Values.a .Values.b).c }}", "a.c! b.c! -a.d"},
      {"{{ (deepCopy .Values.a | mergeOverwrite .Values.b).c }}", "a.c! b.c!"},
      {"{{ toYaml (omit .Values.a \"b\") }}", "a!"},
      {"{{ toYaml (pick .Values.a \"b\") }}", "a.b! -a.c"},
      {"{{ index .Values \"a-b\" \"c\" }}", "a-b.c! -a-b.d"},
      {"{{ (index .Values.a $x).c }}", "a.any.c! -a.any.d"},
      {"{{ index .Values $x }}", "-a -b.c"},  // left to the defaults
      {"{{ dig \"b\" \"c\" \"none\" .Values.a }}", "a.b.c! -a.b.d"},
      {"{{ get .Values.a \"b\" }}", "a.b! -a.c"},
      {"{{ if hasKey .Values.a \"b\" }}{{ end }}", "a.b -a.b.c -a.c"},
      {"{{ (first (pluck \"x\" .Values.a .Values.b)).c }}", "a.x.c! b.x.c! -a.y.c"},
      {"{{ range values .Values.a }}{{ .b }}{{ end }}", "a.x.b! -a.x.c"},
      {"{{ range keys .Values.a }}{{ . }}{{ end }}", "a.x -a.x.y"},
      {"{{ (dict \"a\" .Values.x).a.b }}", "x.b! -x.c"},
      {"{{ range list .Values.a .Values.b }}{{ .c }}{{ end }}", "a.c! b.c!"},
      {"{{ range concat .Values.a .Values.b }}{{ .c }}{{ end }}", "a.0.c! b.0.c!"},
      {"{{ $d := dict }}{{ $_ := set $d \"k\" .Values.a }}{{ $d.k.b }}", "a.b! -a.c"},
      {"{{ tpl .Values.a . }}", "a! -b"},
      {"{{ tpl (toYaml .Values.a) . }}", "a!"},
      {"{{ sha256sum (toYaml .Values) }}", "a! b.c!"},
      {"{{ someday .Values.a }}", "a!"},
      {"{{ .Release.Name }}{{ .Chart.Name }}{{ .Values.a.b.c }}", "a.b.c! -Name"},
      {"{{ .Subcharts.web.Values.a }}", "web.a! -a"},
      {"{{ .Files.Get .Values.a }}", "a!"},
      {"{{ define \"n\" }}{{ .b }}{{ end }}{{ include \"n\" .Values.a }}", "a.b! -a.c -b"},
      {"{{ define \"n\" }}{{ .b }}{{ end }}{{ template \"n\" .Values.a }}", "a.b! -a.c"},
      {"{{ define \"n\" }}{{ .v.b }}{{ .ctx.Values.c }}{{ end }}"
       "{{ include \"n\" (dict \"v\" .Values.a \"ctx\" $) | nindent 4 }}",
       "a.b! c! -a.c -b"},
      {"{{ define \"n\" }}{{ .Values.a }}{{ include \"n\" . }}{{ end }}{{ include \"n\" . }}",
       "a!"},
      {"{{ define \"n\" }}{{ include \"n\" (dict \"x\" .) }}{{ end }}{{ include \"n\" .Values.a }}",
       "-b"},
      {"{{ define \"n\" }}{{ .Values.a }}{{ end }}{{ include (printf \"%s\" .Values.which) . }}",
       "a! which!"},
      {"{{ define \"n\" }}{{ .Values.a }}{{ end }}{{ include (print $.Template.BasePath \"/x\") . "
       "}}",
       "-a"},
      {"{{ block \"n\" .Values.a }}{{ .b }}{{ end }}", "a.b! -b"},
      {"{{ .Values.a.b }} {{ if }}", "a.b! -a.c"},  // no template: searched for the words
  };
  for (const auto& [text, expected] : rows) {
    SCOPED_TRACE(text);
    ValueReads reads;
    read_templates({{{}, text}}, reads);
    expect(reads, expected);
  }
}

TEST(TemplateReader, KnowsWhereAChartsValuesStand) {
  ValueReads reads;
  read_templates({{{"web", "db"}, "{{ .Values.a }}{{ .Values.global.x }}{{ include \"n\" . }}"},
                  {{}, "{{ define \"n\" }}{{ .Values.b }}{{ end }}"}},
                 reads);
  expect(reads, "web.db.a! -a web.db.global.x! web.global.x! global.x! web.db.b! -b");
}

TEST(TemplateReader, IsBoundedOnHostileTemplates) {
  std::string calls = "{{ define \"n0\" }}{{ .Values.a }}{{ end }}";
  for (int i = 1; i < 60; ++i) {  // 2^60 calls, were they not remembered or counted
    const auto below = "\"n" + std::to_string(i - 1) + "\"";
    calls += "{{ define \"n" + std::to_string(i) + "\" }}{{ include " + below +
             " (dict \"l\" . \"Values\" .Values) }}{{ include " + below +
             " (dict \"r\" . \"Values\" .Values) }}{{ end }}";
  }
  calls += "{{ include \"n59\" . }}";
  std::string loops;
  for (int i = 0; i < 150; ++i) {
    loops += "{{ range .Values.a }}{{ $x = .b }}";
  }
  for (int i = 0; i < 150; ++i) {
    loops += "{{ end }}";
  }
  loops = "{{ $x := 1 }}" + loops;
  const auto start = std::chrono::steady_clock::now();
  for (const auto& text : {calls, loops}) {
    ValueReads reads;
    read_templates({{{}, text}}, reads);
    expect(reads, "a!");
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

}  // namespace
}  // namespace sluice::helm

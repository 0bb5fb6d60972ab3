// SPDX-License-Identifier: Apache-2.0
#include "gotemplate/parse.hpp"

#include <gtest/gtest.h>

namespace sluice::gotemplate {
namespace {

std::string show(const Expression& expression) {
  using Kind = Expression::Kind;
  std::string out;
  switch (expression.kind) {
    case Kind::dot:
      return ".";
    case Kind::variable:
      return expression.name;
    case Kind::text:
      return '"' + expression.name + '"';
    case Kind::literal:
      return "_";
    case Kind::fields:
      out = show(expression.arguments.front());
      for (const auto& name : expression.names) {
        out += '/' + name;
      }
      return out;
    case Kind::call:
    case Kind::method:
      out = '(' + expression.name;
      for (const auto& argument : expression.arguments) {
        out += ' ' + show(argument);
      }
      return out + ')';
  }
  return out;
}

std::string show(const std::vector<Node>& nodes) {
  constexpr std::string_view words[] = {"", "if", "range", "with", "define", "template"};
  std::string out;
  for (const auto& node : nodes) {
    out += std::string(words[static_cast<int>(node.kind)]) + node.name;
    for (const auto& variable : node.variables) {
      out += variable;
    }
    out += node.sets == Node::Sets::declares ? ":=" : node.sets == Node::Sets::assigns ? "=" : "";
    out += show(node.pipeline);
    if (!node.body.empty() || !node.otherwise.empty()) {
      out += '{' + show(node.body) + "}{" + show(node.otherwise) + '}';
    }
    out += ';';
  }
  return out;
}

TEST(Parse, ReadsActions) {
  const struct {
    std::string_view text, expected;
  } rows[] = {
      {"plain", ""},
      {"{{ .Values.a.b }}", "./Values/a/b;"},
      {"{{- $.Values.a -}}", "$/Values/a;"},
      {"{{ $x.a }}", "$x/a;"},
      {"{{ .a | default \"x\" | quote }}", "(quote (default \"x\" ./a));"},
      {"{{ (index .Values \"a-b\").c }}", "(index ./Values \"a-b\")/c;"},
      {"{{ index .a 0 (list 1 true) }}", "(index ./a _ (list _ _));"},
      {"{{ .Files.Get \"x\" }}", "( ./Files/Get \"x\");"},
      {"{{ $a := .b }}{{ $a = 1 }}", "$a:=./b;$a=_;"},
      {"{{ if .a }}{{ .b }}{{ else if .c }}{{ .d }}{{ else }}{{ .e }}{{ end }}",
       "if./a{./b;}{if./c{./d;}{./e;};};"},
      {"{{ range $k, $v := .m }}{{ $k }}{{ break }}{{ else }}{{ . }}{{ end }}",
       "range$k$v:=./m{$k;}{.;};"},
      {"{{ with $x := .a }}{{ . }}{{ end }}", "with$x:=./a{.;}{};"},
      {"{{ define \"n\" }}{{ . }}{{ end }}{{ template \"n\" .a }}", "definen_{.;}{};templaten./a;"},
      {"{{ block \"n\" .a }}{{ .b }}{{ end }}", "definen_{./b;}{};templaten./a;"},
      {"{{/* {{ not this */}}{{ .a }}", "./a;"},
      {"{{ regexMatch \"\\\\d+\\x\" .a }}", "(regexMatch _ ./a);"},
  };
  for (const auto& [text, expected] : rows) {
    SCOPED_TRACE(text);
    const auto nodes = parse(text);
    ASSERT_TRUE(nodes);
    EXPECT_EQ(show(*nodes), expected);
  }
}

TEST(Parse, RefusesWhatGoRefuses) {
  std::string deep;
  for (int i = 0; i < 100'000; ++i) {
    deep += "{{ if .a }}";
  }
  for (const auto& text : std::vector<std::string>{
           "{{ .a", "{{ if .a }}", "{{ end }}", "{{ else }}", "{{ (.a }}", "{{ .a ) }}",
           "{{ | .a }}", "{{ .a | }}", "{{ define x }}{{ end }}", "{{ if }}{{ end }}",
           "{{ \"open }}", deep, "{{ " + std::string(100'000, '(') + " }}"}) {
    SCOPED_TRACE(text.substr(0, 40));
    EXPECT_FALSE(parse(text));
  }
}

}  // namespace
}  // namespace sluice::gotemplate

// SPDX-License-Identifier: Apache-2.0
#include "helm/unstable_calls.hpp"

#include <gtest/gtest.h>

namespace sluice::helm {
namespace {

std::string shown(const std::vector<UnstableCall>& calls) {
  std::string text;
  for (const auto& call : calls) {
    text += (text.empty() ? "" : " ") + call.function + "@" + call.file + ":" +
            std::to_string(call.line);
  }
  return text;
}

TEST(UnstableCalls, AreFoundBehindAField) {
  const UnstableCalls calls({
      {"templates/secret.yaml",
       "# now and then, {{/* now */}}\n"
       "{{- $ca := genCA \"web\" 365 }}\n"
       "{{- $cert := genSignedCert \"web\" nil nil 365 $ca }}\n"
       "data:\n"
       "  plain: {{ .Values.now }}\n"
       "  tls.crt: {{ $cert.Cert | b64enc }}\n"
       "  \"ca.crt\": {{ $ca.Cert | b64enc }}\n"
       "  password:\n"
       "    {{ include \"lib.password\" . }}\n"
       "stringData:\n"
       "  {{- include \"lib.all\" . | nindent 2 }}\n"},
      {"templates/deployment.yaml",
       "checksum: {{ include (print $.Template.BasePath \"/secret.yaml\") . | sha256sum }}\n"
       "built: {{ now | date \"2006\" }}\n"},
      {"templates/NOTES.txt", "{{ uuidv4 }}"},
      {"charts/lib/templates/_helpers.tpl",
       "{{ define \"lib.all\" }}\ntoken: {{ if .a }}{{ template \"lib.password\" . }}{{ end }}\n"
       "{{ end }}\n{{ define \"lib.password\" }}{{ randAlphaNum 10 }}{{ end }}\n"
       "{{ define \"lib.unused\" }}{{ lookup \"v1\" \"Secret\" \"\" \"\" }}{{ end }}\n"},
  });
  const std::string password = "randAlphaNum@charts/lib/templates/_helpers.tpl:4";
  const std::string ca = "genCA@templates/secret.yaml:2";
  const struct {
    std::string file, pointer, calls;
    std::uint32_t line;
  } rows[] = {
      {"templates/secret.yaml", "/data/tls.crt", ca + " genSignedCert@templates/secret.yaml:3", 6},
      {"templates/secret.yaml", "/data/ca.crt", ca, 7},
      {"templates/secret.yaml", "/data/password", password, 8},
      {"templates/secret.yaml", "/stringData/token", password, 10},
      {"templates/secret.yaml", "/elsewhere/0",
       ca + " genSignedCert@templates/secret.yaml:3 " + password, 0},
      {"templates/deployment.yaml", "/checksum",
       ca + " genSignedCert@templates/secret.yaml:3 " + password, 1},
      {"templates/deployment.yaml", "/built", "now@templates/deployment.yaml:2", 2},
  };
  for (const auto& row : rows) {
    const auto behind = calls.behind(row.file, row.pointer);
    EXPECT_EQ(shown(behind.calls), row.calls) << row.pointer;
    EXPECT_EQ(behind.line, row.line) << row.pointer;
  }
  EXPECT_TRUE(calls.may_differ());
  EXPECT_EQ(calls.reached().size(), 4U);  // neither that of NOTES.txt nor that of lib.unused
}

TEST(UnstableCalls, EndWhereTemplatesGoRound) {
  const UnstableCalls calls({
      {"templates/a.yaml",
       "{{ include \"a\" . }}{{ include (print $.Template.BasePath \"/a.yaml\") . }}"},
      {"templates/_b.tpl",
       "{{ define \"a\" }}{{ include \"b\" . }}{{ end }}{{ define \"b\" }}{{ "
       "include \"a\" . }}{{ .Capabilities.KubeVersion.Version }}{{ end }}"},
      {"templates/c.yaml", "{{ broken"},
  });
  EXPECT_EQ(shown(calls.reached()), ".Capabilities.KubeVersion@templates/_b.tpl:1");
  EXPECT_FALSE(calls.may_differ());
}

TEST(UnstableCalls, AreFoundInTimeInHostileCharts) {
  std::string chain;
  std::string keys;
  for (int i = 0; i < 30'000; ++i) {
    const auto name = std::to_string(i);
    chain += "{{ define \"" + name + "\" }}{{ include \"" + std::to_string(i + 1) +
             "\" . }}{{ include \"/x.yaml\" . }}{{ end }}";
    keys += std::string(static_cast<std::size_t>(i % 200), ' ') + "a:\n";
  }
  const UnstableCalls calls({
      {"templates/_chain.tpl", chain + "{{ define \"30000\" }}{{ uuidv4 }}{{ end }}"},
      {"templates/x.yaml", keys + "{{ $x := include \"0\" . }}{{ $y := $x }}\na: {{ $y }}"},
  });
  EXPECT_EQ(calls.reached().size(), 1U);
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(calls.behind("templates/x.yaml", "/a/a/a/a/a/a/a/a/a/b").calls.size(), 1U);
  }
}

}  // namespace
}  // namespace sluice::helm

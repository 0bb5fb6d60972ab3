// SPDX-License-Identifier: Apache-2.0
#include "helm/freeze.hpp"

#include <gtest/gtest.h>

namespace sluice::helm {
namespace {

TEST(Freeze, ReplacesRandomFunctionsOnly) {
  const struct {
    std::string_view text, expected;
  } rows[] = {
      {"{{ randAlphaNum 8 | b64enc }}", "{{ printf \"rnd%v\" 8 | b64enc }}"},
      {"{{ $ca := genCA \"web\" 365 }}{{ $ca.Cert }}",
       "{{ $ca := dict \"Cert\" \"CERT\" \"Key\" \"KEY\" \"web\" 365 }}{{ $ca.Cert }}"},
      {"a: {{ now | date \"2006\" }} uuidv4",
       "a: {{ (toDate \"2006-01-02\" \"2020-01-01\") | date \"2006\" }} uuidv4"},
      {"{{ uuidv4 }}-{{ htpasswd .a .b }}", "{{ print }}-{{ print .a .b }}"},
  };
  for (const auto& [text, expected] : rows) {
    EXPECT_EQ(freeze_template(text), std::string(expected));
  }
  for (const std::string_view text :
       {"now", "{{ .Values.now }}", "{{ \"now\" }}", "{{ $now }}", "{{/* now */}}", "{{ now"}) {
    EXPECT_FALSE(freeze_template(text)) << text;
  }
}

}  // namespace
}  // namespace sluice::helm

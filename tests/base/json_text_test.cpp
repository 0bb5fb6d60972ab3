// SPDX-License-Identifier: Apache-2.0
#include "base/json_text.hpp"

#include <gtest/gtest.h>

namespace sluice::text {
namespace {

TEST(AppendUtf8, Table) {
  const std::pair<std::uint32_t, std::string> rows[] = {
      {0x41, "A"},
      {0x7F, "\x7F"},
      {0x80, "\xC2\x80"},
      {0x7FF, "\xDF\xBF"},
      {0x800, "\xE0\xA0\x80"},
      {0xFFFD, "\xEF\xBF\xBD"},
      {0x10000, "\xF0\x90\x80\x80"},
      {0x10FFFF, "\xF4\x8F\xBF\xBF"},
  };
  for (const auto& [code_point, bytes] : rows) {
    SCOPED_TRACE(code_point);
    std::string out = ">";
    append_utf8(code_point, out);
    EXPECT_EQ(out, ">" + bytes);
  }
}

TEST(AppendJsonString, Table) {
  struct Row {
    std::string text, needed, go;
  };
  const Row rows[] = {
      {"", R"("")", R"("")"},
      {"a\"b\\c", R"("a\"b\\c")", R"("a\"b\\c")"},
      {"\n\r\t", R"("\n\r\t")", R"("\n\r\t")"},
      {"\b\f\x01\x1F", R"("\u0008\u000c\u0001\u001f")", R"("\b\f\u0001\u001f")"},
      {"<&>", R"("<&>")", R"("\u003c\u0026\u003e")"},
      {"\xE2\x80\xA8\xE2\x80\xA9", R"("\u2028\u2029")", R"("\u2028\u2029")"},
      {"\xEF\xBB\xBF\xEF\xBF\xBE\xEF\xBF\xBF", R"("\ufeff\ufffe\uffff")",
       "\"\xEF\xBB\xBF\xEF\xBF\xBE\xEF\xBF\xBF\""},
      {"\xC2\x80\xC2\x85\xC2\x9F\xC2\xA0\xC2", "\"\\u0080\\u0085\\u009f\xC2\xA0\xC2\"",
       "\"\xC2\x80\xC2\x85\xC2\x9F\xC2\xA0\xC2\""},
      {"\xE2\x80\xA6\xE2", "\"\xE2\x80\xA6\xE2\"", "\"\xE2\x80\xA6\xE2\""},
      {"\xC2t\xC2\xC2\xE2t", "\"\xC2t\xC2\xC2\xE2t\"",
       "\"\xC2t\xC2\xC2\xE2t\""},  // no UTF-8: as it is
      {"\x7F", R"("\u007f")", "\"\x7F\""},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.needed);
    std::string needed;
    append_json_string(row.text, needed);
    EXPECT_EQ(needed, row.needed);
    std::string go;
    append_json_string(row.text, go, JsonEscapes::go);
    EXPECT_EQ(go, row.go);
  }
}

}  // namespace
}  // namespace sluice::text

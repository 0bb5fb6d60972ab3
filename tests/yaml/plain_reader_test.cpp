// SPDX-License-Identifier: Apache-2.0
// The quick reader of plain documents gives what libyaml gives, node for node, or leaves the
// document to it.
#include "io/files.hpp"
#include "support/same_reading.hpp"
#include "yaml/split.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <random>
#include <string>
#include <vector>

namespace sluice::yaml {
namespace {

using test::compare_readings;
using test::Reading;

const char* const read_here[] = {
    "a: 1\n",
    "# b\n\na:   1   # c\nb: x#y\nc: http://d:80/e?f=[1]\n",
    "a:\nb:   \nc: # d\ne:\n  f: ~\n  g:\nh:\n",
    "a:\n- b\n- c: 1\n  d: 2\n-\n- e\n",
    "a:\n  - b\n  - -1\n  -   c:   x\n      d:\n      - e\n      -\n\nf: --g\n",
    "- 1\n-\n  a: b\n- 'c'  \n- \"d\" # e\n",
    "  a: 1\n  b:\n     c: 2\n",
    "a: |\n  b\n    c\n\n   \n  d\n\n\ne: |-\n  f\n\ng: |+\n  h\n\n\ni: 1\n",
    "a: |\n\n  b\n# c\nd: |\n e\n",
    "- |\n x\n- k: |\n   y\n  l: |\n    z\n",
    "a: {}\nb: []  # c\nyes: no\n012: 0x1F\n1.50: .5\n",
    "a: b # c\n# d\n  # e\nf: g\n",
    "a:\n  {}\nb:\n  - c:\n      'd'\n    e:\n      f # g\n  -\n   h\n",
    "\"a b\": 1\n'c': 'it''s'\n'd''e':\n- '''' \n",
    "a: \xC3\xA9 x\n# \xF0\x9F\x98\x80\tb\nc: |\n  \xE2\x82\xAC\n  d\n  \te\n",
    "a:\n  |\n  b\nc: d\n",
    "a: x[}\"'\nb: x]\n",
    "a: b\n  c\n",
    "a: b  \n\n   \n c#d\n  - e # f\ng: h\n",
    "a: b\n  c#d\n   # e\nf: g\n",
    "a: 1\n\n  2\nc: 2\n 3\n",
    "a:\n  b\n  c\nd:\n- e\n f\n- g: h\n   i\n  j: k\n\n   l\n",
    "a:\n- 1\n  - 2\n",
    "a: 'b\n  c'\n",
    "a: \"  b  \n\n\n   c: @d  \n  e'' \" # f\ng: ' h''''\n  ''i \n  '\n",
    "- '\n a'\n- \"\n\n a\n \"\n",
    "a: \"\\n\\t\\\\ \\\" \\ b\"\n\"c\\\\\": d\n",
    "a: \"b  \\\n  \\ c\\n\\\n\n   d \\\\  \n  e\"\n",
    "a: [1]\nb: {c: 1}\n",
    "a: [ 1 , 'b c' ,\"d\",-2 ]  # e\n",
    "- {a: b c, d/e.f: [g, {}], h: registry.example.com/i:1.0}\n- [x:y, a*.z]\n",
    "a:\n  {yes: no, 012: 0x1F, 'b': 1.50}\n",
};

const char* const left_to_libyaml[] = {
    "a: [1, ]\n",
    "a: [b: 1]\n",
    "a: {b}\n",
    "a: {b: , c: 1}\n",
    "a: {b : 1}\n",
    "a: {\"b\":1}\n",
    "a: {b: 1, b: 2}\n",
    "a: [1]: 2\n",
    "a: [1\n  ]\n",
    "a: [b #c]\n",
    "a: [- b]\n",
    "a: [&b 1]\n",
    "a: ['b''c']\n",
    "a: {<<: b}\n",
    "a: b: c\n",
    "a: \xE2\x80\xA8 b\n",

    "a: &x 1\n",
    "a: !!str 1\n",
    "a: >\n  b\n",
    "a: |2\n    b\n",
    "a:\tb\n",
    "a: \xC3\n",
    "a: \xC2\x85 b\n",
    "a: b\tc\n",
    "a: |\n  \tb\n",
    "a: \'b\tc\'\n",
    "a: |\n  b\n\tc\n",
    "a: b",
    "a: |\n",
    "a: |\n   \n  b\n",
    "a: - b\n",
    "a: b:\n",
    "a: @b\n",
    "? a\n",
    "a: 1\n b: 2\n",
    "a: b # c\n  d\n",
    "a: b\n  # c\n  d\n",
    "a: b\n  c: d\n",
    "a: b\n  c:\n",
    "a: b\n  c\td\n",
    "a: 'b\n\n",
    "a: 'b\nc'\n",
    "a: 'b\n  # c'\n",
    "a: 'b\n  c': d\n",
    "a: \"b\\ \n  c\"\n",
    "a: \"\\x41\"\n",
    "a: \"\\/\"\n",
    "'a\n  b': c\n",
    "  a: 1\nb: 2\n",
    "a: 1\n...\n",
    "a\n",
    "- 1\na: 2\n",
    "a: 1\na: 2\n",
    "a: \"b\" c\n",
    "a: 'b': c\n",
    "a: []x\n",
    "a:\n{}\n",
    "{}\n",
    "<<: 1\n",
    "a: 1\n- b\n",
    "a:\n    b: 1\n  c: 2\n",
};

TEST(PlainReader, ReadsPlainDocumentsAsLibyamlDoes) {
  for (const auto* text : read_here) {
    EXPECT_EQ(compare_readings(text), Reading::same) << text;
  }
}

TEST(PlainReader, LeavesTheRestToLibyaml) {
  for (const auto* text : left_to_libyaml) {
    EXPECT_EQ(compare_readings(text), Reading::left_to_libyaml) << text;
  }
}

/// Lines put together at random: most are errors, and many are not.
TEST(PlainReader, RandomLines) {
  const std::vector<std::string> pieces{
      "a:",      "b: 1",     "- ",       "-",        "- c: d",    "e: |",
      "f: |-",   "g: |+",    "'h'",      "\"i\"",    "# j",       "{}",
      "[]",      "k",        "'l l': 1", "\"m\":",   "n: 'o''p'", "q: \xC3\xA9",
      "\tr",     "s: |+",    "l: {}",    "m: -n",    "o: # p",    "q: 'r' # s",
      "",        "t: u v",   "true: ~",  "- - w",    "x: y: z",   "- []",
      "- |",     "'y",       "z'",       "\"a",      "b\"",       "''c",
      "d e: f'", "- 'g",     "h: \"i",   "j:  k  l", "- m  n",    "n #o",
      "p\\",     "q: \"r\\", "\\ s\\n\""};
  std::mt19937 random(7);
  const auto below = [&](std::size_t n) { return random() % n; };
  int same = 0;
  for (int round = 0; round < 60'000; ++round) {
    std::string text;
    std::size_t indent = 0;
    for (auto lines = 1 + below(7); lines > 0; --lines) {
      const auto step = below(6);
      indent = step == 0                  ? indent + 2
               : step == 1                ? indent + 1
               : step == 2                ? 0
               : step == 3 && indent >= 2 ? indent - 2
                                          : indent;
      text += std::string(indent, ' ') + pieces[below(pieces.size())] +
              (below(8) == 0 ? "  " : "") + '\n';
    }
    const auto reading = compare_readings(text);
    ASSERT_NE(reading, Reading::different) << text;
    same += reading == Reading::same ? 1 : 0;
  }
  EXPECT_GT(same, 5'000);
}

/// Label corpus: real documents, and how many of their bytes the quick reader takes.
TEST(PlainReaderCorpus, RealDocuments) {
  const char* corpus = std::getenv("SLUICE_CORPUS");
  if (corpus == nullptr) {
    GTEST_SKIP() << "skipped: SLUICE_CORPUS names no corpus";
  }
  const std::string root = std::string(corpus) + "/manifests/";
  const auto entries = io::walk(root, [](std::string_view) { return true; });
  ASSERT_TRUE(entries.has_value());
  std::size_t all = 0;
  std::size_t quick = 0;
  for (const auto& entry : *entries) {
    auto bytes = entry.kind == io::EntryKind::file ? io::read_file(root + entry.path)
                                                   : Result<std::string>(std::string{});
    const Source source(entry.path, bytes ? std::move(*bytes) : std::string{});
    const auto cut = split(source);
    for (std::size_t i = 0; cut && i < cut->chunks.size(); ++i) {
      const auto& chunk = cut->chunks[i];
      const auto text = source.bytes().substr(chunk.begin, chunk.end - chunk.begin);
      const auto reading = compare_readings(text);
      EXPECT_NE(reading, Reading::different) << entry.path << " at byte " << chunk.begin;
      all += text.size();
      quick += reading == Reading::same ? text.size() : 0;
    }
  }
  RecordProperty("percent", static_cast<int>(quick * 100 / std::max<std::size_t>(all, 1)));
  EXPECT_GT(quick * 10, all) << quick << " of " << all << " bytes";
  std::puts(("quick: " + std::to_string(quick) + " of " + std::to_string(all) + " bytes").c_str());
}

}  // namespace
}  // namespace sluice::yaml

// SPDX-License-Identifier: Apache-2.0
#include "yaml/parse.hpp"

#include "base/sha256.hpp"
#include "yaml/canonical.hpp"

#include <gtest/gtest.h>

#include <string>

namespace sluice::yaml {
namespace {

/// Each document as canonical JSON on a line, then each finding as "line:column message [code]".
std::string show(const std::string& text,
                 const std::string& file = "in.yaml",
                 const Limits& limits = {}) {
  const auto stream = parse(text, file, limits);
  if (!stream) {
    return "error: " + stream.error().message;
  }
  std::string out;
  for (const auto& document : stream->documents) {
    append_canonical_json(document, document.root(), out);
    out += '\n';
  }
  for (const auto& finding : stream->findings) {
    out += std::to_string(finding.location.line) + ':' + std::to_string(finding.location.column) +
           ' ' + finding.message + " [" + finding.code + "]\n";
  }
  return out;
}

struct Row {
  const char* name;
  std::string text;
  std::string expected;
};

const Row accepted[] = {
    {"nothing", "", ""},
    {"comments only", "# a\n---\n# b\n", ""},
    {"null document", "---\n~\n---\na: 1\n", "{\"a\":1}\n"},
    {"booleans of YAML 1.1", "[y, Yes, on, TRUE, n, No, off, False]",
     "[true,true,true,true,false,false,false,false]\n"},
    {"words that are none", "[Y1, yess, oN, tRUE, None, nULL]",
     "[\"Y1\",\"yess\",\"oN\",\"tRUE\",\"None\",\"nULL\"]\n"},
    {"nulls", "[~, null, Null, NULL, ]", "[null,null,null,null]\n"},
    {"integers", "[0, 0644, 0o17, 0x1F, 0b101, 1_000, -0, +5, 18446744073709551615]",
     "[0,420,15,31,5,1000,0,5,18446744073709551615]\n"},
    {"not octal", "[08, 0o8, 0x, 0xg]", "[8,\"0o8\",\"0x\",\"0xg\"]\n"},
    {"reals", "[1.5, 3.0, 1e2, .5, 1., 1_0.5, -2.50, 1e+3]", "[1.5,3,100,0.5,1,10.5,-2.5,1000]\n"},
    {"text that looks like more", "[1:30, 2001-01-01, 1.2.3, 1e, -, ., 12a, _1]",
     "[\"1:30\",\"2001-01-01\",\"1.2.3\",\"1e\",\"-\",\".\",\"12a\",\"_1\"]\n"},
    {"quoted is text", "['1', \"yes\", '~']", "[\"1\",\"yes\",\"~\"]\n"},
    {"keys become text", "yes: 1\n0x10: 2\n1.50: 3\n", "{\"1.5\":3,\"16\":2,\"true\":1}\n"},
    {"tags", "[!!str 1, !custom 1, !!int 7, !!float 1, !!binary aGk=]",
     "[\"1\",\"1\",7,1,\"hi\"]\n"},
    {"the tag ! makes text", "[! 12, ! \"12\", &a ! true, ! &b true, &c 12]",
     "[\"12\",\"12\",\"true\",\"true\",12]\n"},
    {"binary that is no text", "a: !!binary w6n/7aCA\n",
     "{\"a\":\"é\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"}\n"},
    {"directives of the next document",
     "a: 1\n...\n# b\n%TAG ! tag:example.com,2000:\n---\n!x b: 2\n", "{\"a\":1}\n{\"b\":2}\n"},
    {"question marks outside of flow style", "a: b?c\nd?: [\"e?f\"]\n",
     "{\"a\":\"b?c\",\"d?\":[\"e?f\"]}\n"},
    {"escapes", "a: \"\\\\/ \\x41\"\n", "{\"a\":\"\\\\/ A\"}\n"},
    {"anchors", "a: &x {k: [1]}\nb: *x\n", "{\"a\":{\"k\":[1]},\"b\":{\"k\":[1]}}\n"},
    {"an anchor again", "[&a 1, *a, &a 2, *a]", "[1,1,2,2]\n"},
    {"merge: own keys win", "b: &b {x: 1, z: 2}\nc: {<<: *b, z: 3}\n",
     "{\"b\":{\"x\":1,\"z\":2},\"c\":{\"x\":1,\"z\":3}}\n"},
    {"merge: earlier mappings win", "a: &a {x: 1}\nb: &b {x: 2, z: 2}\nc: {<<: [*a, *b]}\n",
     "{\"a\":{\"x\":1},\"b\":{\"x\":2,\"z\":2},\"c\":{\"x\":1,\"z\":2}}\n"},
    {"merge: own keys before it stay", "a: &a {x: 1}\nc: {w: 2, <<: *a, x: 3}\n",
     "{\"a\":{\"x\":1},\"c\":{\"w\":2,\"x\":3}}\n"},
    {"merge: twice", "a: &a {x: 1}\nb: &b {w: 2}\nc: {<<: *a, <<: *b, x: 3}\n",
     "{\"a\":{\"x\":1},\"b\":{\"w\":2},\"c\":{\"w\":2,\"x\":3}}\n"},
    {"block scalars", "a: |\n  x\n  y\nb: >-\n  x\n  y\n", "{\"a\":\"x\\ny\\n\",\"b\":\"x y\"}\n"},
    {"a separator inside a block scalar", "a: |\n  ---\n  b\n", "{\"a\":\"---\\nb\\n\"}\n"},
    {"several documents, CRLF, a byte-order mark",
     "\xEF\xBB\xBF"
     "a: 1\r\n---\r\nb: 2\r\n",
     "{\"a\":1}\n{\"b\":2}\n"},
    {"a byte-order mark before several keys",
     "\xEF\xBB\xBF"
     "a: 1\nb: {c: 2}\n",
     "{\"a\":1,\"b\":{\"c\":2}}\n"},
    {"end markers", "a: 1\n...\n---\nb: 2\n...\n", "{\"a\":1}\n{\"b\":2}\n"},
    {"a JSON stream", "{\"a\":1}\n{\"b\":[true,null,-1.5e1]} {\"c\":\"\\u00e9\\ud83d\\ude00\\/\"}",
     "{\"a\":1}\n{\"b\":[true,null,-15]}\n{\"c\":\"é😀/\"}\n"},
    {"a flow mapping that is no JSON", "{a: 1, b: [x]}\n", "{\"a\":1,\"b\":[\"x\"]}\n"},
    {"a key longer than libyaml allows, in JSON", "{\"" + std::string(2000, 'k') + "\":1}",
     "{\"" + std::string(2000, 'k') + "\":1}\n"},
};

const Row refused[] = {
    {"duplicate key", "a: 1\nb: 2\na: 3\n",
     "3:1 key \"a\" stands twice in the same mapping (first in line 1) [yaml/duplicate-key]\n"},
    {"duplicate among many",
     "{a: 1, b: 1, c: 1, d: 1, e: 1, f: 1, g: 1, h: 1, i: 1, j: 1, k: 1, l: 1, m: 1,\n c: 2}",
     "2:2 key \"c\" stands twice in the same mapping (first in line 1) [yaml/duplicate-key]\n"},
    {"duplicate after conversion", "1: a\n\"1\": b\n",
     "2:1 key \"1\" stands twice in the same mapping (first in line 1) [yaml/duplicate-key]\n"},
    {"the others are still read", "a: [\n---\nb: 2\n",
     "{\"b\":2}\n2:1 did not find expected node content while parsing a flow node [yaml/syntax]\n"},
    {"text on a separator line", "a: 1\n--- b: 2\nc: 3\n",
     "{\"a\":1}\n{\"c\":3}\n2:1 text after a document separator: \"b: 2\" [yaml/separator]\n"},
    {"text after the end", "a: 1\n...\nb: 2\n",
     "3:1 text after the end of the document [yaml/trailing-text]\n"},
    {"no number of JSON", "a: .inf\n",
     "1:4 number \".inf\" cannot be held in JSON [yaml/number]\n"},
    {"key without a scalar", "[a]: 1\n", "1:1 a key is not a scalar [yaml/key]\n"},
    {"empty key", "? ~\n: 1\n", "1:3 a key is empty [yaml/key]\n"},
    {"unknown alias", "a: *b\n", "1:4 alias \"b\" has no anchor before it [yaml/syntax]\n"},
    {"anchor in itself", "a: &a [*a]\n", "1:8 anchor \"a\" contains itself [yaml/syntax]\n"},
    {"merge of a scalar", "a: {<<: 1}\n",
     "1:9 a merge key (<<) needs a mapping or a list of mappings [yaml/merge]\n"},
    {"merge over a key before it", "a: &a {x: 1}\nb: {x: 2, <<: *a}\n",
     "2:15 the key \"x\" stands before a merge key (<<) that sets it too: Kubernetes takes the "
     "merged "
     "value, others take the first [yaml/merge]\n"},
    {"merge of a list over a key before it",
     "a: &a {x: 1}\nb: &b {w: 2}\nc: {w: 3, <<: [*a, *b]}\n",
     "3:15 the key \"w\" stands before a merge key (<<) that sets it too: Kubernetes takes the "
     "merged "
     "value, others take the first [yaml/merge]\n"},
    {"merge over a merge before it", "a: &a {x: 1}\nb: &b {x: 2}\nc: {<<: *a, <<: *b}\n",
     "3:17 the key \"x\" stands before a merge key (<<) that sets it too: Kubernetes takes the "
     "merged "
     "value, others take the first [yaml/merge]\n"},
    {"an escape of JSON", "a: \"b\\/c\"\n",
     "1:6 the escape \\/ is known in JSON only [yaml/syntax]\n"},
    {"a question mark in flow style", "a: [http://b/?c]\n",
     "1:5 '?' stands in a plain scalar inside brackets or braces [yaml/syntax]\n"},
    {"a comma after a tag", "a: [!!str, b]\n",
     "1:5 ',' follows a tag without a space before it [yaml/syntax]\n"},
    {"wrong tag", "a: !!int x\n", "1:10 \"x\" cannot be read as !!int [yaml/syntax]\n"},
    {"tab", "a:\n\t- b\n",
     "2:1 found character that cannot start any token while scanning for the next token "
     "[yaml/syntax]\n"},
    {"NUL byte", std::string("a: \0b\n", 6),
     "1:4 the text is not UTF-8 that YAML allows: control characters are not allowed "
     "[yaml/encoding]\n"},
    {"UTF-16",
     std::string("\xFF\xFE"
                 "a\0:\0",
                 6),
     "1:1 the text is not UTF-8 that YAML allows: invalid leading UTF-8 octet [yaml/encoding]\n"},
    {"column in bytes after a byte-order mark",
     "\xEF\xBB\xBF"
     "a: 1\nb: *x\n",
     "2:4 alias \"x\" has no anchor before it [yaml/syntax]\n"},
    {"column in bytes after non-ASCII text", "é: [ü, *x]\n",
     "1:10 alias \"x\" has no anchor before it [yaml/syntax]\n"},
};

TEST(Parse, Accepts) {
  for (const auto& row : accepted) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(show(row.text), row.expected);
  }
}

TEST(Parse, FindsWhatIsWrong) {
  for (const auto& row : refused) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(show(row.text), row.expected);
  }
}

TEST(Parse, ReadsBrokenJsonAsAnError) {
  const Row rows[] = {
      {"cut off", "{\"a\": [1, 2",
       "1:12 JSON: the text ends in the middle of a value [yaml/syntax]\n"},
      {"missing comma", "{\"a\": 1 \"b\": 2}", "1:9 JSON: ',' or '}' is expected [yaml/syntax]\n"},
      {"trailing comma", "{\"a\": [1,]}", "1:10 JSON: a value is expected [yaml/syntax]\n"},
      {"leading zero", "{\"a\": 01}", "1:7 JSON: this is no number [yaml/syntax]\n"},
      {"control character", "{\"a\": \"\n\"}",
       "1:8 JSON: a control character stands in a string [yaml/syntax]\n"},
      {"unknown escape", "{\"a\": \"\\x\"}", "1:8 JSON: this escape is not known [yaml/syntax]\n"},
      {"duplicate key", "{\"a\": 1, \"a\": 2}",
       "1:10 key \"a\" stands twice in the same mapping (first in line 1) [yaml/duplicate-key]\n"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(show(row.text, "in.json"), row.expected);
  }
}

TEST(Parse, BoundsHostileDocuments) {
  std::string laughs = "a: &a [x, x, x, x, x, x, x, x, x, x]\n";
  for (char c = 'b'; c < 'l'; ++c) {
    laughs += std::string(1, c) + ": &" + c + " [";
    for (int i = 0; i < 10; ++i) {
      laughs += std::string(i == 0 ? "*" : ", *") + static_cast<char>(c - 1);
    }
    laughs += "]\n";
  }
  EXPECT_NE(show(laughs).find("[yaml/limit]"), std::string::npos);
  EXPECT_NE(show(std::string(10'000, '[')).find("nested more than 1000 levels deep [yaml/limit]"),
            std::string::npos);
  EXPECT_NE(show("{\"a\":" + std::string(10'000, '['))
                .find("nested more than 1000 levels deep [yaml/limit]"),
            std::string::npos);
  EXPECT_NE(
      show("a: " + std::string(100, 'x'), "in.yaml", {.document_bytes = 50}).find("[yaml/limit]"),
      std::string::npos);
  EXPECT_EQ(show("a: 1", "in.yaml", {.stream_bytes = 3}),
            "error: in.yaml has 4 bytes, more than the 3 allowed; raise --max-stream-size if this "
            "is meant");
}

TEST(Parse, DepthThroughAliasesCounts) {
  std::string text = "a0: &a0 [x]\n";
  for (int i = 1; i < 40; ++i) {
    text += 'a' + std::to_string(i) + ": &a" + std::to_string(i) + " [[[*a" +
            std::to_string(i - 1) + "]]]\n";
  }
  EXPECT_NE(show(text, "in.yaml", {.depth = 100}).find("levels deep through aliases [yaml/limit]"),
            std::string::npos);
}

TEST(Parse, GivesEveryNodeItsBytes) {
  const std::string text = "# c\nké: &x !!str 'v''w'\nlist:\n  - \"a\\n\"\n  - {k: plain text}\n";
  const auto stream = parse(text, "f.yaml");
  ASSERT_TRUE(stream && stream->documents.size() == 1);
  const auto& document = stream->documents[0];
  const auto& root = document.root();
  const auto bytes = [&](const Node& node) {
    return text.substr(node.span.begin, node.span.end - node.span.begin);
  };
  const auto* value = document.find(root, "ké");
  EXPECT_EQ(bytes(*value), "'v''w'");
  EXPECT_EQ(value->text, "v'w");
  EXPECT_EQ(document.in_stream(*value), (diag::Location{"f.yaml", 2, 15}));
  const auto items = document.children(*document.find(root, "list"));
  EXPECT_EQ(bytes(items[0]), "\"a\\n\"");
  EXPECT_EQ(bytes(items[1]), "{k: plain text}");
  EXPECT_EQ(bytes(*document.find(items[1], "k")), "plain text");
}

std::string rendered_stream(const std::string& body,
                            const std::string& end = "objects=1 skipped=2") {
  return "# sluice: stream v1\n" + body + "# sluice: end " + end + " sha256=" + hex(sha256(body)) +
         '\n';
}

TEST(Parse, TrustsRendersStreamsOnlyWhole) {
  const std::string body =
      "---\n# sluice: unit=apps/a%20b env=prod source=x/y.yaml:7 ns=web dest=in-cluster\na: "
      "1\nb:\n  c: 2\n";
  const auto stream = parse(rendered_stream(body), "-");
  ASSERT_TRUE(stream) << stream.error().message;
  EXPECT_TRUE(stream->from_render);
  EXPECT_EQ(stream->skipped, 2U);
  const auto& document = stream->documents.at(0);
  EXPECT_EQ(document.origin().unit, "apps/a b");
  EXPECT_EQ(document.origin().name_space, "web");
  EXPECT_EQ(document.where(*document.find(document.root(), {"b", "c"})),
            (diag::Location{"x/y.yaml", 9, 6}));

  const auto whole = rendered_stream(body);
  EXPECT_FALSE(parse(whole.substr(0, whole.size() - 1), "-"));
  EXPECT_FALSE(parse(whole.substr(0, whole.rfind("# sluice")), "-"));
  EXPECT_FALSE(parse(std::string(whole).replace(whole.find("a: 1"), 4, "a: 2"), "-"));
  EXPECT_FALSE(parse("# sluice: stream v1\n", "-"));
  EXPECT_FALSE(parse(rendered_stream(body, "objects=x skipped=0"), "-"));
  EXPECT_FALSE(parse(rendered_stream(body, "objects=2 skipped=0"), "-"));
}

TEST(Parse, TakesAPartOnlyWhenToldTo) {
  const auto part = rendered_stream("---\na: 1\n", "objects=1 skipped=0 unchanged=7");
  EXPECT_EQ(show(part, "in.yaml"),
            "error: in.yaml is a part: 7 units that did not change are not in it; say --partial if "
            "that is meant, or run sluice-render without --changed-since");
  const auto stream = parse(part, "in.yaml", {.partial = Partial::accept});
  ASSERT_TRUE(stream) << stream.error().message;
  EXPECT_EQ(stream->unchanged, 7U);
  EXPECT_FALSE(parse(rendered_stream("---\na: 1\n", "objects=1 skipped=0 unchanged=x"), "-"));
  const auto whole = parse(rendered_stream("---\na: 1\n", "objects=1 skipped=0 unchanged=0"), "-");
  ASSERT_TRUE(whole) << whole.error().message;
}

TEST(Parse, IgnoresProvenanceOutsideRendersStreams) {
  const auto stream = parse("---\n# sluice: unit=liar env=prod\na: 1\n", "in.yaml");
  ASSERT_TRUE(stream);
  EXPECT_EQ(stream->documents.at(0).origin().unit, "");
}

TEST(Parse, GivesTheSameForAnyNumberOfJobs) {
  std::string text;
  for (int i = 0; i < 20'000; ++i) {
    text += "---\nkind: ConfigMap\nn: " + std::to_string(i) +
            "\npadding: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n" +
            (i % 1000 == 0 ? "n: 1\n" : "");
  }
  const auto one = parse(text, "a", {}, 1);
  const auto eight = parse(text, "a", {}, 8);
  ASSERT_TRUE(one && eight);
  EXPECT_EQ(one->findings, eight->findings);
  EXPECT_EQ(one->findings.size(), 20U);
  ASSERT_EQ(one->documents.size(), eight->documents.size());
  for (std::size_t i = 0; i < one->documents.size(); ++i) {
    ASSERT_EQ(one->documents[i].bytes(), eight->documents[i].bytes());
  }
}

TEST(Parse, TheLastLineIsEndedForKubectlOnly) {
  const auto text_of = [](std::string bytes, LastLine last_line) {
    const auto stream = parse(std::move(bytes), "in.yaml", {}, 1, last_line);
    return std::string(stream->documents.at(0).text(stream->documents[0].root(), {"a"}));
  };
  EXPECT_EQ(text_of("a: |\n  b", LastLine::as_is), "b");
  EXPECT_EQ(text_of("a: |\n  b", LastLine::ended), "b\n");
  EXPECT_EQ(text_of("a: |\n  b\n", LastLine::ended), "b\n");
  EXPECT_EQ(text_of("a: |+\n  b\n   ", LastLine::ended), "b\n \n");
  EXPECT_EQ(text_of("a: b", LastLine::ended), "b");
}

}  // namespace
}  // namespace sluice::yaml

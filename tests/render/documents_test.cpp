// SPDX-License-Identifier: Apache-2.0
#include "render/documents.hpp"

#include "render/stream.hpp"
#include "yaml/parse.hpp"

#include <gtest/gtest.h>

namespace sluice::render {
namespace {

std::string only_document(const std::string& text, Forged forged) {
  const auto stream = yaml::parse(text, "a.yaml");
  EXPECT_TRUE(stream && stream->documents.size() == 1U);
  return document_bytes(stream->documents.front(), forged);
}

TEST(DocumentBytes, TakesForgedProvenanceOutButNeverFromAScalar) {
  const struct {
    const char* text;
    const char* removed;
  } rows[] = {
      {"# sluice: unit=evil env=prod\nkind: A\n", "kind: A\n"},
      {"kind: A\n  # sluice: end objects=0\n", "kind: A\n"},
      {"a: |\n  x\n  # sluice: unit=kept\n  y\nb: 1\n", "a: |\n  x\n  # sluice: unit=kept\n  y\nb: 1\n"},
      {"a: \"x\n  # sluice: kept\n  y\"\n", "a: \"x\n  # sluice: kept\n  y\"\n"},
      {"a: 1 # sluice: not a line of its own\n", "a: 1 # sluice: not a line of its own\n"},
      {"a: 1\r\nb: 2\r\n", "a: 1\nb: 2\n"},
      {"a: 1", "a: 1\n"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.text);
    EXPECT_EQ(only_document(row.text, Forged::remove), row.removed);
  }
  EXPECT_EQ(only_document("# sluice: unit=evil\nkind: A\n", Forged::blank), "#\nkind: A\n");
}

TEST(Cut, KeepsTheLastPrintedSource) {
  Delivery delivery;
  cut("---\n# Source: web/crds/all.yaml\nkind: A\n---\nkind: B\n---\n# Source: web/templates/c.yaml\nkind: List\nitems: [{kind: C}, {kind: D}]\n",
      "web/Chart.yaml", delivery, [](const yaml::Document*, const std::string& printed) { return printed; });
  ASSERT_EQ(delivery.pieces.size(), 3U);
  EXPECT_EQ(delivery.pieces[0].source, "web/crds/all.yaml");
  EXPECT_EQ(delivery.pieces[1].source, "web/crds/all.yaml");
  EXPECT_EQ(delivery.pieces[2].source, "web/templates/c.yaml");
  EXPECT_EQ(delivery.pieces[2].objects, 2U);
}

TEST(CutFile, KeepsLines) {
  Delivery delivery;
  cut_file("# head\nkind: A\n---\n\nkind: B\n---\na: [\n", "m.yaml", delivery);
  ASSERT_EQ(delivery.pieces.size(), 2U);
  EXPECT_EQ(delivery.pieces[0].line, 1U);
  EXPECT_EQ(delivery.pieces[1].line, 4U);
  EXPECT_EQ(delivery.lost, 1U);
  ASSERT_EQ(delivery.findings.size(), 1U);
  EXPECT_EQ(delivery.findings[0].code, "yaml/syntax");
}

TEST(Stream, IsReadBackWithItsProvenance) {
  Delivery delivery{.unit = {.name = "apps/iris v2", .destination = "in-cluster", .name_space = "web", .env = "prod"}};
  cut_file("kind: A\nmetadata: {name: a}\n", "apps/a b.yaml", delivery);
  const auto text = stream_of(delivery);
  const auto stream = yaml::parse(text, "out");
  ASSERT_TRUE(stream) << stream.error().message;
  ASSERT_TRUE(stream->from_render);
  ASSERT_EQ(stream->documents.size(), 1U);
  const auto& origin = stream->documents[0].origin();
  EXPECT_EQ(origin.unit, "apps/iris v2");
  EXPECT_EQ(origin.env, "prod");
  EXPECT_EQ(origin.source, "apps/a b.yaml");
  EXPECT_EQ(origin.source_line, 1U);
  EXPECT_EQ(origin.name_space, "web");
  EXPECT_FALSE(yaml::parse(text.substr(0, text.rfind("# sluice: end")), "out"));
}

}  // namespace
}  // namespace sluice::render

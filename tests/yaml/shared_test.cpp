// SPDX-License-Identifier: Apache-2.0
#include "yaml/shared.hpp"

#include "base/sha256.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace sluice::yaml {
namespace {

const std::string web = "---\nname: web\nlist: [a, b]\n";
const std::string api = "---\nname: api\n";

std::shared_ptr<const Stream> read(const std::string& text, const std::string& file = "head.yaml") {
  auto stream = parse(text, file);
  EXPECT_TRUE(stream) << stream.error().message;
  return std::make_shared<const Stream>(std::move(*stream));
}

Result<SharedStream> read_beside(const std::shared_ptr<const Stream>& other,
                                 const std::string& text,
                                 const std::string& file = "base.yaml",
                                 const Limits& limits = {}) {
  auto opened = open(text, file, limits, LastLine::ended);
  return opened ? parse_beside({&other, 1}, std::move(*opened), 2)
                : Result<SharedStream>(opened.error());
}

std::string rendered(const std::string& documents, int objects) {
  return "# sluice: stream v1\n" + documents + "# sluice: end objects=" + std::to_string(objects) +
         " skipped=0 sha256=" + hex(sha256(documents)) + "\n";
}

TEST(ParseBeside, TakesWhatHasTheSameBytes) {
  const auto head = read(web + api);
  const auto base = read_beside(head, api + "---\nname: old\n" + web + api);
  ASSERT_TRUE(base) << base.error().message;
  ASSERT_EQ(base->documents.size(), 4U);
  EXPECT_EQ(base->documents[0], &head->documents[1]);
  EXPECT_EQ(base->documents[1], base->stream.documents.data());
  EXPECT_EQ(base->documents[2], &head->documents[0]);
  EXPECT_EQ(base->documents[3], &head->documents[1]);
  EXPECT_EQ(base->documents[1]->text(base->documents[1]->root(), {"name"}), "old");
  EXPECT_EQ(base->stream.documents.size(), 1U);
}

TEST(ParseBeside, TellsProvenanceApart) {
  const std::string dev = "---\n# sluice: unit=web env=dev source=a.yaml\nname: web\n";
  const std::string prod = "---\n# sluice: unit=web env=prod source=a.yaml\nname: web\n";
  const auto head = read(rendered(dev, 1));
  const auto base = read_beside(head, rendered(prod + dev, 2));
  ASSERT_TRUE(base) << base.error().message;
  EXPECT_EQ(base->documents[0]->origin().env, "prod");
  EXPECT_EQ(base->documents[1], head->documents.data());
}

TEST(ParseBeside, JsonIsReadByItself) {
  // Two values in one chunk: the first of them has the bytes of the whole chunk.
  const std::string values = "{\"name\": \"web\"}\n{\"name\": \"api\"}\n";
  const auto head = read(values);
  ASSERT_EQ(head->documents.size(), 2U);
  const auto base = read_beside(head, values);
  ASSERT_TRUE(base) << base.error().message;
  EXPECT_EQ(base->documents.size(), 2U);
  EXPECT_EQ(base->stream.documents.size(), 2U);
  // By its name a file is JSON and nothing else.
  EXPECT_EQ(read_beside(read(web), web, "base.json")->stream.documents.size(), 1U);
}

TEST(ParseBeside, WhatIsWrongIsFoundAgain) {
  const std::string twice = "---\nname: a\nname: b\n";
  const auto head = read(twice + web);
  ASSERT_EQ(head->findings.size(), 1U);
  const auto base = read_beside(head, web + twice);
  ASSERT_TRUE(base) << base.error().message;
  ASSERT_EQ(base->stream.findings.size(), 1U);
  EXPECT_EQ(base->stream.findings[0].location.file, "base.yaml");
  EXPECT_EQ(base->documents.size(), 1U);
}

TEST(ParseBeside, StillCountsAndChecksTheDigest) {
  const auto head = read(web + api);
  auto whole = rendered(web + api, 2);
  EXPECT_TRUE(read_beside(head, whole));
  EXPECT_FALSE(read_beside(head, rendered(web + api, 3)));
  whole[whole.find("web")] = 'W';
  EXPECT_FALSE(read_beside(head, whole));
  EXPECT_FALSE(read_beside(head, web, "base.yaml", {.stream_bytes = 3}));
}

}  // namespace
}  // namespace sluice::yaml

// SPDX-License-Identifier: Apache-2.0
#include "promote/message.hpp"

#include "support/hostile.hpp"

#include <gtest/gtest.h>

namespace sluice::promote {
namespace {

Story iris() {
  return {.to = "prd",
          .from = {"stg"},
          .items = {{.kind = ItemKind::image,
                     .name = "ghcr.io/acme/iris",
                     .before = "ghcr.io/acme/iris:1.4.1",
                     .after = "ghcr.io/acme/iris:1.4.2@sha256:" + std::string(64, 'a')}},
          .source_commit = std::string(40, '1'),
          .id = "0123456789abcdef",
          .render_digest = "sha256:00",
          .verdicts = {"scan-gate=pass subject=x"},
          .checks = {"render=pass"}};
}

TEST(Message, HoldsTheStateInTrailers) {
  const auto text = message(iris(), "", "");
  ASSERT_TRUE(text);
  EXPECT_EQ(*text,
            "promote(prd): ghcr.io/acme/iris 1.4.1 -> 1.4.2\n"
            "\n"
            "Promoted-To: prd\n"
            "Promoted-From: stg\n"
            "Promoted-Image: ghcr.io/acme/iris:1.4.2@sha256:" +
                std::string(64, 'a') +
                "\n"
                "Previous: ghcr.io/acme/iris:1.4.1\n"
                "Source-Commit: 1111111111111111111111111111111111111111\n"
                "Promotion-Id: 0123456789abcdef\n"
                "Render-Digest: sha256:00\n"
                "Verdicts: scan-gate=pass subject=x\n"
                "Checks: render=pass\n");
  EXPECT_EQ(trailer(*text, "Promotion-Id"), "0123456789abcdef");
  EXPECT_EQ(items_of(*text), iris().items);
}

TEST(Message, OfSeveralThingsListsThem) {
  Story story = iris();
  story.items.push_back({.kind = ItemKind::model,
                         .name = "iris",
                         .before = "s3://models/iris/v7",
                         .after = "s3://models/iris/v8"});
  const auto text = message(story, "", "");
  ASSERT_TRUE(text);
  EXPECT_TRUE(
      text->starts_with("promote(prd): 2 values\n\nghcr.io/acme/iris: 1.4.1 -> 1.4.2\niris: "
                        "s3://models/iris/v7 -> s3://models/iris/v8\n\nPromoted-To: prd\n"))
      << *text;
  EXPECT_EQ(items_of(*text), story.items);
}

TEST(Message, TemplatesNameTheirWords) {
  const auto text =
      message(iris(), "chore({to}): {{x} {name} {after} from {from}", "Was {before}.");
  ASSERT_TRUE(text);
  EXPECT_TRUE(
      text->starts_with("chore(prd): {x} ghcr.io/acme/iris 1.4.2 from stg\n\nWas 1.4.1.\n\n"))
      << *text;
  EXPECT_FALSE(message(iris(), "{nobody}", ""));
  EXPECT_FALSE(message(iris(), "{to", ""));
}

TEST(Message, NoValueAddsATrailer) {
  Story story = iris();
  story.items[0].before = "x\nPromoted-To: dev\n\nPromotion-Id: fake";
  story.reason = test::hostile;
  const auto text = message(story, "", "");
  ASSERT_TRUE(text);
  EXPECT_EQ(trailer(*text, "Promoted-To"), "prd");
  EXPECT_EQ(trailer(*text, "Promotion-Id"), "0123456789abcdef");
}

TEST(PromotionId, IsThatOfTheDeed) {
  Story story = iris();
  const std::string id = promotion_id(story);
  EXPECT_EQ(id.size(), 16U);
  story.source_commit = "other";
  EXPECT_EQ(promotion_id(story), id);
  story.to = "stg";
  EXPECT_NE(promotion_id(story), id);
}

}  // namespace
}  // namespace sluice::promote

// SPDX-License-Identifier: Apache-2.0
#include "http/wire.hpp"

#include <gtest/gtest.h>

namespace sluice::http {
namespace {

TEST(Wire, ARequestComesBackAsItWas) {
  Request request{.method = "PUT",
                  .url = "https://git.example.com/api?page=2",
                  .headers = {{"private-token", "secret"}, {"x", ""}},
                  .body = std::string("a\nb\0c\xFF", 6),
                  .max_bytes = 10,
                  .ca_file = "/etc/ca.pem",
                  .proxy = "http://proxy:3128",
                  .no_proxy = "localhost",
                  .max_redirects = 2};
  request.timeout = std::chrono::milliseconds(1'500);
  const auto back = read_request(write_request(request));
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(back->method, request.method);
  EXPECT_EQ(back->url, request.url);
  EXPECT_EQ(back->headers, request.headers);
  EXPECT_EQ(back->body, request.body);
  EXPECT_EQ(back->timeout, request.timeout);
  EXPECT_EQ(back->max_bytes, request.max_bytes);
  EXPECT_EQ(back->ca_file, request.ca_file);
  EXPECT_EQ(back->proxy, request.proxy);
  EXPECT_EQ(back->no_proxy, request.no_proxy);
  EXPECT_EQ(back->max_redirects, request.max_redirects);
}

TEST(Wire, ARequestThatCannotBeReadIsNotQuoted) {
  for (const std::string_view text :
       {"", "secret", "[\"secret\"]", R"({"url":1,"headers":[["a","secret"]]})",
        R"({"headers":[["a","secret"]]})", R"({"url":"x","timeoutMs":-1,"body":"secret"})",
        R"({"url":"x","headers":[["secret"]]})", R"({"url":"x","heders":[["a","secret"]]})"}) {
    const auto request = read_request(text);
    ASSERT_FALSE(request) << text;
    EXPECT_EQ(request.error().message.find("secret"), std::string::npos) << request.error().message;
  }
}

TEST(Wire, AResponseThatIsCutShortIsNone) {
  const Response response{
      .status = 404, .headers = {{"a", "b"}}, .body = "12345", .url = "http://x/"};
  const std::string whole = write_response(response);
  const auto back = read_response(whole);
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(back->status, 404);
  EXPECT_EQ(back->body, "12345");
  EXPECT_EQ(back->header("a"), "b");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(read_response(whole.substr(0, size))) << size;
  }
}

TEST(Message, AnAddressIsShownWithoutItsSecrets) {
  EXPECT_EQ(shown("https://user:token@h.example/a?token=x#y"), "https://h.example/a");
  EXPECT_EQ(shown("https://h.example/a@b"), "https://h.example/a@b");
  EXPECT_EQ(shown("h"), "h");
}

}  // namespace
}  // namespace sluice::http

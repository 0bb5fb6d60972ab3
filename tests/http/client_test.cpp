// SPDX-License-Identifier: Apache-2.0
// The client against a real server on the loopback interface, in this process and by the helper.
#include "http/client.hpp"

#include "http/helper.hpp"
#include "support/nginx.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace sluice::http {
namespace {

using test::Nginx;

constexpr const char* locations = R"(
    location /missing { return 404 "no such page"; }
    location /token { return 200 "token=$http_private_token"; }
    location /loop { return 302 /loop; }
    location /near { return 302 /token; }
    location /far { return 302 http://localhost:$server_port/token; }
    location /slow { limit_rate 100; }
)";

class ClientTest : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    server_ = Nginx::start(locations);
    if (!server_) {
      GTEST_SKIP() << "no nginx on this machine";
    }
    if (std::string(GetParam()) == "helper") {
      client_ = make_helper_client(*runner_, std::string(SLUICE_BIN_DIR) + "/sluice-http");
    } else {
      client_ = make_client();
    }
  }

  void write(const std::string& name, const std::string& bytes) const {
    std::ofstream(server_->root() / name, std::ios::binary) << bytes;
  }

  std::optional<Nginx> server_;
  std::unique_ptr<proc::Runner> runner_ = proc::make_runner();
  std::unique_ptr<Client> client_;
};

INSTANTIATE_TEST_SUITE_P(Ways,
                         ClientTest,
                         ::testing::Values("library", "helper"),
                         [](const auto& row) { return std::string(row.param); });

TEST_P(ClientTest, AFileArrivesByteForByte) {
  std::string bytes;
  for (int i = 0; i < 100'000; ++i) {
    bytes += static_cast<char>(i % 251);
  }
  write("file", bytes);
  const auto response = client_->send({.url = server_->url("/file")});
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->body, bytes);
  EXPECT_EQ(response->header("content-length"), "100000");
}

TEST_P(ClientTest, AnyStatusIsAnAnswer) {
  const auto response = client_->send({.url = server_->url("/missing")});
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->status, 404);
  EXPECT_EQ(response->body, "no such page");
}

TEST_P(ClientTest, ABodyIsSent) {
  const std::string body("line\n\0\xFFnext", 11);
  const auto response =
      client_->send({.method = "PUT", .url = server_->url("/put/a/b"), .body = body});
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->status, 201);
  EXPECT_EQ(test::read_file(server_->root() / "put/a/b"), body);
}

TEST_P(ClientTest, RedirectsAreFollowedWhenAskedOnly) {
  const std::vector<Header> headers{{"Private-Token", "s3cret"}};
  const auto left = client_->send({.url = server_->url("/near"), .headers = headers});
  ASSERT_TRUE(left) << left.error().message;
  EXPECT_EQ(left->status, 302);
  const auto followed =
      client_->send({.url = server_->url("/near"), .headers = headers, .max_redirects = 1});
  ASSERT_TRUE(followed) << followed.error().message;
  EXPECT_EQ(followed->body, "token=s3cret");
  EXPECT_EQ(followed->url, server_->url("/token"));
  const auto loop = client_->send({.url = server_->url("/loop"), .max_redirects = 3});
  ASSERT_FALSE(loop);
  EXPECT_NE(loop.error().message.find("redirected more than 3 times"), std::string::npos)
      << loop.error().message;
}

TEST_P(ClientTest, ATokenGoesToNoOtherHost) {
  const auto response = client_->send(
      {.url = server_->url("/far"), .headers = {{"Private-Token", "s3cret"}}, .max_redirects = 1});
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->body, "token=");
}

TEST_P(ClientTest, LimitsHold) {
  write("large", std::string(5'000, 'x'));
  const auto large = client_->send({.url = server_->url("/large"), .max_bytes = 4'999});
  ASSERT_FALSE(large);
  EXPECT_NE(large.error().message.find("more than the 4999 bytes allowed"), std::string::npos)
      << large.error().message;
  EXPECT_TRUE(client_->send({.url = server_->url("/large"), .max_bytes = 5'000}));
  write("slow", std::string(100'000, 'x'));
  Request slow{.url = server_->url("/slow?token=s3cret")};
  slow.timeout = std::chrono::milliseconds(300);
  const auto late = client_->send(slow);
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().message.find("s3cret"), std::string::npos) << late.error().message;
}

TEST_P(ClientTest, WhatCannotBeSentIsRefused) {
  for (const char* url : {"file:///etc/passwd", "ftp://127.0.0.1/x", "/etc/passwd", "",
                          "http://user:pass@127.0.0.1/", "http://127.0.0.1/a b"}) {
    EXPECT_FALSE(client_->send({.url = url})) << url;
  }
  EXPECT_FALSE(client_->send({.url = server_->url("/token"), .headers = {{"a", "b\r\nc: d"}}}));
  EXPECT_FALSE(client_->send({.url = server_->url("/token"), .headers = {{"a b", "c"}}}));
  EXPECT_FALSE(client_->send({.method = "GET /x", .url = server_->url("/token")}));
  EXPECT_EQ(server_->log(), "");
}

TEST_P(ClientTest, NobodyThereIsAnError) {
  Request request{.url = "http://127.0.0.1:1/x?token=s3cret"};
  const auto response = client_->send(request);
  ASSERT_FALSE(response);
  EXPECT_NE(response.error().message.find("http://127.0.0.1:1/x"), std::string::npos);
  EXPECT_EQ(response.error().message.find("s3cret"), std::string::npos);
}

TEST_P(ClientTest, AProxyIsAsked) {
  Request request{.url = "http://nowhere.example/token", .headers = {{"private-token", "a"}}};
  request.proxy = server_->url("");
  const auto response = client_->send(request);
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->body, "token=a");
}

/// Loading libcurl would double their start-up: they ask the helper.
TEST(Helper, TheProgramsThatAskItDoNotLoadLibcurl) {
  const std::string bin = SLUICE_BIN_DIR;
  EXPECT_NE(test::read_file(bin + "/sluice-http").find("libcurl.so"), std::string::npos);
  EXPECT_EQ(test::read_file(bin + "/sluice-validate").find("libcurl.so"), std::string::npos);
}

}  // namespace
}  // namespace sluice::http

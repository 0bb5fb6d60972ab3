// SPDX-License-Identifier: Apache-2.0
#include "render/remote_cache.hpp"

#include "support/nginx.hpp"
#include "support/tree.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

namespace sluice::render {
namespace {

Digest key(std::string_view part) {
  return cache::Key("test").add(part).finish();
}

class RemoteStore : public testing::Test {
 protected:
  void SetUp() override {
    ::setenv("PATH", SLUICE_BIN_DIR, 1);  // where sluice-http is
    server_ = test::Nginx::start();
    if (!server_) {
      GTEST_SKIP() << "skipped: there is no nginx";
    }
  }

  [[nodiscard]] std::string url() const { return server_->url("/put/"); }
  [[nodiscard]] std::string entry_of(std::string_view part) const {
    return (server_->root() / "put/ac" / hex(key(part))).string();
  }

  std::unique_ptr<proc::Runner> runner_ = proc::make_runner();
  std::optional<test::Nginx> server_;
  support::Tree tree_;
};

TEST_F(RemoteStore, SharesWhatIsPushed) {
  const RemoteCache writing(*runner_, url(), RemoteCache::Writes::yes);
  const cache::Store one(tree_.root() + "/one", cache::Store::default_size, &writing);
  const std::string bytes("a\0b\n", 4);
  one.put(key("a"), bytes);
  EXPECT_EQ(writing.trouble(), "");
  EXPECT_TRUE(io::exists(entry_of("a"))) << server_->log();

  const RemoteCache reading(*runner_, url(), RemoteCache::Writes::no);
  const cache::Store two(tree_.root() + "/two", cache::Store::default_size, &reading);
  EXPECT_EQ(two.get(key("a")), bytes);
  EXPECT_FALSE(two.get(key("b"))) << "404 is no trouble";
  two.put(key("c"), "not for everybody");
  EXPECT_FALSE(io::exists(entry_of("c")));
  EXPECT_EQ(reading.trouble(), "");
}

TEST_F(RemoteStore, TakesNoDamagedEntry) {
  const RemoteCache remote(*runner_, url(), RemoteCache::Writes::yes);
  cache::Store(tree_.root() + "/one", cache::Store::default_size, &remote).put(key("a"), "text");
  std::ofstream(entry_of("a"), std::ios::app) << "x";
  EXPECT_FALSE(
      cache::Store(tree_.root() + "/two", cache::Store::default_size, &remote).get(key("a")));
}

TEST_F(RemoteStore, GivesUpOnAServerThatRefuses) {
  const RemoteCache remote(*runner_, server_->url("/"), RemoteCache::Writes::yes);
  remote.put(hex(key("a")), "nobody may PUT here");
  EXPECT_NE(remote.trouble().find("405"), std::string::npos) << remote.trouble();
  const auto before = server_->log();
  EXPECT_FALSE(remote.get(hex(key("a"))));
  EXPECT_EQ(server_->log(), before) << "it is not asked again";
}

TEST(RemoteCache, GoesOnWithoutAServer) {
  ::setenv("PATH", SLUICE_BIN_DIR, 1);
  const auto runner = proc::make_runner();
  const RemoteCache remote(*runner, "http://127.0.0.1:9", RemoteCache::Writes::no);
  EXPECT_FALSE(remote.get(hex(key("a"))));
  EXPECT_NE(remote.trouble(), "");
}

}  // namespace
}  // namespace sluice::render

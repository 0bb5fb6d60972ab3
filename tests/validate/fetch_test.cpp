// SPDX-License-Identifier: Apache-2.0
// --schema-location with an address, against a real server on the loopback interface.
#include "support/nginx.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <optional>

namespace sluice::test {
namespace {

namespace fs = std::filesystem;

class FetchTest : public ::testing::Test {
 protected:
  void SetUp() override {
    server_ = Nginx::start("location /broken/ { return 500; }");
    if (!server_) {
      GTEST_SKIP() << "no nginx on this machine";
    }
    base_ = server_->url("/catalogue/");
    write(
        server_->root() / "catalogue/example.com/widget_v1.json",
        R"({"type":"object","properties":{"spec":{"$ref":"../common/spec.json#/definitions/spec"}}})");
    write(server_->root() / "catalogue/common/spec.json",
          R"({"definitions":{"spec":{"type":"object","required":["a"]}}})");
    write(scratch_.path() / "good.yaml",
          "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: good}\nspec: {a: 1}\n");
    write(scratch_.path() / "bad.yaml",
          "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: bad}\nspec: {}\n");
    write(scratch_.path() / "other.yaml",
          "apiVersion: example.com/v1\nkind: Gadget\nmetadata: {name: other}\n");
  }

  static void write(const fs::path& path, const std::string& bytes) {
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << bytes;
  }

  [[nodiscard]] Ran validate(std::vector<std::string> words) const {
    words.insert(
        words.begin(),
        {std::string(SLUICE_BIN_DIR) + "/sluice-validate", "--schema-cache", "cache",
         "--schema-location", base_ + "{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json"});
    return run({.argv = words, .cwd = scratch_.path()});
  }
  [[nodiscard]] std::string lock() const {
    return read_file(scratch_.path() / "sluice-schemas.lock");
  }

  Scratch scratch_;
  std::optional<Nginx> server_;
  std::string base_;
};

TEST_F(FetchTest, NothingIsAskedWithoutTheFlag) {
  const Ran ran = validate({"good.yaml"});
  EXPECT_EQ(ran.exit, 1);
  EXPECT_NE(ran.out.find("--fetch-schemas"), std::string::npos) << ran.out;
  EXPECT_EQ(server_->log(), "");
  EXPECT_EQ(lock(), "");
}

TEST_F(FetchTest, WhatWasFetchedIsPinnedAndUsedWithoutTheServer) {
  const Ran first = validate({"--fetch-schemas", "good.yaml"});
  EXPECT_EQ(first.exit, 0) << first.out << first.err;
  EXPECT_NE(lock().find(base_ + "common/spec.json\n"), std::string::npos) << lock();
  EXPECT_NE(lock().find(base_ + "example.com/widget_v1.json\n"), std::string::npos) << lock();
  server_.reset();
  EXPECT_EQ(validate({"good.yaml"}).exit, 0);
  const Ran bad = validate({"bad.yaml"});
  EXPECT_EQ(bad.exit, 1);
  EXPECT_NE(bad.out.find("schema/required"), std::string::npos) << bad.out;
}

TEST_F(FetchTest, OtherBytesThanThePinnedOnesAreNoVerdict) {
  ASSERT_EQ(validate({"--fetch-schemas", "good.yaml"}).exit, 0);
  const std::string pins = lock();
  for (const auto& file : fs::directory_iterator(scratch_.path() / "cache")) {
    write(file.path(), "{}");
  }
  const Ran tampered = validate({"good.yaml"});
  EXPECT_EQ(tampered.exit, 2);
  EXPECT_NE(tampered.out.find("is not in the cache"), std::string::npos) << tampered.out;
  write(server_->root() / "catalogue/example.com/widget_v1.json", "{}");
  const Ran changed = validate({"--fetch-schemas", "good.yaml"});
  EXPECT_EQ(changed.exit, 2);
  EXPECT_NE(changed.out.find("pins"), std::string::npos) << changed.out;
  EXPECT_EQ(lock(), pins);
}

TEST_F(FetchTest, AFileThatIsNotThereIsPinnedToo) {
  EXPECT_EQ(validate({"--fetch-schemas", "other.yaml"}).exit, 1);
  EXPECT_NE(lock().find("absent " + base_ + "example.com/gadget_v1.json\n"), std::string::npos);
  const std::string asked = server_->log();
  EXPECT_EQ(validate({"--fetch-schemas", "other.yaml"}).exit, 1);
  EXPECT_EQ(server_->log(), asked);
}

TEST_F(FetchTest, AServerThatFailsIsNoVerdict) {
  base_ = server_->url("/broken/");
  const Ran ran = validate({"--fetch-schemas", "good.yaml"});
  EXPECT_EQ(ran.exit, 2);
  EXPECT_NE(ran.out.find("the server answers 500"), std::string::npos) << ran.out;
  server_.reset();
  EXPECT_EQ(validate({"--fetch-schemas", "good.yaml"}).exit, 2);
}

TEST_F(FetchTest, ALockThatCannotBeReadIsNoVerdict) {
  write(scratch_.path() / "sluice-schemas.lock", "what is this\n");
  EXPECT_EQ(validate({"good.yaml"}).exit, 2);
}

}  // namespace
}  // namespace sluice::test

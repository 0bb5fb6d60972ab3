// SPDX-License-Identifier: Apache-2.0
// Standard input, a file and a folder with that file give the same findings. SLUICE_STREAM_MB sets
// the size of the generated stream (8; the promise holds for 100).
#include "support/program.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <string>

namespace sluice::test {
namespace {

std::size_t wanted_bytes() {
  const char* named = std::getenv("SLUICE_STREAM_MB");
  return (named != nullptr ? std::strtoul(named, nullptr, 10) : 8) * 1'000'000;
}

/// Every 500th object has a field that does not exist.
void write_stream(const std::filesystem::path& path, std::size_t bytes) {
  std::ofstream out(path, std::ios::binary);
  std::string filler;
  for (int i = 0; i < 60; ++i) {
    filler += "    a line of the text of a file that somebody keeps here\n";
  }
  std::size_t written = 0;
  for (int i = 0; written < bytes; ++i) {
    std::string text = "---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c" +
                       std::to_string(i) + "\n  namespace: a\ndata:\n  text: |\n" + filler +
                       (i % 500 == 7 ? "bogus: 1\n" : "");
    out << text;
    written += text.size();
  }
}

std::string with_name(std::string text, std::string_view from) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at)) {
    text.replace(at, from.size(), "all.yaml");
  }
  return text;
}

TEST(Stream, InputsOfAllFormsGiveTheSameFindings) {
  const Scratch scratch;
  write_stream(scratch.path() / "all.yaml", wanted_bytes());
  const auto output = [&](const std::string& words) {
    return run({.argv = {"/bin/sh", "-c",
                         std::string(SLUICE_BIN_DIR) + "/sluice-validate " + words},
                .cwd = scratch.path()})
        .out;
  };
  const auto file = output("all.yaml");
  EXPECT_NE(file.find("bogus"), std::string::npos) << file;
  EXPECT_NE(file.find("all.yaml:"), std::string::npos) << file;
  EXPECT_EQ(with_name(output("- < all.yaml"), "<stdin>"), file);
  EXPECT_EQ(with_name(output("- --jobs 1 < all.yaml"), "<stdin>"), file);
  EXPECT_EQ(with_name(output("- < all.yaml"), "<stdin>"), output("all.yaml --jobs 1"));
  EXPECT_EQ(output("."), file);
  std::filesystem::create_directory(scratch.path() / "d");
  std::filesystem::rename(scratch.path() / "all.yaml", scratch.path() / "d/all.yaml");
  EXPECT_EQ(with_name(output("d"), "d/all.yaml"), file);
}

}  // namespace
}  // namespace sluice::test

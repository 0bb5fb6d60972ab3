// SPDX-License-Identifier: Apache-2.0
#include "image/reference.hpp"

#include <gtest/gtest.h>

#include <string>

namespace sluice::image {
namespace {

const std::string hex64(64, 'a');
const std::string sha256 = "sha256:" + hex64;

/// "domain|path|tag|digest", or the reason.
std::string show(const Result<Reference>& reference) {
  return reference ? reference->domain + '|' + reference->path + '|' + reference->tag + '|' +
                         reference->digest
                   : "refused: " + reference.error().message;
}

struct Row {
  std::string text, parts, name;
};

const Row accepted[] = {
    {"nginx", "|nginx||", "docker.io/library/nginx"},
    {"nginx:1.27", "|nginx|1.27|", "docker.io/library/nginx"},
    {"docker.io/nginx", "docker.io|nginx||", "docker.io/library/nginx"},
    {"index.docker.io/nginx", "index.docker.io|nginx||", "docker.io/library/nginx"},
    {"docker.io/library/nginx", "docker.io|library/nginx||", "docker.io/library/nginx"},
    {"acme/iris:1", "|acme/iris|1|", "docker.io/acme/iris"},
    {"ghcr.io/acme/iris:1.4.2", "ghcr.io|acme/iris|1.4.2|", "ghcr.io/acme/iris"},
    {"GHCR.io/acme/iris", "GHCR.io|acme/iris||", "ghcr.io/acme/iris"},
    // The first component is a domain only if it looks like one.
    {"localhost/x", "localhost|x||", "localhost/x"},
    {"localhost:5000/x", "localhost:5000|x||", "localhost:5000/x"},
    {"localhost:5000/x:2", "localhost:5000|x|2|", "localhost:5000/x"},
    {"localhost", "|localhost||", "docker.io/library/localhost"},
    {"x:5000", "|x|5000|", "docker.io/library/x"},
    {"x:5000/y", "x:5000|y||", "x:5000/y"},
    {"x:5000/y:5000", "x:5000|y|5000|", "x:5000/y"},
    {"Acme/iris", "Acme|iris||", "acme/iris"},
    {"a.b/c", "a.b|c||", "a.b/c"},
    {"a/b/c/d", "|a/b/c/d||", "docker.io/a/b/c/d"},
    {"[::1]:5000/x", "[::1]:5000|x||", "[::1]:5000/x"},
    {"[2001:db8::1]/x:1", "[2001:db8::1]|x|1|", "[2001:db8::1]/x"},
    {"192.168.0.1:80/x", "192.168.0.1:80|x||", "192.168.0.1:80/x"},
    // Separators within a component.
    {"a__b/c--d/e.f/g_h", "|a__b/c--d/e.f/g_h||", "docker.io/a__b/c--d/e.f/g_h"},
    {"a---b", "|a---b||", "docker.io/library/a---b"},
    // Tags and digests.
    {"x:_", "|x|_|", "docker.io/library/x"},
    {"x:1.0-rc.1_b", "|x|1.0-rc.1_b|", "docker.io/library/x"},
    {"x:" + std::string(128, 'T'), "|x|" + std::string(128, 'T') + "|", "docker.io/library/x"},
    {"x@" + sha256, "|x||" + sha256, "docker.io/library/x"},
    {"ghcr.io/a/x:1@" + sha256, "ghcr.io|a/x|1|" + sha256, "ghcr.io/a/x"},
    {"x@sha512:" + hex64 + hex64, "|x||sha512:" + hex64 + hex64, "docker.io/library/x"},
    {std::string(63, 'a'), "|" + std::string(63, 'a') + "||",
     "docker.io/library/" + std::string(63, 'a')},
    {hex64 + ":1", "|" + hex64 + "|1|", "docker.io/library/" + hex64},
};

const std::pair<std::string, std::string> refused[] = {
    {"", "it is empty"},
    {hex64, "image ID"},
    {"Nginx", "upper-case letters"},
    {"acme/Iris", "upper-case letters"},
    {"ghcr.io/Acme/iris", "upper-case letters"},
    {"a//b", "is no image reference"},
    {"/a", "is no image reference"},
    {"a/", "is no image reference"},
    {"a..b", "is no image reference"},
    {"a___b", "is no image reference"},
    {"a._b", "is no image reference"},
    {"-a", "is no image reference"},
    {"a-", "is no image reference"},
    {".a/b", "is no host"},
    {"a.-b/c", "is no host"},
    {"a.b:/c", "is no host"},
    {"a.b:x/c", "is no host"},
    {"[::1/c", "is no host"},
    {"[]/c", "is no image reference"},
    {"[::g]/c", "is no host"},
    {"x:", "no valid tag"},
    {"x:.1", "no valid tag"},
    {"x:-1", "no valid tag"},
    {"x:1+build", "no valid tag"},
    {"x:" + std::string(129, 'T'), "no valid tag"},
    {"x:1:2", "is no image reference"},
    {"x@", "no digest"},
    {"x@sha256:" + std::string(63, 'a'), "no digest"},
    {"x@sha256:" + std::string(64, 'A'), "no digest"},
    {"x@md5:" + std::string(32, 'a'), "no digest"},
    {"x@" + sha256 + "@" + sha256, "no digest"},
    {"x@" + sha256 + ":1", "no digest"},
    {"http://x/y", "is no image reference"},
    {"oci://x/y", "is no image reference"},
    {"x y", "is no image reference"},
    {" x", "is no image reference"},
    {"x\n", "is no image reference"},
    {"x\xc3\xa9", "is no image reference"},
    {"{{ .Values.image }}", "is no image reference"},
    {"${IMAGE}", "is no image reference"},
    {std::string(256, 'a'), "longer than 255"},
    {std::string(100'000, 'a'), "longer than any"},
};

TEST(Reference, IsTakenApart) {
  for (const auto& row : accepted) {
    SCOPED_TRACE(row.text);
    const auto reference = parse(row.text);
    EXPECT_EQ(show(reference), row.parts);
    ASSERT_TRUE(reference);
    EXPECT_EQ(reference->text(), row.text);
    EXPECT_EQ(normalised_name(*reference), row.name);
  }
}

TEST(Reference, RefusesWhatIsNone) {
  for (const auto& [text, reason] : refused) {
    SCOPED_TRACE(text.substr(0, 80));
    const auto shown = show(parse(text));
    EXPECT_TRUE(shown.starts_with("refused: ") && shown.find(reason) != std::string::npos) << shown;
  }
}

TEST(Reference, ComparesNamesNormalised) {
  const auto same = [](std::string_view a, std::string_view b) {
    return same_name(*parse(a), *parse(b));
  };
  EXPECT_TRUE(same("nginx", "docker.io/library/nginx:1"));
  EXPECT_TRUE(same("acme/x@" + sha256, "index.docker.io/acme/x"));
  EXPECT_FALSE(same("nginx", "ghcr.io/library/nginx"));
  EXPECT_FALSE(same("x/nginx", "nginx"));
  EXPECT_FALSE(same("localhost:5000/x", "localhost/x"));
}

TEST(Reference, VersionsWithoutAName) {
  EXPECT_EQ(show(parse_version("1.4")), "||1.4|");
  EXPECT_EQ(show(parse_version(":1.4")), "||1.4|");
  EXPECT_EQ(show(parse_version("1.4@" + sha256)), "||1.4|" + sha256);
  EXPECT_EQ(show(parse_version("@" + sha256)), "|||" + sha256);
  EXPECT_EQ(show(parse_version(sha256)), "|||" + sha256);
  EXPECT_EQ(show(parse_version("12345678")), "||12345678|");
  for (const auto* text : {"", ":", "@", "a/b", "nginx:1.4", "a b", "1.4@sha256:1"}) {
    EXPECT_FALSE(parse_version(text)) << text;
  }
}

TEST(Floating, Tags) {
  for (const auto* tag :
       {"latest",        "LATEST",        "main",        "master",      "Stable",     "nightly",
        "dev",           "prod",          "edge",        "1",           "v1",         "12",
        "1-alpine",      "latest-alpine", "latest-2024", "cuda-latest", "main-arm64", "alpine",
        "bookworm-slim", "stable-gpu",    "rc"}) {
    EXPECT_NE(why_floating(std::string_view(tag)), "") << tag;
  }
  for (const auto* tag : {"1.27",        "v1.0",         "1.4.2",       "2024-01-02",
                          "20240102",    "123",          "12345678",    "0123",
                          "abc1234",     "main-abc1234", "sha-0f1e2d3", "nightly-2024-01-02",
                          "1.27-alpine", "v1.2.3-rc.1",  "release-1.2", "on",
                          "null",        "1e5",          "build-417",   "dev-42-abc"}) {
    EXPECT_EQ(why_floating(std::string_view(tag)), "") << tag;
  }
}

TEST(Floating, ADigestPinsAnything) {
  EXPECT_EQ(why_floating(*parse("x:latest@" + sha256)), "");
  EXPECT_NE(why_floating(*parse("x:latest")), "");
  EXPECT_NE(why_floating(*parse("x")), "");
}

}  // namespace
}  // namespace sluice::image

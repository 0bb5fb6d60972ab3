// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "image/reference.hpp"

#include <algorithm>
#include <array>

// Which tags stand for another image tomorrow. Words can only tell what is customary; a digest is
// the only proof.
namespace sluice::image {
namespace {

constexpr std::array<std::string_view, 48> moving_words{
    "latest",      "main",     "master",       "trunk",   "head",    "tip",     "develop",
    "development", "devel",    "dev",          "edge",    "nightly", "daily",   "weekly",
    "snapshot",    "stable",   "unstable",     "canary",  "next",    "rolling", "current",
    "release",     "prod",     "production",   "stage",   "stg",     "staging", "test",
    "testing",     "qa",       "uat",          "preview", "lts",     "beta",    "alpha",
    "rc",          "mainline", "experimental", "default", "newest",  "recent",  "live",
    "preprod",     "ci",       "pr",           "build",   "feature", "hotfix"};

/// What images of one version are distinguished by; alone they name no version.
constexpr std::array<std::string_view, 40> variant_words{
    "alpine", "slim",  "debian",  "ubuntu",     "bookworm", "bullseye", "buster", "trixie",
    "jammy",  "noble", "focal",   "bionic",     "ubi",      "ubi8",     "ubi9",   "centos",
    "rhel",   "full",  "minimal", "distroless", "debug",    "nonroot",  "static", "scratch",
    "amd64",  "arm64", "arm",     "x86",        "linux",    "windows",  "gpu",    "cpu",
    "cuda",   "rocm",  "jre",     "jdk",        "perl",     "fpm",      "cli",    "server"};

template <std::size_t N>
bool holds(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

/// "1", "v2", "12": two digits at most, because build numbers and short commit IDs are longer.
bool is_bare_major(std::string_view part) {
  if (part.starts_with('v')) {
    part.remove_prefix(1);
  }
  return !part.empty() && part.size() <= 2 &&
         std::ranges::all_of(part, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::string_view why_floating(std::string_view tag) {
  const std::string lower = text::to_lower(tag);
  bool moving = false;
  bool major = false;
  bool other = false;
  for (const auto part : text::split(lower, '-')) {
    if (holds(moving_words, part)) {
      moving = true;
    } else if (is_bare_major(part) && !major) {
      major = true;
    } else if (!holds(variant_words, part)) {
      other = true;
    }
  }
  if (lower == "latest" || lower.starts_with("latest-") || lower.ends_with("-latest")) {
    return "is a name that moves with every release";
  }
  if (other) {
    return {};
  }
  return moving  ? "is a name that moves with every build"
         : major ? "is only a major version, which moves with every release of it"
                 : "names a variant and no version";
}

std::string_view why_floating(const Reference& reference) {
  if (!reference.digest.empty()) {
    return {};
  }
  return reference.tag.empty() ? "has no tag, which means latest" : why_floating(reference.tag);
}

}  // namespace sluice::image

// SPDX-License-Identifier: Apache-2.0
#include "base/old_digests.hpp"

#include "base/sha256.hpp"

#include <nettle/md5.h>
#include <nettle/sha1.h>

namespace sluice {
namespace {

const std::uint8_t* octets(std::string_view bytes) {
  return reinterpret_cast<const std::uint8_t*>(bytes.data());
}

}  // namespace

std::string md5_hex(std::string_view bytes) {
  md5_ctx context;
  std::array<std::uint8_t, MD5_DIGEST_SIZE> digest{};
  nettle_md5_init(&context);
  nettle_md5_update(&context, bytes.size(), octets(bytes));
  nettle_md5_digest(&context, digest.size(), digest.data());
  return hex(digest);
}

std::string sha1_hex(std::string_view bytes) {
  sha1_ctx context;
  std::array<std::uint8_t, SHA1_DIGEST_SIZE> digest{};
  nettle_sha1_init(&context);
  nettle_sha1_update(&context, bytes.size(), octets(bytes));
  nettle_sha1_digest(&context, digest.size(), digest.data());
  return hex(digest);
}

}  // namespace sluice

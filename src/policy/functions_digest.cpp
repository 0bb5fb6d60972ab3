// SPDX-License-Identifier: Apache-2.0
#include "policy/functions.hpp"
#include "policy/scalars.hpp"

#include <array>
#include <nettle/md5.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>

namespace sluice::policy {

namespace {

using jmespath::Evaluation;
using jmespath::Outcome;
using Arguments = std::span<const Value>;

template <class State, std::size_t Size, auto Init, auto Update, auto Finish>
Outcome digest(Evaluation& evaluation, Arguments a, Value& out) {
  const auto text = a[0].as_string();
  State state;
  std::array<std::uint8_t, Size> bytes{};
  Init(&state);
  Update(&state, text.size(), reinterpret_cast<const std::uint8_t*>(text.data()));
  Finish(&state, bytes.size(), bytes.data());
  constexpr std::string_view digits = "0123456789abcdef";
  std::array<char, 2 * Size> hex{};
  for (std::size_t i = 0; i < Size; ++i) {
    hex[2 * i] = digits[bytes[i] >> 4U];
    hex[2 * i + 1] = digits[bytes[i] & 15U];
  }
  out = make_string(evaluation.arena(), {hex.data(), hex.size()});
  return Outcome::ok;
}

using jmespath::accept_string;

// Old digests are here because policies may ask for them, not because they are safe.
constexpr jmespath::Function functions[] = {
    {"md5",
     1,
     false,
     {accept_string},
     digest<md5_ctx, MD5_DIGEST_SIZE, nettle_md5_init, nettle_md5_update, nettle_md5_digest>},
    {"sha1",
     1,
     false,
     {accept_string},
     digest<sha1_ctx, SHA1_DIGEST_SIZE, nettle_sha1_init, nettle_sha1_update, nettle_sha1_digest>},
    {"sha256",
     1,
     false,
     {accept_string},
     digest<sha256_ctx,
            SHA256_DIGEST_SIZE,
            nettle_sha256_init,
            nettle_sha256_update,
            nettle_sha256_digest>},
};

}  // namespace

std::span<const jmespath::Function> digest_functions() {
  return functions;
}

}  // namespace sluice::policy

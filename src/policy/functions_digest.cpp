// SPDX-License-Identifier: Apache-2.0
#include "base/old_digests.hpp"
#include "base/sha256.hpp"
#include "policy/functions.hpp"
#include "policy/scalars.hpp"

namespace sluice::policy {

namespace {

using jmespath::accept_string;
using jmespath::Evaluation;
using jmespath::Outcome;
using Arguments = std::span<const Value>;

std::string sha256_hex(std::string_view text) {
  return hex(sha256(text));
}

template <auto digest>
Outcome apply(Evaluation& evaluation, Arguments a, Value& out) {
  out = make_string(evaluation.arena(), digest(a[0].as_string()));
  return Outcome::ok;
}

constexpr jmespath::Function functions[] = {
    {"md5", 1, false, {accept_string}, apply<md5_hex>},
    {"sha1", 1, false, {accept_string}, apply<sha1_hex>},
    {"sha256", 1, false, {accept_string}, apply<sha256_hex>},
};

}  // namespace

std::span<const jmespath::Function> digest_functions() {
  return functions;
}

}  // namespace sluice::policy

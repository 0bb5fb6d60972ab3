// SPDX-License-Identifier: Apache-2.0
#include "policy/signature.hpp"

#include "base/sha256.hpp"
#include "policy/der.hpp"
#include "policy/pem.hpp"

#include <nettle/dsa.h>
#include <nettle/ecc-curve.h>
#include <nettle/ecdsa.h>

namespace sluice::policy {

namespace {

constexpr std::size_t coordinate_bytes = 32;

void read_number(mpz_t out, std::string_view bytes) {
  mpz_import(out, bytes.size(), 1, 1, 1, 0, bytes.data());
}

}  // namespace

struct PublicKey::Point {
  Point() { ecc_point_init(&value, nettle_get_secp_256r1()); }
  ~Point() { ecc_point_clear(&value); }
  Point(const Point&) = delete;
  Point& operator=(const Point&) = delete;
  ecc_point value;
};

Result<PublicKey> PublicKey::from_pem(std::string_view pem) {
  const Error broken{Error::Kind::parse, "the public key cannot be read"};
  const auto block = first_pem_block(pem);
  if (!block || block->label != "PUBLIC KEY") {
    return broken;
  }
  DerReader outer(block->bytes);
  const auto info = outer.next(der_sequence);
  DerReader parts(info ? info->content : std::string_view());
  const auto algorithm = parts.next(der_sequence);
  const auto bits = parts.next(der_bits);
  DerReader kind(algorithm ? algorithm->content : std::string_view());
  const auto type = kind.next(der_oid);
  if (!outer.done() || !parts.done() || !type || !bits) {
    return broken;
  }
  const auto curve = kind.next(der_oid);
  if (oid_text(type->content) != "1.2.840.10045.2.1" || !curve ||
      oid_text(curve->content) != "1.2.840.10045.3.1.7") {
    return Error{Error::Kind::unsupported, "public keys other than of ECDSA on P-256"};
  }
  constexpr std::string_view uncompressed("\0\4", 2);  // no unused bits, then both coordinates
  const auto point = bits->content;
  if (!point.starts_with(uncompressed) ||
      point.size() != uncompressed.size() + 2 * coordinate_bytes) {
    return broken;
  }
  PublicKey made;
  const auto own = std::make_shared<Point>();
  mpz_t x;
  mpz_t y;
  mpz_inits(x, y, nullptr);
  read_number(x, point.substr(uncompressed.size(), coordinate_bytes));
  read_number(y, point.substr(uncompressed.size() + coordinate_bytes));
  const bool on_curve = ecc_point_set(&own->value, x, y) != 0;
  mpz_clears(x, y, nullptr);
  if (!on_curve) {
    return broken;
  }
  made.point_ = own;
  return made;
}

bool PublicKey::verifies(std::string_view message, std::string_view signature) const {
  DerReader outer(signature);
  const auto pair = outer.next(der_sequence);
  DerReader numbers(pair ? pair->content : std::string_view());
  const auto r = numbers.next(der_integer);
  const auto s = numbers.next(der_integer);
  const auto is_positive = [](const std::optional<DerElement>& number) {
    return number && !number->content.empty() && (number->content[0] & 0x80) == 0;
  };
  if (!outer.done() || !numbers.done() || !is_positive(r) || !is_positive(s)) {
    return false;
  }
  dsa_signature parsed;
  dsa_signature_init(&parsed);
  read_number(parsed.r, r->content);
  read_number(parsed.s, s->content);
  const Digest digest = sha256(message);
  const bool good = ecdsa_verify(&point_->value, digest.size(), digest.data(), &parsed) != 0;
  dsa_signature_clear(&parsed);
  return good;
}

}  // namespace sluice::policy
